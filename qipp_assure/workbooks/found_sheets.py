"""Finding a sheet and its columns again, wherever they were moved and whatever they are called now.

A sheet is known by the mark in its first cell, or else by its name; a column by its machine key in
the hidden row, or else by its heading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from qipp_assure.workbooks.cells import Cell
from qipp_assure.workbooks.columns import KEY_PREFIX, TOTAL, Column
from qipp_assure.workbooks.faults import Findings
from qipp_assure.workbooks.labels import plain
from qipp_assure.workbooks.sheet_cells import SheetCells

MARK = f"{KEY_PREFIX}sheet:"
_SEARCHED_ROWS = 40
_LIKELY_HEADINGS = 2
_CELLS_NAMED = 10


@dataclass(frozen=True)
class FoundSheet:
    """A sheet as it came back: which column each key is in, and where the entries begin.

    `name` is the sheet's name as it stands in the workbook now.
    """

    name: str
    cells: SheetCells
    places: Mapping[str, int]
    first_row: int

    def cell(self, row: int, key: str) -> Cell | None:
        """What stands in a row under a key; None where it is blank or has no column."""
        place = self.places.get(key)
        return None if place is None else self.cells.rows.get(row, {}).get(place)


def sheet_mark(cells: SheetCells) -> str:
    """The sheet's own mark; empty where it has none."""
    for row in sorted(cells.rows)[:3]:
        for cell in cells.rows[row].values():
            if isinstance(cell, str) and cell.startswith(MARK):
                return cell.removeprefix(MARK)
    return ""


def find_columns(
    name: str, cells: SheetCells, columns: Sequence[Column], findings: Findings
) -> FoundSheet | None:
    """Find the columns of a sheet; None, with faults, where this is not the sheet it should be."""
    searched = [row for row in sorted(cells.rows) if row <= _SEARCHED_ROWS]
    keys_row = next((row for row in searched if _keys_in(cells.rows[row])), None)
    headings_row = keys_row + 1 if keys_row is not None else _likely_headings(cells, columns)
    if headings_row is None:
        findings.add(name, 1, 1, "the headings are missing; put them back, or download it afresh")
        findings.broken.add(name)
        return None
    places: dict[str, int] = {}
    wanted = {column.key: column for column in columns}
    keys = _keys_in(cells.rows[keys_row]) if keys_row is not None else []
    for key, place in keys:
        if key in places and key != TOTAL:
            message = (
                f"this column and {get_column_letter(places[key])} are both {_words(wanted, key)}"
            )
            findings.add(name, headings_row, place, f"{message}; delete the copy")
            findings.broken.add(name)
        places.setdefault(key, place)
    headings = cells.rows.get(headings_row, {})
    by_heading = {plain(cell): place for place, cell in headings.items() if isinstance(cell, str)}
    for column in columns:
        if column.key not in places:
            moved = by_heading.get(plain(column.heading))
            if moved is not None:
                places[column.key] = moved
            elif column.key != TOTAL:
                message = f"the column {column.heading!r} is missing; put it back"
                findings.add(name, headings_row, 1, f"{message}, or download the workbook afresh")
                findings.broken.add(name)
    return FoundSheet(name, cells, places, headings_row + 1)


def _words(wanted: Mapping[str, Column], key: str) -> str:
    return repr(wanted[key].heading) if key in wanted else key


def _keys_in(row: Mapping[int, Cell]) -> list[tuple[str, int]]:
    return [
        (cell.removeprefix(KEY_PREFIX), place)
        for place, cell in sorted(row.items())
        if isinstance(cell, str) and cell.startswith(KEY_PREFIX) and not cell.startswith(MARK)
    ]


def _likely_headings(cells: SheetCells, columns: Sequence[Column]) -> int | None:
    """Find the row in which most of the headings stand."""
    wanted = {plain(column.heading) for column in columns}
    best, found = 0, None
    for row in sorted(cells.rows):
        if row <= _SEARCHED_ROWS:
            texts = (plain(cell) for cell in cells.rows[row].values() if isinstance(cell, str))
            hits = sum(text in wanted for text in texts)
            if hits > best:
                best, found = hits, row
    return found if best >= min(_LIKELY_HEADINGS, len(wanted)) else None


def check_cells(sheet: FoundSheet, findings: Findings) -> None:
    """Hold formulas without a value and merged cells against their cells."""
    known = {place for key, place in sheet.places.items() if key != TOTAL}
    taken: list[str] = []
    for (row, place), has_value in sorted(sheet.cells.formulas.items()):
        if row < sheet.first_row or place not in known:
            continue
        if has_value:
            taken.append(f"{get_column_letter(place)}{row}")
        else:
            message = (
                "holds a formula that was never worked out; open and save the workbook in Excel, "
                "or type the value itself"
            )
            findings.add(sheet.name, row, place, message)
    if taken:
        more = len(taken) - _CELLS_NAMED
        where = ", ".join(taken[:_CELLS_NAMED]) + (f" and {more} more" if more > 0 else "")
        findings.warn(f"{sheet.name}: the last value of a formula was taken in {where}")
    for area in sheet.cells.merged:
        _check_merged(sheet, area, findings)


def warn_of_columns(sheet: FoundSheet, findings: Findings) -> None:
    """Say which columns are filled in that are none of ours."""
    extra = {
        place
        for row, cells in sheet.cells.rows.items()
        if row >= sheet.first_row
        for place in cells
        if place not in sheet.places.values()
    }
    for place in sorted(extra):
        findings.warn(
            f"{sheet.name}: column {get_column_letter(place)} is not ours and was left out"
        )


def _check_merged(sheet: FoundSheet, area: str, findings: Findings) -> None:
    merged = CellRange(area)
    if merged.max_row >= sheet.first_row:
        message = f"the cells {area} are merged; unmerge them, with one value in each"
        findings.add(sheet.name, merged.min_row, merged.min_col, message)
