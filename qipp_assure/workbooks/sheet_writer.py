"""Writing cells so that whatever a person typed stays text.

xlsxwriter writes a text that begins with ``<r>`` and ends with ``</r>`` as ready-made markup; such
a text is written here in runs, which it escapes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from qipp_assure.workbooks.book_styles import BLUE, Styles
from qipp_assure.workbooks.cell_values import Content, as_text

A3, A4 = 8, 9
_CHARACTERS_ACROSS = 230  # what an A3 page bears at a size that can be read


class SheetWriter:
    """One sheet being written; rows and columns are counted from 0."""

    def __init__(self, book: Any, page: Any, styles: Styles) -> None:
        self.book, self.page, self.styles = book, page, styles
        self._sums: dict[int, int] = {}

    @classmethod
    def added(cls, book: Any, styles: Styles, name: str) -> SheetWriter:
        """Add a sheet at the end of a workbook."""
        return cls(book, book.add_worksheet(name), styles)

    def text(self, row: int, column: int, text: str, style: Any = None) -> None:
        """Write text, and nothing but text."""
        clean = as_text(text)
        if clean.startswith("<r>") and clean.endswith("</r>"):
            runs = [clean[0], clean[1], clean[2:], *([style] if style is not None else [])]
            self.page.write_rich_string(row, column, *runs)
        elif clean:
            self.page.write_string(row, column, clean, style)
        elif style is not None:
            self.page.write_blank(row, column, None, style)

    def content(self, row: int, column: int, content: Content, style: Any) -> None:
        """Write what `to_cell` gives."""
        match content:
            case None:
                return
            case str():
                self.text(row, column, content, style)
            case date():
                self.page.write_datetime(row, column, content, style)
            case _:
                self.page.write_number(row, column, content, style)
                if isinstance(content, int):
                    self.add_to_sum(column, content)

    def add_to_sum(self, column: int, number: int) -> None:
        """Count a number in the sum of its column."""
        self._sums[column] = self.sum_of(column) + number

    def sum_of(self, column: int) -> int:
        """The sum of the whole numbers written into a column so far."""
        return self._sums.get(column, 0)

    def head(self, name: str, about: str) -> None:
        """Write a sheet's mark (hidden, in the first column), its name and what it is for."""
        self.page.hide_gridlines(2)
        self.page.set_tab_color(BLUE)
        for row in (0, 1):
            self.page.set_row(row, 24 if row == 0 else None, self.styles.locked)
        self.text(0, 0, f"qipp:sheet:{name}", self.styles.locked)
        self.text(0, 1, name, self.styles.title)
        self.text(1, 1, about, self.styles.note)

    def protect(self, *, rows_may_change: bool) -> None:
        """Keep headings from being overwritten by mistake; there is no password."""
        self.page.protect(
            "",
            {
                "format_cells": True,
                "format_columns": True,
                "format_rows": True,
                "insert_rows": rows_may_change,
                "delete_rows": rows_may_change,
                "sort": rows_may_change,
                "autofilter": rows_may_change,
            },
        )

    def print_as_table(self, width: int, *, heading_row: int, fixed_columns: int) -> None:
        """Set the page: landscape, as many pages across as it takes to stay legible."""
        self.page.set_landscape()
        self.page.set_paper(A4 if width <= _CHARACTERS_ACROSS // 2 else A3)
        self.page.fit_to_pages(max(1, -(-width // _CHARACTERS_ACROSS)), 0)
        self.page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.page.set_footer("&L&8&A&R&8Page &P of &N")
        self.page.repeat_rows(heading_row)
        if fixed_columns > 1:
            self.page.repeat_columns(1, fixed_columns - 1)

    def hide(self) -> None:
        """Hide the sheet, so that it does not come up in the list of hidden sheets either."""
        self.page.protect()
        self.page.very_hidden()
