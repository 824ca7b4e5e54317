"""Which items of a list to put right so that a check is green: as few as will do.

An item that cannot be put right any more stays failed (see `attainable`).  Of as few, those that
come first in the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.attainable import attainable, ends_of_months
from qipp_assure.criteria_engine.bands import item_test
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.fillings import Tally, same_for_all_items
from qipp_assure.criteria_engine.sets import Each
from qipp_assure.criteria_engine.values import UNKNOWN, Value
from qipp_assure.vocabulary import Rating


@dataclass(frozen=True, slots=True)
class CountedItem:
    """An item that counts, or may; `number` is its place in the list, from 1."""

    number: int
    raw: Mapping[str, Any]
    where: Value
    holds: Value
    can_pass: bool

    @property
    def is_failed(self) -> bool:
        """Certainly counted and certainly not passing."""
        return self.where is True and self.holds is False

    @property
    def is_unknown(self) -> bool:
        """It may count, or may pass; nobody knows."""
        return self.where is not True or not isinstance(self.holds, bool)


@dataclass(slots=True)
class ItemChanges:
    """The items of one check on one subject."""

    each: Each
    subject: SubjectFacts
    as_of: date
    items: list[CountedItem] = field(init=False)

    def __post_init__(self) -> None:
        self.items = self._counted(self.as_of)

    def least(self) -> tuple[CountedItem, ...] | None:
        """The items to put right; None where no number of those that can be is enough."""
        failed = [one for one in self.items if one.is_failed and one.can_pass]
        unknown = [one for one in self.items if one.is_unknown]
        tallies = [self._tally(unknown[number:]) for number in range(len(unknown) + 1)]
        for wanted in range(1, len(failed) + len(unknown) + 1):
            for answered in range(max(0, wanted - len(failed)), min(wanted, len(unknown)) + 1):
                mended = wanted - answered
                tally = tallies[answered]
                made = replace(tally, passed=tally.passed + wanted, failed=tally.failed - mended)
                if self._is_green(made):
                    chosen = [*failed[:mended], *unknown[:answered]]
                    return tuple(sorted(chosen, key=lambda one: one.number))
        return None

    def is_held_by_the_past(self) -> bool:
        """Whether green fails only for items that cannot be put right any more."""
        everything = Tally(passed=len(self.items))
        return bool(self.items) and self.least() is None and self._is_green(everything)

    def first_date(self) -> date | None:
        """The first end of a month on which enough items could count and pass."""
        for day in ends_of_months(self.as_of):
            items = self._counted(day)
            passed = sum(one.holds is True or one.can_pass for one in items)
            if items and self._is_green(Tally(passed=passed, failed=len(items) - passed)):
                return day
        return None

    def _counted(self, day: date) -> list[CountedItem]:
        """Items that count on a day; what can be done to them can be done from today on."""
        found: list[CountedItem] = []
        listed = Evaluation(day, {"": self.subject.values}).items(self.each.source) or ()
        for number, raw in enumerate(listed, start=1):
            owners = {"": self.subject.values, self.each.variable: raw}
            then, now = Evaluation(day, owners), Evaluation(self.as_of, owners)
            where = True if self.each.where is None else then.value(self.each.where)
            if where is False:
                continue
            holds = then.value(self.each.holds)
            if self.each.missing_fails and UNKNOWN in (where, holds):
                where, holds = True, False
            can_pass = holds is True or attainable(self.each.holds, now)
            found.append(CountedItem(number, raw, where, holds, can_pass))
        return found

    def _tally(self, unknown: list[CountedItem]) -> Tally:
        """How the items stand when only those unknown ones are left unanswered."""
        tally = Tally(
            passed=sum(not one.is_unknown and one.holds is True for one in self.items),
            failed=sum(one.is_failed for one in self.items),
        )
        for one in unknown:
            if one.where is True:
                tally.open += 1
            elif one.holds is True:
                tally.maybe_passed += 1
            elif one.holds is False:
                tally.maybe_failed += 1
            else:
                tally.anything += 1
        return tally

    def _is_green(self, tally: Tally) -> bool:
        bands = self.each.bands

        def rate(passed: int, failed: int) -> Rating | None:
            if passed + failed == 0:
                return self.each.none
            return bands.rate(item_test(passed, failed, self._edge))

        straight = all(band.is_straight for band in bands.given)
        return same_for_all_items(tally, rate, straight=straight) is Rating.GREEN

    def _edge(self, edge: Any) -> Any:
        return edge.value
