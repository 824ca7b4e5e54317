"""A region's year as its page shows it: a row a return, and the figures of its chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from qipp_assure.portfolio.queries import MonthOfRegion
from qipp_assure.ratings.matrix import Rated
from qipp_assure.ratings.matrix_table import cell_tag
from qipp_assure.returns.reading import list_of, read_whole
from qipp_assure.vocabulary import Because, Half
from qipp_assure.web.charts import Savings
from qipp_assure.web.filters import date as date_words
from qipp_assure.web.filters import rating_tag

LINE_FIELDS = ("planned_month_gbp", "actual_month_gbp")


@dataclass(frozen=True, slots=True)
class YearRow:
    """One return of the year; without cells, `instead` says why there are no ratings."""

    period: str
    href: str
    state: str
    cells: tuple[Markup, ...]
    instead: str


def year_row(one: MonthOfRegion, href: str) -> YearRow:
    """Write one return of a region's year as a row."""
    if one.submission is None:
        state = "Not yet; a draft is begun" if one.has_draft else "Not yet"
        return YearRow(one.period, href, state, (), "–")
    sent = date_words(one.submission.submitted_at)
    state = f"{sent}, version {one.submission.version_number}"
    if one.overall is None:
        return YearRow(one.period, href, state, (), "Not released yet")
    cells = (
        rating_tag(one.overall.rating, one.overall.because),
        *(_half_cell(one.halves.get(half)) for half in Half),
    )
    return YearRow(one.period, href, state, cells, "")


def _half_cell(rated: Rated | None) -> Markup:
    if rated is None or rated.because is Because.DOES_NOT_APPLY:
        return Markup("–")
    return cell_tag(rated)


def short_month(month: str) -> str:
    """Name a month in the width of a chart's bar.

    >>> short_month("2011-09")
    'Sep 2011'
    """
    return f"{date.fromisoformat(f'{month}-01'):%b %Y}"


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
        labels=[short_month(month) for month in months],
        planned=columns["planned_month_gbp"],
        forecast=[None] * len(months),
        actual=columns["actual_month_gbp"],
    )
