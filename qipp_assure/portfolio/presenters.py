"""Figures of a region's year for the chart and the table beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qipp_assure.returns.reading import list_of, read_whole
from qipp_assure.web.charts import Savings
from qipp_assure.web.filters import period as period_words

LINE_FIELDS = ("planned_month_gbp", "actual_month_gbp")


def savings_by_month(
    title: str, cards: Iterable[Mapping[str, Any]], months: Sequence[str]
) -> Savings:
    """Add the savings lines of report cards up by month, in whole pounds.

    A month without a card, or with a line that lacks its figure, is not known.  The forecast is
    one for the year, and stands in the table of a card, not in its months.
    """
    by_month = {str(card.get("period")): card for card in cards}
    columns: dict[str, list[int | None]] = {name: [] for name in LINE_FIELDS}
    for month in months:
        lines = [
            line
            for tracked in list_of(by_month.get(month, {}), "tracker")
            for line in list_of(tracked, "savings")
        ]
        for name in LINE_FIELDS:
            figures = [read_whole(line.get(name)) for line in lines]
            known = [figure for figure in figures if figure is not None]
            columns[name].append(sum(known) if known else None)
    return Savings(
        title=title,
        labels=[period_words(month) for month in months],
        planned=columns["planned_month_gbp"],
        forecast=[None] * len(months),
        actual=columns["actual_month_gbp"],
    )
