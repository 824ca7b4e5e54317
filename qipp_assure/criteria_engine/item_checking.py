"""Rates a check of items: how many of a list pass, what could not be judged, who failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from qipp_assure.criteria_engine.assessment import CheckOutcome, Item, not_rated, rated_as
from qipp_assure.criteria_engine.bands import item_test
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.fillings import Tally, same_for_all_items
from qipp_assure.criteria_engine.one_check import Checking, label_of, missing_of
from qipp_assure.criteria_engine.sets import Each
from qipp_assure.criteria_engine.tree import FieldRef, ListRef
from qipp_assure.criteria_engine.types import Record, RecordList
from qipp_assure.criteria_engine.values import UNDEFINED, UNKNOWN, Value
from qipp_assure.criteria_engine.wording import (
    filled,
    itemised,
    listed,
    predicate,
    shown,
)
from qipp_assure.vocabulary import Because, Rating

_LABEL_LENGTH = 60
_PAIR = 2


@dataclass(slots=True)
class _Item:
    """One item as it came out."""

    item: Item
    missing: list[FieldRef | ListRef]
    undefined: bool


@dataclass(slots=True)
class EachCheck:
    """One check of items while it is worked out; `run` gives its outcome."""

    checking: Checking
    body: Each
    tally: Tally = field(default_factory=Tally)
    found: list[_Item] = field(default_factory=list)

    def run(self) -> CheckOutcome:
        """Counts every item, then rates."""
        items = self.checking.evaluation.items(self.body.source)
        if items is None:
            return self._without_list()
        for number, item in enumerate(items, start=1):
            self._count(number, item)
        return self._outcome()

    def _without_list(self) -> CheckOutcome:
        label = self.body.source.declared.label
        if self.body.missing_fails:
            return self.checking.made(rated_as(Rating.RED, f"{label} are not given"))
        said = f"{self.checking.check.asks}: not known; missing: {label}"
        return self.checking.made(not_rated(Because.MISSING, said))

    def _count(self, number: int, raw: Any) -> None:
        """Puts one item where it belongs: passed, failed, or one of the unknowns."""
        item = Evaluation(
            self.checking.as_of, {"": self.checking.subject.values, self.body.variable: raw}
        )
        where = True if self.body.where is None else item.value(self.body.where)
        if where is False:
            return
        holds = item.value(self.body.holds)
        if self.body.missing_fails and UNKNOWN in (where, holds):
            where, holds = True, False
        passed = holds if where is True and isinstance(holds, bool) else None
        self._add(where, holds)
        words = self._shown(item) if passed is False else ""
        identity = raw.get("id")
        made = Item(str(identity or ""), self._label(number, raw), passed, words)
        missing = [] if passed is not None and not self.body.missing_fails else list(item.missing)
        self.found.append(_Item(made, missing, UNDEFINED in (where, holds)))

    def _add(self, where: Value, holds: Value) -> None:
        tally = self.tally
        if where is True:
            tally.passed += holds is True
            tally.failed += holds is False
            tally.open += not isinstance(holds, bool)
        else:
            tally.maybe_passed += holds is True
            tally.maybe_failed += holds is False
            tally.anything += not isinstance(holds, bool)

    def _label(self, number: int, raw: Mapping[str, Any]) -> str:
        declared = self.body.source.declared
        record = declared.record if isinstance(declared, RecordList) else Record("", (), ())
        for name in (*record.label_fields, "id"):
            label = str(raw.get(name) or "").strip()
            if label:
                cut = len(label) > _LABEL_LENGTH
                return f"{label[:_LABEL_LENGTH].rstrip()}..." if cut else label.rstrip(".")
        return f"{record.name} {number}".strip()

    def _shown(self, item: Evaluation) -> str:
        show = self.body.show
        if show is None:
            return ""
        before = dict(item.missing)
        value = item.value(show)
        item.missing = before
        if value is UNKNOWN or value is UNDEFINED:
            return self.body.show_missing
        words = shown(value, show.kind)
        return filled(
            self.body.show_as, lambda n: words if n == "show" else self.checking.words("{as_of}")
        )

    def _rate(self, passed: int, failed: int) -> Rating | Because:
        if passed + failed == 0:
            return self.body.none or Because.NOTHING_DUE
        return self.body.bands.rate(item_test(passed, failed, self.checking.edge))

    def _outcome(self) -> CheckOutcome:
        tally, body = self.tally, self.body
        straight = all(band.is_straight for band in body.bands.given)
        result = same_for_all_items(tally, self._rate, straight=straight)
        said = self._said()
        if isinstance(result, Rating):
            if tally.unknown:
                said += "; what is missing would not change the rating"
            outcome = self.checking.measured(result, said, body.bands)
        elif result is Because.NOTHING_DUE:
            outcome = not_rated(result, said)
        else:
            unknown = any(ref for one in self.found for ref in one.missing)
            because = Because.MISSING if unknown else Because.UNDEFINED
            outcome = not_rated(because, f"{said}; what is not known could change the rating")
        counted = tally.passed + tally.failed
        value = f"{tally.passed} of {counted}" if counted else None
        plain = str(Fraction(tally.passed, counted)) if counted else None
        missing = tuple(
            missing_of(one.item.label, ref) for one in self.found for ref in one.missing
        )
        return self.checking.made(
            outcome, value, plain, tuple(one.item for one in self.found), missing
        )

    def _said(self) -> str:
        """Such as "7 of 9 milestones due by 30 June 2011 were met on time; late: M3 (12 days)"."""
        tally, words = self.tally, self.checking.words
        counted, passing = words(self.body.counted), predicate(words(self.body.passing))
        total = tally.passed + tally.failed
        if total == 0 and not tally.unknown:
            return f"there are no {counted}"
        if total == 0:
            said = f"none of the {counted} can be judged"
        elif tally.passed == total and total > 1:
            said = f"{'both' if total == _PAIR else f'all {total}'} {counted} {passing}"
        elif tally.passed == 0 and total > 1:
            none = "neither of the" if total == _PAIR else f"none of the {total}"
            said = f"{none} {counted} {passing}"
        else:
            said = f"{tally.passed} of {total} {counted} {passing}"
        failed = [_with(o.item.label, o.item.shown) for o in self.found if o.item.passed is False]
        if failed:
            said += f"; {words(self.body.failing)}: {itemised(failed)}"
        unjudged = [
            _with(one.item.label, f"missing: {listed([label_of(r) for r in one.missing])}"
                  if one.missing else "cannot be worked out")
            for one in self.found
            if one.item.passed is None
        ]  # fmt: skip
        if not unjudged:
            return said
        lead = f"{said}: " if total == 0 else f"{said}; cannot be judged: "
        return f"{lead}{itemised(unjudged)}"


def _with(label: str, words: str) -> str:
    return f"{label} ({words})" if words else label
