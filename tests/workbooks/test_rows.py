"""Rows that come back new, renamed, doubled, removed or in another order: ids tell them apart."""

from __future__ import annotations

from tests.workbooks.conftest import (
    cell_of,
    edited,
    faults_of,
    put,
    read_whole,
)


def test_rows_without_an_id_are_new_and_get_the_same_id_each_time(plan, plan_file):
    def edit(book):
        page = book["Milestones"]
        parent = cell_of(page, "=parent").value
        for number in (0, 1):
            cell_of(page, "=parent", 10 + number).value = parent
            cell_of(page, "name", 10 + number).value = "A new milestone"

    data = edited(plan_file, edit)
    found = read_whole(data).document["initiatives"][0]["milestones"]
    assert len(found) == len(plan["initiatives"][0]["milestones"]) + 2
    new = found[-2:]
    assert [item["name"] for item in new] == ["A new milestone"] * 2
    assert len({item["id"] for item in found}) == len(found)
    assert read_whole(data).document["initiatives"][0]["milestones"] == found


def test_a_whole_new_branch_can_be_added(plan_file):
    def edit(book):
        cell_of(book["Initiatives"], "=listed", 5).value = "New initiative"
        cell_of(book["Initiatives"], "name", 5).value = "Something new"
        cell_of(book["Savings"], "=listed", 9).value = "New line"
        cell_of(book["Savings"], "=parent", 9).value = "new  INITIATIVE"
        cell_of(book["Savings"], "name", 9).value = "Fewer bed days"
        cell_of(book["Phasing planned"], "=row", 9).value = "New line"
        cell_of(book["Phasing planned"], "planned|2011-06", 9).value = 777

    found = read_whole(edited(plan_file, edit)).document["initiatives"][-1]
    assert found["name"] == "Something new"
    assert found["savings"][0]["planned"] == {"2011-06": 777}


def test_a_new_entry_without_a_listed_name_is_known_by_its_own(plan_file):
    def edit(book):
        cell_of(book["Initiatives"], "name", 5).value = "Something new"
        cell_of(book["Risks"], "description", 5).value = "x"
        cell_of(book["Milestones"], "=parent", 9).value = "Something new"
        cell_of(book["Milestones"], "name", 9).value = "First step"

    found = read_whole(edited(plan_file, edit)).document["initiatives"][-1]
    assert [item["name"] for item in found["milestones"]] == ["First step"]


def test_renaming_an_entry_does_not_lose_what_belongs_to_it(plan, plan_file):
    found = read_whole(edited(plan_file, put("Initiatives", "name", "New name"))).document
    assert found["initiatives"][0]["name"] == "New name"
    assert found["initiatives"][0]["milestones"] == plan["initiatives"][0]["milestones"]


def test_a_doubled_id_is_refused_by_cell(plan_file):
    def edit(book):
        page = book["Milestones"]
        cell_of(page, "id", 1).value = cell_of(page, "id", 0).value

    (fault,) = faults_of(edited(plan_file, edit))
    assert fault.startswith("Milestones!A8: the hidden id stands already in row 7")


def test_two_rows_of_one_name_cannot_be_told_apart(plan_file):
    def edit(book):
        page = book["Initiatives"]
        cell_of(page, "=listed", 1).value = cell_of(page, "=listed", 0).value

    faults = faults_of(edited(plan_file, edit))
    assert any(
        fault.startswith("Milestones!B7: ") and "more than one row of the sheet" in fault
        for fault in faults
    )


def test_a_line_of_figures_that_stands_twice_is_refused(plan_file):
    def edit(book):
        page = book["Phasing planned"]
        cell_of(page, "=row", 1).value = cell_of(page, "=row", 0).value

    (fault,) = faults_of(edited(plan_file, edit))
    assert fault.startswith("Phasing planned!B8: ")
    assert "stands already in row 7" in fault


def test_a_removed_row_of_figures_is_said(plan_file):
    reading = read_whole(edited(plan_file, lambda book: book["KPI actuals"].delete_rows(7)))
    assert "actuals" not in reading.document["initiatives"][0]["kpis"][0]
    assert any(
        warning.startswith("KPI actuals: there is no row for") for warning in reading.warnings
    )


def test_sorting_rows_changes_nothing_but_their_order(plan, plan_file):
    def edit(book):
        page = book["Risks"]
        rows = [[cell.value for cell in row] for row in page["A7:M8"]]
        for row, values in zip(page["A7:M8"], reversed(rows), strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value

    found = read_whole(edited(plan_file, edit)).document
    assert found["risks"] == plan["risks"][::-1]
