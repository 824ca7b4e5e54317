"""The engine's one verb: `rate(facts, judgements, context, criteria, as_of) -> Assessment`.

Pure and deterministic.  A set rates the subjects of its kind; the subjects above them (the
workstreams and the region of an initiative) get its criteria rolled up from their parts by the
set's `roll_up`, and areas, halves and overall from those by the same tables as below.  Where
several sets rate one subject, its overall is the worst of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import (
    Assessment,
    HalfOutcome,
    Outcome,
    SubjectOutcome,
    not_rated,
)
from qipp_assure.criteria_engine.dated import in_force
from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.judgements import Judgements
from qipp_assure.criteria_engine.parts import Part, part
from qipp_assure.criteria_engine.rolling_up import Family
from qipp_assure.criteria_engine.set_rating import SetOutcome, SetRating
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.tables import worst
from qipp_assure.criteria_engine.travel import PreviousRatings
from qipp_assure.criteria_engine.wholes import rate_whole
from qipp_assure.vocabulary import Because


def rate(
    facts: Facts,
    judgements: Iterable[Mapping[str, Any]],
    context: Mapping[str, Any],
    criteria: Iterable[CriteriaSet],
    as_of: date,
) -> Assessment:
    """Rates every subject of a return by every set that applies to it.

    `judgements` are entries of the judgements document; of `context` only `previous_ratings`
    is looked at, since what criteria ask of it stands in the facts.  Sets that do not read this
    return are left out.  A set that rates a kind of subject of which the return has none still
    rates those above by its roll-up: nothing is due there.
    """
    sets = [in_force(one, as_of) for one in criteria if reads(one, facts)]
    family = Family.of(facts.subjects)
    entries = tuple(judgements)  # every set goes through them
    made = [SetRating(one, Judgements.of(entries, one), as_of, family).run() for one in sets]
    previous = PreviousRatings.of(context, facts.period)
    subjects = tuple(
        _subject(subject, [(s, by[key]) for s, by in zip(sets, made, strict=True) if key in by],
                 previous)
        for subject in facts.subjects
        for key in [(subject.kind, subject.id)]
    )  # fmt: skip
    return Assessment(
        facts.return_kind,
        facts.region,
        facts.period,
        facts.digest,
        tuple((one.set, one.version, one.digest) for one in sets),
        as_of.isoformat(),
        subjects,
    )


def reads(criteria: CriteriaSet, facts: Facts) -> bool:
    """Whether a set reads returns of that template, or of that kind where none is named."""
    if facts.template:
        return facts.template in criteria.reads
    return any(template.partition("@")[0] == facts.return_kind for template in criteria.reads)


def _subject(
    subject: SubjectFacts,
    found: Sequence[tuple[CriteriaSet, SetOutcome]],
    previous: PreviousRatings,
) -> SubjectOutcome:
    """One subject by all its sets together."""
    overall = _worst([part(s.set, s.title, out.overall, s.waits) for s, out in found], "sets")
    return SubjectOutcome(
        kind=subject.kind,
        id=subject.id,
        code=subject.code,
        name=subject.name,
        parent=subject.parent,
        overall=overall,
        direction=previous.direction(subject, "overall", overall.rating),
        flags=tuple(dict.fromkeys(flag for _, out in found for flag in out.flags)),
        overalls=tuple((s.set, out.overall) for s, out in found),
        card_halves=_card_halves(subject, found, previous),
        halves=tuple(
            HalfOutcome(half.set, half.id, half.title, half.outcome,
                        previous.half(subject, half.id, half.outcome.rating, half.set))
            for _, out in found
            for half in out.halves
        ),
        areas=tuple(area for _, out in found for area in out.areas),
        criteria=tuple(criterion for _, out in found for criterion in out.criteria),
    )  # fmt: skip


def _worst(parts: Sequence[Part], noun: str) -> Outcome:
    if not parts:
        return not_rated(Because.DOES_NOT_APPLY, "no criteria rate this")
    if len(parts) == 1:
        return parts[0].outcome
    return rate_whole(worst(), parts, noun)


def _card_halves(
    subject: SubjectFacts,
    found: Sequence[tuple[CriteriaSet, SetOutcome]],
    previous: PreviousRatings,
) -> tuple[HalfOutcome, ...]:
    titles: dict[str, str] = {}
    parts: dict[str, list[Part]] = {}
    for criteria, out in found:
        for half in out.halves:
            titles.setdefault(half.id, half.title)
            parts.setdefault(half.id, []).append(
                part(criteria.set, criteria.title, half.outcome, criteria.waits)
            )
    return tuple(
        HalfOutcome(None, half, titles[half], outcome,
                    previous.half(subject, half, outcome.rating, None))
        for half, own in parts.items()
        for outcome in [_worst(own, "sets")]
    )  # fmt: skip
