"""The cells of a workbook's sheets, read by openpyxl: values, formulas, merged cells.

The library reads row by row, so that what it holds at once stays small however the file is made:
as a whole workbook it would make every cell of a merged range, and a file of 17 KB needs 17 billion
of those.  The size that a sheet states of itself is not believed.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import openpyxl

from qipp_assure.workbooks.cells import Cell, DateCell, ErrorCell, PercentCell
from qipp_assure.workbooks.package import Package
from qipp_assure.workbooks.part_check import MAX_CELLS, NotAWorkbook, SheetCheck, damaged
from qipp_assure.workbooks.text_escapes import unescaped

_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@dataclass(slots=True)
class SheetCells:
    """What a sheet holds: cells by row and column, both counted from 1, blank ones left out.

    `formulas` tells for each cell with a formula whether a value was worked out for it.
    `merged` holds the ranges of merged cells, such as ``A1:B2``.
    """

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


def read_cells(package: Package) -> dict[str, SheetCells]:
    """Read every sheet by its name; raises NotAWorkbook where it is damaged or holds too much."""
    if not package.content:
        return {}
    with warnings.catch_warnings():
        # The library warns of what it cannot keep for a later saving; nothing is saved here.
        warnings.simplefilter("ignore")
        try:
            return _Reading(package).sheets()
        except NotAWorkbook:
            raise
        except Exception as error:  # whatever the library trips over is damage to the person
            damaged(error)


class _Reading:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._cells_left = MAX_CELLS
        self._texts: dict[str, str] = {}

    def sheets(self) -> dict[str, SheetCells]:
        book = openpyxl.load_workbook(
            io.BytesIO(self._package.content), read_only=True, data_only=True, keep_links=False
        )
        try:
            return {
                page.title: self._read(page, self._package.sheets[page.title])
                for page in book.worksheets
                if page.title in self._package.sheets
            }
        finally:
            book.close()

    def _read(self, page: Any, check: SheetCheck) -> SheetCells:
        """Read a sheet up to its last row; what stands behind it is never parsed."""
        found = SheetCells(merged=check.merged)
        page.reset_dimensions()
        for number, cells in zip(range(1, check.last_row + 1), page.rows, strict=False):
            row: dict[int, Cell] = {}
            for place, cell in enumerate(cells, start=1):
                if cell.value is not None:
                    value = self._value(cell)
                    if value != "":
                        row[place] = value
            if row:
                found.rows[number] = row
                self._cells_left -= len(row)
                if self._cells_left < 0:
                    raise NotAWorkbook(f"the workbook holds more than {MAX_CELLS:,} filled cells")
        found.formulas = {
            (row_, place): has_value or place in found.rows.get(row_, {})
            for (row_, place), has_value in check.formulas.items()
        }
        return found

    def _value(self, cell: Any) -> Cell:
        match cell.value:
            case bool() as truth:
                return truth
            case int() | float() as number:
                return _number(number, cell.number_format)
            case dt.datetime() as moment:
                return DateCell(moment.date() if moment.time() == dt.time() else None)
            case dt.date() as day:
                return DateCell(day)
            case dt.time() | dt.timedelta():
                return DateCell(None)
            case text if cell.data_type == "e":
                return ErrorCell(str(text)[:20])
            case text:
                return self._text(str(text))

    def _text(self, text: str) -> str:
        """Undo escapes once for each text, so that a text shared by many cells stays shared."""
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = unescaped(text)
        return known


def _number(number: float, number_format: str) -> Cell:
    try:
        value = float(number)
    except OverflowError:
        return ErrorCell("#NUM!")
    if value - value != 0:  # infinite, or not a number
        return ErrorCell("#NUM!")
    return PercentCell(value) if _is_percentage(number_format) else value


@lru_cache(maxsize=1_024)
def _is_percentage(number_format: str) -> bool:
    return "%" in number_format and "%" in _NOT_FORMAT.sub("", number_format)
