"""Which ratings a check can have at all, from its content alone.

A field may be missing and a list empty, but a list is always there: facts hold none that is not.
Whether a condition can be unknown is found by letting each field that it names be there or not,
and each comparison of what is there come out either way.  The answer errs on the side of yes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from qipp_assure.criteria_engine.band_proof import can_be_red
from qipp_assure.criteria_engine.sets import Check, Criterion, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import (
    Arithmetic,
    FieldRef,
    Gather,
    Given,
    ListRef,
    Literal,
    Logic,
    Node,
    Not,
    Parameter,
    children,
    refs_of,
)
from qipp_assure.criteria_engine.types import Kind

MOST_FIELDS = 8
_EITHER = frozenset({True, False})
_OPEN = frozenset({None})
_Truths = frozenset[bool | None]
_Present = frozenset[FieldRef | ListRef]


def possible_ratings(check: Check, criterion: Criterion) -> frozenset[str]:
    """Green, amber, red and not_rated, as far as they can occur."""
    found = {"green"}
    body = check.body
    conditional = check.applies is not None or criterion.applies is not None
    match body:
        case Judged():
            found |= {"amber", "red", "not_rated"}
        case Holds():
            found.add(body.otherwise.value)
            if not body.missing_fails and can_be_open(body.condition):
                found.add("not_rated")
        case Measure() | Each():
            if body.bands.amber is not None:
                found.add("amber")
            kind = body.expression.kind if isinstance(body, Measure) else None
            if can_be_red(body.bands, kind):
                found.add("red")
            if _can_be_unrated(body):
                found.add("not_rated")
    if isinstance(body, Each) and body.none is not None:
        found.add(body.none.value)
    return frozenset(found | {"not_rated"} if conditional else found)


def _can_be_unrated(body: Measure | Each) -> bool:
    if isinstance(body, Measure):
        return can_be_open(body.expression)
    if body.none is None:
        return True  # nothing to count is nothing due
    nodes = [body.holds] if body.where is None else [body.where, body.holds]
    return not body.missing_fails and any(can_be_open(node) for node in nodes)


def can_be_open(node: Node) -> bool:
    """Whether an expression can be unknown or undefined."""
    refs = sorted(_fields(node), key=lambda ref: (ref.owner, ref.path))
    if len(refs) > MOST_FIELDS:
        return True
    return any(
        None in _truths(node, frozenset(present))
        for number in range(len(refs) + 1)
        for present in itertools.combinations(refs, number)
    )


def _fields(node: Node) -> set[FieldRef]:
    return {ref for ref in refs_of(node) if isinstance(ref, FieldRef)}


def _truths(node: Node, present: _Present) -> _Truths:
    """What a condition can be, with these fields there: true, false, or open (None)."""
    match node:
        case Literal(kind=Kind.YES_NO) | Parameter(kind=Kind.YES_NO):
            return frozenset({bool(node.value)})
        case Given():
            known = all(isinstance(ref, ListRef) or ref in present for ref in node.parts)
            lists = any(isinstance(ref, ListRef) for ref in node.parts)
            return _EITHER if known and lists else frozenset({known})
        case Not():
            return frozenset(one if one is None else not one for one in _truths(node.part, present))
        case Logic():
            return _joined(node.operator, [_truths(part, present) for part in node.parts])
        case Gather():
            parts = [one for one in (node.condition, node.element) if one is not None]
            inner = _joined("and", [_truths(part, present) for part in parts]) if parts else _EITHER
            empty = node.function in ("min", "max", "share")  # of nothing: undefined
            return _EITHER | (_OPEN if None in inner or empty else frozenset())
        case FieldRef():
            return _EITHER if node in present else _OPEN
        case Arithmetic(operator="/"):
            return _EITHER | _OPEN
        case _:
            below = [_truths(child, present) for child in children(node)]
            is_open = any(one == _OPEN for one in below)
            could_be = any(None in one for one in below)
            return _OPEN if is_open else _EITHER | (_OPEN if could_be else frozenset())


def _joined(operator: str, parts: Iterable[_Truths]) -> _Truths:
    """`and` or `or` of what each part can be, after Kleene."""
    settles = operator == "or"
    found: set[bool | None] = {not settles}
    for part in parts:
        found = {
            settles if settles in (one, other) else None if None in (one, other) else not settles
            for one in found
            for other in part
        }
    return frozenset(found)
