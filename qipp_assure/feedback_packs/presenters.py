"""Makes what a pack says out of sealed documents and their assessments; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.feedback_packs.content import (
    Attention,
    CriteriaUsed,
    Decision,
    PackContent,
    Seal,
)
from qipp_assure.feedback_packs.figures import savings_shown
from qipp_assure.feedback_packs.rated import SubjectShown
from qipp_assure.feedback_packs.risks import help_shown, risks_shown
from qipp_assure.feedback_packs.subjects import judged, subject_tree
from qipp_assure.ratings.matrix import Matrix, headings_of, matrix_of, rated_subject
from qipp_assure.vocabulary import Because, Rating
from qipp_assure.web import filters
from qipp_assure.web.printable import printable

Document = Mapping[str, Any]

ATTENTION = 5
_POINTS = 2
_POINT_LENGTH = 150
_ORIGINS = {
    "published": "Criteria published; amber and red begin where we say",
    "own": "Our own rule",
}


@dataclass(frozen=True, slots=True)
class RatedReturn:
    """One sealed return with its assessment (the shape of `rate --json`).

    `facts` and `criteria` are what it was rated from and by; without them the pack stands, but
    has no evidence and names the criteria sets by their ids.
    """

    document: Document
    assessment: Document
    digest: str
    facts: Facts | None = None
    criteria: Sequence[CriteriaSet] = ()

    @property
    def is_card(self) -> bool:
        """True for a report card, false for a plan."""
        return str(self.document.get("template", "")).startswith("report-card")

    @property
    def what(self) -> str:
        """The return as people call it."""
        if self.is_card:
            return f"Report card of {filters.period(str(self.document.get('period')))}"
        return "Integrated plan"

    @property
    def where(self) -> str:
        """The return inside a sentence."""
        return "the report card and its plan" if self.is_card else "the plan"


@dataclass(frozen=True, slots=True)
class PackSource:
    """What a pack is made from.

    `main` is the return that the pack is about; `plan` the plan behind it, where `main` is a
    report card; `cards` the report cards of the year so far, for the figures by month.
    """

    organisation_code: str
    organisation_name: str
    round_title: str
    main: RatedReturn
    as_of: date
    plan: RatedReturn | None = None
    cards: Sequence[Document] = ()
    decision: Decision | None = None
    judgements_included: bool = False
    provenance: str = ""
    more_seals: Sequence[Seal] = ()


def pack_content(source: PackSource) -> PackContent:
    """Make what the pack says."""
    main, behind = source.main, source.plan if source.main.is_card else None
    tops = _tree(main)
    top = next(one for one in tops if one.kind in {"region", "plan"})
    others = tuple(one for one in tops if one is not top)
    region = replace(top, code="", name=printable(source.organisation_name))
    plan = _plan_alone(behind) if behind else None
    plan_document = main.document if not main.is_card else behind.document if behind else None
    card = main.document if main.is_card else None
    risks, left_out = risks_shown(plan_document, card)
    heads = (*([plan] if plan else []), region, *others)
    subjects = [one for head in heads for one in head.whole()]
    attention = _attention(subjects)
    return PackContent(
        organisation_code=printable(source.organisation_code),
        organisation_name=printable(source.organisation_name),
        round_title=printable(source.round_title),
        what=main.what,
        as_of=source.as_of,
        decision=source.decision,
        judgements_included=source.judgements_included,
        judgements_outstanding=_outstanding(subjects),
        provenance=printable(source.provenance),
        seals=_seals(source, behind),
        criteria=_criteria_used(main, behind),
        region=region,
        plan=plan,
        matrix=_matrix(main.assessment, region, others),
        lines=others,
        attention=attention[:ATTENTION],
        attention_left_out=max(len(attention) - ATTENTION, 0),
        flags=tuple((one.title, one.anchor, says) for one in subjects for says in one.flags),
        savings=savings_shown(plan_document, _cards(source, card), source.as_of),
        risks=risks,
        risks_left_out=left_out,
        help=help_shown(plan_document, risks),
    )


def _matrix(assessment: Document, region: SubjectShown, lines: Sequence[SubjectShown]) -> Matrix:
    """Put the region's own row, then its workstreams, then the lines that anything rates."""
    bodies = {(body["kind"], body["id"]): body for body in assessment["subjects"]}
    workstreams = [part for part in region.parts if part.kind == "workstream"]
    subjects = [region, *workstreams, *(line for line in lines if line.areas)]
    return matrix_of(
        (head for one in subjects for head in headings_of(bodies[one.kind, one.id])),
        [
            replace(rated_subject(bodies[one.kind, one.id], href=f"#{one.anchor}"), label=one.title)
            for one in subjects
        ],
    )


def _tree(rated: RatedReturn) -> tuple[SubjectShown, ...]:
    tops = subject_tree(rated.assessment, rated.facts, rated.criteria, rated.where)
    facts = {(one.kind, one.id): one for one in (rated.facts.subjects if rated.facts else ())}
    return tuple(_with_particulars(top, facts) for top in tops)


def _plan_alone(behind: RatedReturn) -> SubjectShown | None:
    """The plan by the criteria that rate it itself.

    What stands under it stands under the region as well, rated on the later card.
    """
    plan = next((one for one in _tree(behind) if one.kind == "plan"), None)
    if plan is None:
        return None
    areas = tuple(area for area in plan.areas if any(one.checks for one in area.criteria))
    own = {area.set for area in areas}
    body = next(one for one in behind.assessment["subjects"] if one["kind"] == "plan")
    overalls = [judged(one) for one in body.get("overalls") or () if one["set"] in own]
    mark = overalls[0] if len(overalls) == 1 else plan.judged
    return replace(plan, areas=areas, judged=mark, halves=(), parts=())


def _with_particulars(
    subject: SubjectShown, facts: Mapping[tuple[str, str], SubjectFacts]
) -> SubjectShown:
    """Add who answers for a subject and what it saves."""
    found = facts.get((subject.kind, subject.id))
    parts = tuple(_with_particulars(part, facts) for part in subject.parts)
    particulars = tuple(_particulars(found.values)) if found else ()
    return replace(subject, parts=parts, particulars=particulars)


def _particulars(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    leadership = values.get("leadership") or {}
    named = (
        ("Sponsor", leadership.get("sponsor")),
        ("Manager", leadership.get("manager")),
        ("Lead", values.get("lead")),
    )
    for label, name in named:
        if name:
            yield label, printable(name)
    for label, key in (
        ("Planned for the year", "planned_year_gbp"),
        ("Forecast for the year", "forecast_year_gbp"),
        ("Planned to date", "planned_to_date_gbp"),
        ("Actual to date", "actual_to_date_gbp"),
    ):
        if values.get(key) is not None:
            yield label, filters.money_short(values[key])


def _cards(source: PackSource, card: Document | None) -> list[Document]:
    by_period = {str(one.get("period")): one for one in source.cards}
    if card is not None:
        latest = str(card.get("period"))
        by_period = {period: one for period, one in by_period.items() if period <= latest}
        by_period[latest] = card
    return list(by_period.values())


def _seals(source: PackSource, behind: RatedReturn | None) -> tuple[Seal, ...]:
    seals = [Seal(source.main.what, source.main.digest)]
    if behind is not None:
        seals.append(Seal(behind.what, behind.digest))
    inputs = source.main.assessment.get("inputs") or {}
    for name, words in (("context", "Context"), ("judgements", "Judgements")):
        if inputs.get(name):
            seals.append(Seal(f"{words} of the rating", str(inputs[name])))
    return (*seals, *source.more_seals)


def _criteria_used(main: RatedReturn, behind: RatedReturn | None) -> tuple[CriteriaUsed, ...]:
    found: dict[tuple[str, str], CriteriaUsed] = {}
    for rated in (behind, main) if behind else (main,):
        known = {(one.set, one.version): one for one in rated.criteria}
        for named in rated.assessment["criteria"]:
            key = (named["set"], named["version"])
            loaded = known.get(key)
            found[key] = CriteriaUsed(
                *key,
                named["digest"],
                printable(loaded.title if loaded else named["set"]),
                printable(loaded.source if loaded else ""),
                _ORIGINS.get(loaded.origin, loaded.origin) if loaded else "",
            )
    return tuple(found.values())


def _outstanding(subjects: Iterable[SubjectShown]) -> int:
    return sum(
        check.judged.because is Because.JUDGEMENT_OUTSTANDING
        for subject in subjects
        for area in subject.areas
        for criterion in area.criteria
        for check in criterion.checks
    )


_ORDER = {"plan": 0, "region": 0, "workstream": 1, "line": 1, "initiative": 2}


def _attention(subjects: Sequence[SubjectShown]) -> tuple[Attention, ...]:
    """What to look at first: red before amber; the plan, then workstreams, then initiatives.

    The region's own rating is made of its workstreams', so it would only say the same again.
    """
    wanted = (Rating.RED, Rating.AMBER)
    off = [one for one in subjects if one.judged.rating in wanted and one.kind != "region"]
    off.sort(
        key=lambda one: (wanted.index(one.judged.rating), _ORDER.get(one.kind, 3), -_reds(one))
    )
    return tuple(Attention(one.title, one.anchor, one.judged, tuple(_points(one))) for one in off)


def _reds(subject: SubjectShown) -> int:
    return sum(
        criterion.judged.rating is Rating.RED
        for area in subject.areas
        for criterion in area.criteria
    )


def _points(subject: SubjectShown) -> Iterable[str]:
    """The reasons of the criteria that pull it down, the worst first, each cut to a line or two."""
    criteria = [criterion for area in subject.areas for criterion in area.criteria]
    bad = [one for one in criteria if one.judged.rating is Rating.RED] or [
        one for one in criteria if one.judged.rating is Rating.AMBER
    ]
    for criterion in bad[:_POINTS]:
        said = f"{criterion.title}: {criterion.judged.reason}"
        if len(said) > _POINT_LENGTH:
            said = said[:_POINT_LENGTH].rsplit(None, 1)[0] + "…"
        yield said
    if len(bad) > _POINTS:
        yield f"and {filters.count_of(len(bad) - _POINTS, 'more criterion', 'more criteria')}"
