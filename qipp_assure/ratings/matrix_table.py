"""The matrix of ratings as a page writes it: tags made ready, so that a template only places them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from qipp_assure.ratings.matrix import UNRATED, Matrix, Rated
from qipp_assure.vocabulary import Because, Rating
from qipp_assure.web.filters import BECAUSE_WORDS, RATING_WORDS, direction_tag, rating_tag

WHY_SHORT = {
    Because.NOTHING_DUE: "Nothing due",
    Because.MISSING: "Missing",
    Because.UNDEFINED: "No result",
    Because.JUDGEMENT_OUTSTANDING: "To judge",
    Because.DOES_NOT_APPLY: "Not here",
}
"""Why something is not rated, in the width of a matrix's cell; a key under the table explains."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a matrix as the template writes it; without cells its note fills the row."""

    label: str
    href: str | None
    note: str
    cells: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class MatrixTable:
    """A matrix as the template writes it; `key` explains the tags of what is not rated."""

    groups: tuple[tuple[str, int], ...]
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    key: tuple[tuple[Markup, str], ...]


def matrix_table(matrix: Matrix) -> MatrixTable:
    """Write a matrix as a table of tags; each distinct tag is made once."""
    tags: dict[Rated, Markup] = {}

    def tag(rated: Rated) -> Markup:
        if rated not in tags:
            tags[rated] = cell_tag(rated)
        return tags[rated]

    groups, headings = [], ["Overall"]
    for group in matrix.groups:
        for title, labels in group.headed:
            headings.extend(labels)
            groups.append((title, len(labels) + bool(group.half)))
        if group.half:
            headings.append("Overall and direction" if matrix.travels(group) else "Overall")
    rows = []
    for row in matrix.rows:
        cells = []
        if row.criteria or row.halves or row.overall is not UNRATED:
            cells.append(tag(row.overall))
            for group in matrix.groups:
                cells.extend(tag(row.criteria.get(one.key, UNRATED)) for one in group.columns)
                if group.half:
                    cells.append(tag(row.halves.get(group.half, UNRATED)))
        rows.append(TableRow(row.label, row.href, row.note, tuple(cells)))
    reasons = dict.fromkeys(one.because for one in tags if one.because)
    key = tuple((_short_tag(one), BECAUSE_WORDS[one]) for one in Because if one in reasons)
    return MatrixTable(tuple(groups), tuple(headings), tuple(rows), key)


def cell_tag(rated: Rated) -> Markup:
    """Write a rating in the width of a matrix's cell, its direction below it."""
    tag = rating_tag(rated.rating) if rated.because is None else _short_tag(rated.because)
    if rated.direction is None:
        return tag
    return Markup("{}<br>{}").format(tag, direction_tag(rated.direction))


def _short_tag(because: Because) -> Markup:
    return Markup(
        '<strong class="qa-rating qa-rating--not-rated">'
        '<span class="qa-rating__symbol" aria-hidden="true">{}</span> {}</strong>'
    ).format(RATING_WORDS[Rating.NOT_RATED][0], WHY_SHORT[because])
