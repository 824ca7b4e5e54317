"""Reading the rows of a table or grid as entries, before they are tied to each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from qipp_assure.returns.validation import Place
from qipp_assure.returns.values import MAX_ITEMS
from qipp_assure.workbooks.cell_values import CellRefused, as_text, from_cell, words_of
from qipp_assure.workbooks.columns import ID, LISTED, PARENT, TOTAL, Column
from qipp_assure.workbooks.faults import Findings
from qipp_assure.workbooks.found_sheets import FoundSheet
from qipp_assure.workbooks.labels import plain
from qipp_assure.workbooks.sheets import Table

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(slots=True)
class Entry:
    """One row: its id, its name for other sheets, whom it belongs to, and its values by key.

    `item` and `place` are filled in when the return is put together.
    """

    sheet: FoundSheet
    row: int
    id: str = ""
    listed: str = ""
    parent: str = ""
    is_new: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    item: dict[str, Any] = field(default_factory=dict)
    place: Place = ()

    @property
    def name(self) -> str:
        """What the row itself calls its entry."""
        return str(self.values.get("name") or "")


def filled_rows(sheet: FoundSheet, findings: Findings) -> Iterator[int]:
    """Walk the rows that hold anything in a column of ours, up to the limit."""
    known = {place for key, place in sheet.places.items() if key != TOTAL}
    count = 0
    for row in sorted(sheet.cells.rows):
        if row >= sheet.first_row and not known.isdisjoint(sheet.cells.rows[row]):
            count += 1
            if count > MAX_ITEMS:
                message = f"more than {MAX_ITEMS:,} rows are filled in; that is the most of a sheet"
                findings.add(sheet.name, row, 1, message)
                findings.broken.add(sheet.name)
                return
            yield row


def read_row(
    sheet: FoundSheet, row: int, columns: Sequence[Column], findings: Findings
) -> dict[str, Any]:
    """Read a row's cells by key; blank ones and those refused are left out."""
    cells = sheet.cells.rows[row]
    values: dict[str, Any] = {}
    for column in columns:
        place = sheet.places.get(column.key)
        cell = cells.get(place) if place is not None else None
        if cell is None or place is None or column.key == TOTAL:
            continue
        try:
            value = _read(column, cell)
        except CellRefused as error:
            findings.add(sheet.name, row, place, str(error))
            continue
        if value is not None:
            values[column.key] = value
    return values


def _read(column: Column, cell: Any) -> Any:
    if column.spec is None:
        return as_text(words_of(cell)) or None
    # What refers to another row is read as text here, and looked up when all rows are known.
    return from_cell(column.spec, cell, column.value_type)


def read_entries(sheet: FoundSheet, columns: Sequence[Column], findings: Findings) -> list[Entry]:
    """Read a table's rows.  Ids that are doubled or cannot be ids are refused by cell."""
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for row in filled_rows(sheet, findings):
        values = read_row(sheet, row, columns, findings)
        entry = Entry(
            sheet,
            row,
            id=values.pop(ID, ""),
            listed=values.pop(LISTED, ""),
            parent=values.pop(PARENT, ""),
            values=values,
        )
        if not entry.id and not values:
            if not any(findings.has(sheet.name, row, place) for place in sheet.places.values()):
                findings.warn(f"{sheet.name}: row {row} says nothing of its own and was left out")
            continue
        if entry.id and _refuse_id(entry, seen, findings):
            continue
        if not values:
            findings.warn(
                f"{sheet.name}: row {row} holds nothing but its hidden id and was kept as an empty "
                "entry; delete the row to remove it"
            )
        entry.is_new = not entry.id
        entries.append(entry)
    return entries


def _refuse_id(entry: Entry, seen: dict[str, int], findings: Findings) -> bool:
    place = entry.sheet.places[ID]
    first = seen.setdefault(entry.id, entry.row)
    if not _ID.fullmatch(entry.id):
        message = "the hidden id was changed; clear the cell if this is a new entry"
    elif first != entry.row:
        message = (
            f"the hidden id stands already in row {first}, of which this row seems to be a copy; "
            "clear this cell if it is an entry of its own"
        )
    else:
        return False
    findings.add(entry.sheet.name, entry.row, place, message)
    return True


def give_fresh_ids(table: Table, entries: Sequence[Entry], export_id: str) -> None:
    """Give new entries an id; the same workbook read again gives the same ids."""
    taken = {entry.id for entry in entries}
    for entry in entries:
        if entry.is_new:
            number = 0
            while not entry.id or entry.id in taken:
                seed = "\n".join((export_id, table.of, plain(_text_of(entry)), str(number)))
                entry.id = "n" + hashlib.sha256(seed.encode()).hexdigest()[:15]
                number += 1
            taken.add(entry.id)


def _text_of(entry: Entry) -> str:
    """What is least likely to change of a new entry: what it belongs to and its first words."""
    texts = [str(value) for value in entry.values.values() if isinstance(value, str)]
    return "\n".join((entry.parent, entry.listed, *texts[:2]))
