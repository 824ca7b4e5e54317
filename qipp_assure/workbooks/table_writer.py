"""Writing the sheets that have one row for each entry: tables, and grids of figures by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from qipp_assure.returns.values import MAX_ITEMS
from qipp_assure.workbooks.book_styles import NAME_WIDTH, PERIOD_WIDTH, height_of, width_of
from qipp_assure.workbooks.cell_values import to_cell
from qipp_assure.workbooks.columns import (
    ID,
    KEY_PREFIX,
    LISTED,
    PARENT,
    ROW,
    TOTAL,
    Column,
)
from qipp_assure.workbooks.origin import LISTS_SHEET
from qipp_assure.workbooks.row_names import RowNames
from qipp_assure.workbooks.sheet_writer import SheetWriter
from qipp_assure.workbooks.sheets import Grid, Layout, Table
from qipp_assure.workbooks.validations import chosen_from, validation_of

BAND_ROW, TOTAL_ROW, KEY_ROW, HEADING_ROW, FIRST_ROW = 2, 3, 4, 5, 6
LAST_ROW = FIRST_ROW + MAX_ITEMS - 1
_LISTED_HINT = (
    "The name by which the lists on other sheets show this row. For a new row write one of your "
    "own, each only once. It is not part of the return."
)
Item = Mapping[str, Any]


@dataclass(frozen=True)
class DropDowns:
    """The defined names that drop-downs show, by the path of a list or the name of an outside one."""

    sources: Mapping[str, str]

    @classmethod
    def defined(
        cls, book: Any, layout: Layout, lists: Mapping[str, Mapping[str, str]]
    ) -> DropDowns:
        """Define a name for every list that rows are chosen from; it grows with the rows."""
        sources: dict[str, str] = {}
        for number, table in enumerate(t for t in layout.tables if t.listed):
            name = f"qipp_list_{number}"
            sheet = f"'{table.name}'!"
            first, last = f"{sheet}$B${FIRST_ROW + 1}", f"$B${LAST_ROW + 1}"
            book.define_name(name, f"=OFFSET({first},0,0,MAX(1,COUNTA({first}:{last})),1)")
            sources[table.of] = f"={name}"
        for number, (key, names) in enumerate(lists.items()):
            column = get_column_letter(2 * number + 1)
            name = f"qipp_outside_{number}"
            book.define_name(
                name, f"='{LISTS_SHEET}'!${column}$2:${column}${max(2, len(names) + 1)}"
            )
            sources[key] = f"={name}"
        return cls(sources)


def write_table(
    page: SheetWriter,
    table: Table,
    columns: Sequence[Column],
    rows: Sequence[tuple[Item, Item]],
    names: RowNames,
    drop_downs: DropDowns,
) -> None:
    """Write a table; `rows` are pairs of the entry and what holds it."""
    page.head(table.name, table.about)
    styles = [page.styles.input(column.value_type) for column in columns]
    widths = [_width(column) for column in columns]
    for row, (parent, item) in enumerate(rows, start=FIRST_ROW):
        texts: list[tuple[str, int]] = []
        for place, column in enumerate(columns):
            if column.key == ID:
                content: Any = to_cell_text(item.get("id"))
            elif column.key == LISTED:
                content = names.of(table.of, item.get("id"))
            elif column.key == PARENT:
                content = names.of(table.parent, parent.get("id"))
            else:
                content = _content(table, column, item, names)
            page.content(row, place, content, styles[place])
            if isinstance(content, str) and len(content) >= widths[place]:
                texts.append((content, widths[place]))
        if texts:
            page.page.set_row(row, height_of(texts))
    for place, column in enumerate(columns):
        if column.key == PARENT:
            _take(page, place, chosen_from(drop_downs.sources[table.parent], column.heading))
        elif column.key == LISTED:
            _take(page, place, {"validate": "any", "input_message": _LISTED_HINT})
        elif column.spec is not None:
            source = _source(table, column, drop_downs)
            rule = validation_of(column.spec, column.value_type, source)
            if rule is not None:
                _take(page, place, rule)
    fixed = 2 if table.listed or not table.parent else 3
    _frame(page, columns, fixed)


def write_grid(
    page: SheetWriter,
    grid: Grid,
    columns: Sequence[Column],
    rows: Sequence[tuple[str | None, Item]],
    drop_downs: DropDowns,
) -> None:
    """Write a grid; `rows` are pairs of an entry's name and the entry."""
    page.head(grid.name, grid.about)
    periods = [place for place, column in enumerate(columns, start=1) if column.period]
    for row, (name, item) in enumerate(rows, start=FIRST_ROW):
        figures = item.get(grid.field)
        figures = figures if isinstance(figures, Mapping) else {}
        for place, column in enumerate(columns, start=1):
            if column.key == ROW:
                page.text(row, place, name or "", page.styles.input("text"))
            elif column.key == TOTAL:
                _row_total(page, row, place, periods, figures)
            elif column.spec is not None:
                content = to_cell(column.spec, figures.get(column.period), column.value_type)
                page.content(row, place, content, page.styles.input(column.value_type))
    for place, column in enumerate(columns, start=1):
        if column.key == ROW:
            _take(page, place, chosen_from(drop_downs.sources[grid.of], column.heading))
        elif column.spec is not None:
            rule = validation_of(column.spec, column.value_type)
            if rule is not None:
                _take(page, place, rule)
    hidden = Column("", "")
    fixed = 3 if any(column.key == TOTAL for column in columns) else 2
    _frame(page, (hidden, *columns), fixed)


def to_cell_text(value: Any) -> str | None:
    """An id as text; None where a draft has none."""
    return None if value is None else str(value)


def _content(table: Table, column: Column, item: Item, names: RowNames) -> Any:
    assert column.spec is not None  # noqa: S101 - the callers ask only for columns of fields
    value: Any = item
    path = table.spread if column.period else column.key
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if column.period:
        value = value.get(column.period) if isinstance(value, Mapping) else None
    if column.spec.refers_to and value is not None:
        return names.of(f"{column.spec.refers_to}[]", value) or to_cell_text(value)
    if column.key in table.outside and isinstance(value, str):
        return names.of(table.outside[column.key], value) or value
    return to_cell(column.spec, value, column.value_type)


def _source(table: Table, column: Column, drop_downs: DropDowns) -> str:
    if column.key in table.outside:
        return drop_downs.sources.get(table.outside[column.key], "")
    if column.spec is not None and column.spec.refers_to:
        return drop_downs.sources[f"{column.spec.refers_to}[]"]
    return ""


def _take(page: SheetWriter, place: int, rule: dict[str, Any]) -> None:
    page.page.data_validation(FIRST_ROW, place, LAST_ROW, place, rule)


def _row_total(
    page: SheetWriter, row: int, place: int, periods: Sequence[int], figures: Item
) -> None:
    first, last = (get_column_letter(end + 1) for end in (periods[0], periods[-1]))
    total = sum(v for v in figures.values() if isinstance(v, int) and not isinstance(v, bool))
    formula = f"=SUM({first}{row + 1}:{last}{row + 1})"
    page.page.write_formula(row, place, formula, page.styles.total(locked=False), total)
    page.add_to_sum(place, total)


def _frame(page: SheetWriter, columns: Sequence[Column], fixed: int) -> None:
    """Write headings, keys and totals; set widths, what moves, what is locked and the print."""
    styles, sheet = page.styles, page.page
    has_totals = any(column.value_type == "money" for column in columns)
    has_bands = any(column.band for column in columns)
    for row, shown in ((BAND_ROW, has_bands), (TOTAL_ROW, has_totals), (KEY_ROW, False)):
        sheet.set_row(row, None, styles.locked, {"hidden": not shown})
    sheet.set_row(HEADING_ROW, 48, styles.locked)
    sheet.set_column(0, 0, None, styles.input("text"), {"hidden": True})
    across, band = 0, ""
    for place, column in enumerate(columns):
        if column.key:
            page.text(KEY_ROW, place, KEY_PREFIX + column.key, styles.locked)
            page.text(HEADING_ROW, place, column.heading, styles.heading(column.value_type))
        if column.band:
            page.text(BAND_ROW, place, column.band if column.band != band else "", styles.band)
        band = column.band
        if place:
            width = _width(column)
            across += width
            style = styles.total(locked=False) if column.key == TOTAL else None
            sheet.set_column(place, place, width, style or styles.input(column.value_type))
        if column.key == TOTAL or column.value_type == "money":
            _column_total(page, place)
    if has_totals:
        page.text(TOTAL_ROW, 1, "Total of the rows shown", styles.total())
    sheet.freeze_panes(FIRST_ROW, fixed)
    sheet.autofilter(HEADING_ROW, 1, LAST_ROW, len(columns) - 1)
    page.print_as_table(across, heading_row=HEADING_ROW, fixed_columns=fixed)
    page.protect(rows_may_change=True)


def _width(column: Column) -> int:
    if column.spec is None:
        return PERIOD_WIDTH if column.key == TOTAL else NAME_WIDTH
    return width_of(column.spec, column.value_type, by_period=bool(column.period))


def _column_total(page: SheetWriter, place: int) -> None:
    letters = get_column_letter(place + 1)
    formula = f"=SUBTOTAL(109,{letters}{FIRST_ROW + 1}:{letters}{LAST_ROW + 1})"
    page.page.write_formula(TOTAL_ROW, place, formula, page.styles.total(), page.sum_of(place))
