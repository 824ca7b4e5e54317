"""The reference evaluator: what an expression means, exactly, and nothing clever.

Numbers are integers and fractions.  A missing value is `UNKNOWN`; dividing by nothing is
`UNDEFINED`.  A result other than UNKNOWN holds however the unknowns might be filled in (only
`given` looks at absence itself):

* arithmetic with an undefined part is undefined, else with an unknown part unknown;
* `and` is false when any part is false, `or` true when any part is true (Kleene); otherwise an
  unknown part makes it unknown, and an undefined part undefined.
"""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from qipp_assure.criteria_engine.tree import (
    Among,
    Arithmetic,
    AsOf,
    Call,
    Compare,
    Contains,
    FieldRef,
    Gather,
    Given,
    ListRef,
    Literal,
    Logic,
    Negative,
    Node,
    Not,
    Parameter,
)
from qipp_assure.criteria_engine.values import (
    UNDEFINED,
    UNKNOWN,
    Nothing,
    Value,
    plain_value,
    whole,
)


@dataclass(slots=True)
class Evaluation:
    """Evaluates trees against one subject, or one item of it.

    `owners` maps "" to the subject's values and each variable to its item.  Fields found
    missing are gathered in `missing`, in the order met.
    """

    as_of: date
    owners: Mapping[str, Any]
    missing: dict[FieldRef | ListRef, None] = field(default_factory=dict)

    def inside(self, variable: str, item: object) -> Evaluation:
        """The same, for one item of a list; missing fields are gathered together."""
        return Evaluation(self.as_of, {**self.owners, variable: item}, self.missing)

    def value(self, node: Node) -> Value:
        """The value of a node: plain, UNKNOWN or UNDEFINED."""
        match node:
            case Literal() | Parameter():
                return node.value
            case AsOf():
                return self.as_of
            case FieldRef():
                return self._field(node)
            case Not():
                part = self.value(node.part)
                return part if isinstance(part, Nothing) else not part
            case Logic():
                return kleene(node.operator, (self.value(part) for part in node.parts))
            case Compare():
                return self._together(
                    lambda a, b: compared(node.operator, a, b), (node.left, node.right)
                )
            case Arithmetic(operator="/"):
                return self._divided(node)
            case Arithmetic():
                return self._together(
                    lambda a, b: reckoned(node.operator, a, b), (node.left, node.right)
                )
            case Negative():
                return self._together(lambda a: -a, (node.part,))
            case Given():
                return all(self._is_given(part) for part in node.parts)
            case Contains():
                return self._together(lambda a, b: b in a, (node.text, node.part))
            case Call():
                return self._together(_CALLS[node.function], node.parts)
            case Among():
                return self._among(node)
            case Gather():
                return self._gather(node)

    def items(self, source: ListRef) -> Sequence[Any] | None:
        """The items of a list, or None when the list itself is missing."""
        raw = self._raw(source)
        if raw is None:
            self.missing[source] = None
            return None
        if not isinstance(raw, list | tuple):
            raise TypeError(f"{type(raw).__name__} where a list was declared")
        return raw

    def _raw(self, ref: FieldRef | ListRef) -> Any:
        found = self.owners[ref.owner]
        for step in ref.path:
            if found is None:
                return None
            found = found.get(step)
        return found

    def _field(self, ref: FieldRef) -> Value:
        value = plain_value(self._raw(ref), ref.kind)
        if value is UNKNOWN:
            self.missing[ref] = None
        return value

    def _is_given(self, ref: FieldRef | ListRef) -> bool:
        raw = self._raw(ref)
        if isinstance(ref, ListRef):
            return bool(raw)
        return plain_value(raw, ref.kind) is not UNKNOWN

    def _together(self, work: Callable[..., Value], nodes: Sequence[Node]) -> Value:
        values = [self.value(node) for node in nodes]
        if UNDEFINED in values:
            return UNDEFINED
        return UNKNOWN if UNKNOWN in values else work(*values)

    def _divided(self, node: Arithmetic) -> Value:
        """Nothing divides by nothing, whatever is missing above the line."""
        if self.value(node.right) == 0:
            return UNDEFINED
        return self._together(lambda a, b: reckoned("/", a, b), (node.left, node.right))

    def _among(self, node: Among) -> Value:
        item = self.value(node.item)
        if isinstance(item, Nothing):
            return item
        if isinstance(node.options, ListRef):
            found = self.items(node.options)
            return UNKNOWN if found is None else item in found
        return kleene("or", (self._same(item, option) for option in node.options))

    def _same(self, item: Value, option: Node) -> Value:
        value = self.value(option)
        return value if isinstance(value, Nothing) else item == value

    def _gather(self, node: Gather) -> Value:
        items = self.items(node.source)
        if items is None:
            return UNKNOWN
        pairs = [self._pair(node, item) for item in items]
        if node.function in ("any", "all"):
            return _quantified(node.function, pairs)
        kept = [element for condition, element in pairs if condition is not False]
        conditions = [condition for condition, _ in pairs]
        for mark in (UNKNOWN, UNDEFINED):
            if mark in conditions:
                return mark
        if UNDEFINED in kept:
            return UNDEFINED
        if UNKNOWN in kept:
            return UNKNOWN
        return _collected(node.function, kept)

    def _pair(self, node: Gather, item: object) -> tuple[Value, Value]:
        inner = self.inside(node.variable, item)
        condition = True if node.condition is None else inner.value(node.condition)
        if condition is False or node.element is None:
            return condition, True
        return condition, inner.value(node.element)


def kleene(word: str, values: Iterable[Value]) -> Value:
    """`and` or `or` over true, false, UNKNOWN and UNDEFINED, whatever their order.

    >>> kleene("and", [UNKNOWN, False]), kleene("or", [UNKNOWN, True])
    (False, True)
    >>> kleene("and", [UNKNOWN, True])
    <Nothing.UNKNOWN: 'unknown'>
    """
    settles = word == "or"
    seen: set[Nothing] = set()
    for value in values:
        if isinstance(value, Nothing):
            seen.add(value)
        elif value is settles:
            return settles
    if UNKNOWN in seen:
        return UNKNOWN
    return UNDEFINED if seen else not settles


_RECKONED: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def compared(sign: str, left: Any, right: Any) -> bool:
    """Two plain values of one type, compared exactly."""
    return bool(_COMPARED[sign](left, right))


def reckoned(sign: str, left: Any, right: Any) -> Value:
    """Exact arithmetic; dividing by nothing is UNDEFINED, a day out of the calendar too.

    >>> reckoned("/", 1, 20), reckoned("/", 1, 0)
    (Fraction(1, 20), <Nothing.UNDEFINED: 'undefined'>)
    """
    if isinstance(left, date):
        if isinstance(right, date):
            return (left - right).days
        try:
            return left + timedelta(int(right) if sign == "+" else -int(right))
        except OverflowError:
            return UNDEFINED
    if sign == "/":
        return UNDEFINED if right == 0 else whole(Fraction(left) / right)
    return whole(Fraction(_RECKONED[sign](left, right)))


def _quantified(function: str, pairs: Iterable[tuple[Value, Value]]) -> Value:
    if function == "any":
        return kleene("or", (kleene("and", pair) for pair in pairs))
    opposite = ((c if isinstance(c, Nothing) else not c, e) for c, e in pairs)
    return kleene("and", (kleene("or", pair) for pair in opposite))


def _collected(function: str, values: Iterable[Any]) -> Value:
    kept = list(values)
    if function == "count":
        return len(kept)
    if function == "sum":
        return whole(sum(kept, Fraction(0)))
    if not kept:
        return UNDEFINED
    if function == "share":
        return whole(Fraction(sum(kept), len(kept)))
    found: Value = min(kept) if function == "min" else max(kept)
    return found


def _rounded(number: int | Fraction) -> int:
    nearest = int(abs(Fraction(number)) + Fraction(1, 2))
    return nearest if number >= 0 else -nearest


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another, negative when the second is earlier.

    >>> months_between(date(2011, 1, 31), date(2011, 2, 28))
    0
    >>> months_between(date(2011, 4, 1), date(2012, 4, 1))
    12
    """
    if end < start:
        return -months_between(end, start)
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def end_of_month(day: date) -> date:
    """The last day of that month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> Value:
    """The same day some months on, or the last day of a shorter month; UNDEFINED beyond time.

    >>> add_months(date(2011, 1, 31), 1)
    datetime.date(2011, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return UNDEFINED
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, end_of_month(first).day))


_CALLS: dict[str, Callable[..., Value]] = {
    "abs": abs,
    "round": _rounded,
    "min": min,
    "max": max,
    "days_between": lambda start, end: (end - start).days,
    "months_between": months_between,
    "add_months": add_months,
    "end_of_month": end_of_month,
    "starts_with": lambda text, start: text.startswith(start),
    "lower": lambda text: text.lower(),
    "length": len,
}
