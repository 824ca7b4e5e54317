"""What a cell of a workbook can hold, as it is read: text, number, yes or no, date, error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A formula's error, such as #REF!."""

    text: str


@dataclass(frozen=True, slots=True)
class DateCell:
    """What the sheet shows as a date; without a day where it is a time, or no whole day."""

    day: date | None


@dataclass(frozen=True, slots=True)
class PercentCell:
    """A number that the sheet shows as a percentage: it holds 0.05 where one sees 5%."""

    number: float


Cell = str | float | bool | ErrorCell | DateCell | PercentCell
