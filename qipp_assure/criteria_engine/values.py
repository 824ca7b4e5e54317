"""The two values that are no values, and how literals in a file are read from their text.

`UNKNOWN` is what a missing answer is; `UNDEFINED` is what division by nothing is.  Neither is
true, false, zero or equal to anything: they are told apart with `is`.

>>> read_literal("5%"), read_literal("£1,234,567"), read_literal("£1.5m")
((Fraction(1, 20), <Kind.SHARE: 'share'>), (1234567, <Kind.MONEY: 'money'>), (1500000, \
<Kind.MONEY: 'money'>))
>>> read_literal("30 days"), read_literal("2011-03-31")
((30, <Kind.DAYS: 'days'>), (datetime.date(2011, 3, 31), <Kind.DATE: 'date'>))
>>> read_literal("1.10"), read_literal("12"), read_literal("soon")
((Fraction(11, 10), <Kind.NUMBER: 'number'>), (12, <Kind.COUNT: 'count'>), None)
"""

from __future__ import annotations

import enum
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from qipp_assure.criteria_engine.types import Kind


class Nothing(enum.Enum):
    """The type of the two marks; an enumeration so that they stay single and typed."""

    UNKNOWN = "unknown"
    UNDEFINED = "undefined"

    def __bool__(self) -> bool:
        raise TypeError(f"{self.value} is neither true nor false; compare with 'is'")


UNKNOWN: Final = Nothing.UNKNOWN
UNDEFINED: Final = Nothing.UNDEFINED

Plain = int | Fraction | date | str | bool
Value = int | Fraction | date | str | bool | Nothing

NUMERIC = frozenset({Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.SHARE, Kind.DAYS})

_MULTIPLES = {"": 1, "k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
_MAX_DIGITS = 18

DATE_PATTERN = r"\d{4}-\d{2}-\d{2}(?!\d)"
MONEY_PATTERN = r"£ ?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:bn|m|k)?(?![\w.])"
SHARE_PATTERN = r"\d+(?:\.\d+)?%"
DAYS_PATTERN = r"\d+ days?(?!\w)"
NUMBER_PATTERN = r"\d+(?:\.\d+)?(?![\w.])"

_LITERAL = re.compile(
    f"(?P<sign>-?)(?:(?P<date>{DATE_PATTERN})|(?P<money>{MONEY_PATTERN})|(?P<share>{SHARE_PATTERN})"
    f"|(?P<days>{DAYS_PATTERN})|(?P<number>{NUMBER_PATTERN}))",
    re.ASCII,
)


class LiteralFault(ValueError):
    """A literal that looks right and is not: no such date, too many digits."""


def whole(number: Fraction) -> int | Fraction:
    """An integer where it is one, which is quicker and reads better."""
    return number.numerator if number.denominator == 1 else number


def literal_of(name: str, text: str) -> tuple[Plain, Kind]:
    """The value and type of a literal whose pattern (`date`, `money`, ...) is known.

    Raises `LiteralFault` for a day that does not exist or a number of more than 18 digits.
    """
    if sum(character.isdigit() for character in text) > _MAX_DIGITS:
        raise LiteralFault(f"A number may have {_MAX_DIGITS} digits at most.")
    if name == "date":
        try:
            return date.fromisoformat(text), Kind.DATE
        except ValueError as error:
            raise LiteralFault(f"There is no day {text}.") from error
    if name == "money":
        digits = text.lstrip("£ ").replace(",", "")
        number = digits.rstrip("bnmk")
        return whole(Fraction(number) * _MULTIPLES[digits[len(number) :]]), Kind.MONEY
    if name == "share":
        return Fraction(text[:-1]) / 100, Kind.SHARE
    if name == "days":
        return int(text.split(maxsplit=1)[0]), Kind.DAYS
    return (int(text), Kind.COUNT) if text.isdecimal() else (Fraction(text), Kind.NUMBER)


def read_literal(text: str) -> tuple[Plain, Kind] | None:
    """Reads `5%`, `£1,000,000`, `30 days`, `2011-03-31`, `12` or `1.5`; None for other texts.

    A minus sign may stand before all but dates.  Raises `LiteralFault` as `literal_of`.
    """
    match = _LITERAL.fullmatch(text.strip())
    if match is None or match.lastgroup is None:
        return None
    value, kind = literal_of(match.lastgroup, match[match.lastgroup])
    if match["sign"]:
        if isinstance(value, int | Fraction):
            return -value, kind
        return None
    return value, kind


def measurable(number: Decimal) -> Decimal:
    """The number, unless it is beyond all measure: TypeError."""
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise TypeError("a number beyond all measure")
    return number


def plain_value(raw: object, kind: Kind) -> Value:
    """A raw fact as the evaluator wants it; None is unknown.

    Raises TypeError for a value that is not of its declared type (a float, a text for money):
    the facts are then wrong, and the check says that it could not be worked out.
    """
    if raw is None:
        return UNKNOWN
    if kind in NUMERIC:
        if type(raw) is int:
            return raw
        if isinstance(raw, bool) or not isinstance(raw, int | Fraction | Decimal):
            raise TypeError(f"{type(raw).__name__} where {kind.words} was declared")
        return Fraction(measurable(raw)) if isinstance(raw, Decimal) else raw
    if kind is Kind.DATE:
        if type(raw) is not date:
            raise TypeError(f"{type(raw).__name__} where a date was declared")
        return raw
    if kind is Kind.YES_NO:
        if not isinstance(raw, bool):
            raise TypeError(f"{type(raw).__name__} where yes or no was declared")
        return raw
    if not isinstance(raw, str):
        raise TypeError(f"{type(raw).__name__} where text was declared")
    return str(raw) if raw.strip() else UNKNOWN
