"""What would make one check green: from when it is possible, what to do, who and by when.

Owner and date are taken from where the return has them: an item's `owner`, and the day by which
it is expected or due if that is still to come; for the subject as a whole its manager, sponsor
or lead.  A judged check is a change too: a reviewer judges it green.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import CheckOutcome
from qipp_assure.criteria_engine.attainable import attainable
from qipp_assure.criteria_engine.bands import value_test
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.figures_needed import needed_figure
from qipp_assure.criteria_engine.item_changes import CountedItem, ItemChanges
from qipp_assure.criteria_engine.item_checking import EachCheck
from qipp_assure.criteria_engine.one_check import Checking, label_of
from qipp_assure.criteria_engine.sets import Check, Criterion, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import Node, refs_of
from qipp_assure.criteria_engine.values import Nothing
from qipp_assure.criteria_engine.wording import band_words, itemised, listed, sentence, shown
from qipp_assure.vocabulary import Because, Rating

OWNERS = ("owner", "leadership.manager", "leadership.sponsor", "lead")
DAYS = ("expected_on", "due", "back_on_track")


@dataclass(frozen=True, slots=True)
class ItemToDo:
    """One item to put right."""

    id: str
    label: str
    do: str
    owner: str
    by: date | None

    def to_json(self) -> dict[str, Any]:
        """Id, label, do, owner and by."""
        by = self.by.isoformat() if self.by else None
        owner = self.owner or None
        return {"id": self.id, "label": self.label, "do": self.do, "owner": owner, "by": by}


@dataclass(frozen=True, slots=True)
class ToDo:
    """What would make a check green, in a sentence, with its items; owner "" for nobody named."""

    do: str
    owner: str = ""
    by: date | None = None
    items: tuple[ItemToDo, ...] = ()


@dataclass(slots=True)
class CheckChange:
    """One check on one subject that is not green."""

    check: Check
    criterion: Criterion
    outcome: CheckOutcome
    subject: SubjectFacts
    as_of: date
    waits: Mapping[Because, bool]

    def possible_on(self) -> date | None:
        """Today where it can be made green now, else the first day known, None for never.

        What does not apply, and what is broken, cannot be made green; nor can what is undefined,
        unless the set waits for it.  What is not due yet can be once something is.
        """
        because = self.outcome.outcome.because
        if self.outcome.outcome.broken or because is Because.DOES_NOT_APPLY:
            return None
        if because is Because.UNDEFINED and not self.waits[because]:
            return None
        try:
            return self._possible_on(because)
        except Exception:  # facts that do not fit say nothing of the future either
            return None

    def _possible_on(self, because: Because | None) -> date | None:
        if self._open_conditions():
            return self.as_of
        match self.check.body:
            case Each() as each:
                changes = ItemChanges(each, self.subject, self.as_of)
                if because is Because.NOTHING_DUE or changes.is_held_by_the_past():
                    return changes.first_date()
            case Holds() as holds:
                now = Evaluation(self.as_of, {"": self.subject.values})
                return self.as_of if attainable(holds.condition, now) else None
            case _:
                pass
        return self.as_of

    def to_do(self) -> ToDo:
        """What to do, said only where `possible_on` gives a day."""
        checking = Checking(self.check, self.subject, self.as_of)
        if conditions := self._open_conditions():
            wanted = listed(self._not_given(*conditions) or ["what decides whether this applies"])
            return self._whole(f"fill in {wanted}, so that it is known whether this applies")
        match self.check.body:
            case Each() as each:
                return self._items(checking, each)
            case Measure() as measure:
                return self._figure(checking, measure)
            case Holds() as holds:
                said = checking.words(holds.passing) or self.check.asks
                missing = self._not_given(holds.condition)
                wanted = f"fill in {listed(missing)}: " if missing else "see to it: "
                return self._whole(wanted + sentence(said, capital=False))
            case Judged(by=by):
                return ToDo(sentence(f"a {by} judges this green: {self.check.asks}"), f"a {by}")

    def _whole(self, said: str) -> ToDo:
        return ToDo(sentence(said), _owner(self.subject.values), None)

    def _open_conditions(self) -> list[Node]:
        """Conditions of which it is not known whether they let the check apply."""
        now = Evaluation(self.as_of, {"": self.subject.values})
        conditions = (self.criterion.applies, self.check.applies)
        return [c for c in conditions if c is not None and isinstance(now.value(c), Nothing)]

    def _not_given(self, *nodes: Node) -> list[str]:
        """What an expression looks at and the return does not give, by its labels."""
        found: dict[str, None] = {}
        for node in nodes:
            for ref in refs_of(node):
                if not ref.owner and _is_missing(self.subject.values, ref.path):
                    found[label_of(ref)] = None
        return sorted(found)

    def _items(self, checking: Checking, each: Each) -> ToDo:
        changes = ItemChanges(each, self.subject, self.as_of)
        counted = checking.words(each.counted)
        if not changes.items:
            return self._whole(f"there must be {counted}; so far there are none")
        chosen = changes.least() or ()
        found = EachCheck(checking, each)
        found.run()
        labels = {
            one.number: made.item
            for one, made in zip(changes.items, found.found, strict=True)
        }  # fmt: skip
        failing = checking.words(each.failing)
        made = tuple(
            ItemToDo(labels[o.number].id, labels[o.number].label,
                     self._item_words(each, o, labels[o.number].shown or failing),
                     _owner(o.raw), _day(o.raw, self.as_of))
            for o in chosen
        )  # fmt: skip
        needs = band_words(each.bands.green, self.as_of)
        if not made:
            return self._whole(f"green needs {needs} of the {counted}")
        names = itemised([f"{one.label} ({one.do})" for one in made])
        said = sentence(f"put right, of the {counted}: {names}; green needs {needs}")
        owners = list(dict.fromkeys(one.owner for one in made if one.owner))
        days = [one.by for one in made if one.by is not None]
        owner = listed(owners) if owners else _owner(self.subject.values)
        return ToDo(said, owner, max(days, default=None), made)

    @staticmethod
    def _item_words(each: Each, one: CountedItem, otherwise: str) -> str:
        refs = refs_of(each.holds) | (refs_of(each.where) if each.where is not None else set())
        missing = {
            label_of(ref)
            for ref in refs
            if ref.owner == each.variable and _is_missing(one.raw, ref.path)
        }
        if one.is_unknown or not otherwise or otherwise == each.failing:
            return f"fill in {listed(sorted(missing))}" if missing else otherwise
        return otherwise

    def _figure(self, checking: Checking, measure: Measure) -> ToDo:
        called = checking.words(measure.called).rstrip(",") or self.check.asks
        missing = self._not_given(measure.expression)
        if self.outcome.outcome.because is Because.UNDEFINED:
            return self._whole(f"give figures other than nothing for {called}")
        if missing and self.outcome.outcome.because is Because.MISSING:
            return self._whole(f"fill in {listed(missing)}")
        said = f"{called}: green needs {band_words(measure.bands.green, self.as_of)}"

        def is_green(value: object) -> bool:
            test = value_test(value, checking.edge)
            return measure.bands.rate(test) is Rating.GREEN

        figure = needed_figure(measure.expression, checking.evaluation, is_green)
        if figure is None:
            return self._whole(said)
        change = figure.needed - figure.now
        words, needed = shown(abs(change), figure.kind), shown(figure.needed, figure.kind)
        more = "more" if change > 0 else "less"
        return self._whole(f"{said}; {words} {more} would do it ({figure.label}: {needed})")


def _raw(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = values
    for step in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def _is_missing(values: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    found = _raw(values, path)
    return found is None or found in ("", [], ()) or (isinstance(found, str) and not found.strip())


def _owner(values: Mapping[str, Any]) -> str:
    for name in OWNERS:
        found = _raw(values, tuple(name.split(".")))
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def _day(values: Mapping[str, Any], as_of: date) -> date | None:
    found = (values.get(name) for name in DAYS)
    return next((day for day in found if type(day) is date and day >= as_of), None)
