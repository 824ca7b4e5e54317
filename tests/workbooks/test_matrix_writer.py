"""The rating matrix as a workbook: words for every colour, and text that stays text."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from qipp_assure.ratings.matrix import Column, Group, Matrix, Rated, RatedSubject
from qipp_assure.vocabulary import Because, Direction, Rating
from qipp_assure.workbooks.matrix_writer import write_matrix
from tests.returns.strategies import HOSTILE

KEY = ("report-card", "milestones")


def matrix(label: str = "North East", group: str = "Progress", note: str = "") -> Matrix:
    return Matrix(
        groups=(Group(group, "progress", (Column(KEY, "Milestones", "Progress"),)),),
        rows=(
            RatedSubject(
                label,
                Rated(Rating.AMBER),
                {KEY: Rated(Rating.NOT_RATED, Because.NOTHING_DUE)},
                {"progress": Rated(Rating.GREEN, None, Direction.IMPROVING)},
                note=note,
            ),
        ),
    )


def page_of(data: bytes) -> Any:
    (page,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    return page


def test_every_rating_has_its_word_and_its_direction():
    rows = list(page_of(write_matrix(matrix(), "June 2011", "Region")).values)
    assert rows[0][0] == "June 2011"
    assert rows[1] == ("Region", "Standing", "Overall", "Progress", None, None)
    assert rows[2][3:] == ("Milestones", "Overall", "Direction")
    assert rows[3] == (
        "North East",
        None,
        "▲ Amber",
        "○ Not rated: nothing due yet",
        "● Green",
        "↑ Improving",
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(text):
    page = page_of(write_matrix(matrix(text, text, text), text, text))
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert page["A1"].value == page["A2"].value == page["A4"].value == page["D2"].value


def test_marks_that_turn_the_words_after_them_are_seen_and_do_nothing():
    page = page_of(
        write_matrix(matrix("North\u202eEast", "Pro\u2067gress"), "June\u200f", "Region")
    )
    assert (page["A1"].value, page["A4"].value) == ("June\ufffd", "North\ufffdEast")
    assert page["D2"].value == "Pro\ufffdgress"


def test_a_matrix_without_rows_has_its_headings():
    empty = Matrix(matrix().groups, ())
    assert len(list(page_of(write_matrix(empty, "t", "Region")).values)) == 3
