"""The table of savings by spending area, forecast and reported, worked out from report cards.

It has the shape of the published one (National Audit Office, *Progress in making NHS efficiency
savings*, December 2012, figure 3), beside it delivery by region (its figure 4).

* *Planned*, which was not published by area, is what the plans phased into the year: the planned
  saving for the year of every savings line on a region's first card of the year.
* *Forecast* is the year's opening forecast: the forecast for the year of every savings line on a
  region's first card of the year.
* *Reported* is the sum of the actual savings in the month over all cards of the year, gross, as
  the bodies reported them: costs to achieve are not taken off, as in the published table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qipp_assure.returns.periods import months_of
from qipp_assure.vocabulary import SpendingArea

# How far a published figure may stand from the exact one: half of its last place.
FORECAST_ROUNDING_GBP = 50_000_000
REPORTED_ROUNDING_GBP = 5_000_000
PCT_ROUNDING = Fraction(1, 2)

Sums = dict[tuple[str, str], int]
"""Whole pounds by region and spending area."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Planned, forecast and reported savings of an area, a region or all, in whole pounds."""

    code: str
    planned_gbp: int
    forecast_gbp: int
    reported_gbp: int

    @property
    def delivery_pct(self) -> Fraction | None:
        """Reported as a share of forecast, in percent, exact; None where nothing was forecast."""
        if self.forecast_gbp == 0:
            return None
        return Fraction(self.reported_gbp * 100, self.forecast_gbp)


@dataclass(frozen=True, slots=True)
class FigureThree:
    """The whole table: ten areas in their published order, the regions by code, the total.

    `unassigned` holds the savings of lines that name no spending area; it is in the total.
    """

    year: str
    areas: tuple[Delivery, ...]
    regions: tuple[Delivery, ...]
    unassigned: Delivery
    total: Delivery


@dataclass(frozen=True, slots=True)
class PublishedArea:
    """One row of the published table, its figures rounded as they were published."""

    area: SpendingArea
    label: str
    forecast_gbp: int
    reported_gbp: int
    delivery_pct: int


def figure_three(cards: Iterable[Mapping[str, Any]], year: str = "2011/12") -> FigureThree:
    """Work the table out from the report cards of one financial year.

    `cards` are report-card documents; those of other years are passed over.  What is missing adds
    nothing.  Raises ValueError where two cards are of the same region and month.
    """
    months = set(months_of(year))
    by_region: dict[str, dict[str, Mapping[str, Any]]] = {}
    for card in cards:
        if card["period"] not in months:
            continue
        found = by_region.setdefault(card["region"], {})
        if card["period"] in found:
            message = f"two cards of {card['region']} for {card['period']}"
            raise ValueError(message)
        found[card["period"]] = card
    planned: Sums = {}
    forecast: Sums = {}
    reported: Sums = {}
    for region, found in by_region.items():
        _add(planned, region, found[min(found)], "planned_year_gbp")
        _add(forecast, region, found[min(found)], "forecast_year_gbp")
        for card in found.values():
            _add(reported, region, card, "actual_month_gbp")
    return _table(year, sorted(by_region), planned, forecast, reported)


def _add(sums: Sums, region: str, card: Mapping[str, Any], name: str) -> None:
    for initiative in card.get("tracker") or ():
        for line in initiative.get("savings") or ():
            key = (region, line.get("spending_area") or "")
            sums[key] = sums.get(key, 0) + (line.get(name) or 0)


def _table(
    year: str,
    regions: Sequence[str],
    planned: Sums,
    forecast: Sums,
    reported: Sums,
) -> FigureThree:
    def delivery(code: str, region: str | None = None, area: str | None = None) -> Delivery:
        def total(sums: Sums) -> int:
            return sum(
                value
                for (in_region, in_area), value in sums.items()
                if region in (None, in_region) and area in (None, in_area)
            )

        return Delivery(code, total(planned), total(forecast), total(reported))

    return FigureThree(
        year=year,
        areas=tuple(delivery(area.value, area=area.value) for area in SpendingArea),
        regions=tuple(delivery(code, region=code) for code in regions),
        unassigned=delivery("", area=""),
        total=delivery("total"),
    )


def disagreements(table: FigureThree, published: Sequence[PublishedArea]) -> list[str]:
    """Say where a table stands further from the published one than its rounding allows.

    Forecasts were published to £0.1bn, reported savings to £0.01bn and shares to whole percents.
    An empty list means that the table could be the one that was published.
    """
    found: list[str] = []
    rows = {row.code: row for row in table.areas}
    for wanted in published:
        found.extend(_apart(wanted.label, rows[wanted.area.value], wanted))
    if table.unassigned.forecast_gbp or table.unassigned.reported_gbp:
        found.append("Some savings lines name no spending area")
    found.extend(_totals_apart(table.total, published))
    return found


def _apart(label: str, row: Delivery, wanted: PublishedArea) -> list[str]:
    found: list[str] = []
    if abs(row.forecast_gbp - wanted.forecast_gbp) > FORECAST_ROUNDING_GBP:
        found.append(f"{label}: forecast £{row.forecast_gbp:,}, published £{wanted.forecast_gbp:,}")
    if abs(row.reported_gbp - wanted.reported_gbp) > REPORTED_ROUNDING_GBP:
        found.append(f"{label}: reported £{row.reported_gbp:,}, published £{wanted.reported_gbp:,}")
    share = row.delivery_pct
    if share is None or abs(share - wanted.delivery_pct) > PCT_ROUNDING:
        shown = "unknown" if share is None else f"{float(share):.1f}%"
        found.append(f"{label}: delivery {shown}, published {wanted.delivery_pct}%")
    return found


def _totals_apart(total: Delivery, published: Sequence[PublishedArea]) -> list[str]:
    """Compare the totals, which were published to £0.01bn both."""
    found: list[str] = []
    for name, value, wanted in (
        ("forecast", total.forecast_gbp, sum(row.forecast_gbp for row in published)),
        ("reported", total.reported_gbp, sum(row.reported_gbp for row in published)),
    ):
        if abs(value - wanted) > REPORTED_ROUNDING_GBP:
            found.append(f"Total: {name} £{value:,}, published £{wanted:,}")
    return found
