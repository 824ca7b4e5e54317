"""A small plan and card as workbooks, and ways to change a workbook as people would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pytest

from qipp_assure.workbooks.origin import Known, Origin
from qipp_assure.workbooks.reader import Expected, WorkbookReading, read_workbook
from qipp_assure.workbooks.writer import write_workbook
from tests.returns.strategies import full_document

PLAN, CARD = "plan@2011.1", "report-card@2011.1"


def origin_of(document: Mapping[str, Any], export_id: str = "export-1") -> Origin:
    return Origin(
        template=document["template"],
        region=document["region"],
        region_name="North East",
        round=document["round"],
        period=document.get("period"),
        export_id=export_id,
    )


def written(document: Mapping[str, Any], known: Known | None = None) -> bytes:
    return write_workbook(document, origin_of(document), known)


def edited(data: bytes, edit: Callable[[Any], None]) -> bytes:
    """Change a workbook with openpyxl, which keeps all of ours but the last values of formulas."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """Pack the parts of a workbook again, some of them changed, added or (None) left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def cell_of(page: Any, key: str, row: int = 0) -> Any:
    """The cell of a row (counted from the first entry) under a machine key."""
    for cells in page.iter_rows(max_row=40):
        for cell in cells:
            if cell.value == f"qipp:{key}":
                return page.cell(cell.row + 2 + row, cell.column)
    raise AssertionError(f"no column {key} on {page.title}")


def answer_of(page: Any, path: str) -> Any:
    """The answer cell of a question."""
    for (cell,) in page.iter_rows(max_col=1):
        if cell.value == f"qipp:{path}":
            return page.cell(cell.row, 3)
    raise AssertionError(f"no question {path} on {page.title}")


def faults_of(data: bytes, expected: Expected | None = None) -> list[str]:
    reading = read_workbook(data, expected)
    assert (reading.document is None) == bool(reading.faults)
    return [str(fault) for fault in reading.faults]


def read_whole(data: bytes) -> WorkbookReading:
    reading = read_workbook(data)
    assert reading.faults == []
    return reading


@pytest.fixture(scope="session")
def plan() -> dict[str, Any]:
    return full_document(PLAN)


@pytest.fixture(scope="session")
def plan_file(plan) -> bytes:
    return written(plan)


@pytest.fixture(scope="session")
def card() -> dict[str, Any]:
    return full_document(CARD)


@pytest.fixture(scope="session")
def card_file(card) -> bytes:
    return written(card)


def put(sheet, key, value, row=0, number_format=None):
    """An edit: put a value into a cell."""

    def edit(book):
        cell = cell_of(book[sheet], key, row)
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return edit
