"""Dates, months and years that were typed as text: taken where there is one way to read them."""

from __future__ import annotations

import re
from datetime import date

from qipp_assure.returns.periods import phased_by
from qipp_assure.vocabulary import PhasedBy
from qipp_assure.workbooks.labels import day_words

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_TWELVE = 12
_SHORTEST_MONTH = 3
_WANTED = "a date is wanted, such as 30 June 2011 or 2011-06-30"


def read_date(text: str) -> date:
    """Read a date in words, in ISO form, or as day/month/year where that is not ambiguous.

    Raises ValueError with what would be right.

    >>> read_date("30 June 2011"), read_date("2011-06-30"), read_date("30/06/2011")
    (datetime.date(2011, 6, 30), datetime.date(2011, 6, 30), datetime.date(2011, 6, 30))
    >>> read_date("05/06/2011")
    Traceback (most recent call last):
    ValueError: '05/06/2011' could be 5 June 2011 or 6 May 2011; write the month as a word
    """
    line = " ".join(text.split())
    shown = repr(line[:40])
    try:
        if match := _ISO.fullmatch(line):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _WORDS.fullmatch(line):
            return date(int(match[3]), _month_number(match[2]), int(match[1]))
        if match := _SLASHED.fullmatch(line):
            return _slashed(int(match[1]), int(match[2]), int(match[3]), shown)
    except _Unsure:
        raise
    except ValueError:
        raise ValueError(f"{shown} is not a day of the calendar; {_WANTED}") from None
    raise ValueError(f"{shown} is not a date; {_WANTED}")


class _Unsure(ValueError):
    """More than one way to read it."""


def _slashed(first: int, second: int, year: int, shown: str) -> date:
    if second > _TWELVE >= first:
        american = date(year, first, second)
        raise _Unsure(f"{shown} is not day/month/year; if {day_words(american)} is meant, write so")
    day = date(year, second, first)
    if first <= _TWELVE and first != second:
        other = date(year, first, second)
        raise _Unsure(
            f"{shown} could be {day_words(day)} or {day_words(other)}; write the month as a word"
        )
    return day


def _month_number(word: str) -> int:
    found = [
        number
        for number, name in enumerate(_MONTHS, start=1)
        if len(word) >= _SHORTEST_MONTH and name.startswith(word.casefold())
    ]
    if word.casefold() == "sept":
        return 9
    if len(found) != 1:
        message = "no month"
        raise ValueError(message)
    return found[0]


def read_year(text: str) -> str:
    """Read a financial year.

    >>> read_year(" 2011/12 ")
    '2011/12'
    """
    line = "".join(text.split())
    if phased_by(line) is PhasedBy.YEAR:
        return line
    raise ValueError(f"{line[:40]!r} is not a financial year such as 2011/12")


def read_month(text: str) -> str:
    """Read a month, as ``2011-04`` or in words.

    >>> read_month("April 2011"), read_month("2011-04")
    ('2011-04', '2011-04')
    """
    line = " ".join(text.split())
    if phased_by(line) is PhasedBy.MONTH:
        return line
    word, _, year = line.partition(" ")
    try:
        return f"{date(int(year), _month_number(word), 1):%Y-%m}"
    except ValueError:
        raise ValueError(f"{line[:40]!r} is not a month such as April 2011") from None
