"""The matrix of ratings as a workbook: words and colours, with the headings held in place."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from qipp_assure.ratings.matrix import UNRATED, Group, Matrix, Rated
from qipp_assure.vocabulary import Rating
from qipp_assure.web.filters import DIRECTION_WORDS, RATING_WORDS, rating_words
from qipp_assure.web.printable import printable
from qipp_assure.workbooks.book_styles import Styles
from qipp_assure.workbooks.sheet_writer import A3, SheetWriter

FILLS = {
    Rating.RED: {"bg_color": "#B8141F", "font_color": "#FFFFFF"},
    Rating.AMBER: {"bg_color": "#FFB81C", "font_color": "#212B32"},
    Rating.GREEN: {"bg_color": "#00662F", "font_color": "#FFFFFF"},
    Rating.NOT_RATED: {},
}
_FIRST_ROW = 3


def write_matrix(matrix: Matrix, title: str, first: str) -> bytes:
    """Write a matrix as a workbook with one sheet; whatever a name holds, it is text.

    `title` stands above it; `first` heads the column of the rows' names.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title})
    _Sheet(book, matrix).write(title, first)
    book.close()
    return stream.getvalue()


class _Sheet:
    """The one sheet, with its formats."""

    def __init__(self, book: Any, matrix: Matrix) -> None:
        shared = {"border": 1, "border_color": "#AEB7BD", "valign": "top", "text_wrap": True}
        self._page = book.add_worksheet("Matrix")
        # Every text goes this way, so that no name is taken for a formula, a link or markup.
        self._plainly = SheetWriter(book, self._page, Styles(book)).text
        self._matrix = matrix
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._heading = book.add_format({**shared, "bold": True, "bg_color": "#D8DDE0"})
        self._plain = book.add_format(shared)
        self._fills = {
            rating: book.add_format({**shared, **fill}) for rating, fill in FILLS.items()
        }

    def _text(self, row: int, column: int, text: str, look: Any) -> None:
        """Write a text; marks that would turn the words after it are shown instead."""
        self._plainly(row, column, printable(text), look)

    def write(self, title: str, first: str) -> None:
        """Write title, headings and rows."""
        page = self._page
        self._text(0, 0, title, self._title)
        for column, text in enumerate((first, "Standing", "Overall")):
            page.merge_range(1, column, 2, column, "", self._heading)
            self._text(1, column, text, self._heading)
        column = 3
        for group in self._matrix.groups:
            for heading, labels in group.headed:
                titles = [*labels, *self._ends(group)]
                if len(titles) > 1:
                    page.merge_range(1, column, 1, column + len(titles) - 1, "", self._heading)
                self._text(1, column, heading, self._heading)
                for offset, words in enumerate(titles):
                    self._text(2, column + offset, words, self._heading)
                column += len(titles)
        for number, _ in enumerate(self._matrix.rows):
            self._write_row(number)
        page.set_column(0, 1, 24)
        page.set_column(2, max(column - 1, 2), 15)
        page.freeze_panes(_FIRST_ROW, 1)
        if self._matrix.rows:
            page.autofilter(_FIRST_ROW - 1, 0, _FIRST_ROW + len(self._matrix.rows) - 1, column - 1)
        page.set_landscape()
        page.set_paper(A3)
        page.fit_to_pages(1, 0)
        page.repeat_rows(1, 2)

    def _ends(self, group: Group) -> tuple[str, ...]:
        """Give the columns of a half as a whole."""
        if group.half is None:
            return ()
        return ("Overall", "Direction") if self._matrix.travels(group) else ("Overall",)

    def _write_row(self, number: int) -> None:
        row, line = self._matrix.rows[number], number + _FIRST_ROW
        self._text(line, 0, row.label, self._plain)
        self._text(line, 1, row.note, self._plain)
        column = 2
        self._write_rating(line, column, row.overall)
        for group in self._matrix.groups:
            for one in group.columns:
                column += 1
                self._write_rating(line, column, row.criteria.get(one.key, UNRATED))
            if group.half:
                half = row.halves.get(group.half, UNRATED)
                column += 1
                self._write_rating(line, column, half)
                if self._matrix.travels(group):
                    column += 1
                    words = DIRECTION_WORDS[half.direction] if half.direction else ("", "")
                    self._text(line, column, " ".join(words).strip(), self._plain)

    def _write_rating(self, line: int, column: int, rated: Rated) -> None:
        symbol = RATING_WORDS[rated.rating][0]
        words = f"{symbol} {rating_words(rated.rating, rated.because)}"
        self._text(line, column, words, self._fills[rated.rating])
