"""Writing a return as a workbook, laid out for the people who fill it in.

Nothing that comes from a return is ever written as a formula, a link or markup: every text goes
through `SheetWriter.text`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from qipp_assure.workbooks.book_styles import Styles
from qipp_assure.workbooks.columns import (
    Column,
    grid_columns,
    periods_shown,
    table_columns,
)
from qipp_assure.workbooks.form_writer import write_form
from qipp_assure.workbooks.instructions import write_codes, write_instructions
from qipp_assure.workbooks.labels import month_words, plain
from qipp_assure.workbooks.layout_register import LAYOUTS
from qipp_assure.workbooks.origin import FACTS_SHEET, LISTS_SHEET, Known, Origin
from qipp_assure.workbooks.row_names import RowNames, each_item, name_rows
from qipp_assure.workbooks.sheet_writer import SheetWriter
from qipp_assure.workbooks.sheets import Form, Grid, Layout, Sheet, Table
from qipp_assure.workbooks.table_writer import DropDowns, write_grid, write_table


def write_workbook(
    document: Mapping[str, Any], origin: Origin, known: Known | None = None
) -> bytes:
    """Write a return, or the draft of one, as a workbook to fill in.

    `document` may hold what cannot be read yet: it stands in its cell as it was typed.  Raises
    KeyError where there is no layout for the template of `origin`.
    """
    layout = LAYOUTS[origin.template]
    known = known or Known()
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # Excel lets people sort and delete the rows of a protected sheet only where every
            # cell of theirs is unlocked, to the last column; headings are locked one by one.
            "default_format_properties": {"locked": False},
        },
    )
    book.set_properties(
        {
            "title": title_of(layout, origin),
            "comments": f"Template {origin.template}, export {origin.export_id}",
            **({"created": origin.exported_at} if origin.exported_at else {}),
        }
    )
    styles = Styles(book)
    # Sheets come in the order in which they are made; all are made first, so that drop-downs and
    # links can name any of them.
    front = SheetWriter.added(book, styles, "Instructions")
    pages = {sheet.name: SheetWriter.added(book, styles, sheet.name) for sheet in layout.sheets}
    if known.codes:
        write_codes(SheetWriter.added(book, styles, "Codes"), known.codes)
    write_instructions(front, layout, origin, title_of(layout, origin), has_codes=bool(known.codes))
    columns = {sheet.name: columns_for(layout, sheet, document) for sheet in layout.sheets}
    names = name_rows(layout, document)
    lists = _outside_lists(layout, document, known)
    names.by_id.update(lists)
    drop_downs = DropDowns.defined(book, layout, lists)
    for sheet in layout.sheets:
        _write_sheet(
            pages[sheet.name], layout, sheet, columns[sheet.name], document, names, drop_downs
        )
    keys = {
        sheet.name: sheet.paths
        if isinstance(sheet, Form)
        else tuple(column.key for column in columns[sheet.name])
        for sheet in layout.sheets
    }
    _write_hidden(book, styles, origin, document, keys, lists)
    book.close()
    return stream.getvalue()


def title_of(layout: Layout, origin: Origin) -> str:
    """The title of a workbook: what it is, whose, and of which month."""
    month = f", {month_words(origin.period)}" if origin.period else ""
    return f"{layout.title}: {origin.region_words}{month}"


def columns_for(layout: Layout, sheet: Sheet, document: Mapping[str, Any]) -> tuple[Column, ...]:
    """List a sheet's columns, with a column for each period that the document needs."""
    match sheet:
        case Form():
            return ()
        case Table():
            if not sheet.spread:
                return table_columns(layout, sheet)
            spec = layout.specs[sheet.path(sheet.spread)]
            maps = [item.get(sheet.spread) for _, item in each_item(document, sheet)]
            return table_columns(layout, sheet, periods_shown(document, spec, maps))
        case Grid():
            table = layout.table_of(sheet.of)
            maps = [item.get(sheet.field) for _, item in each_item(document, table)]
            return grid_columns(
                layout, sheet, periods_shown(document, layout.specs[sheet.path], maps)
            )


def _write_sheet(
    page: SheetWriter,
    layout: Layout,
    sheet: Sheet,
    columns: tuple[Column, ...],
    document: Mapping[str, Any],
    names: RowNames,
    drop_downs: DropDowns,
) -> None:
    match sheet:
        case Form():
            write_form(page, layout, sheet, document)
        case Table():
            rows = list(each_item(document, sheet))
            write_table(page, sheet, columns, rows, names, drop_downs)
        case Grid():
            table = layout.table_of(sheet.of)
            named = [
                (names.of(sheet.of, item.get("id")), item) for _, item in each_item(document, table)
            ]
            write_grid(page, sheet, columns, named, drop_downs)


def _outside_lists(
    layout: Layout, document: Mapping[str, Any], known: Known
) -> dict[str, dict[str, str]]:
    """Names by id of what lies in other returns; an id that nobody knows stands for itself."""
    found = {name: dict(names) for name, names in known.lists.items()}
    for table in layout.tables:
        for field, name in table.outside.items():
            names = found.setdefault(name, {})
            for _, item in each_item(document, table):
                if isinstance(item.get(field), str):
                    names.setdefault(item[field], item[field])
    for names in found.values():
        taken: set[str] = set()
        for key, name in names.items():
            names[key] = name if plain(name) not in taken else f"{name} ({key})"
            taken.add(plain(names[key]))
    return found


def _write_hidden(
    book: Any,
    styles: Styles,
    origin: Origin,
    document: Mapping[str, Any],
    columns: Mapping[str, tuple[str, ...]],
    lists: Mapping[str, Mapping[str, str]],
) -> None:
    facts = SheetWriter.added(book, styles, FACTS_SHEET)
    said = origin.facts
    said["plan_digest"] = said["plan_digest"] or str(document.get("plan_digest") or "")
    rows: list[tuple[str, tuple[str, ...]]] = [(name, (value,)) for name, value in said.items()]
    rows += [(f"columns:{name}", keys) for name, keys in columns.items()]
    for row, (name, values) in enumerate(rows):
        facts.text(row, 0, name)
        for place, value in enumerate(values, start=1):
            facts.text(row, place, value)
    facts.hide()
    page = SheetWriter.added(book, styles, LISTS_SHEET)
    for place, (name, names) in enumerate(lists.items()):
        page.text(0, 2 * place, name)
        for row, (key, label) in enumerate(names.items(), start=1):
            page.text(row, 2 * place, label)
            page.text(row, 2 * place + 1, key)
    page.hide()
