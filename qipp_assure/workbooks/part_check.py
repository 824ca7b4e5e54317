"""The check of one part of a workbook, in one pass, before openpyxl may read it.

It refuses what would cost the library far more than the size of the file lets expect (entities,
masses of elements or styles, a row as wide as the sheet a million times over) and what the library
would pass over in silence (rows and cells out of order).  It keeps what the library does not tell:
in which cells formulas stand, and which are merged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NoReturn
from xml.parsers import expat

MAX_CELLS = 400_000
MAX_ELEMENTS = 3_000_000
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_MAX_DEPTH = 50
_MAX_PLACES = 20_000_000  # the library makes every cell of a row up to its last
_MAX_FORMAT = 1_000
_MOST = 50_000
_MOST_OF: Mapping[str, int] = MappingProxyType(
    # What each costs the library grows with their number; that of styles with its square.
    {"c": 1_000_000, "v": 1_000_000, "row": _MAX_ROW}
    | dict.fromkeys(("f", "is", "si", "t"), MAX_CELLS)
    | dict.fromkeys(("cellStyle", "numFmt"), 4_000)
)
# Behind the rows the library is never let, so that it parses none of these.
_BEHIND = frozenset(
    [
        "sheetProtection",
        "scenarios",
        "autoFilter",
        "customSheetViews",
        "mergeCells",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "legacyDrawing",
        "tableParts",
    ]
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AREA = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")


class NotAWorkbook(Exception):
    """A file that cannot be read as a workbook; the message says why and what would be right."""


@dataclass(slots=True)
class SheetCheck:
    """What the check of a sheet keeps.

    `formulas` tells for each cell with a formula whether it surely has a value, be it an empty
    text.  `merged` holds ranges such as ``A1:B2``; `last_row` is the last that there is.
    """

    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    last_row: int = 0


@dataclass(slots=True)
class PartCheck:
    """What the check of any part keeps: its kind, and whatever of these it holds.

    `sheets` are names with the ids of their relations; `relations` are ids with their targets.
    """

    root: str = ""
    space: str = ""
    elements: int = 0
    sheet: SheetCheck = field(default_factory=SheetCheck)
    sheets: list[tuple[str, str]] = field(default_factory=list)
    relations: list[tuple[str, str]] = field(default_factory=list)


def check_part(data: bytes, elements_left: int) -> PartCheck:
    """Check a part; raises NotAWorkbook where it is not XML, or not what a workbook holds."""
    return _Pass(elements_left).run(data)


def damaged(what: object) -> NoReturn:
    """Refuse a workbook whose parts do not fit together."""
    raise NotAWorkbook(f"the workbook is damaged inside: {str(what)[:200]}")


class _Pass:
    """One pass over a part's XML."""

    def __init__(self, elements_left: int) -> None:
        self._found = PartCheck()
        self._elements_left = elements_left
        self._counts: Counter[str] = Counter()
        self._tags: dict[str, str] = {}
        self._open: list[str] = [""]
        self._row = self._column = self._places = 0
        self._is_text = self._is_shared = self._is_behind = False
        self._parser = expat.ParserCreate(namespace_separator=" ")

    def run(self, data: bytes) -> PartCheck:
        parser = self._parser
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            damaged(error)
        self._found.elements = self._counts.total()
        self._found.sheet.last_row = self._row
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = name.rpartition(" ")[2]
        count = self._counts[tag] = self._counts[tag] + 1
        if count > _MOST_OF.get(tag, _MOST):
            raise NotAWorkbook(f"the workbook holds too much: more than {count - 1:,} {tag[:40]!r}")
        self._elements_left -= 1
        if self._elements_left < 0:
            raise NotAWorkbook(f"the workbook holds more than {MAX_ELEMENTS:,} elements")
        parent = self._open[-1]
        self._open.append(tag)
        if not parent:
            self._found.root, self._found.space = tag, name.rpartition(" ")[0]
        elif self._found.root == "worksheet":
            self._in_sheet(tag, parent, attributes)
        elif tag == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            self._found.sheets.append((attributes.get("name", ""), relation))
        elif tag == "Relationship":
            pair = attributes.get("Id", ""), attributes.get("Target", "")
            self._found.relations.append(pair)
        elif tag == "numFmt" and len(attributes.get("formatCode", "")) > _MAX_FORMAT:
            damaged("a number format is too long")
        if len(self._open) > _MAX_DEPTH:
            damaged("its elements are nested too deeply")

    def _end(self, _: str) -> None:
        if self._open.pop() == "sheetData":
            self._is_behind = True
        self._parser.CharacterDataHandler = None

    def _in_sheet(self, tag: str, parent: str, attributes: Mapping[str, str]) -> None:
        if parent == "row" and tag != "c":
            damaged(f"{tag!r} stands among the cells")
        elif tag == "c" and parent == "row":
            self._at(attributes.get("r"))
            cell_type = attributes.get("t", "n")
            self._is_text, self._is_shared = cell_type == "str", cell_type == "s"
        elif tag == "v":
            if self._is_text and (self._row, self._column) in self._found.sheet.formulas:
                self._found.sheet.formulas[self._row, self._column] = True
            if self._is_shared:
                self._parser.CharacterDataHandler = _refuse_negative
        elif tag == "f":
            self._found.sheet.formulas[self._row, self._column] = False
        elif tag == "row":
            self._next_row(attributes.get("r"), parent)
        elif tag == "mergeCell":
            if _AREA.fullmatch(attributes.get("ref", "")) is None:
                damaged("merged cells without a place")
            self._found.sheet.merged.append(attributes["ref"])
        elif tag in _BEHIND and not self._is_behind:
            damaged(f"{tag!r} stands before the end of the rows")
        elif tag == "sheetData" and self._counts[tag] > 1:
            damaged("a sheet has two sets of rows")

    def _next_row(self, number: str | None, parent: str) -> None:
        row = self._row + 1 if number is None else int(number) if _is_whole(number) else 0
        if parent != "sheetData" or not self._row < row <= _MAX_ROW:
            damaged("a row is out of order or lies outside its sheet")
        self._row, self._column = row, 0

    def _at(self, reference: str | None) -> None:
        before = self._column
        if not reference:
            self._column += 1
        else:
            match = _REFERENCE.fullmatch(reference)
            if match is None or int(match[2]) != self._row:
                damaged(f"{reference[:12]!r} is no cell of row {self._row}")
            self._column = _column_number(match[1])
        if not before < self._column <= _MAX_COLUMN:
            damaged("a cell is out of order or lies outside its sheet")
        self._places += self._column - before
        if self._places > _MAX_PLACES:
            raise NotAWorkbook("the workbook is too wide and too long to be read")


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_ROW))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _refuse_doctype(*_: object) -> None:
    raise NotAWorkbook("the file holds a document type declaration, which no Excel workbook does")


def _refuse_negative(text: str) -> None:
    if "-" in text:
        damaged("a text is missing")  # the library would count from the end of the list
