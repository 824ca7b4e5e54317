"""Everything that a rating was made from, as one document that can be rated again anywhere.

A bundle holds the return, its context, the documents that the context names by digest, the
judgements, the criteria files whole, the date, and the assessment that came of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import Assessment
from qipp_assure.criteria_engine.facts import Facts
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.returns.canonical import digest
from qipp_assure.returns.facts import facts_of
from qipp_assure.returns.periods import last_day, phased_by
from qipp_assure.returns.schemas import schemas
from qipp_assure.returns.templates import TEMPLATES, kind_of
from qipp_assure.returns.validation import Fault, ReturnFaults
from qipp_assure.vocabulary import ReturnKind

BUNDLE = "qipp-assure-bundle@1"


@dataclass(frozen=True, slots=True)
class RatingInputs:
    """What a rating is made from, criteria apart.

    `documents` holds, by digest, the returns that `context` names.  `known_digest` spares
    digesting a return whose digest is known from where it is kept.
    """

    document: Mapping[str, Any]
    as_of: date
    context: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    judgements: tuple[Mapping[str, Any], ...] = ()
    known_digest: str | None = None

    def facts(self) -> Facts:
        """Read the return as facts."""
        return facts_of(
            self.document,
            self.context,
            self.documents,
            self.as_of,
            known_digest=self.known_digest,
        )

    def assess(self, criteria: Iterable[CriteriaSet]) -> Assessment:
        """Rate the return by every set that reads its template."""
        facts = self.facts()
        sets = tuple(one for one in criteria if facts.template in one.reads)
        return rate(facts, self.judgements, self.context, sets, self.as_of)

    def digests(self) -> dict[str, str | None]:
        """Give the digests of judgements and context, None for what there is none of."""
        return {
            "judgements": digest(list(self.judgements)) if self.judgements else None,
            "context": digest(dict(self.context)) if self.context else None,
        }


def assessment_document(inputs: RatingInputs, assessment: Assessment) -> dict[str, Any]:
    """Write an assessment as the document that is kept, exported and printed by ``rate``."""
    found: dict[str, Any] = assessment.to_json()
    found["inputs"] = inputs.digests()
    return found


def date_of_rating(document: Mapping[str, Any], otherwise: date) -> date:
    """Give the date that a return is rated as at: the end of its month, for a report card."""
    period = document.get("period")
    if isinstance(period, str) and phased_by(period):
        return last_day(period)
    return otherwise


def build_bundle(
    inputs: RatingInputs, criteria: Iterable[CriteriaSet], assessment: Mapping[str, Any]
) -> dict[str, Any]:
    """Put a rating and all that it was made from into one document."""
    return {
        "bundle": BUNDLE,
        "return": dict(inputs.document),
        "context": dict(inputs.context),
        "documents": dict(inputs.documents),
        "judgements": [dict(one) for one in inputs.judgements],
        "criteria": [
            {"set": one.set, "version": one.version, "digest": one.digest, "text": one.text}
            for one in criteria
        ],
        "as_of": inputs.as_of.isoformat(),
        "assessment": dict(assessment),
    }


def is_bundle(document: Any) -> bool:
    """Tell a bundle from a return."""
    return isinstance(document, Mapping) and "bundle" in document


def read_bundle(bundle: Mapping[str, Any]) -> tuple[RatingInputs, tuple[CriteriaSet, ...]]:
    """Take a bundle apart.

    Raises ReturnFaults where it is of another form, or where a document in it is not the one
    that its digest names; CriteriaFaults where a criteria file in it cannot be read.
    """
    if bundle.get("bundle") != BUNDLE:
        raise ReturnFaults([Fault(("bundle",), f"must be {BUNDLE}")])
    faults = [
        Fault((name,), f"must be {kind.__name__ if kind is not Mapping else 'an object'}")
        for name, kind in _SHAPE.items()
        if not isinstance(bundle.get(name), kind)
    ]
    if faults:
        raise ReturnFaults(faults)
    for name, document in bundle["documents"].items():
        if digest(document) != name:
            faults.append(Fault(("documents", str(name)[:64]), "is not what its digest names"))
    as_of = _day(bundle["as_of"])
    if as_of is None:
        faults.append(Fault(("as_of",), "must be a date such as 2011-06-30"))
    if str(bundle["return"].get("template")) not in TEMPLATES:
        faults.append(Fault(("return", "template"), "is not a template known here"))
    if faults or as_of is None:
        raise ReturnFaults(faults)
    inputs = RatingInputs(
        document=bundle["return"],
        as_of=as_of,
        context=bundle["context"],
        documents=bundle["documents"],
        judgements=tuple(bundle["judgements"]),
    )
    sets = tuple(
        load_set(str(one.get("text")), f"{one.get('set')}@{one.get('version')}", schemas())
        for one in bundle["criteria"]
    )
    return inputs, sets


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_SHAPE: dict[str, type[Any]] = {
    "return": Mapping,
    "context": Mapping,
    "documents": Mapping,
    "judgements": list,
    "criteria": list,
    "as_of": str,
}


def disagreements(bundle: Mapping[str, Any]) -> list[str]:
    """Rate a bundle again and say, each in a sentence, what does not agree with what it states."""
    inputs, sets = read_bundle(bundle)
    found = []
    for one, stated in zip(sets, bundle["criteria"], strict=True):
        if one.digest != stated.get("digest"):
            found.append(f"the text of {one.set}@{one.version} is not what its digest names")
    stated = bundle.get("assessment")
    if not isinstance(stated, Mapping):
        return [*found, "no assessment stands in the bundle"]
    again = assessment_document(inputs, inputs.assess(sets))
    found.extend(
        f"{name} differs from what comes of rating again"
        for name in sorted(set(again) | set(stated))
        if again.get(name) != stated.get(name)
    )
    return found


def kind_of_document(document: Mapping[str, Any]) -> ReturnKind:
    """Tell the kind of a return; raises KeyError where its template is unknown."""
    return kind_of(str(document.get("template")))
