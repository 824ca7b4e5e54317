"""The cells of a sheet, read from its XML in one pass: values, formulas, merged cells.

Our own reader rather than a library's, because an import must know of each cell what libraries
leave out: whether a formula stands behind it and was ever worked out, whether the value is an
error, a percentage or a date; and because strings shared by many cells stay shared, so that a
small file cannot grow large in memory.  Tests compare it with python-calamine and openpyxl.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from qipp_assure.workbooks.cells import Cell, DateCell, ErrorCell, PercentCell
from qipp_assure.workbooks.package import NotAWorkbook, Package, elements, parse_xml, xml_parser

MAX_CELLS = 400_000
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_FIGURES = 9
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_BUILT_IN_PERCENT = frozenset({9, 10})
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]')
DATE, PERCENT = "date", "percent"


@dataclass(slots=True)
class SheetCells:
    """What a sheet holds: cells by row and column, both counted from 1, blank ones left out.

    `formulas` tells for each cell with a formula whether a value was worked out for it.
    `merged` holds the ranges of merged cells, such as ``A1:B2``.
    """

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


class WorkbookCells:
    """Reads the sheets of a package, one at a time, with the strings and styles they share."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._strings = _shared_strings(package.parts.get(package.strings_part, b""))
        self._looks = _looks(package.parts.get(package.styles_part, b""))
        self._cells_left = MAX_CELLS

    def read(self, part: str) -> SheetCells:
        """Read one sheet; raises NotAWorkbook where it is damaged or holds far too much."""
        pass_ = _SheetPass(
            self._strings, self._looks, self._cells_left, from_1904=self._package.from_1904
        )
        pass_.run(self._package.parts[part])
        self._cells_left = pass_.cells_left
        return pass_.found


class _SheetPass:
    """One pass over a sheet's XML."""

    def __init__(
        self, strings: list[str], looks: Mapping[str, str], cells_left: int, *, from_1904: bool
    ) -> None:
        self.found = SheetCells()
        self.cells_left = cells_left
        self._strings, self._looks, self._from_1904 = strings, looks, from_1904
        self._row = self._column = 0
        self._type = self._style = ""
        self._value: str | None = None
        self._has_formula = False
        self._text: list[str] | None = None
        self._pieces: list[str] = []
        self._phonetic = False
        self._columns: dict[str, int] = {}
        self._tags: dict[str, str] = {}

    def run(self, data: bytes) -> None:
        parser = xml_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parse_xml(parser, data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = name.rpartition(" ")[2]
        if tag == "c":
            self._type = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._value, self._has_formula = None, False
            if self._pieces:
                self._pieces = []
            self._at(attributes.get("r"))
        elif tag == "v" or (tag == "t" and not self._phonetic):
            self._text = []
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._row = whole(attributes.get("r"), self._row + 1)
            self._column = 0
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self.found.merged.append(attributes.get("ref", ""))

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        tag = self._tags[name]
        if tag == "v":
            self._value = "".join(self._text or ())
            self._text = None
        elif tag == "c":
            self._keep()
        elif tag == "t" and self._text is not None:
            self._pieces.append("".join(self._text))
            self._text = None
        elif tag == "rPh":
            self._phonetic = False

    def _at(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters)
        self._column = column
        self._row = whole(reference[len(letters) :], self._row)

    def _keep(self) -> None:
        if self._value is None and not self._pieces and not self._has_formula:
            return  # styled, but blank
        value = self._read_value()
        if self._has_formula:
            self.found.formulas[self._row, self._column] = value is not None
        if value is None or value == "":
            return
        self.cells_left -= 1
        if self.cells_left < 0:
            raise NotAWorkbook(f"the workbook holds more than {MAX_CELLS:,} filled cells")
        if not (0 < self._row <= _MAX_ROW and 0 < self._column <= _MAX_COLUMN):
            raise NotAWorkbook("the workbook is damaged inside: a cell lies outside its sheet")
        self.found.rows.setdefault(self._row, {})[self._column] = value

    def _read_value(self) -> Cell | None:
        text = self._value
        if self._type == "inlineStr":
            return unescaped("".join(self._pieces))
        if text is None or (not text and self._type != "str"):
            return None
        match self._type:
            case "s":
                index = whole(text, -1)
                if not 0 <= index < len(self._strings):
                    raise NotAWorkbook("the workbook is damaged inside: a text is missing")
                return self._strings[index]
            case "str":
                return unescaped(text)
            case "b":
                return text.strip() in {"1", "true"}
            case "e":
                return ErrorCell(text[:20])
            case "d":
                return text[:10]
            case _:
                return self._number(text)

    def _number(self, text: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            raise NotAWorkbook(
                f"the workbook is damaged inside: {text[:20]!r} is no number"
            ) from None
        if number - number != 0:  # infinite, or not a number
            return ErrorCell("#NUM!")
        look = self._looks.get(self._style)
        if look == DATE:
            return DateCell(number, self._from_1904)
        return PercentCell(number) if look == PERCENT else number


def whole(text: str | None, otherwise: int) -> int:
    """Read a whole number of at most nine figures; anything else is `otherwise`."""
    if text is None or len(text) > _FIGURES or not text.isdecimal():
        return otherwise
    return int(text)


def unescaped(text: str) -> str:
    """Undo the escapes by which a workbook writes characters that XML cannot hold.

    >>> unescaped("a_x0041_b_x005F_x0041_")
    'aAb_x0041_'
    """
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def column_number(letters: str) -> int:
    """Number a column from its letters, counted from 1.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or number > _MAX_COLUMN:
            raise NotAWorkbook(f"the workbook is damaged inside: {letters[:10]!r} is no column")
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Write a column's letters from its number.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _shared_strings(data: bytes) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    text: list[str] | None = None
    phonetic = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal text, phonetic
        tag = name.rpartition(" ")[2]
        if tag == "t" and not phonetic:
            text = []
        elif tag == "rPh":
            phonetic = True

    def characters(part: str) -> None:
        if text is not None:
            text.append(part)

    def end(name: str) -> None:
        nonlocal text, phonetic
        tag = name.rpartition(" ")[2]
        if tag == "t" and text is not None:
            pieces.append("".join(text))
            text = None
        elif tag == "rPh":
            phonetic = False
        elif tag == "si":
            found.append(unescaped("".join(pieces)))
            pieces.clear()

    if data:
        parser = xml_parser()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = characters
        parse_xml(parser, data)
    return found


def _looks(data: bytes) -> dict[str, str]:
    """Tell for each cell style by number whether it shows a date or a percentage."""
    codes: dict[str, str] = {}
    looks: dict[str, str] = {}
    inside = False
    number = 0
    for name, attributes in elements(data):
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in {"cellXfs", "cellStyles", "dxfs", "tableStyles"}:
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            look = _look(attributes.get("numFmtId", "0"), codes)
            if look:
                looks[str(number)] = look
            number += 1
    return looks


def _look(format_id: str, codes: Mapping[str, str]) -> str:
    code = codes.get(format_id)
    if code is None:
        built_in = whole(format_id, 0)
        if built_in in _BUILT_IN_DATES:
            return DATE
        return PERCENT if built_in in _BUILT_IN_PERCENT else ""
    bare = _NOT_FORMAT.sub("", code).casefold()
    if "general" not in bare and any(letter in bare for letter in "dmyhs"):
        return DATE
    return PERCENT if "%" in bare else ""
