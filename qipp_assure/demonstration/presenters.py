"""What the page of the demonstration shows: the table of savings, its chart and delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qipp_assure.demonstration.published import FORECAST_GBP, REPORTED_GBP, published_areas
from qipp_assure.savings.figure_three import Delivery, FigureThree, disagreements
from qipp_assure.vocabulary import SpendingArea
from qipp_assure.web.charts import Savings


@dataclass(frozen=True, slots=True)
class SavingsRow:
    """Savings of an area, a region or all together; `published` is what was published of it."""

    label: str
    planned_gbp: int
    forecast_gbp: int
    reported_gbp: int
    delivery: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class SavingsPage:
    """Figure 3 ready to be shown; `apart` says where it disagrees with the published one."""

    areas: tuple[SavingsRow, ...]
    total: SavingsRow
    regions: tuple[SavingsRow, ...]
    chart: Savings
    apart: tuple[str, ...]


def savings_page(table: FigureThree, regions: Mapping[str, str]) -> SavingsPage:
    """Write the table in words; `regions` names those whose delivery is to be shown, by code."""
    published = {one.area: one for one in published_areas()}
    areas = []
    for row in table.areas:
        wanted = published[SpendingArea(row.code)]
        said = f"{_billions(wanted.forecast_gbp, 1)}, {_billions(wanted.reported_gbp, 2)}"
        areas.append(_row(wanted.label, row, f"{said}, {wanted.delivery_pct}%"))
    if table.unassigned.forecast_gbp or table.unassigned.reported_gbp:
        areas.append(_row("No area given", table.unassigned))
    return SavingsPage(
        areas=tuple(areas),
        total=_row("All areas", table.total, _published(FORECAST_GBP, REPORTED_GBP)),
        regions=tuple(_row(regions[row.code], row) for row in table.regions if row.code in regions),
        chart=Savings(
            title=f"Savings by spending area, {table.year}",
            labels=[row.label for row in areas],
            planned=[row.planned_gbp for row in areas],
            forecast=[row.forecast_gbp for row in areas],
            actual=[row.reported_gbp for row in areas],
        ),
        apart=tuple(disagreements(table, published_areas())),
    )


def _row(label: str, found: Delivery, published: str = "") -> SavingsRow:
    share = found.delivery_pct
    return SavingsRow(
        label,
        found.planned_gbp,
        found.forecast_gbp,
        found.reported_gbp,
        "Nothing forecast" if share is None else f"{round(share)}%",
        published,
    )


def _published(forecast_gbp: int, reported_gbp: int) -> str:
    share = round(reported_gbp * 100 / forecast_gbp)
    return f"{_billions(forecast_gbp, 2)}, {_billions(reported_gbp, 2)}, {share}%"


def _billions(pounds: int, places: int) -> str:
    return f"£{pounds / 1_000_000_000:.{places}f}bn"
