"""Periods of the financial year (April to March) as they stand in documents.

A month is written ``2011-04``, a quarter ``2011/12Q1``, a financial year ``2011/12``.  The slash
keeps a financial year apart from a month: ``2011-12`` can only be December 2011.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from qipp_assure.vocabulary import PhasedBy

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"((?:19|20)\d\d)/(\d\d)")
_QUARTER = re.compile(r"((?:19|20)\d\d/\d\d)Q([1-4])")
_MONTHS_A_YEAR = 12
_APRIL = 4
_CENTURY = 100


@lru_cache(maxsize=4096)
def phased_by(period: str) -> PhasedBy | None:
    """Tell what kind of period a text names; None where it names none.

    >>> phased_by("2011-04"), phased_by("2011/12Q1"), phased_by("2011/12"), phased_by("2011/13")
    (<PhasedBy.MONTH: 'month'>, <PhasedBy.QUARTER: 'quarter'>, <PhasedBy.YEAR: 'year'>, None)
    """
    if _MONTH.fullmatch(period):
        return PhasedBy.MONTH
    if (match := _QUARTER.fullmatch(period)) and _is_year(match[1]):
        return PhasedBy.QUARTER
    if _is_year(period):
        return PhasedBy.YEAR
    return None


def _is_year(text: str) -> bool:
    match = _YEAR.fullmatch(text)
    return match is not None and (int(match[1]) + 1) % _CENTURY == int(match[2])


def financial_year(first: int) -> str:
    """Name the financial year that begins in April of a calendar year.

    >>> financial_year(2011), financial_year(1999)
    ('2011/12', '1999/00')
    """
    return f"{first}/{(first + 1) % _CENTURY:02d}"


@lru_cache(maxsize=4096)
def financial_year_of(day: date) -> str:
    """Name the financial year that a day lies in.

    >>> financial_year_of(date(2012, 3, 31)), financial_year_of(date(2012, 4, 1))
    ('2011/12', '2012/13')
    """
    return financial_year(day.year if day.month >= _APRIL else day.year - 1)


@lru_cache(maxsize=4096)
def months_of(period: str) -> tuple[str, ...]:
    """List the months of a period, in order.

    Raises ValueError for a text that names no period.

    >>> months_of("2011/12Q4")
    ('2012-01', '2012-02', '2012-03')
    """
    kind = phased_by(period)
    if kind is None:
        message = f"{period!r} is no month (2011-04), quarter (2011/12Q1) or year (2011/12)"
        raise ValueError(message)
    if kind is PhasedBy.MONTH:
        return (period,)
    first_year = int(period[:4])
    months = [
        f"{first_year + (index + _APRIL - 1) // _MONTHS_A_YEAR}-"
        f"{(index + _APRIL - 1) % _MONTHS_A_YEAR + 1:02d}"
        for index in range(_MONTHS_A_YEAR)
    ]
    if kind is PhasedBy.YEAR:
        return tuple(months)
    start = (int(period[-1]) - 1) * 3
    return tuple(months[start : start + 3])


@lru_cache(maxsize=4096)
def last_day(period: str) -> date:
    """Give the last day of a period; raises ValueError for a text that names none.

    >>> last_day("2011/12Q1"), last_day("2012-02")
    (datetime.date(2011, 6, 30), datetime.date(2012, 2, 29))
    """
    month = months_of(period)[-1]
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


def month_of(day: date) -> str:
    """Name the month of a day.

    >>> month_of(date(2011, 6, 30))
    '2011-06'
    """
    return f"{day.year}-{day.month:02d}"


def previous_month(month: str) -> str:
    """Name the month before.

    >>> previous_month("2012-01")
    '2011-12'
    """
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def years_between(first: str, last: str) -> tuple[str, ...]:
    """List the financial years from first to last, both included.

    >>> years_between("2011/12", "2014/15")
    ('2011/12', '2012/13', '2013/14', '2014/15')
    """
    return tuple(financial_year(year) for year in range(int(first[:4]), int(last[:4]) + 1))
