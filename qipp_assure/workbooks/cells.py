"""What a cell of a workbook can hold, as it is read: text, number, yes or no, date, error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

_LAST_NUMBER = 2_958_466  # the day after 31 December 9999


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A formula's error, such as #REF!."""

    text: str


@dataclass(frozen=True, slots=True)
class DateCell:
    """A number that the sheet shows as a date: days since the workbook's epoch."""

    number: float
    from_1904: bool = False

    @property
    def day(self) -> date | None:
        """The day; None where the number is no whole day within reach."""
        epoch = date(1904, 1, 1) if self.from_1904 else date(1899, 12, 30)
        if self.number != int(self.number) or not 0 < self.number < _LAST_NUMBER:
            return None
        try:
            return epoch + timedelta(days=int(self.number))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class PercentCell:
    """A number that the sheet shows as a percentage: it holds 0.05 where one sees 5%."""

    number: float


Cell = str | float | bool | ErrorCell | DateCell | PercentCell
