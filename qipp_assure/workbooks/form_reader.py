"""Reading the sheets of questions back."""

from __future__ import annotations

from qipp_assure.workbooks.assembling import Assembly
from qipp_assure.workbooks.cell_values import CellRefused, from_cell
from qipp_assure.workbooks.columns import KEY_PREFIX, Column
from qipp_assure.workbooks.faults import Findings
from qipp_assure.workbooks.form_writer import ANSWER_KEY, PATH_KEY
from qipp_assure.workbooks.found_sheets import check_cells, find_columns
from qipp_assure.workbooks.sheet_cells import SheetCells
from qipp_assure.workbooks.sheets import Form, Layout


def take_form(
    layout: Layout,
    form: Form,
    name: str,
    cells: SheetCells,
    assembly: Assembly,
    went_out: list[str],
    findings: Findings,
) -> None:
    """Take the answers of a sheet of questions; `went_out` names those it had when it went out."""
    keys = [Column(PATH_KEY, "Field: leave as it is"), Column(ANSWER_KEY, "Answer")]
    sheet = find_columns(name, cells, keys, findings)
    if sheet is None or name in findings.broken:
        return
    check_cells(sheet, findings)
    answer = sheet.places[ANSWER_KEY]
    rows: dict[str, int] = {}
    for row in sorted(cells.rows):
        key = sheet.cell(row, PATH_KEY)
        if row >= sheet.first_row and isinstance(key, str) and key.startswith(KEY_PREFIX):
            rows.setdefault(key.removeprefix(KEY_PREFIX), row)
    for path in form.paths:
        spec = layout.specs[path]
        if path not in rows and path not in went_out:
            continue
        if path not in rows:
            message = f"the question {spec.label!r} is missing; put its row back"
            findings.add(name, sheet.first_row - 1, answer, message)
            continue
        row, value = rows[path], None
        cell = sheet.cell(row, ANSWER_KEY)
        if cell is not None:
            try:
                value = from_cell(spec, cell)
            except CellRefused as error:
                findings.add(name, row, answer, str(error))
        assembly.answer(path, value, name, row, answer)
