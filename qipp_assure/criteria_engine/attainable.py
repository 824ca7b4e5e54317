"""Whether a condition can still come to hold, and from when: what is past cannot be undone.

The rules, few and plain, so that a director can follow them:

* a figure, a text or an answer can be changed, and what is missing can be filled in;
* what has been given is not taken back, so `not given(x)` cannot be brought about;
* where two dates of the return are compared, the left one says when a thing was done and the
  right one what that is held against (`m.met_on <= m.due`).  The right one stands.  The left one
  can be put to today or later, never earlier: a date that was missed stays missed;
* a list is not made shorter: an item that counts can be put right, not left out.

Looking ahead, the facts stay as they are and the day moves on, by ends of months since returns
are made by month: a green is possible once enough items count that can still be put right.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.reckoning import add_months, compared, end_of_month
from qipp_assure.criteria_engine.tree import (
    Compare,
    FieldRef,
    Given,
    Logic,
    Node,
    Not,
    refs_of,
)
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.values import UNKNOWN, Nothing

MONTHS_AHEAD = 24
"""How far ahead a first possible date is looked for."""

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def attainable(node: Node, now: Evaluation, *, wanted: bool = True) -> bool:
    """Whether a condition can be brought to be `wanted`, by changes from today on."""
    if now.value(node) is wanted:
        return True
    match node:
        case Not():
            return attainable(node.part, now, wanted=not wanted)
        case Logic():
            each = (attainable(part, now, wanted=wanted) for part in node.parts)
            return all(each) if (node.operator == "and") is wanted else any(each)
        case Given():
            return wanted
        case Compare(left=FieldRef(kind=Kind.DATE), right=FieldRef(kind=Kind.DATE)):
            operator = node.operator if wanted else _OPPOSITE[node.operator]
            return _can_still_be(operator, now, node.right)
        case _:
            return bool(refs_of(node))


def _can_still_be(operator: str, now: Evaluation, right: Node) -> bool:
    """Whether what is done today or later can stand so to a date that is given."""
    held_against = now.value(right)
    if operator in (">", ">=", "!=") or held_against is UNKNOWN:
        return True
    if isinstance(held_against, Nothing):
        return False
    return compared("<" if operator == "<" else "<=", now.as_of, held_against)


def ends_of_months(after: date) -> Iterator[date]:
    """The ends of months after a day, as far as is looked ahead.

    >>> from itertools import islice
    >>> [day.isoformat() for day in islice(ends_of_months(date(2011, 6, 30)), 2)]
    ['2011-07-31', '2011-08-31']
    """
    for months in range(MONTHS_AHEAD + 1):
        day = add_months(after.replace(day=1), months)
        if isinstance(day, date) and (end := end_of_month(day)) > after:
            yield end
