"""Putting the return together from the rows of all sheets, and remembering where each value stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qipp_assure.returns.validation import Fault, Place
from qipp_assure.workbooks.columns import LISTED, PARENT, ROW, Column, period_key
from qipp_assure.workbooks.entries import Entry, filled_rows, give_fresh_ids, read_entries, read_row
from qipp_assure.workbooks.faults import Findings
from qipp_assure.workbooks.found_sheets import FoundSheet
from qipp_assure.workbooks.labels import plain
from qipp_assure.workbooks.sheets import Grid, Layout, Table


@dataclass
class Listed:
    """The rows of one table, by the names under which other sheets refer to them."""

    sheet: str
    by_name: dict[str, list[Entry]] = field(default_factory=dict)
    by_own_words: dict[str, list[Entry]] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: str, entries: Sequence[Entry]) -> Listed:
        """List entries by 'Listed as', and by their own name and code for want of it."""
        found = cls(sheet)
        for entry in entries:
            if entry.listed:
                found.by_name.setdefault(plain(entry.listed), []).append(entry)
            for key in ("name", "code"):
                words = entry.values.get(key)
                if isinstance(words, str):
                    found.by_own_words.setdefault(plain(words), []).append(entry)
        return found

    def find(self, name: str) -> Entry | str:
        """Give the entry of that name, or what is wrong with the name."""
        wanted = plain(name)
        found = self.by_name.get(wanted) or self.by_own_words.get(wanted) or []
        if len({id(entry) for entry in found}) > 1:
            rows = " and ".join(str(entry.row) for entry in found[:5])
            return (
                f"{name[:60]!r} is the name of more than one row of the sheet {self.sheet!r} "
                f"(rows {rows}); give each a name of its own under 'Listed as'"
            )
        if not found:
            return (
                f"{name[:60]!r} is not on the sheet {self.sheet!r}; choose from the list, or add it "
                "there first"
            )
        return found[0]


class Assembly:
    """The return in the making.

    `outside` maps, for each list of another return, plain names to ids.
    """

    def __init__(
        self,
        layout: Layout,
        findings: Findings,
        export_id: str,
        outside: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.document: dict[str, Any] = {}
        self._layout, self._findings, self._export_id = layout, findings, export_id
        self._outside = outside
        self._entries: dict[str, list[Entry]] = {}
        self._listed: dict[str, Listed] = {}
        self._at: dict[Place, Entry] = {}
        self._figures: dict[tuple[Place, str], tuple[FoundSheet, int]] = {}
        self._answers: dict[str, tuple[str, int, int]] = {}

    def answer(self, path: str, value: Any, sheet: str, row: int, column: int) -> None:
        """Take the answer to one question."""
        self._answers[path] = (sheet, row, column)
        if value is not None:
            _put(self.document, path, value)

    def take_table(self, table: Table, sheet: FoundSheet, columns: Sequence[Column]) -> None:
        """Take the rows of a table; outer tables come before those inside them."""
        entries = read_entries(sheet, columns, self._findings)
        give_fresh_ids(table, entries, self._export_id)
        self._entries[table.of] = entries
        if table.listed:
            self._listed[table.of] = Listed.of(sheet.name, entries)
        for entry in entries:
            holder: dict[str, Any] = self.document
            place: Place = ()
            if table.parent:
                parent = self._find_parent(table, entry)
                if parent is None:
                    continue
                holder, place = parent.item, parent.place
            items = holder.setdefault(table.key, [])
            entry.place = (*place, table.key, len(items))
            entry.item["id"] = entry.id
            items.append(entry.item)
            self._at[entry.place] = entry

    def _find_parent(self, table: Table, entry: Entry) -> Entry | None:
        column = entry.sheet.places.get(PARENT)
        if table.parent not in self._listed or column is None:
            return None
        if not entry.parent:
            if not self._findings.has(entry.sheet.name, entry.row, column):
                sheet = self._listed[table.parent].sheet
                message = f"choose to which row of the sheet {sheet!r} this belongs"
                self._findings.add(entry.sheet.name, entry.row, column, message)
            return None
        found = self._listed[table.parent].find(entry.parent)
        if isinstance(found, str):
            self._findings.add(entry.sheet.name, entry.row, column, found)
            return None
        return found if found.place else None

    def fill(self, table: Table, columns: Sequence[Column]) -> None:
        """Put the values of a table's rows into their items, when all tables have been taken."""
        by_key = {column.key: column for column in columns}
        for entry in self._entries.get(table.of, []):
            for key, value in entry.values.items():
                column = by_key[key]
                if column.period:
                    entry.item.setdefault(table.spread, {})[column.period] = value
                    continue
                found = self._looked_up(table, entry, column, value)
                if found is not None:
                    _put(entry.item, key, found)

    def _looked_up(self, table: Table, entry: Entry, column: Column, value: Any) -> Any:
        spec = column.spec
        message = ""
        if spec is not None and spec.refers_to:
            listed = self._listed.get(f"{spec.refers_to}[]")
            if listed is None:
                return None
            found = listed.find(str(value))
            if isinstance(found, Entry):
                return found.id
            message = found
        elif column.key in table.outside:
            names = self._outside.get(table.outside[column.key], {})
            if not names or plain(str(value)) in names:
                return names.get(plain(str(value)), value)
            message = f"{str(value)[:60]!r} is not in the list; choose from it"
        else:
            return value
        self._findings.add(entry.sheet.name, entry.row, entry.sheet.places[column.key], message)
        return None

    def take_grid(self, grid: Grid, sheet: FoundSheet, columns: Sequence[Column]) -> None:
        """Take the figures by period of a table's rows."""
        listed = self._listed.get(grid.of)
        place = sheet.places.get(ROW)
        if listed is None or place is None:
            return
        seen: dict[int, int] = {}
        for row in filled_rows(sheet, self._findings):
            values = read_row(sheet, row, columns, self._findings)
            name = values.pop(ROW, "")
            if not name:
                if values:
                    message = f"choose to which row of the sheet {listed.sheet!r} this belongs"
                    self._findings.add(sheet.name, row, place, message)
                continue
            entry = listed.find(name)
            if isinstance(entry, str):
                self._findings.add(sheet.name, row, place, entry)
                continue
            first = seen.setdefault(id(entry), row)
            if first != row:
                message = f"{name[:60]!r} stands already in row {first}; put its figures together"
                self._findings.add(sheet.name, row, place, message)
                continue
            self._figures[entry.place, grid.field] = (sheet, row)
            if values:
                entry.item[grid.field] = {key.partition("|")[2]: v for key, v in values.items()}
        for entry in self._entries[grid.of]:
            if not entry.is_new and id(entry) not in seen and entry.place:
                self._findings.warn(
                    f"{sheet.name}: there is no row for {entry.listed or entry.name or entry.id!r}, "
                    "which is taken to have no figures"
                )

    def hold(self, fault: Fault) -> None:
        """Hold a fault of the return against the cell that it comes from."""
        sheet, row, column = self._cell_of(fault.place)
        if sheet not in self._findings.broken and not self._findings.has(sheet, row, column):
            self._findings.add(sheet, row, column, fault.message)

    def _cell_of(self, place: Place) -> tuple[str, int, int]:
        for length in range(len(place), 0, -1):
            entry = self._at.get(place[:length])
            if entry is not None:
                return self._cell_of_entry(entry, place[length:])
        for length in range(len(place), 0, -1):
            answer = self._answers.get(".".join(str(step) for step in place[:length]))
            if answer is not None:
                return answer
        table = next((t for t in self._layout.tables if place[:1] == (t.of[:-2],)), None)
        return (table.name if table else "Instructions", 1, 2)

    def _cell_of_entry(self, entry: Entry, rest: Place) -> tuple[str, int, int]:
        name, period = (str(rest[0]), str(rest[1])) if len(rest) > 1 else ("", "")
        key = period_key(name, period)
        figures = self._figures.get((entry.place, name))
        if figures is not None:
            sheet, row = figures
            return sheet.name, row, sheet.places.get(key, sheet.places.get(ROW, 1))
        places = entry.sheet.places
        steps = [str(step) for step in rest]
        keys = [key, *(".".join(steps[:length]) for length in range(len(steps), 0, -1)), LISTED]
        column = next((places[wanted] for wanted in keys if wanted in places), 2)
        return entry.sheet.name, entry.row, column


def _put(holder: dict[str, Any], path: str, value: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        holder = holder.setdefault(group, {})
    holder[name] = value
