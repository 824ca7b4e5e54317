"""What people do to workbooks: each either taken as meant or refused by sheet and cell."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pytest

from qipp_assure.vocabulary import ReturnKind
from qipp_assure.workbooks.reader import Expected, read_workbook
from tests.returns.strategies import full_document
from tests.workbooks.conftest import (
    PLAN,
    answer_of,
    cell_of,
    edited,
    faults_of,
    put,
    read_whole,
    repacked,
    written,
)


def value_after(data, edit, *path):
    """The value at a path of the document that an edited workbook gives."""
    found = read_whole(edited(data, edit)).document
    for step in path:
        found = found[step] if not isinstance(found, dict) or step in found else None
    return found


DUE = ("Milestones", "due")
DUE_PATH = ("initiatives", 0, "milestones", 0, "due")
TARGET = ("Workstreams", "target_gbp")
TARGET_PATH = ("workstreams", 0, "target_gbp")


@pytest.mark.parametrize(
    ("sheet_key", "typed", "path", "meant"),
    [
        (DUE, dt.date(2012, 3, 31), DUE_PATH, "2012-03-31"),
        (DUE, "31/03/2012", DUE_PATH, "2012-03-31"),
        (DUE, " 31 March 2012 ", DUE_PATH, "2012-03-31"),
        (DUE, "2012-03-31", DUE_PATH, "2012-03-31"),
        (DUE, "   ", DUE_PATH, None),
        (DUE, None, DUE_PATH, None),
        (TARGET, "1,234", TARGET_PATH, 1234),
        (TARGET, " £1,234,567 ", TARGET_PATH, 1234567),
        (TARGET, "−5", TARGET_PATH, -5),
        (TARGET, 12.0, TARGET_PATH, 12),
        (("Milestones", "status"), "DONE", (*DUE_PATH[:-1], "status"), "done"),
        (("Milestones", "transformational"), "no", (*DUE_PATH[:-1], "transformational"), False),
        (("Milestones", "transformational"), True, (*DUE_PATH[:-1], "transformational"), True),
        (("Workstreams", "code"), 12, ("workstreams", 0, "code"), "12"),
        (("Workstreams", "name"), 1.5, ("workstreams", 0, "name"), "1.5"),
        (("KPIs", "target"), 0.1 + 0.2, ("initiatives", 0, "kpis", 0, "target"), "0.3"),
        (
            ("Workstreams", "national_workstreams"),
            "b,a\na",
            ("workstreams", 0, "national_workstreams"),
            ["a", "b"],
        ),
    ],
)
def test_what_can_be_read_one_way_is_taken(plan_file, sheet_key, typed, path, meant):
    assert value_after(plan_file, put(*sheet_key, typed), *path) == meant


@pytest.mark.parametrize(
    ("sheet_key", "typed", "style", "words"),
    [
        (DUE, "05/06/2011", None, "could be 5 June 2011 or 6 May 2011; write the month as a word"),
        (DUE, "06/30/2011", None, "if 30 June 2011 is meant"),
        (DUE, "31 June 2011", None, "is not a day of the calendar"),
        (DUE, "30/06/11", None, "such as 30 June 2011"),
        (DUE, 40724, "General", "holds the plain number 40724"),
        (DUE, dt.datetime(2011, 6, 30, 12, 0), None, "a time of day"),  # noqa: DTZ001 - a cell has none
        (DUE, dt.date(1980, 1, 1), None, "lies outside"),
        (TARGET, "£1.2m", None, "is not a plain number; type 1,200,000"),
        (TARGET, "(1,234)", None, "type -1,234"),
        (TARGET, "1,23", None, "whole pounds are wanted"),
        (TARGET, "n/a", None, "or nothing where it is not known"),
        (TARGET, 12.5, None, "12.5 has a fraction of a pound"),
        (TARGET, 0.05, "0%", "shows 5% and so holds 0.05"),
        (TARGET, True, None, "holds TRUE; whole pounds are wanted"),
        (TARGET, dt.date(2011, 6, 30), None, "holds a date; whole pounds are wanted"),
        (TARGET, 10**13, None, "less than or equal to 1000000000000"),
        (TARGET, "#REF!", None, "shows the error #REF!"),
        (("Opportunities", "efficiency_area"), 22, None, "less than or equal to 21"),
        (("Milestones", "status"), "Nearly", None, "is none of: Not started, Under way"),
        (("Milestones", "transformational"), "maybe", None, "Yes or No is wanted"),
        (("Workstreams", "name"), None, None, "is needed and is missing"),
        (("Workstreams", "name"), "x" * 201, None, "at most 200 characters"),
        (("Workstreams", "name"), dt.date(2011, 2, 1), None, "text is wanted"),
        (("Workstreams", "regional_alignment"), "x" * 20_001, None, "at most 20000 characters"),
        (("Workstreams", "id"), "not an id!", None, "hidden id was changed"),
        (("Milestones", "=parent"), "Nobody", None, "is not on the sheet 'Initiatives'"),
        (("Milestones", "=parent"), None, None, "choose to which row of the sheet 'Initiatives'"),
        (("Programmes", "workstream_id"), "Nobody", None, "is not on the sheet 'Workstreams'"),
        (("Phasing planned", "planned|2011/12"), 5, None, "and again in 2011/12"),
        (("Phasing planned", "=row"), None, None, "choose to which row of the sheet 'Savings'"),
    ],
)
def test_what_cannot_is_refused_by_cell_with_what_would_be_right(
    plan_file, sheet_key, typed, style, words
):
    places = []

    def edit(book):
        put(*sheet_key, typed, number_format=style)(book)
        places.append(cell_of(book[sheet_key[0]], sheet_key[1]).coordinate)

    faults = faults_of(edited(plan_file, edit))
    place = f"{sheet_key[0]}!{places[0]}: "
    assert any(fault.startswith(place) and words in fault for fault in faults), faults


def test_answers_on_the_sheet_of_questions_are_refused_by_cell(plan_file):
    def edit(book):
        answer_of(book["Plan"], "finance.challenge_gbp").value = "lots"
        answer_of(book["Plan"], "about.first_year").value = "2011-12"

    faults = faults_of(edited(plan_file, edit))
    assert len(faults) == 2
    assert all(fault.startswith("Plan!C") for fault in faults)


def test_all_faults_come_back_at_once_in_the_order_of_the_sheets(plan_file):
    def edit(book):
        put(*DUE, "soon")(book)
        put(*TARGET, "lots", row=1)(book)
        put(*TARGET, "more")(book)
        put("Risks", "likelihood", 9)(book)

    faults = faults_of(edited(plan_file, edit))
    assert [fault.partition("!")[0] for fault in faults] == [
        "Workstreams",
        "Workstreams",
        "Milestones",
        "Risks",
    ]
    assert "'more'" in faults[0]


def test_a_formula_without_a_value_is_refused_by_cell(plan_file):
    (fault,) = faults_of(edited(plan_file, put(*TARGET, "=1000*2")))
    assert fault.startswith("Workstreams!F7: holds a formula that was never worked out")


def test_a_formula_with_a_value_is_taken_with_a_warning(plan_file):
    edit = put(*TARGET, "=1000*2")
    data = edited(plan_file, edit)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(n for n in archive.namelist() if b"<f>1000*2</f>" in archive.read(n))
        sheet = archive.read(name)
    changed = re.sub(rb"<f>1000\*2</f><v\s*/?>(</v>)?", b"<f>1000*2</f><v>2000</v>", sheet)
    assert changed != sheet
    reading = read_whole(repacked(data, {name: changed}))
    assert reading.document["workstreams"][0]["target_gbp"] == 2000
    assert reading.warnings == ["Workstreams: the last value of a formula was taken in F7"]


def test_merged_cells_among_the_entries_are_refused_and_above_them_ignored(plan_file):
    assert faults_of(edited(plan_file, lambda book: book["Risks"].merge_cells("B1:D1"))) == []
    (fault,) = faults_of(edited(plan_file, lambda book: book["Risks"].merge_cells("D7:D8")))
    assert fault == ("Risks!D7: the cells D7:D8 are merged; unmerge them, with one value in each")


def test_blank_rows_between_and_after_the_entries_are_nothing(plan, plan_file):
    def edit(book):
        page = book["Milestones"]
        page.insert_rows(8, 3)
        for row in range(200, 230):
            page.cell(row, 3).value = "  "

    assert read_whole(edited(plan_file, edit)).document == plan


def test_columns_are_found_wherever_they_were_moved(plan, plan_file):
    def edit(book):
        page = book["Milestones"]
        page.move_range("C4:D60", cols=20)
        page.move_range("E4:F60", cols=-2)

    assert read_whole(edited(plan_file, edit)).document == plan


def test_columns_are_found_by_their_headings_when_the_hidden_row_is_gone(plan, plan_file):
    assert read_whole(edited(plan_file, lambda b: b["Milestones"].delete_rows(5))).document == plan


def test_a_renamed_heading_does_not_matter(plan, plan_file):
    def edit(book):
        cell = cell_of(book["Milestones"], "due")
        book["Milestones"].cell(cell.row - 1, cell.column).value = "Deadline"

    assert read_whole(edited(plan_file, edit)).document == plan


def test_a_missing_column_is_refused_and_says_which(plan_file):
    (fault,) = faults_of(edited(plan_file, lambda book: book["Milestones"].delete_cols(5)))
    assert fault.startswith("Milestones!A6: the column 'Due date' is missing; put it back")


def test_a_missing_month_is_refused_rather_than_read_as_no_figures(plan_file):
    def edit(book):
        page = book["Phasing planned"]
        page.delete_cols(cell_of(page, "planned|2011-04").column)

    (fault,) = faults_of(edited(plan_file, edit))
    assert "the column 'Apr 2011' is missing" in fault


def test_a_doubled_column_is_refused(plan_file):
    def edit(book):
        page = book["Milestones"]
        page.cell(5, 30).value = "qipp:due"

    (fault,) = faults_of(edited(plan_file, edit))
    assert fault.startswith("Milestones!AD6: this column and E are both 'Due date'")


def test_a_missing_sheet_is_refused_and_nothing_besides(plan_file):
    (fault,) = faults_of(edited(plan_file, lambda book: book.remove(book["Initiatives"])))
    assert fault.startswith("Initiatives!A1: the sheet is missing")


def test_a_missing_question_is_refused(plan_file):
    def edit(book):
        page = book["Plan"]
        page.delete_rows(answer_of(page, "background.vision").row)

    (fault,) = faults_of(edited(plan_file, edit))
    assert "the question 'Vision of quality' is missing" in fault


def test_extra_sheets_and_columns_are_left_out_with_a_warning(plan, plan_file):
    def edit(book):
        book.create_sheet("My sums")["A1"] = "=1/0"
        book["Risks"]["Z7"] = "a note"

    reading = read_whole(edited(plan_file, edit))
    assert reading.document == plan
    assert reading.warnings == [
        "the sheet 'My sums' is not ours and was left out",
        "Risks: column Z is not ours and was left out",
    ]


def test_a_renamed_sheet_is_known_by_its_mark(plan, plan_file):
    def edit(book):
        book["Risks"].title = "Our risks"

    assert read_whole(edited(plan_file, edit)).document == plan


def test_more_than_two_thousand_rows_are_refused():
    document = full_document(PLAN, each=0)
    document["allocations"] = [{"id": f"a{number}", "name": "x"} for number in range(2_000)]
    assert faults_of(written(document)) == []
    document["allocations"].append({"id": "one-more", "name": "x"})
    (fault,) = faults_of(written(document))
    assert fault.startswith("Allocations!A2007: more than 2,000 rows")


def test_a_return_of_another_region_round_month_or_kind_is_refused_at_once(card_file):
    right = Expected(ReturnKind.REPORT_CARD, "Q30", "North East", "2011-12", "2011-06")
    assert faults_of(card_file, right) == []
    for wrong, words in (
        (Expected(region="Q36", region_name="London"), "Instructions!C4: the workbook is for Q30"),
        (Expected(round="2010"), "Instructions!C6: the workbook is for the round '2011-12'"),
        (
            Expected(period="2011-07"),
            "Instructions!C7: the workbook is for June 2011, not for July",
        ),
        (Expected(kind=ReturnKind.PLAN), "Instructions!C5: this is the workbook of a report card"),
    ):
        (fault,) = faults_of(card_file, wrong)
        assert fault.startswith(words)


@pytest.mark.parametrize("template", ["plan@2010.1", "plan@2099.1", "nonsense"])
def test_an_older_or_unknown_template_is_refused(plan_file, template):
    def edit(book):
        for row in book["qipp"].iter_rows():
            if row[0].value == "template":
                row[1].value = template

    (fault,) = faults_of(edited(plan_file, edit))
    assert fault.startswith("Instructions!C5: the workbook is of a template that is not known here")


def test_a_workbook_that_does_not_say_what_it_is_is_refused(plan_file):
    (fault,) = faults_of(edited(plan_file, lambda book: book.remove(book["qipp"])))
    assert fault.startswith("the file: it does not say what it is for")


def test_a_thousand_faults_are_cut_short(plan_file):
    def edit(book):
        for row in range(10, 700):
            cell_of(book["Allocations"], "baseline_gbp", row).value = "lots"

    reading = read_workbook(edited(plan_file, edit))
    assert len(reading.faults) == 500
    assert reading.warnings == ["690 faults were found; these are the first 500"]
