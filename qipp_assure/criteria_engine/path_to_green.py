"""Path to green: the least set of changes that would make what is not green green.

A change makes one check of one subject green (see `check_changes`); the reviewer's judgement of
a judged check is a change like any other.  Least means fewest checks; of as few, the earliest in
the order of the file, and of one check the earlier subject (see `least_changes`).  Other checks
are taken to stay as they are; those that do not apply now and may come to apply by a change are
named beside it (`opens`).

What cannot be undone is not called a change.  Where green cannot be had without it, the whole is
unreachable, with the first day on which green is possible, or none, and the checks that stand in
the way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import (
    Assessment,
    CheckOutcome,
    CriterionOutcome,
    SubjectOutcome,
)
from qipp_assure.criteria_engine.check_changes import ToDo
from qipp_assure.criteria_engine.dated import in_force
from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.least_changes import Changes, LeastChanges, Options, State
from qipp_assure.criteria_engine.options import Leaf, Leaves, OptionsByDay
from qipp_assure.criteria_engine.rolling_up import Family
from qipp_assure.criteria_engine.sets import Body, CriteriaSet, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import Node, refs_of
from qipp_assure.criteria_engine.wording import day_words, listed
from qipp_assure.vocabulary import Because, Rating

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One check to be made green; `opens` are checks that may come to apply by it."""

    set: str
    criterion: str
    subject: SubjectFacts
    outcome: CheckOutcome
    to_do: ToDo
    possible_on: date
    opens: tuple[str, ...]

    def to_json(self) -> Json:
        """The change as JSON."""
        outcome, to_do, subject = self.outcome.outcome, self.to_do, self.subject
        return {
            "set": self.set,
            "criterion": self.criterion,
            "check": self.outcome.id,
            "subject": {
                "kind": subject.kind, "id": subject.id, "code": subject.code, "name": subject.name,
            },
            "asks": self.outcome.asks,
            "rating": outcome.rating.value,
            "because": outcome.because.value if outcome.because else None,
            "do": to_do.do,
            "owner": to_do.owner or None,
            "by": to_do.by.isoformat() if to_do.by else None,
            "possible_on": self.possible_on.isoformat(),
            "items": [item.to_json() for item in to_do.items],
            "opens": list(self.opens),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Path:
    """The way to green of one criterion or subject.

    Where it is unreachable, `first_date` is the first day on which it could be green (None: no
    day is known) and `changes` are those that it would take then (none when there is no day);
    `blocked_by` names the checks that stand in the way now.
    """

    reachable: bool
    changes: tuple[Change, ...]
    first_date: date | None = None
    blocked_by: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> Json:
        """`changes`, and `unreachable` (null where it can be reached)."""
        unreachable = None
        if not self.reachable:
            unreachable = {
                "first_date": self.first_date.isoformat() if self.first_date else None,
                "blocked_by": [{"subject": s, "check": check} for s, check in self.blocked_by],
                "says": self.says(),
            }
        changes = [change.to_json() for change in self.changes]
        return {"changes": changes, "unreachable": unreachable}

    def outline(self) -> Json:
        """As JSON with the changes by their names alone."""
        named = [{"subject": one.subject.id, "check": one.outcome.id} for one in self.changes]
        return self.to_json() | {"changes": named}

    def says(self) -> str:
        """Why green is out of reach, and until when, in a sentence."""
        names = list(dict.fromkeys(f"{check} of {subject}" for subject, check in self.blocked_by))
        held = f"; held back by {listed(names, 5)}" if names else ""
        if self.first_date is None:
            return f"Green cannot be reached by any change known now{held}."
        return f"Green is possible from {day_words(self.first_date)} at the earliest{held}."


@dataclass(slots=True)
class PathsToGreen:
    """The ways to green of everything in one assessment; each is worked out when asked for."""

    leaves: Leaves
    as_of: date
    least: LeastChanges = field(default_factory=LeastChanges)
    by_day: dict[date | None, OptionsByDay] = field(default_factory=dict)

    @classmethod
    def of(
        cls, facts: Facts, assessment: Assessment, criteria: Iterable[CriteriaSet]
    ) -> PathsToGreen:
        """The ways in an assessment that was made of these facts by these sets."""
        as_of = date.fromisoformat(assessment.as_of)
        sets = [
            in_force(one, as_of) for one in criteria
            if (one.set, one.version, one.digest) in assessment.criteria
        ]  # fmt: skip
        family = Family.of(facts.subjects)
        return cls(Leaves.of(assessment.subjects, family, sets, as_of), as_of)

    def of_subject(self, subject: SubjectOutcome) -> Path | None:
        """The way of a subject; None when it is green."""
        if subject.overall.rating is Rating.GREEN:
            return None
        return self._path(lambda options: options.overall((subject.kind, subject.id)))

    def of_criterion(self, subject: SubjectOutcome, outcome: CriterionOutcome) -> Path | None:
        """The way of a criterion of a subject; None when it is green."""
        if outcome.outcome.rating is Rating.GREEN:
            return None
        criteria = next(one for one in self.leaves.sets if one.set == outcome.set)
        criterion = next(one for one in criteria.criteria() if one.key == outcome.id)
        key = (subject.kind, subject.id)
        return self._path(lambda options: options.criterion(criteria, criterion, key))

    def of_check(
        self, subject: SubjectOutcome, outcome: CriterionOutcome, check: CheckOutcome
    ) -> Path | None:
        """The way of one check; None when it is green."""
        if check.outcome.rating is Rating.GREEN:
            return None
        leaves = self.leaves.by_criterion[(outcome.set, outcome.id, (subject.kind, subject.id))]
        one = next(leaf for leaf in leaves if leaf.change.check.id == check.id)
        if one.possible_on is None:
            return Path(False, (), None, (_place(one),))
        if one.possible_on > self.as_of:
            return Path(False, (self._change(one),), one.possible_on, (_place(one),))
        return Path(True, (self._change(one),))

    def _by(self, day: date | None) -> OptionsByDay:
        if day not in self.by_day:
            self.by_day[day] = OptionsByDay(self.leaves, day, self.least)
        return self.by_day[day]

    def _path(self, look: Callable[[OptionsByDay], Options]) -> Path:
        today = look(self._by(self.as_of)).get(State.GREEN)
        if today is not None:
            return Path(True, self._changes(today))
        if State.GREEN not in look(self._by(date.max)):
            wanted = look(self._by(None)).get(State.GREEN, ())
            blocking = [one for one in self._leaves(wanted) if one.possible_on is None]
            return Path(False, (), None, tuple(_place(one) for one in blocking))
        days = sorted({
            one.possible_on for one in self.leaves.found
            if one.was_looked_at and one.possible_on is not None and one.possible_on > self.as_of
        })  # fmt: skip
        first = days[bisect_left(days, True, key=lambda d: State.GREEN in look(self._by(d)))]
        changes = look(self._by(first))[State.GREEN]
        late = [
            one for one in self._leaves(changes)
            if one.possible_on is not None and one.possible_on > self.as_of
        ]  # fmt: skip
        return Path(False, self._changes(changes), first, tuple(_place(one) for one in late))

    def _leaves(self, changes: Changes) -> list[Leaf]:
        return [self.leaves.found[number] for number in changes]

    def _changes(self, changes: Changes) -> tuple[Change, ...]:
        return tuple(self._change(one) for one in self._leaves(changes))

    def _change(self, one: Leaf) -> Change:
        change = one.change
        possible_on = one.possible_on or self.as_of
        return Change(one.criteria.set, one.criterion.key, change.subject, change.outcome,
                      change.to_do(), possible_on, self._opened(one))  # fmt: skip

    def _opened(self, one: Leaf) -> tuple[str, ...]:
        """Checks of the subject that do not apply now, by something that the change touches."""
        touched = _looked_at(one.change.check.body)
        key = (one.change.subject.kind, one.change.subject.id)
        return tuple(
            leaf.change.check.id
            for criterion in one.criteria.criteria()
            for leaf in self.leaves.by_criterion.get((one.criteria.set, criterion.key, key), ())
            if leaf.change.outcome.outcome.because is Because.DOES_NOT_APPLY
            and touched & _paths([criterion.applies, leaf.change.check.applies])
        )


def _place(one: Leaf) -> tuple[str, str]:
    subject = one.change.subject
    return (subject.code or subject.name, one.change.check.id)


def _looked_at(body: Body) -> frozenset[tuple[str, ...]]:
    match body:
        case Holds():
            return _paths([body.condition])
        case Measure():
            return _paths([body.expression])
        case Each():
            return frozenset({body.source.path})
        case Judged():
            return frozenset()


def _paths(nodes: Iterable[Node | None]) -> frozenset[tuple[str, ...]]:
    return frozenset(
        ref.path for node in nodes if node is not None for ref in refs_of(node) if not ref.owner
    )


def add_paths(
    document: Json, facts: Facts, assessment: Assessment, criteria: Iterable[CriteriaSet]
) -> None:
    """Puts `path_to_green` to every subject, criterion and check of an assessment not green.

    `document` is the assessment's own, as JSON.  A criterion says which checks, by subject and
    id; a check says what to do.
    """
    paths = PathsToGreen.of(facts, assessment, criteria)
    for subject, made in zip(assessment.subjects, document["subjects"], strict=True):
        if path := paths.of_subject(subject):
            made["path_to_green"] = path.to_json()
        for criterion, made_criterion in zip(subject.criteria, made["criteria"], strict=True):
            if path := paths.of_criterion(subject, criterion):
                made_criterion["path_to_green"] = path.outline()
            for check, made_check in zip(criterion.checks, made_criterion["checks"], strict=True):
                if path := paths.of_check(subject, criterion, check):
                    made_check["path_to_green"] = path.to_json()
