"""The months of the demonstration year, and how a line's figures fall into them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from qipp_assure.demonstration.fitting import split
from qipp_assure.demonstration.line_figures import LineFigures
from qipp_assure.demonstration.outline import LineOutline
from qipp_assure.demonstration.wording import chance, rng_for
from qipp_assure.returns.periods import financial_year, months_of
from qipp_assure.vocabulary import PhasedBy

YEAR = "2011/12"
MONTHS = months_of(YEAR)
YEARS = tuple(financial_year(first) for first in range(2011, 2015))
# By when the forecast has moved how far from the opening forecast to the outturn, by month.
_FORECAST_MOVES = (0, 0, 0, 25, 25, 25, 60, 60, 60, 85, 85, 100)
_FULL_AFTER = 4  # months from the start until a saving runs in full


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A line's figures in one month; None where no data came in."""

    planned_month: int
    planned_to_date: int
    actual_month: int | None
    actual_to_date: int | None
    forecast_year: int


def _ramp(line: LineOutline) -> list[float]:
    return [
        0.0 if month < line.start else min(1.0, (month - line.start + 2) / (_FULL_AFTER + 1))
        for month in range(len(MONTHS))
    ]


def planned_phasing(line: LineOutline, figures: LineFigures) -> dict[str, int]:
    """Phase what is planned over four years, by the line's month, quarter or year."""
    phasing: dict[str, int] = {}
    for index, (year, value) in enumerate(zip(YEARS, figures.years, strict=True)):
        if value == 0 or line.added:
            continue
        by_month = split(value, _ramp(line) if index == 0 else [1.0] * len(MONTHS))
        if line.phased_by is PhasedBy.YEAR:
            phasing[year] = value
        elif line.phased_by is PhasedBy.QUARTER:
            for quarter in range(4):
                phasing[f"{year}Q{quarter + 1}"] = sum(by_month[quarter * 3 : quarter * 3 + 3])
        else:
            phasing.update(
                (month, part) for month, part in zip(months_of(year), by_month, strict=True) if part
            )
    return phasing


def planned_months(line: LineOutline, figures: LineFigures) -> list[int]:
    """Give what is planned for each month of 2011-12; quarters and years fall evenly."""
    if line.added or figures.planned == 0:
        return [0] * len(MONTHS)
    by_month = split(figures.planned, _ramp(line))
    if line.phased_by is PhasedBy.YEAR:
        return split(figures.planned, [1.0] * len(MONTHS))
    if line.phased_by is PhasedBy.QUARTER:
        return [
            part
            for quarter in range(4)
            for part in split(sum(by_month[quarter * 3 : quarter * 3 + 3]), [1.0] * 3)
        ]
    return by_month


def year_of(
    seed: int, region: str, line: LineOutline, figures: LineFigures, *, stale_forecast: bool
) -> list[MonthFigures]:
    """Give a line's figures for the twelve months; the actual months add up to what is reported."""
    rng = rng_for(seed, region, line.key, "months")
    planned = planned_months(line, figures)
    actual = _actual_months(rng, line, figures, planned)
    found: list[MonthFigures] = []
    planned_to_date = actual_to_date = 0
    for index, month in enumerate(actual):
        planned_to_date += planned[index]
        actual_to_date += month or 0
        move = 0 if stale_forecast or line.silent else _FORECAST_MOVES[index]
        found.append(
            MonthFigures(
                planned[index],
                planned_to_date,
                month,
                None if month is None else actual_to_date,
                figures.forecast + (figures.reported - figures.forecast) * move // 100,
            )
        )
    return found


def _actual_months(
    rng: random.Random, line: LineOutline, figures: LineFigures, planned: Sequence[int]
) -> list[int | None]:
    if line.silent or line.later:
        return [None] * len(MONTHS)
    ratio = figures.reported / figures.planned if figures.planned else 1.0
    base = planned if figures.planned else [max(0, month - 3) for month in range(len(MONTHS))]
    # What goes wrong, or well, mostly shows more as the year goes on; some projects recover.
    drift = [month / 5.5 for month in range(len(MONTHS))]
    if chance(rng, 20):
        drift.reverse()
    weights = [
        value * max(0.05, 1 + (ratio - 1) * drift[month]) * rng.uniform(0.99, 1.01)
        for month, value in enumerate(base)
    ]
    months: list[int | None] = list(split(figures.reported, weights))
    if line.body.foundation and chance(rng, 20):
        _withhold(rng, months)
    return months


def _withhold(rng: random.Random, months: list[int | None]) -> None:
    """Leave up to three months without data; the month after catches up."""
    first = rng.randrange(1, 8)
    last = first + rng.randint(1, 3)
    held = sum(months[index] or 0 for index in range(first, last))
    months[last] = (months[last] or 0) + held
    months[first:last] = [None] * (last - first)
