"""The types from which returns are declared, each with the mark that the catalogue reads.

Money is whole pounds.  Decimals travel as text, because canonical JSON has no exact decimals.
Text is kept as typed, but for characters that no page, PDF or workbook can carry: these become
U+FFFD, so that one sees that something stood there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from qipp_assure.returns.periods import phased_by
from qipp_assure.vocabulary import PhasedBy

MAX_TEXT = 20_000
MAX_LINE = 200
MAX_MONEY = 10**12
MAX_ITEMS = 2_000
MAX_DECIMALS = 9
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Mark:
    """Tells the catalogue what type of value a declared field holds."""

    type: str
    of: str = ""


_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def cleaned(value: Any) -> Any:
    """Clean every text of a document: one kind of line end, nothing unprintable, blank is missing.

    >>> cleaned({"a": ["x" + chr(0) + "y", "  "], "b": 3})
    {'a': ['x�y', None], 'b': 3}
    """
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        return _UNPRINTABLE.sub("\ufffd", text) or None
    if isinstance(value, list):
        return [cleaned(part) for part in value]
    if isinstance(value, Mapping):
        return {name: cleaned(part) for name, part in value.items()}
    return value


def _decimal(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        message = "a number is wanted, written as text, such as '93.5'"
        raise ValueError(message)  # noqa: TRY004 - pydantic turns only ValueError into a fault
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        message = f"{str(value)[:40]!r} is not a number such as '93.5'"
        raise ValueError(message) from None
    exponent = number.as_tuple().exponent  # a word where the number is not finite
    if not isinstance(exponent, int) or abs(number) > MAX_MONEY or abs(exponent) > MAX_DECIMALS:
        message = "a number of at most 12 figures before the point and 9 after it is wanted"
        raise ValueError(message)
    return number


def decimal_text(number: Decimal) -> str:
    """Write a decimal in its one canonical form.

    >>> decimal_text(Decimal("93.50")), decimal_text(Decimal("100")), decimal_text(Decimal("-0"))
    ('93.5', '100', '0')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _period(value: str) -> str:
    if phased_by(value) is None:
        message = f"{value[:20]!r} is no month (2011-04), quarter (2011/12Q1) or year (2011/12)"
        raise ValueError(message)
    return value


def _month(value: str) -> str:
    if phased_by(value) is not PhasedBy.MONTH:
        message = f"{value[:20]!r} is not a month such as 2011-04"
        raise ValueError(message)
    return value


def _year(value: str) -> str:
    if phased_by(value) is not PhasedBy.YEAR:
        message = f"{value[:20]!r} is not a financial year such as 2011/12"
        raise ValueError(message)
    return value


def _in_range(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        message = f"{value} lies outside {FIRST_DAY} to {LAST_DAY}"
        raise ValueError(message)
    return value


def _sorted_unique(values: list[str]) -> list[str]:
    return sorted(set(values))


ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$"), Mark("id")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._/-]{1,40}$"), Mark("code")]
Line = Annotated[str, StringConstraints(max_length=MAX_LINE), Mark("text", "line")]
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), Mark("text", "long")]
Money = Annotated[int, Field(strict=True, ge=-MAX_MONEY, le=MAX_MONEY), Mark("money")]
Count = Annotated[int, Field(strict=True, ge=0, le=MAX_MONEY), Mark("count")]
Score = Annotated[int, Field(strict=True, ge=1, le=5), Mark("count")]
MapArea = Annotated[int, Field(strict=True, ge=1, le=21), Mark("count")]
Number = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(decimal_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,13}(\.\d{1,9})?$"}),
    Mark("number"),
]
Share = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(decimal_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,13}(\.\d{1,9})?$"}),
    Mark("share"),
]
Day = Annotated[date, AfterValidator(_in_range), Mark("date")]
YesNo = Annotated[bool, Field(strict=True), Mark("yes_no")]
Month = Annotated[str, AfterValidator(_month), Mark("month")]
Year = Annotated[str, AfterValidator(_year), Mark("year")]
_PeriodKey = Annotated[str, AfterValidator(_period)]
MoneyByPeriod = Annotated[dict[_PeriodKey, Money], Mark("phasing", "money")]
MoneyByYear = Annotated[dict[Year, Money], Mark("phasing_by_year", "money")]
CountByYear = Annotated[dict[Year, Count], Mark("phasing_by_year", "count")]
NumberByPeriod = Annotated[dict[_PeriodKey, Number], Mark("phasing", "number")]
Codes = Annotated[list[Code], AfterValidator(_sorted_unique), Mark("codes")]


class Declared(BaseModel):
    """What every part of a return has in common: unknown names are refused, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(Declared):
    """An entry of a list; its id lasts for as long as the entry does."""

    id: ItemId = Field(title="Id", description="Lasting; never typed by hand")


def field(
    label: str,
    hint: str = "",
    *,
    unit: str = "",
    default: Any = None,
    refers_to: str = "",
) -> Any:
    """Declare an optional field with its label, hint and unit.

    `refers_to` names the list whose ids the field may hold, such as ``workstreams``.
    """
    return Field(
        default=default,
        title=label,
        description=hint or None,
        json_schema_extra={"unit": unit, "refers_to": refers_to},
    )


def needed(label: str, hint: str = "", *, refers_to: str = "") -> Any:
    """Declare a field without which a return cannot be read at all."""
    return Field(
        title=label,
        description=hint or None,
        json_schema_extra={"unit": "", "refers_to": refers_to},
    )


def items(label: str, hint: str = "") -> Any:
    """Declare a list of items."""
    return Field(
        default=[],
        max_length=MAX_ITEMS,
        title=label,
        description=hint or None,
        validate_default=False,
    )
