"""The engine's one verb: `rate(facts, judgements, context, criteria, as_of) -> Assessment`.

Pure and deterministic.  A set rates the subjects of its kind; the subjects above them (the
workstreams and the region of an initiative) get its criteria rolled up from their parts by the
set's `roll_up`, and areas, halves and overall from those by the same tables as below.  Where
several sets rate one subject, its overall is the worst of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import (
    Assessment,
    CheckOutcome,
    CriterionOutcome,
    Flag,
    GroupOutcome,
    HalfOutcome,
    Outcome,
    SubjectOutcome,
    not_rated,
)
from qipp_assure.criteria_engine.checking import applicability, outcome_barred, run_check
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.judgements import Judgements
from qipp_assure.criteria_engine.rolling_up import Family, roll_up
from qipp_assure.criteria_engine.sets import CriteriaSet, Criterion
from qipp_assure.criteria_engine.tables import Table, worst
from qipp_assure.criteria_engine.travel import PreviousRatings
from qipp_assure.criteria_engine.wholes import Part, part, rate_checks, rate_whole
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
    return, or rate a kind of subject that it does not have, are left out.
    """
    sets = [one for one in criteria if _reads(one, facts)]
    kinds = {subject.kind for subject in facts.subjects}
    sets = [one for one in sets if one.rates in kinds]
    family = Family.of(facts.subjects)
    made = [_SetRating(one, Judgements.of(judgements, one), as_of, family).run() for one in sets]
    previous = PreviousRatings.of(context)
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


def _reads(criteria: CriteriaSet, facts: Facts) -> bool:
    if facts.template:
        return facts.template in criteria.reads
    return any(template.partition("@")[0] == facts.return_kind for template in criteria.reads)


@dataclass(frozen=True, slots=True)
class SetOutcome:
    """What one set says of one subject."""

    criteria: tuple[CriterionOutcome, ...]
    areas: tuple[GroupOutcome, ...]
    halves: tuple[GroupOutcome, ...]
    overall: Outcome
    flags: tuple[Flag, ...]


Key = tuple[str, str]


@dataclass(slots=True)
class _SetRating:
    """One set over all subjects of a return."""

    criteria: CriteriaSet
    judgements: Judgements
    as_of: date
    family: Family
    made: dict[Key, SetOutcome] = field(default_factory=dict)

    def run(self) -> dict[Key, SetOutcome]:
        """Outcomes by (kind, id): its own subjects first, then those above, from below up."""
        for subject in self.family.subjects:
            if subject.kind == self.criteria.rates:
                self.made[(subject.kind, subject.id)] = self._direct(subject)
        if self.criteria.roll_up is not None:
            for subject in self.family.above(self.criteria.rates):
                self.made[(subject.kind, subject.id)] = self._rolled(subject)
        return self.made

    def _direct(self, subject: SubjectFacts) -> SetOutcome:
        criteria = tuple(self._criterion(one, area.id, subject)
                         for area in self.criteria.areas for one in area.criteria)  # fmt: skip
        broken = [check for one in criteria for check in one.checks if check.broken]
        flags = [*self._flags(subject), *(_broken_flag(check) for check in broken)]
        return self._whole(criteria, flags)

    def _criterion(
        self, criterion: Criterion, area: str, subject: SubjectFacts
    ) -> CriterionOutcome:
        barred = applicability(criterion.applies, subject, self.as_of)
        if barred is not None:
            checks = tuple(outcome_barred(check, barred) for check in criterion.checks)
            outcome = barred
        else:
            find = self.judgements.for_subject(subject)
            checks = tuple(
                run_check(check, subject, self.as_of, find) for check in criterion.checks
            )
            parts = [part(c.id, c.asks, c.outcome, self.criteria.waits) for c in checks]
            outcome = rate_checks(self.criteria.criterion_rating, parts)
        return CriterionOutcome(
            self.criteria.set, criterion.key, criterion.title, area, criterion.half, outcome, checks
        )

    def _flags(self, subject: SubjectFacts) -> list[Flag]:
        found = []
        for rule in self.criteria.flags:
            try:
                if Evaluation(self.as_of, {"": subject.values}).value(rule.when) is True:
                    found.append(Flag(rule.id, rule.says))
            except Exception as error:  # a broken flag is told, and takes nothing down
                found.append(Flag(f"broken-{rule.id}", f"Could not be worked out ({error})."))
        return found

    def _rolled(self, subject: SubjectFacts) -> SetOutcome:
        parts = [
            (child, self.made[(child.kind, child.id)])
            for child in self.family.children(subject)
            if (child.kind, child.id) in self.made
        ]
        criteria = tuple(
            roll_up(
                self.criteria, criterion, area.id,
                [(child, outcome.criteria[number].outcome) for child, outcome in parts],
            )
            for number, (area, criterion) in enumerate(
                (area, criterion) for area in self.criteria.areas for criterion in area.criteria
            )
        )  # fmt: skip
        return self._whole(criteria, [])

    def _whole(self, criteria: tuple[CriterionOutcome, ...], flags: Sequence[Flag]) -> SetOutcome:
        """Areas, halves and overall from the criteria, the same however these came about."""
        one, waits = self.criteria, self.criteria.waits

        titles = {area.id: area.title for area in one.areas}

        def group(
            name: str, title: str, table: Table, found: list[CriterionOutcome], *, areas: bool
        ) -> GroupOutcome:
            parts = [
                part(c.id, f"{titles[c.area]}: {c.title}" if areas else c.title, c.outcome, waits)
                for c in found
            ]
            return GroupOutcome(one.set, name, title, rate_whole(table, parts, "criteria"))

        areas = tuple(
            group(
                a.id, a.title, one.area_rating, [c for c in criteria if c.area == a.id], areas=False
            )
            for a in one.areas
        )
        halves = tuple(
            group(h.id, h.title, h.table, [c for c in criteria if c.half == h.id], areas=True)
            for h in one.halves
        )
        parts = [part(area.id, area.title, area.outcome, waits) for area in areas]
        return SetOutcome(
            criteria, areas, halves, rate_whole(one.overall, parts, "areas"), tuple(flags)
        )


def _broken_flag(check: CheckOutcome) -> Flag:
    return Flag("broken-check", f"The check '{check.id}' could not be worked out on these facts.")


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
        return not_rated(Because.DOES_NOT_APPLY, "No criteria rate this.")
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
