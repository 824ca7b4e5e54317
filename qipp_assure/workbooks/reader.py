"""Reading a workbook back into a return: all of it, or every fault at once with sheet and cell.

``read_workbook`` changes nothing and asks no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qipp_assure.returns.canonical import to_document
from qipp_assure.returns.templates import UPGRADES, kind_of
from qipp_assure.returns.validation import ReturnFaults, read_return
from qipp_assure.vocabulary import ReturnKind
from qipp_assure.workbooks.assembling import Assembly
from qipp_assure.workbooks.columns import Column, grid_columns, table_columns
from qipp_assure.workbooks.faults import CellFault, Findings
from qipp_assure.workbooks.form_reader import take_form
from qipp_assure.workbooks.found_sheets import (
    FoundSheet,
    check_cells,
    find_columns,
    sheet_mark,
    warn_of_columns,
)
from qipp_assure.workbooks.instructions import (
    FACTS_COLUMN,
    PERIOD_ROW,
    REGION_ROW,
    ROUND_ROW,
    TEMPLATE_ROW,
)
from qipp_assure.workbooks.labels import month_words, plain
from qipp_assure.workbooks.layout_register import LAYOUTS
from qipp_assure.workbooks.origin import CODES, FACTS_SHEET, INSTRUCTIONS, LISTS_SHEET, Origin
from qipp_assure.workbooks.package import open_package
from qipp_assure.workbooks.part_check import NotAWorkbook
from qipp_assure.workbooks.sheet_cells import SheetCells, read_cells
from qipp_assure.workbooks.sheets import Form, Grid, Layout, Sheet, Table

_OURS = frozenset({INSTRUCTIONS, CODES, FACTS_SHEET, LISTS_SHEET})


@dataclass(frozen=True, slots=True)
class Expected:
    """What the workbook must be for; what is None may be anything."""

    kind: ReturnKind | None = None
    region: str | None = None
    region_name: str = ""
    round: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """What came of reading a workbook.

    `document` is the return, canonical and without anything empty; None where there are faults.
    `origin` is None where the file does not say what it is.
    """

    document: dict[str, Any] | None
    faults: list[CellFault]
    warnings: list[str] = field(default_factory=list)
    origin: Origin | None = None


def read_workbook(data: bytes, expected: Expected | None = None) -> WorkbookReading:
    """Read a workbook; whatever the bytes are, the answer is a reading and never an exception."""
    try:
        return _Reader(data, expected or Expected()).reading()
    except NotAWorkbook as error:
        return WorkbookReading(None, [CellFault("", "", str(error))])


class _Reader:
    def __init__(self, data: bytes, expected: Expected) -> None:
        self._package = open_package(data)
        self._expected = expected
        self._findings = Findings()

    def reading(self) -> WorkbookReading:
        sheets = read_cells(self._package)
        facts = _facts(sheets)
        if facts is None:
            raise NotAWorkbook(
                "it does not say what it is for: its hidden sheets are missing. Fill in a workbook "
                "downloaded from here, and send that one"
            )
        origin = _origin(facts)
        layout = LAYOUTS.get(origin.template)
        if layout is None:
            self._refuse_template(origin.template)
        elif self._is_expected(origin):
            document = self._read_sheets(layout, origin, facts, sheets)
            faults = self._findings.in_order(tuple(sheets))
            found = None if faults else document
            return WorkbookReading(found, faults, self._findings.warnings, origin)
        return WorkbookReading(None, self._findings.in_order((INSTRUCTIONS,)), [], origin)

    def _refuse(self, row: int, message: str) -> None:
        self._findings.add(INSTRUCTIONS, row + 1, FACTS_COLUMN + 1, message)

    def _refuse_template(self, template: str) -> None:
        known = " and ".join(LAYOUTS)
        what = "an older template" if template in UPGRADES else "a template that is not known here"
        self._refuse(
            TEMPLATE_ROW,
            f"the workbook is of {what}, {template[:40]!r}; known are {known}. Download a new one "
            "and copy your entries into it",
        )

    def _is_expected(self, origin: Origin) -> bool:
        """Check whose return it is, before any of it is read."""
        wanted = self._expected
        kind = kind_of(origin.template)
        if wanted.kind is not None and kind is not wanted.kind:
            message = f"this is the workbook of a {_words(kind)}; a {_words(wanted.kind)} is wanted"
            self._refuse(TEMPLATE_ROW, message)
        if wanted.region is not None and origin.region != wanted.region:
            right = f"{wanted.region} {wanted.region_name}".strip()
            message = f"the workbook is for {origin.region_words}, and came in for {right}"
            self._refuse(REGION_ROW, f"{message}; download the workbook for {right}")
        if wanted.round is not None and origin.round != wanted.round:
            message = f"the workbook is for the round {origin.round!r}, not for {wanted.round!r}"
            self._refuse(ROUND_ROW, message)
        if wanted.period is not None and (origin.period or "") != wanted.period:
            this, right = (
                month_words(month) if month else "a whole plan"
                for month in (origin.period, wanted.period)
            )
            self._refuse(PERIOD_ROW, f"the workbook is for {this}, not for {right}")
        return not self._findings.faults

    def _read_sheets(
        self,
        layout: Layout,
        origin: Origin,
        facts: Mapping[str, list[str]],
        sheets: Mapping[str, SheetCells],
    ) -> dict[str, Any]:
        found = self._find_sheets(layout, sheets, facts)
        assembly = Assembly(
            layout, self._findings, origin.export_id, _outside(sheets.get(LISTS_SHEET))
        )
        document = assembly.document
        document |= {"template": origin.template, "region": origin.region, "round": origin.round}
        if origin.period:
            document["period"] = origin.period
        if origin.plan_digest:
            document["plan_digest"] = origin.plan_digest
        # What a workbook did not have when it went out is not missing from it now: a template may
        # gain a field while workbooks are away.
        went_out = {sheet.name: facts.get(f"columns:{sheet.name}", []) for sheet in layout.sheets}
        columns = {
            sheet.name: _columns(layout, sheet, went_out[sheet.name]) for sheet in layout.sheets
        }
        ready: dict[str, FoundSheet] = {}
        for sheet in layout.sheets:
            if sheet.name in found:
                name, cells = found[sheet.name]
                if isinstance(sheet, Form):
                    take_form(
                        layout, sheet, name, cells, assembly, went_out[sheet.name], self._findings
                    )
                    continue
                place = find_columns(name, cells, columns[sheet.name], self._findings)
                if place is not None:
                    check_cells(place, self._findings)
                    warn_of_columns(place, self._findings)
                    ready[sheet.name] = place
        tables = [table for table in layout.tables if table.name in ready]
        for table in tables:
            assembly.take_table(table, ready[table.name], columns[table.name])
        for table in tables:
            assembly.fill(table, columns[table.name])
        for sheet in layout.sheets:
            if isinstance(sheet, Grid) and sheet.name in ready:
                assembly.take_grid(sheet, ready[sheet.name], columns[sheet.name])
        return self._judged(assembly)

    def _judged(self, assembly: Assembly) -> dict[str, Any]:
        """Let the rules of the return speak, each fault held against its cell."""
        try:
            return to_document(read_return(assembly.document))
        except ReturnFaults as error:
            for fault in error.faults:
                assembly.hold(fault)
            return {}

    def _find_sheets(
        self,
        layout: Layout,
        sheets: Mapping[str, SheetCells],
        facts: Mapping[str, list[str]],
    ) -> dict[str, tuple[str, SheetCells]]:
        """Find each sheet by its mark, or else by its name; warn of those that are not ours."""
        marks = {name: sheet_mark(cells) for name, cells in sheets.items()}
        wanted = {sheet.name for sheet in layout.sheets}
        found: dict[str, tuple[str, SheetCells]] = {}
        for name, cells in sheets.items():
            known = marks[name] or name
            if known in wanted and (known not in found or name == known):
                found[known] = (name, cells)
        used = {name for name, _ in found.values()}
        for name in sheets:
            if name not in used and name not in _OURS and marks[name] not in _OURS:
                self._findings.warn(f"the sheet {name[:40]!r} is not ours and was left out")
        for name in sorted(wanted - found.keys()):
            if f"columns:{name}" not in facts:
                continue
            message = "the sheet is missing; put it back, or download the workbook afresh"
            self._findings.add(name, 1, 1, message)
            self._findings.broken.add(name)
        if self._package.has_external_links:
            self._findings.warn("links to other workbooks were not followed")
        return found


def _words(kind: ReturnKind) -> str:
    return kind.value.replace("-", " ")


def _facts(sheets: Mapping[str, SheetCells]) -> dict[str, list[str]] | None:
    """Read the hidden sheet: names in its first column, their values beside them."""
    cells = sheets.get(FACTS_SHEET)
    if cells is None:
        return None
    facts = {
        str(row[1]): [str(row[place]) for place in sorted(row) if place > 1]
        for row in cells.rows.values()
        if 1 in row
    }
    return facts if facts.get("template") and facts.get("region") else None


def _origin(facts: Mapping[str, list[str]]) -> Origin:
    def fact(name: str) -> str:
        return (facts.get(name) or [""])[0]

    return Origin(
        template=fact("template"),
        region=fact("region"),
        round=fact("round"),
        export_id=fact("export_id"),
        period=fact("period") or None,
        region_name=fact("region_name"),
        digest=fact("digest"),
        plan_digest=fact("plan_digest"),
    )


def _outside(cells: SheetCells | None) -> dict[str, dict[str, str]]:
    """Read the hidden lists: for each, plain names to ids."""
    found: dict[str, dict[str, str]] = {}
    if cells is not None:
        for place, name in cells.rows.get(1, {}).items():
            found[str(name)] = {
                plain(str(row[place])): str(row[place + 1])
                for number, row in cells.rows.items()
                if number > 1 and place in row and place + 1 in row
            }
    return found


def _columns(layout: Layout, sheet: Sheet, keys: list[str]) -> tuple[Column, ...]:
    """List the columns as they went out: those of the layout, with the periods of that day."""
    periods = [key.partition("|")[2] for key in keys if "|" in key]
    columns: tuple[Column, ...] = ()
    match sheet:
        case Form():
            pass
        case Table():
            columns = table_columns(layout, sheet, periods)
        case Grid():
            columns = grid_columns(layout, sheet, periods)
    return tuple(column for column in columns if column.key in keys)
