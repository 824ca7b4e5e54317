"""One set over all subjects of a return: its own subjects first, then those above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from qipp_assure.criteria_engine.assessment import (
    CheckOutcome,
    CriterionOutcome,
    Flag,
    GroupOutcome,
    Outcome,
)
from qipp_assure.criteria_engine.checking import applicability, outcome_barred, run_check
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.judgements import Judgements
from qipp_assure.criteria_engine.parts import part
from qipp_assure.criteria_engine.rolling_up import Family, roll_up
from qipp_assure.criteria_engine.sets import CriteriaSet, Criterion
from qipp_assure.criteria_engine.tables import Table
from qipp_assure.criteria_engine.wholes import rate_checks, rate_whole


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
class SetRating:
    """One set over all subjects of a return."""

    criteria: CriteriaSet
    judgements: Judgements
    as_of: date
    family: Family
    made: dict[Key, SetOutcome] = field(default_factory=dict)

    def run(self) -> dict[Key, SetOutcome]:
        """Outcomes by (kind, id): its own subjects first, then those above, from below up."""
        for subject in self.family.subjects:
            if subject.kind in self.criteria.rates:
                self.made[(subject.kind, subject.id)] = self._direct(subject)
        if self.criteria.roll_up is not None:
            for subject in self.family.above(self.criteria.rates):
                self.made[(subject.kind, subject.id)] = self._rolled(subject)
        return self.made

    def _direct(self, subject: SubjectFacts) -> SetOutcome:
        criteria = tuple(self._criterion(one, area.id, subject)
                         for area in self.criteria.areas for one in area.criteria)  # fmt: skip
        broken = [check for one in criteria for check in one.checks if check.outcome.broken]
        flags = [*self._flags(subject), *(_broken_flag(check) for check in broken)]
        return self._whole(criteria, flags)

    def _criterion(
        self, criterion: Criterion, area: str, subject: SubjectFacts
    ) -> CriterionOutcome:
        barred = applicability(criterion, subject, self.as_of)
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
                self.criteria, criterion, area.id, subject,
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

        areas_by_id = {area.id: area.title for area in one.areas}
        common = Counter(criterion.title for criterion in criteria)

        def title_of(criterion: CriterionOutcome) -> str:
            """With the area's title where several criteria share theirs."""
            many = common[criterion.title] > 1
            area = f"{areas_by_id[criterion.area]}: " if many else ""
            return f"{area}{criterion.title}"

        def group(
            name: str, title: str, table: Table, found: list[CriterionOutcome]
        ) -> GroupOutcome:
            parts = [part(c.id, title_of(c), c.outcome, waits) for c in found]
            return GroupOutcome(one.set, name, title, rate_whole(table, parts, "criteria"))

        areas = tuple(
            group(a.id, a.title, one.area_rating, [c for c in criteria if c.area == a.id])
            for a in one.areas
        )
        halves = tuple(
            group(h.id, h.title, h.table, [c for c in criteria if c.half == h.id])
            for h in one.halves
        )
        parts = [part(area.id, area.title, area.outcome, waits) for area in areas]
        return SetOutcome(
            criteria, areas, halves, rate_whole(one.overall, parts, "areas"), tuple(flags)
        )


def _broken_flag(check: CheckOutcome) -> Flag:
    return Flag("broken-check", f"The check '{check.id}' could not be worked out on these facts.")
