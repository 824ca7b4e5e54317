"""The named functions, and which types go together.

============================ =======================================================
`abs(x)` `round(x)`          of anything with a size; `round` to the nearest whole, half away
                             from nothing
`min(a, b)` `max(a, b)`      of two or more of one type, dates too
`days_between(a, b)`         days from date a to date b
`months_between(a, b)`       whole months from a to b
`add_months(d, n)`           the same day n months on, or the last day of that month
`end_of_month(d)`            the last day of the month of d
`starts_with(t, "x")`        text that begins so
`contains(t, "x")`           text that holds a text, or a list that holds a text
`lower(t)` `length(t)`       small letters; number of characters
`given(a, b, ...)`           all are there; always true or false
`count(xs)`                  how many items
`count(x for x in xs if c)`  how many items for which c holds
`sum min max any all share`  of `(expression for x in xs if c)`; `share` is the share of the
                             items for which the expression holds, undefined when there are none
============================ =======================================================
"""

from __future__ import annotations

from collections.abc import Sequence

from qipp_assure.criteria_engine.spelling import ExpressionFault
from qipp_assure.criteria_engine.tree import Literal, Node
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.values import NUMERIC

GATHERING = ("count", "sum", "min", "max", "any", "all", "share")
SINGLE = (
    "abs",
    "round",
    "days_between",
    "months_between",
    "add_months",
    "end_of_month",
    "starts_with",
    "contains",
    "lower",
    "length",
    "given",
)
NAMES = (*GATHERING, *SINGLE)

_NUMBERS = frozenset({Kind.COUNT, Kind.NUMBER})
_TEXTS = frozenset({Kind.TEXT, Kind.CHOICE})

_SIGNATURES: dict[str, tuple[tuple[frozenset[Kind], ...], Kind]] = {
    "days_between": ((frozenset({Kind.DATE}), frozenset({Kind.DATE})), Kind.DAYS),
    "months_between": ((frozenset({Kind.DATE}), frozenset({Kind.DATE})), Kind.COUNT),
    "add_months": ((frozenset({Kind.DATE}), frozenset({Kind.COUNT})), Kind.DATE),
    "end_of_month": ((frozenset({Kind.DATE}),), Kind.DATE),
    "starts_with": ((_TEXTS, _TEXTS), Kind.YES_NO),
    "contains": ((_TEXTS, _TEXTS), Kind.YES_NO),
    "lower": ((_TEXTS,), Kind.TEXT),
    "length": ((_TEXTS,), Kind.COUNT),
}


def is_nothing(node: Node) -> bool:
    """A bare 0 may stand beside money, days and shares: nothing is nothing."""
    return isinstance(node, Literal) and node.value == 0 and node.kind is Kind.COUNT


def common_kind(left: Node, right: Node) -> Kind | None:
    """The one type that two things share, or None when they are not alike."""
    if left.kind is right.kind:
        return left.kind
    if {left.kind, right.kind} <= _NUMBERS:
        return Kind.NUMBER
    if {left.kind, right.kind} <= _TEXTS:
        return Kind.TEXT
    for one, other in ((left, right), (right, left)):
        if is_nothing(one) and other.kind in NUMERIC:
            return other.kind
    return None


def mixed(what: str, left: Node, right: Node) -> ExpressionFault:
    """The fault of putting unlike things together, with what is probably meant."""
    hint = ""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Literal) and one.kind in _NUMBERS:
            if other.kind is Kind.MONEY:
                hint = f" Write £{one.value} if money is meant."
            elif other.kind is Kind.SHARE:
                hint = " Write a share with %, as in 5%."
            elif other.kind is Kind.DAYS:
                hint = f" Write '{one.value} days'."
    return ExpressionFault(
        "type",
        f"{left.kind.words.capitalize()} {what} {right.kind.words} do not go together.{hint}",
    )


def arithmetic_kind(operator: str, left: Node, right: Node) -> Kind:
    """The type of `left operator right`, or a fault when they cannot be put together."""
    kinds = (left.kind, right.kind)
    alike = common_kind(left, right)
    if operator in "+-":
        if kinds == (Kind.DATE, Kind.DATE) and operator == "-":
            return Kind.DAYS
        if kinds == (Kind.DATE, Kind.DAYS):
            return Kind.DATE
        if alike in NUMERIC:
            return alike
    elif operator == "*":
        if all(kind in _NUMBERS for kind in kinds):
            return alike or Kind.NUMBER
        if kinds == (Kind.SHARE, Kind.SHARE):
            return Kind.SHARE
        for one, other in (kinds, kinds[::-1]):
            if one is Kind.MONEY and other in _NUMBERS | {Kind.SHARE}:
                return Kind.MONEY
            if one is Kind.SHARE and other in _NUMBERS:
                return Kind.NUMBER
    elif alike in NUMERIC:
        return Kind.SHARE
    elif left.kind is Kind.MONEY and right.kind in _NUMBERS:
        return Kind.MONEY
    words = {"+": "and", "-": "less", "*": "times", "/": "by"}
    raise mixed(words[operator], left, right)


def call_kind(function: str, parts: Sequence[Node]) -> Kind:
    """The type of a function of single values; a fault for wrong number or types."""
    if function in ("abs", "round"):
        if len(parts) != 1:
            raise _wrong_number(function, "one value")
        if parts[0].kind not in NUMERIC:
            raise ExpressionFault(
                "type", f"{function}() is of a number, not {parts[0].kind.words}."
            )
        return parts[0].kind
    if function in ("min", "max"):
        return _least_kind(function, parts)
    wanted, kind = _SIGNATURES[function]
    if len(parts) != len(wanted):
        raise _wrong_number(function, f"{len(wanted)} values" if len(wanted) > 1 else "one value")
    for part, allowed in zip(parts, wanted, strict=True):
        if part.kind not in allowed:
            named = " or ".join(sorted(k.words for k in allowed))
            raise ExpressionFault("type", f"{function}() wants {named}, not {part.kind.words}.")
    return kind


def _least_kind(function: str, parts: Sequence[Node]) -> Kind:
    if len(parts) < 2:  # noqa: PLR2004 - least of two or more
        raise _wrong_number(function, "two values or more, or (x.a for x in list)")
    found = parts[0]
    for part in parts[1:]:
        kind = common_kind(found, part)
        if kind is None or kind not in NUMERIC | {Kind.DATE}:
            raise mixed("and", found, part)
        found = found if found.kind is kind else part
    return found.kind


def _wrong_number(function: str, wanted: str) -> ExpressionFault:
    return ExpressionFault("call", f"{function}() wants {wanted}.")
