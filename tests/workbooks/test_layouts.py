"""Every field of a return stands in one place of its workbook, or is left out with a reason."""

from __future__ import annotations

from collections import Counter

import pytest

from qipp_assure.returns.templates import TEMPLATES
from qipp_assure.workbooks.columns import grid_columns, table_columns
from qipp_assure.workbooks.labels import choice_label, choice_labels, choice_value, plain
from qipp_assure.workbooks.layout_register import LAYOUTS
from qipp_assure.workbooks.origin import CODES, FACTS_SHEET, INSTRUCTIONS, LISTS_SHEET
from qipp_assure.workbooks.sheets import Form, Grid, Table

PERIODS = ("2011-04", "2011/12Q1", "2011/12")
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def test_every_template_has_a_layout():
    assert set(LAYOUTS) == set(TEMPLATES)


@layouts
def test_every_field_is_placed_once_or_left_out_with_a_reason(layout):
    placed = Counter([*layout.placed(), *layout.left_out])
    assert placed == Counter({spec.path: 1 for spec in layout.catalogue.fields})
    assert all(reason.strip() for reason in layout.left_out.values())


@layouts
def test_every_list_has_a_table_and_whatever_is_referred_to_is_listed(layout):
    tables = {table.of: table for table in layout.tables}
    assert set(tables) == {spec.path for spec in layout.catalogue.lists}
    referred = {f"{spec.refers_to}[]" for spec in layout.catalogue.fields if spec.refers_to}
    referred |= {table.parent for table in layout.tables if table.parent}
    referred |= {sheet.of for sheet in layout.sheets if isinstance(sheet, Grid)}
    assert referred == {path for path, table in tables.items() if table.listed}


@layouts
def test_ids_of_other_returns_are_chosen_from_a_list(layout):
    outside = {table.path(name) for table in layout.tables for name in table.outside}
    assert outside == {
        spec.path
        for spec in layout.catalogue.fields
        if spec.type == "id" and spec.name != "id" and not spec.refers_to
    }


@layouts
def test_sheets_have_names_that_excel_allows_and_none_twice(layout):
    names = [sheet.name for sheet in layout.sheets]
    names += [INSTRUCTIONS, CODES, FACTS_SHEET, LISTS_SHEET]
    assert len({plain(name) for name in names}) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


@layouts
def test_no_two_columns_of_a_sheet_share_a_heading_or_a_key(layout):
    for sheet in layout.sheets:
        match sheet:
            case Form():
                continue
            case Table():
                columns = table_columns(layout, sheet, PERIODS)
            case Grid():
                columns = grid_columns(layout, sheet, PERIODS)
        for what in ("heading", "key"):
            values = [getattr(column, what) for column in columns]
            assert len(set(values)) == len(values), (sheet.name, what)


@layouts
def test_choices_have_words_of_their_own_that_lead_back(layout):
    for spec in layout.catalogue.fields:
        labels = choice_labels(spec)
        assert len({plain(label) for label in labels}) == len(labels)
        assert not any("," in label for label in labels)
        for value in spec.choices:
            assert choice_value(spec, choice_label(spec, value)) == value
