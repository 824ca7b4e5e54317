"""What everything in an assessment could be brought to, from its checks upwards, by a given day.

The same tables as in rating (`set_rating`, `rolling_up`, `rating`) put checks together to
criteria, areas and overall, and initiatives to workstreams and the region; here they put together
options (`least_changes`) in place of ratings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qipp_assure.criteria_engine.assessment import SubjectOutcome
from qipp_assure.criteria_engine.check_changes import CheckChange
from qipp_assure.criteria_engine.least_changes import (
    STATES,
    LeastChanges,
    Options,
    State,
    leaf,
)
from qipp_assure.criteria_engine.rolling_up import Family
from qipp_assure.criteria_engine.sets import CriteriaSet, Criterion
from qipp_assure.criteria_engine.tables import worst
from qipp_assure.vocabulary import Because

Key = tuple[str, str]
_WORST = worst()


@dataclass(slots=True)
class Leaf:
    """One check of one subject; `number` rises in the order of the file."""

    number: int
    criteria: CriteriaSet
    criterion: Criterion
    change: CheckChange
    _looked: bool = False
    _possible_on: date | None = None

    @property
    def state(self) -> State:
        """How the check stands."""
        outcome = self.change.outcome.outcome
        if outcome.because is None:
            return STATES[outcome.rating]
        waits = outcome.broken or self.criteria.waits[outcome.because]
        return State.WAITS if waits else State.IGNORED

    @property
    def possible_on(self) -> date | None:
        """The first day on which it can be made green; looked for once, for it takes a while."""
        if not self._looked:
            self._possible_on, self._looked = self.change.possible_on(), True
        return self._possible_on

    @property
    def was_looked_at(self) -> bool:
        """Whether the first day was looked for, since something depends on it."""
        return self._looked

    def can_be_green_by(self, day: date) -> bool:
        """Whether it can be made green on or before a day."""
        due_later = self.change.outcome.outcome.because is Because.NOTHING_DUE
        if due_later and day == self.change.as_of:
            return False
        return self.possible_on is not None and self.possible_on <= day


@dataclass(frozen=True, slots=True)
class Leaves:
    """Every check of an assessment, by number and by where it stands."""

    subjects: Mapping[Key, SubjectOutcome]
    family: Family
    sets: Sequence[CriteriaSet]
    found: tuple[Leaf, ...]
    by_criterion: Mapping[tuple[str, str, Key], tuple[Leaf, ...]]

    @classmethod
    def of(
        cls,
        subjects: Sequence[SubjectOutcome],
        family: Family,
        sets: Sequence[CriteriaSet],
        as_of: date,
    ) -> Leaves:
        """Numbers the checks: by set, then criterion, then subject from above down, then check."""
        by_key = {(one.kind, one.id): one for one in subjects}
        order = [by_key[key] for key in _from_above(family) if key in by_key]
        found: list[Leaf] = []
        by_criterion: dict[tuple[str, str, Key], tuple[Leaf, ...]] = {}
        outcomes = {(one.set, one.id, (s.kind, s.id)): one for s in subjects for one in s.criteria}
        for criteria in sets:
            for criterion in criteria.criteria():
                for subject in order:
                    key = (criteria.set, criterion.key, (subject.kind, subject.id))
                    outcome = outcomes.get(key)
                    if outcome is None or outcome.parts is not None:
                        continue
                    facts = family.by_key[key[2]]
                    made = [
                        Leaf(len(found) + number, criteria, criterion,
                             CheckChange(check, criterion, one, facts, as_of, criteria.waits))
                        for number, (check, one) in enumerate(
                            zip(criterion.checks, outcome.checks, strict=True)
                        )
                    ]  # fmt: skip
                    found.extend(made)
                    by_criterion[key] = tuple(made)
        return cls(by_key, family, tuple(sets), tuple(found), by_criterion)

    def rates(self, criteria: CriteriaSet, key: Key) -> bool:
        """Whether a set rates a subject, or rolls up to it."""
        subject = self.subjects.get(key)
        return subject is not None and any(name == criteria.set for name, _ in subject.overalls)


def _from_above(family: Family) -> Iterator[Key]:
    """Every subject after the one above it, in the order of the facts; rings come last."""
    seen: set[Key] = set()
    roots = [s for s in family.subjects if s.parent is None or s.parent not in family.by_key]
    for start in (*roots, *family.subjects):
        open_subjects = [start]
        while open_subjects:
            subject = open_subjects.pop()
            key = (subject.kind, subject.id)
            if key not in seen:
                seen.add(key)
                yield key
                open_subjects.extend(reversed(family.children(subject)))


@dataclass(slots=True)
class OptionsByDay:
    """The options of everything, with changes that are possible on or before a day.

    `day` None takes every check that is not green as one that can be changed, so as to see which
    stand in the way.
    """

    leaves: Leaves
    day: date | None
    least: LeastChanges
    known: dict[tuple[str, str, Key], Options] = field(default_factory=dict)
    within: set[tuple[str, str, Key]] = field(default_factory=set)

    def overall(self, key: Key) -> Options:
        """The options of a subject by all its sets together."""
        parts = [
            (one.set, self._set_overall(one, key))
            for one in self.leaves.sets
            if self.leaves.rates(one, key)
        ]
        if not parts:
            return {State.IGNORED: ()}
        return parts[0][1] if len(parts) == 1 else self.least.whole(_WORST, parts, State.IGNORED)

    def _set_overall(self, criteria: CriteriaSet, key: Key) -> Options:
        empty = _empty(criteria)
        areas = [
            (area.id, self.least.whole(
                criteria.area_rating,
                [(one.key, self.criterion(criteria, one, key)) for one in area.criteria],
                empty,
            ))
            for area in criteria.areas
        ]  # fmt: skip
        return self.least.whole(criteria.overall, areas, empty)

    def criterion(self, criteria: CriteriaSet, criterion: Criterion, key: Key) -> Options:
        """The options of a criterion, from its checks or from the subjects below."""
        place = (criteria.set, criterion.key, key)
        if place not in self.known:
            self.within.add(place)
            self.known[place] = self._criterion(criteria, criterion, key)
            self.within.discard(place)
        return self.known[place]

    def _criterion(self, criteria: CriteriaSet, criterion: Criterion, key: Key) -> Options:
        checks = self.leaves.by_criterion.get((criteria.set, criterion.key, key))
        if checks is not None:
            parts = [(one.change.check.id, self._leaf(one)) for one in checks]
            return self.least.whole(criteria.criterion_rating, parts, _empty(criteria))
        below = self.leaves.family.children(self.leaves.family.by_key[key])
        parts = [
            (child.id, self.criterion(criteria, criterion, (child.kind, child.id)))
            for child in below
            if self.leaves.rates(criteria, (child.kind, child.id))
            # a ring of parents ends where it began
            and (criteria.set, criterion.key, (child.kind, child.id)) not in self.within
        ]
        return self.least.whole(criteria.roll_up or _WORST, parts, _empty(criteria))

    def _leaf(self, one: Leaf) -> Options:
        if one.state is State.GREEN:
            return {State.GREEN: ()}
        if self.day is None:
            applies = one.change.outcome.outcome.because is not Because.DOES_NOT_APPLY
            return leaf(one.state, one.number if applies else None)
        return leaf(one.state, one.number if one.can_be_green_by(self.day) else None)


def _empty(criteria: CriteriaSet) -> State:
    """How a whole without parts stands: nothing is due there."""
    return State.WAITS if criteria.waits[Because.NOTHING_DUE] else State.IGNORED
