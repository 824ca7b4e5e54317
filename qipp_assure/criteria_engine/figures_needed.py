"""By how much one figure would have to change for a measure to be green.

The figure that is named first in the measure is the one to change (`actual` in
`abs(actual - planned) / abs(planned)`), the others stand.  What is said is the nearest whole
figure that is green, found exactly and tried before it is said; where there is none that can be
found, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.tree import (
    Arithmetic,
    Call,
    FieldRef,
    Gather,
    Literal,
    Negative,
    Node,
    children,
)
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.values import Nothing

_WHOLE = (Kind.MONEY, Kind.COUNT)
_MOST_STEPS = 60

Figure = FieldRef | Gather


@dataclass(frozen=True, slots=True)
class NeededFigure:
    """A figure, what it is and what it would have to be; whole pounds or a count."""

    label: str
    kind: Kind
    now: int
    needed: int


def needed_figure(
    expression: Node, evaluation: Evaluation, is_green: Callable[[object], bool]
) -> NeededFigure | None:
    """The nearest green figure; `is_green` rates a plain value of the expression."""
    figures = [f for f in _figures(expression) if f.kind in _WHOLE]
    values = [_whole(evaluation.value(figure)) for figure in figures]
    if not figures or values[0] is None:
        return None
    first, now = figures[0], values[0]

    def green(figure: int) -> bool:
        made = _with(expression, first, Literal(figure, first.kind))
        value = evaluation.value(made)
        return not isinstance(value, Nothing) and is_green(value)

    found = [_nearest(now, far, green) for far in _tries(now, values) if green(far)]
    if not found:
        return None
    needed = min(found, key=lambda figure: (abs(figure - now), figure))
    return NeededFigure(_label(first), first.kind, now, needed)


def _figures(node: Node) -> Iterator[Figure]:
    """Fields and sums of an expression, in the order in which they are named."""
    if isinstance(node, FieldRef | Gather):
        yield node
    else:
        for child in children(node):
            yield from _figures(child)


def _whole(value: object) -> int | None:
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    return value if type(value) is int else None


def _tries(now: int, values: list[int | None]) -> Iterator[int]:
    """Figures that might be green: those of the others, nothing, and ever further away."""
    yield from {value for value in values[1:] if value is not None} | {0}
    for step in range(_MOST_STEPS):
        yield now + 2**step
        yield now - 2**step


def _nearest(now: int, far: int, green: Callable[[int], bool]) -> int:
    """Between what is not green and what is, the last step that still is."""
    while abs(far - now) > 1:
        middle = (now + far) // 2
        if green(middle):
            far = middle
        else:
            now = middle
    return far


def _with(node: Node, figure: Figure, value: Literal) -> Node:
    """The expression with a value in place of a figure."""
    if node == figure:
        return value
    match node:
        case Arithmetic():
            return replace(
                node, left=_with(node.left, figure, value), right=_with(node.right, figure, value)
            )
        case Negative():
            return replace(node, part=_with(node.part, figure, value))
        case Call():
            return replace(node, parts=tuple(_with(part, figure, value) for part in node.parts))
        case _:
            return node


def _label(figure: Figure) -> str:
    if isinstance(figure, FieldRef):
        return figure.label
    label = figure.element.label if isinstance(figure.element, FieldRef) else "items"
    return f"{label}, all {figure.source.declared.label} together"
