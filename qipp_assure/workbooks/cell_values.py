"""From a value of a return to what stands in a cell, and back, by the type of the field.

Both ways are exact: what cannot stand in a cell as a number without loss stands there as text, and
what a cell holds is taken only where there is one way to read it.  A refusal says what is wrong
and what would be right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from qipp_assure.returns.catalogue import FieldSpec
from qipp_assure.returns.values import FIRST_DAY, LAST_DAY, cleaned, decimal_text
from qipp_assure.workbooks.cells import Cell, DateCell, ErrorCell, PercentCell
from qipp_assure.workbooks.labels import NO, YES, choice_label, choice_labels, choice_value, plain
from qipp_assure.workbooks.written_dates import read_date, read_month, read_year

EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
LONGEST_CELL = 32_767
Content = str | int | float | date | None


class CellRefused(Exception):
    """A cell that cannot be read; the message says what would be right."""


# ---------------------------------------------------------------- out


def to_cell(spec: FieldSpec, value: Any, value_type: str = "") -> Content:
    """Give what stands in the cell for a value; one of the wrong type (in a draft) as text."""
    if value is None:
        return None
    match value_type or spec.type:
        case "money" | "count":
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
                return value
        case "number" | "share":
            return _number_out(value)
        case "date":
            return _date_out(value)
        case "yes_no":
            if isinstance(value, bool):
                return YES if value else NO
        case "choice":
            if value in spec.choices:
                return choice_label(spec, value)
        case "codes":
            if isinstance(value, list):
                return "; ".join(as_text(part) for part in value)
        case _:
            pass
    return as_text(value)


def as_text(value: Any) -> str:
    """Write anything as text that a cell can hold."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    clean = str(cleaned(text) or "")
    return clean if len(clean) <= LONGEST_CELL else clean[:LONGEST_CELL]


def _number_out(value: Any) -> Content:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return as_text(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return as_text(value)
    if not number.is_finite():
        return as_text(value)
    as_float = float(number)
    return as_float if _of_float(as_float) == number else as_text(value)


def _of_float(number: float) -> Decimal:
    """Read a cell's number as the sheet shows it: 15 figures, the rest is noise of the binary."""
    return Decimal(f"{number:.{EXACT_DIGITS}g}")


def _date_out(value: Any) -> Content:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return as_text(value)
    in_reach = FIRST_DAY <= day <= LAST_DAY and day.isoformat() == value
    return day if in_reach else as_text(value)


# ---------------------------------------------------------------- in


def from_cell(spec: FieldSpec, cell: Cell, value_type: str = "") -> Any:
    """Read a cell as the value of a field; None where it is blank.

    Raises CellRefused with the words for the person who filled it in.
    """
    if isinstance(cell, ErrorCell):
        raise CellRefused(f"shows the error {cell.text}; type the value itself")
    if isinstance(cell, str) and not cell.strip():
        return None
    reader = _READERS.get(value_type or spec.type, _text_in)
    return reader(spec, cell)


def words_of(cell: Cell) -> str:
    """Read a cell that holds words; raises CellRefused where it does not."""
    match cell:
        case str():
            return cell
        case bool():
            raise CellRefused(f"holds {str(cell).upper()}; text is wanted")
        case DateCell():
            raise CellRefused(
                "holds a date, and text is wanted; if the sheet turned what you typed into a date, "
                "type it again after an apostrophe (')"
            )
        case PercentCell():
            raise CellRefused("holds a percentage, and text is wanted; type it after an apostrophe")
        case float():
            return decimal_text(_of_float(cell))
        case ErrorCell():
            raise CellRefused(f"shows the error {cell.text}")


def _text_in(_: FieldSpec, cell: Cell) -> str:
    return words_of(cell)


_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
_SHORT = re.compile(r"([+-]?)£?([+-]?\d+(?:\.\d+)?)(k|m|bn|million|billion|thousand)")
_TIMES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}


def _decimal_in(cell: Cell, wanted: str) -> Decimal:
    match cell:
        case bool():
            raise CellRefused(f"holds {str(cell).upper()}; {wanted}")
        case float():
            return _of_float(cell)
        case DateCell():
            raise CellRefused(f"holds a date; {wanted}")
        case PercentCell():
            shown = decimal_text(_of_float(cell.number) * 100)
            held = decimal_text(_of_float(cell.number))
            raise CellRefused(
                f"shows {shown}% and so holds {held}; give the cell a plain number format and "
                f"type {shown} or {held}, whichever is meant"
            )
        case str():
            return _decimal_of_text(cell, wanted)
        case ErrorCell():
            raise CellRefused(f"shows the error {cell.text}; {wanted}")


def _decimal_of_text(cell: str, wanted: str) -> Decimal:
    text = "".join(cell.split()).replace("−", "-")
    body = text.replace("£", "", 1) if text.lstrip("+-").startswith("£") else text
    if _PLAIN.fullmatch(body) or _THOUSANDS.fullmatch(body):
        return Decimal(body.replace(",", ""))
    shown = cell.strip()[:40]
    if short := _SHORT.fullmatch(body.casefold()):
        number = Decimal(short[1] + short[2]).scaleb(_TIMES[short[3]])
        raise CellRefused(f"{shown!r} is not a plain number; type {number:,f}")
    if body.startswith("(") and body.endswith(")"):
        raise CellRefused(f"{shown!r} is not a plain number; type -{body.strip('()')}")
    raise CellRefused(f"{shown!r} is not a number; {wanted}, or nothing where it is not known")


def _money_in(_: FieldSpec, cell: Cell) -> int:
    wanted = "whole pounds are wanted, such as 1234567"
    number = _decimal_in(cell, wanted)
    if number != number.to_integral_value():
        raise CellRefused(
            f"{decimal_text(number)} has a fraction of a pound; type {number:,.0f}, or the whole "
            "pounds that are meant"
        )
    return int(number)


def _count_in(_: FieldSpec, cell: Cell) -> int:
    wanted = "a whole number is wanted, such as 12"
    number = _decimal_in(cell, wanted)
    if number != number.to_integral_value():
        raise CellRefused(f"{decimal_text(number)} has a fraction; {wanted}")
    return int(number)


def _number_in(_: FieldSpec, cell: Cell) -> str:
    return decimal_text(_decimal_in(cell, "a number is wanted, such as 93.5"))


def _date_in(_: FieldSpec, cell: Cell) -> str:
    wanted = "a date is wanted, such as 30 June 2011"
    match cell:
        case DateCell():
            day = cell.day
            if day is None:
                raise CellRefused(f"holds a time of day or a number that is no date; {wanted}")
            return day.isoformat()
        case str():
            try:
                return read_date(cell).isoformat()
            except ValueError as error:
                raise CellRefused(str(error)) from None
        case bool() | PercentCell() | ErrorCell():
            raise CellRefused(f"is not a date; {wanted}")
        case float():
            raise CellRefused(
                f"holds the plain number {decimal_text(_of_float(cell))}; {wanted} "
                "(if it is one, give the cell a date format)"
            )


def _yes_no_in(_: FieldSpec, cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str):
        if plain(cell) in {"yes", "y"}:
            return True
        if plain(cell) in {"no", "n"}:
            return False
    raise CellRefused("Yes or No is wanted, or nothing where it is not known")


def _choice_in(spec: FieldSpec, cell: Cell) -> str:
    found = choice_value(spec, cell) if isinstance(cell, str) else None
    if found is None:
        shown = repr(cell[:40]) if isinstance(cell, str) else "this"
        raise CellRefused(f"{shown} is none of: {', '.join(choice_labels(spec))}")
    return found


def _codes_in(spec: FieldSpec, cell: Cell) -> list[str]:
    parts = re.split(r"[;,\n]", _text_in(spec, cell))
    return [part.strip() for part in parts if part.strip()]


def _year_in(spec: FieldSpec, cell: Cell) -> str:
    try:
        return read_year(_text_in(spec, cell))
    except ValueError as error:
        raise CellRefused(str(error)) from None


def _month_in(spec: FieldSpec, cell: Cell) -> str:
    if isinstance(cell, DateCell) and cell.day is not None and cell.day.day == 1:
        return f"{cell.day:%Y-%m}"
    try:
        return read_month(_text_in(spec, cell))
    except ValueError as error:
        raise CellRefused(str(error)) from None


_READERS: Mapping[str, Callable[[FieldSpec, Cell], Any]] = MappingProxyType(
    {
        "money": _money_in,
        "count": _count_in,
        "number": _number_in,
        "share": _number_in,
        "date": _date_in,
        "yes_no": _yes_no_in,
        "choice": _choice_in,
        "codes": _codes_in,
        "year": _year_in,
        "month": _month_in,
    }
)
