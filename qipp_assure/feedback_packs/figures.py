"""The savings of a pack: by month, by year and by spending area, with what stands behind them.

*Planned* is the plan's, gross; *forecast* what the region expected; *actual* what it reported.
A sum holds what is known, and says beside it how many lines are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qipp_assure.feedback_packs.caveats import (
    caveats_of,
    facts_of_plan,
    planned_of,
    tracked_lines,
)
from qipp_assure.feedback_packs.content import FiguresRow, FiguresTable, SavingsShown
from qipp_assure.returns.periods import financial_year_of, last_day, months_of
from qipp_assure.returns.phasing import by_month, in_year, phased
from qipp_assure.returns.reading import list_of, read_whole
from qipp_assure.vocabulary import SpendingArea
from qipp_assure.web import filters
from qipp_assure.web.charts import Savings

Document = Mapping[str, Any]

AREA_WORDS = {
    SpendingArea.ACUTE: "Acute services",
    SpendingArea.COMMUNITY: "Community services",
    SpendingArea.MENTAL_HEALTH: "Mental health and learning disability services",
    SpendingArea.PRESCRIBING: "Prescribing",
    SpendingArea.SPECIALISED: "Specialised commissioning",
    SpendingArea.CONTINUING_HEALTHCARE: "Continuing healthcare",
    SpendingArea.NON_NHS: "Non-NHS healthcare",
    SpendingArea.PRIMARY_CARE: "Primary care",
    SpendingArea.AMBULANCE: "Ambulance services",
    SpendingArea.OTHER: "Other",
}
_NO_AREA = "No spending area given"


@dataclass(slots=True)
class _Sum:
    """A sum of what is known, with how many figures went in and how many were missing."""

    known: int = 0
    given: int = 0
    missing: int = 0

    def add(self, amount: int | None) -> None:
        if amount is None:
            self.missing += 1
        else:
            self.known += amount
            self.given += 1

    @property
    def value(self) -> int | None:
        return self.known if self.given else None


@dataclass(slots=True)
class _Row:
    label: str
    planned: _Sum = field(default_factory=_Sum)
    forecast: _Sum = field(default_factory=_Sum)
    actual: _Sum = field(default_factory=_Sum)

    def shown(self) -> FiguresRow:
        gaps = [
            f"{name}: {filters.count_of(one.missing, 'line')} not given"
            for name, one in (("forecast", self.forecast), ("actual", self.actual))
            if one.given and one.missing
        ]
        return FiguresRow(
            self.label, self.planned.value, self.forecast.value, self.actual.value, "; ".join(gaps)
        )


def savings_shown(plan: Document | None, cards: Sequence[Document], as_of: date) -> SavingsShown:
    """Work out the figures from a plan and the report cards of one region.

    `cards` may be of any months in any order; the latest speaks for the year and for its areas.
    """
    lines = [line for one in list_of(plan, "initiatives") for line in list_of(one, "savings")]
    ordered = sorted(cards, key=lambda card: str(card.get("period")))
    latest = ordered[-1] if ordered else None
    day = last_day(str(latest["period"])) if latest else as_of
    year = _shown_year(lines, day)
    tables = [
        _by_year(lines, ordered, latest),
        _by_month(lines, ordered, year),
        _by_area(lines, latest, year),
    ]
    return SavingsShown(
        tables=tuple(table for table in tables if table is not None),
        facts=facts_of_plan(plan, lines),
        caveats=caveats_of(lines, latest),
    )


def _shown_year(lines: Sequence[Document], day: date) -> str:
    """The year of the latest figures, or the plan's first where that lies ahead."""
    years = sorted(
        {financial_year_of(last_day(period)) for line in lines for period in planned_of(line)}
    )
    current = financial_year_of(day)
    return years[0] if years and current < years[0] else current


def _table(
    title: str,
    first: str,
    rows: Sequence[_Row],
    notes: Iterable[str] = (),
    *,
    by_name: bool = False,
) -> FiguresTable | None:
    shown = [row.shown() for row in rows]
    columns = [[getattr(row, name) for row in shown] for name in ("planned", "forecast", "actual")]
    if all(figure is None for column in columns for figure in column):
        return None
    sums = [
        sum(known) if (known := [figure for figure in column if figure is not None]) else None
        for column in columns
    ]
    chart = Savings(title, [row.label for row in shown], *columns)
    return FiguresTable(
        title,
        first,
        chart,
        tuple(shown),
        FiguresRow("Total", sums[0], sums[1], sums[2]),
        tuple(notes),
        by_name,
    )


def _by_month(
    lines: Sequence[Document], cards: Sequence[Document], year: str
) -> FiguresTable | None:
    by_period = {str(card.get("period")): card for card in cards}
    planned = [by_month(planned_of(line)) for line in lines]
    forecast = [by_month(phased(line, "forecast")) for line in lines]
    rows = []
    for month in months_of(year):
        row = _Row(filters.period(month)[:3] + f" {month[:4]}")
        for spread in planned:
            row.planned.add(spread.get(month, 0))
        for spread in forecast:
            if spread:
                row.forecast.add(spread.get(month, 0))
        _add_month(row, lines, by_period.get(month), month, planned_known=bool(planned))
        rows.append(row)
    coarse = sum(
        any(len(period) != len("2011-04") for period in planned_of(line)) for line in lines
    )
    notes = (
        [f"{filters.count_of(coarse, 'line')} phased by quarter or year, spread evenly over months"]
        if coarse
        else []
    )
    return _table(f"Savings by month, {year}", "Month", rows, notes)


def _add_month(
    row: _Row, lines: Sequence[Document], card: Document | None, month: str, *, planned_known: bool
) -> None:
    """Actuals of one month: the card's where there is one, else what the plan itself tells."""
    if card is None:
        for line in lines:
            if (amount := by_month(phased(line, "actual")).get(month)) is not None:
                row.actual.add(amount)
        return
    for line in tracked_lines(card):
        row.actual.add(read_whole(line.get("actual_month_gbp")))
        if not planned_known:
            row.planned.add(read_whole(line.get("planned_month_gbp")))


def _by_year(
    lines: Sequence[Document], cards: Sequence[Document], latest: Document | None
) -> FiguresTable | None:
    years = {financial_year_of(last_day(period)) for line in lines for period in planned_of(line)}
    years |= {financial_year_of(last_day(str(card["period"]))) for card in cards}
    rows = []
    notes = []
    for year in sorted(years):
        row = _Row(year)
        for line in lines:
            row.planned.add(in_year(planned_of(line), year))
            _add_known(row.forecast, phased(line, "forecast"), year)
            _add_known(row.actual, phased(line, "actual"), year)
        of_year = [c for c in cards if financial_year_of(last_day(str(c["period"]))) == year]
        if of_year:
            _add_card_year(row, of_year[-1], planned_known=bool(lines))
            notes.append(f"{year}: actual to the end of {filters.period(of_year[-1]['period'])}")
        rows.append(row)
    if latest is not None and not lines:
        notes.append("The plan is not at hand: planned figures are the report card's own")
    return _table("Savings by year", "Year", rows, notes)


def _add_known(total: _Sum, amounts: Mapping[str, int], year: str) -> None:
    """Add what is phased in a year; a year of which nothing is said adds nothing, and no nought."""
    if any(financial_year_of(last_day(period)) == year for period in amounts):
        total.add(in_year(amounts, year))


def _add_card_year(row: _Row, card: Document, *, planned_known: bool) -> None:
    """The card speaks for its year: it is later than the plan."""
    row.forecast, row.actual = _Sum(), _Sum()
    for line in tracked_lines(card):
        row.forecast.add(read_whole(line.get("forecast_year_gbp")))
        row.actual.add(read_whole(line.get("actual_to_date_gbp")))
        if not planned_known:
            row.planned.add(read_whole(line.get("planned_year_gbp")))


def _by_area(lines: Sequence[Document], latest: Document | None, year: str) -> FiguresTable | None:
    rows = {area.value: _Row(words) for area, words in AREA_WORDS.items()} | {"": _Row(_NO_AREA)}

    def row_of(line: Document) -> _Row:
        return rows.get(str(line.get("spending_area") or ""), rows[""])

    tracked = tracked_lines(latest)
    for line in tracked:
        row = row_of(line)
        row.planned.add(read_whole(line.get("planned_year_gbp")))
        row.forecast.add(read_whole(line.get("forecast_year_gbp")))
        row.actual.add(read_whole(line.get("actual_to_date_gbp")))
    for line in () if tracked else lines:
        row = row_of(line)
        row.planned.add(in_year(planned_of(line), year))
        _add_known(row.forecast, phased(line, "forecast"), year)
    used = [row for row in rows.values() if row.planned.given or row.actual.given]
    notes = ["Planned and forecast for the whole year, actual for the year to date"]
    title = f"Savings by spending area, {year}"
    return _table(title, "Spending area", used, notes if tracked else [], by_name=True)
