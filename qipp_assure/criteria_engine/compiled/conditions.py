"""A yes or no of the language as two formulas: true for certain, and false for certain.

Kleene's logic is then plain `and` and `or` over these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qipp_assure.criteria_engine.compiled.formulas import Atom, Formula, both, either, opposite
from qipp_assure.criteria_engine.compiled.quantities import Quantity, missing, plain, undefined


@dataclass(frozen=True, slots=True)
class Condition:
    """When it is true and when it is false for certain.

    `settled`, where it is short to say, is true when either is.  `unknown` tells what is neither
    apart: unknown, or else undefined; None when it cannot be undefined.
    """

    true: Formula
    false: Formula
    settled: Formula | None = None
    unknown: Formula | None = None

    @property
    def else_false(self) -> Formula:
        """The same as `false` where `true` did not hold."""
        return self.false if self.settled is None else self.settled

    @property
    def can_be_undefined(self) -> bool:
        """Whether it can be undefined at all."""
        return self.unknown is not None

    @property
    def is_unknown(self) -> Formula:
        """When it is unknown, asked anywhere."""
        return self.is_open if self.unknown is None else self.unknown

    @property
    def is_open(self) -> Formula:
        """When it is neither true nor false."""
        return both(opposite(self.true), opposite(self.false))

    def turned(self) -> Condition:
        """`not` of it."""
        return Condition(self.false, self.true, self.settled, self.unknown)


def certain(formula: Formula) -> Condition:
    """A condition that is always true or false."""
    return Condition(formula, opposite(formula), settled=True)


def tested(text: str, *parts: Quantity) -> Condition:
    """A test of values that are all plain."""
    known, marked = plain(*parts), undefined(parts)
    unknown = None if marked is False else both(opposite(marked), missing(parts))
    false = both(known, Atom(text, negated=True))
    return Condition(both(known, Atom(text)), false, known, unknown)


def of_mark(mark: Quantity) -> Condition:
    """A name that holds True, False, None or perhaps UNDEFINED."""
    name = mark.top
    none = Atom(f"{name} is None")
    if mark.undefined is False:
        return Condition(Atom(name), Atom(f"{name} is False"), opposite(none))
    return Condition(Atom(f"{name} is True"), Atom(f"{name} is False"), unknown=none)


def joined(word: str, parts: Sequence[Condition]) -> Condition:
    """Kleene's `and` or `or`."""
    true, false = [p.true for p in parts], [p.false for p in parts]
    if word == "and":
        holds, fails = both(*true), either(*false)
    else:
        holds, fails = either(*true), both(*false)
    settled = True if all(p.settled is True for p in parts) else None
    if not any(p.can_be_undefined for p in parts):
        return Condition(holds, fails, settled)
    open_ = Condition(holds, fails).is_open
    unknown = both(open_, either(*(p.is_unknown for p in parts)))
    return Condition(holds, fails, settled, unknown)


def among(item: Quantity, options: Sequence[Quantity], equal: Sequence[Condition]) -> Condition:
    """`item in [options]`, where `equal` compares it with each."""
    true, false = either(*(e.true for e in equal)), both(*(e.false for e in equal))
    if item.undefined is False and undefined(options) is False:
        return Condition(true, false)
    # An item that is not known comes before an option that is undefined.
    option_unknown = (both(opposite(o.undefined), missing([o])) for o in options)
    unknown = both(opposite(item.undefined), either(missing([item]), *option_unknown))
    return Condition(true, false, unknown=both(opposite(true), opposite(false), unknown))
