"""Values as they stand in the compiled source; a ratio is a whole number over another.

Nothing is divided: `a / b` is kept as `a` over `b` (which is above nothing wherever the value is
plain), and comparing multiplies across, so every edge is exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from qipp_assure.criteria_engine.compiled.formulas import Atom, Formula, both, either, opposite


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value: `top` over `bottom`, both pieces of Python.

    `unknown` are names that hold None when the value is unknown; `undefined` is true when it is
    undefined, which comes first, and may be asked at any time.  `nil` is nothing exactly when
    the value is (`top` when empty); `positive` says that `top` is never below nothing.
    """

    top: str
    bottom: str = "1"
    unknown: tuple[str, ...] = ()
    undefined: Formula = False
    nil: str = ""
    positive: bool = False

    @property
    def length(self) -> int:
        """About how much source it takes."""
        return len(self.top) + len(self.bottom) + len(repr(self.undefined)) // 4


def missing(quantities: Iterable[Quantity]) -> Formula:
    """Whether a part of any of them is not known."""
    return either(*(Atom(f"{name} is None") for q in quantities for name in q.unknown))


def undefined(quantities: Iterable[Quantity]) -> Formula:
    """Whether any of them is undefined."""
    return either(*(q.undefined for q in quantities))


def plain(*quantities: Quantity) -> Formula:
    """Whether all of them are plain values."""
    return both(opposite(undefined(quantities)), opposite(missing(quantities)))


def literal(value: int | Fraction) -> Quantity:
    """A number that stands in the file."""
    top = str(value.numerator) if value >= 0 else f"({value.numerator})"
    return Quantity(top, str(value.denominator), positive=value >= 0)


def times(left: str, right: str) -> str:
    """A product, left out where it changes nothing."""
    if "1" in (left, right):
        return left if right == "1" else right
    return f"({left} * {right})"


def _together(*parts: Quantity) -> tuple[tuple[str, ...], Formula]:
    names = dict.fromkeys(name for part in parts for name in part.unknown)
    return tuple(names), undefined(parts)


def added(sign: str, left: Quantity, right: Quantity) -> Quantity:
    """The sum or, with `-`, the difference."""
    if left.bottom == right.bottom:
        top, bottom = f"({left.top} {sign} {right.top})", left.bottom
    else:
        one, other = times(left.top, right.bottom), times(right.top, left.bottom)
        top, bottom = f"({one} {sign} {other})", times(left.bottom, right.bottom)
    return Quantity(top, bottom, *_together(left, right))


def multiplied(left: Quantity, right: Quantity) -> Quantity:
    """The product."""
    top, bottom = times(left.top, right.top), times(left.bottom, right.bottom)
    positive = left.positive and right.positive
    return Quantity(top, bottom, *_together(left, right), positive=positive)


def divided(left: Quantity, right: Quantity) -> Quantity:
    """The ratio, undefined where the right is nothing, whatever is missing on the left.

    The bottom is kept above nothing: a divisor of either sign is multiplied with itself.
    """
    top, bottom = times(left.top, right.bottom), times(left.bottom, right.top)
    if not right.positive:
        top, bottom = times(top, right.top), times(bottom, right.top)
    unknown, marked = _together(left, right)
    positive = left.positive and right.positive
    return Quantity(
        top, bottom, unknown, either(marked, _is_nothing(right)), left.nil or left.top, positive
    )


def _is_nothing(right: Quantity) -> Formula:
    nil = right.nil or right.top
    if nil.isdigit():
        return int(nil) == 0
    test = Atom(f"{nil} == 0")
    # A name alone may be asked while it holds None; an expression would break.
    return test if nil.isidentifier() else both(plain(right), test)


def negative(part: Quantity) -> Quantity:
    """The same below nothing."""
    return Quantity(
        f"(-{part.top})", part.bottom, part.unknown, part.undefined, part.nil or part.top
    )


def absolute(part: Quantity) -> Quantity:
    """Its size."""
    top, nil = f"abs({part.top})", part.nil or part.top
    return Quantity(top, part.bottom, part.unknown, part.undefined, nil, positive=True)


def comparison(sign: str, left: Quantity, right: Quantity) -> str:
    """`left sign right` for plain values, multiplied across."""
    return f"{times(left.top, right.bottom)} {sign} {times(right.top, left.bottom)}"
