"""What was found wrong in a workbook, cell by cell, and what a person should know of besides."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

MAX_FAULTS = 500


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong at one cell, and what would be right; without a sheet it is the whole file."""

    sheet: str
    cell: str
    message: str

    def __str__(self) -> str:
        """Say the place and what is wrong there."""
        place = f"{self.sheet}!{self.cell}" if self.sheet else "the file"
        return f"{place}: {self.message}"


@dataclass
class Findings:
    """Faults and warnings, gathered while a workbook is read.

    `broken` names sheets that lack a column or are missing: what depends on them is not held
    against the person as well.
    """

    faults: dict[tuple[str, int, int, str], CellFault] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    _cells: set[tuple[str, int, int]] = field(default_factory=set)

    def add(self, sheet: str, row: int, column: int, message: str) -> None:
        """Hold a message against a cell."""
        fault = CellFault(sheet, f"{get_column_letter(column)}{row}", message)
        self.faults.setdefault((sheet, row, column, message), fault)
        self._cells.add((sheet, row, column))

    def has(self, sheet: str, row: int, column: int) -> bool:
        """Tell whether anything is held against a cell."""
        return (sheet, row, column) in self._cells

    def warn(self, message: str) -> None:
        """Note what is taken all the same."""
        if message not in self.warnings:
            self.warnings.append(message)

    def in_order(self, sheets: tuple[str, ...]) -> list[CellFault]:
        """List the faults as one walks through the workbook; the first 500, if there are more."""
        order = {name: number for number, name in enumerate(sheets)}
        keys = sorted(self.faults, key=lambda key: (order.get(key[0], len(order)), *key))
        found = [self.faults[key] for key in keys]
        if len(found) > MAX_FAULTS:
            self.warn(f"{len(found):,} faults were found; these are the first {MAX_FAULTS}")
        return found[:MAX_FAULTS]
