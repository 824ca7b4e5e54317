"""How cells look: one place for colours, number formats, widths and protection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qipp_assure.returns.catalogue import FieldSpec

BLUE, PALE, GREY, LINE = "#005EB8", "#E8EDEE", "#4C6272", "#AEB7BD"
TEXT, GENERAL, WHOLE, DAY = "@", "General", "#,##0", "d mmmm yyyy"

_NUMBER_FORMATS = {
    "money": WHOLE,
    "count": WHOLE,
    "number": GENERAL,
    "share": GENERAL,
    "date": DAY,
}
_WIDTHS = {
    "money": 17,
    "count": 13,
    "number": 13,
    "share": 13,
    "date": 18,
    "yes_no": 16,
    "choice": 20,
    "year": 12,
    "codes": 26,
    "code": 15,
}
_WIDTHS_BY_NAME = {"code": 12, "unit": 18, "owner": 24}
NAME_WIDTH, LINE_WIDTH, LONG_WIDTH, PERIOD_WIDTH, COUNT_WIDTH = 38, 28, 48, 14, 11
LINE_HEIGHT, TALLEST = 13.5, 400.0  # in points; Excel allows 409


def width_of(spec: FieldSpec, value_type: str, *, by_period: bool) -> int:
    """Choose the width of a column, in characters."""
    if by_period:
        return PERIOD_WIDTH if value_type == "money" else COUNT_WIDTH
    if spec.type in _WIDTHS:
        return _WIDTHS[spec.type]
    if spec.name in {"name", "title"} or spec.type == "id":
        return NAME_WIDTH
    return LONG_WIDTH if spec.long else _WIDTHS_BY_NAME.get(spec.name, LINE_WIDTH)


def height_of(texts: Iterable[tuple[str, int]], *, least: float = LINE_HEIGHT) -> float:
    """Estimate the height of a row, in points, from its texts and the widths of their columns.

    Not every program finds the height of wrapped text by itself.
    """
    lines = max(
        (sum(max(1, -(-len(line) // width)) for line in text.split("\n")) for text, width in texts),
        default=1,
    )
    return min(TALLEST, max(least, LINE_HEIGHT * lines + 2))


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def _get(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {
                    "font_name": "Arial",
                    "font_size": 10,
                    "valign": "top",
                    "locked": True,
                    **properties,
                }
            )
        return self._made[key]

    def input(self, value_type: str) -> Any:
        """A cell that people fill in."""
        code = _NUMBER_FORMATS.get(value_type, TEXT)
        # Long words wrap; a number that wraps would show as #### in some programs.
        place = {"align": "left"} if code in (TEXT, DAY) else {}
        return self._get(
            num_format=code,
            locked=False,
            text_wrap=code == TEXT,
            border=1,
            border_color=PALE,
            **place,
        )

    def answer(self, value_type: str) -> Any:
        """The same on a sheet of questions, framed, for there the other cells are not for typing."""
        code = _NUMBER_FORMATS.get(value_type, TEXT)
        return self._get(
            num_format=code, locked=False, text_wrap=True, align="left", border=1, border_color=LINE
        )

    def total(self, *, locked: bool = True) -> Any:
        """A sum."""
        return self._get(
            num_format=WHOLE, bold=True, bg_color=PALE, locked=locked, border=1, border_color=LINE
        )

    @property
    def title(self) -> Any:
        """The name of a sheet."""
        return self._get(bold=True, font_size=16, font_color=BLUE)

    @property
    def note(self) -> Any:
        """A sentence under the name, or beside an answer."""
        return self._get(font_color=GREY)

    @property
    def wrapped_note(self) -> Any:
        """The same over several lines."""
        return self._get(font_color=GREY, text_wrap=True)

    @property
    def words(self) -> Any:
        """Plain words over several lines."""
        return self._get(text_wrap=True)

    @property
    def strong(self) -> Any:
        """Words that head something."""
        return self._get(bold=True, text_wrap=True)

    @property
    def section(self) -> Any:
        """The heading of a section."""
        return self._get(bold=True, font_size=12, font_color=BLUE, top=2, top_color=BLUE)

    @property
    def band(self) -> Any:
        """The heading over several columns."""
        return self._get(bold=True, font_color=BLUE, bg_color=PALE)

    def heading(self, value_type: str = "text") -> Any:
        """The heading of a column; over figures it stands to the right, as they do."""
        code = _NUMBER_FORMATS.get(value_type, TEXT)
        return self._get(
            bold=True,
            font_color="#FFFFFF",
            bg_color=BLUE,
            text_wrap=True,
            border=1,
            border_color="#FFFFFF",
            valign="vcenter",
            align="left" if code in (TEXT, DAY) else "right",
        )

    @property
    def link(self) -> Any:
        """A link to a sheet."""
        return self._get(font_color=BLUE, underline=1)

    @property
    def locked(self) -> Any:
        """The plain look of what is not for typing."""
        return self._get()
