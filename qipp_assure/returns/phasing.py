"""Arithmetic on figures phased by month, quarter or year: whole pounds, exact, or unknown.

A figure that is missing makes its sum unknown (None), never smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from qipp_assure.returns.periods import financial_year_of, last_day, months_of, phased_by
from qipp_assure.returns.reading import read_number, read_whole
from qipp_assure.vocabulary import PhasedBy


def phased(body: Mapping[str, Any], name: str) -> dict[str, int]:
    """Read a map from period to pounds out of a document; what does not parse is left out.

    >>> phased({"planned": {"2011-04": 5, "soon": 4, "2011-05": "?"}}, "planned")
    {'2011-04': 5}
    """
    found = body.get(name)
    if not isinstance(found, Mapping):
        return {}
    read = {period: read_whole(amount) for period, amount in found.items() if phased_by(period)}
    return {period: amount for period, amount in read.items() if amount is not None}


def numbers_by_period(body: Mapping[str, Any], name: str) -> dict[str, Decimal]:
    """Read a map from period to decimal out of a document; what does not parse is left out."""
    found = body.get(name)
    if not isinstance(found, Mapping):
        return {}
    read = {period: read_number(value) for period, value in found.items() if phased_by(period)}
    return {period: value for period, value in read.items() if value is not None}


def total(amounts: Iterable[int | None]) -> int | None:
    """Add amounts; unknown where any of them is.

    >>> total([1, 2]), total([]), total([1, None])
    (3, 0, None)
    """
    added = 0
    for amount in amounts:
        if amount is None:
            return None
        added += amount
    return added


def due_in_year(planned: Mapping[str, int], as_of: date) -> list[str]:
    """List the planned periods of the financial year of `as_of` that have ended by then.

    >>> due_in_year({"2011-03": 1, "2011-04": 1, "2011/12Q1": 1, "2011-07": 1}, date(2011, 6, 30))
    ['2011-04', '2011/12Q1']
    """
    year = financial_year_of(as_of)
    return sorted(
        period
        for period in planned
        if last_day(period) <= as_of and financial_year_of(last_day(period)) == year
    )


def in_year(amounts: Mapping[str, int], year: str) -> int:
    """Add what is phased inside one financial year.

    >>> in_year({"2011-04": 1, "2011/12Q2": 2, "2012/13": 9}, "2011/12")
    3
    """
    return sum(
        amount for period, amount in amounts.items() if financial_year_of(last_day(period)) == year
    )


def latest_due(points: Mapping[str, Any], as_of: date) -> str | None:
    """Name the latest period that has ended by a day, of those that have a value.

    >>> latest_due({"2011-04": 1, "2011-05": 1, "2011-06": 1}, date(2011, 6, 15))
    '2011-05'
    """
    ended = [period for period in points if last_day(period) <= as_of]
    return max(ended, key=last_day, default=None)


def finest(planned: Mapping[str, Any]) -> PhasedBy | None:
    """Tell how finely figures are phased; None where there are none.

    >>> finest({"2011/12": 1}), finest({})
    (<PhasedBy.YEAR: 'year'>, None)
    """
    kinds = {phased_by(period) for period in planned}
    for kind in (PhasedBy.MONTH, PhasedBy.QUARTER, PhasedBy.YEAR):
        if kind in kinds:
            return kind
    return None


def by_month(amounts: Mapping[str, int]) -> dict[str, int]:
    """Spread what is phased by quarter or year evenly over its months, to the pound.

    For charts only: a region that phases by quarter has not said what a month is.

    >>> by_month({"2011/12Q1": 10})
    {'2011-04': 3, '2011-05': 3, '2011-06': 4}
    """
    spread: dict[str, int] = {}
    for period, amount in amounts.items():
        months = months_of(period)
        before = 0
        for index, month in enumerate(months, start=1):
            until = amount * index // len(months)
            spread[month] = spread.get(month, 0) + until - before
            before = until
    return spread
