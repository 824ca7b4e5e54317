"""What operators and functions do to plain values: exact, and nothing clever."""

from __future__ import annotations

import calendar
import operator
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from qipp_assure.criteria_engine.values import (
    UNDEFINED,
    UNKNOWN,
    Nothing,
    Value,
    whole,
)


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


def quantified(function: str, pairs: Iterable[tuple[Value, Value]]) -> Value:
    """`any` or `all` over (condition, element) of each item."""
    if function == "any":
        return kleene("or", (kleene("and", pair) for pair in pairs))
    opposite = ((c if isinstance(c, Nothing) else not c, e) for c, e in pairs)
    return kleene("and", (kleene("or", pair) for pair in opposite))


def collected(function: str, values: Iterable[Any]) -> Value:
    """Count, sum, share, min or max of plain values; of nothing, the last three are UNDEFINED."""
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
    year, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    if not date.min.year <= year <= date.max.year:
        return UNDEFINED
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, end_of_month(first).day))


CALLS: dict[str, Callable[..., Value]] = {
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
