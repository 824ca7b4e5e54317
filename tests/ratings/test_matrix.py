"""The matrix: which columns it has, in which order, and what stands above them."""

from __future__ import annotations

from qipp_assure.ratings.matrix import Heading, Matrix, Rated, RatedSubject, matrix_of
from qipp_assure.ratings.matrix_table import matrix_table
from qipp_assure.vocabulary import Because, Direction, Rating

RED, GREEN = Rated(Rating.RED), Rated(Rating.GREEN)
BESIDE = Rated(Rating.NOT_RATED, Because.DOES_NOT_APPLY)
NOT_DUE = Rated(Rating.NOT_RATED, Because.NOTHING_DUE)
HEADINGS = (
    Heading(("cards", "risks"), "Risks", "progress", "Progress", "Risks"),
    Heading(("parts", "leader"), "Leader named", "development", "Development", "Leadership"),
    Heading(("parts", "aim"), "Aligned", "development", "Development", "Regional plan"),
    Heading(("parts", "board"), "Board", "development", "Development", "Leadership"),
    Heading(("cards", "aim"), "Aligned", "development", "Development", "National work"),
    Heading(("plan", "vision"), "Vision", None, "", "Background"),
    Heading(("plan", "risks"), "Risks", None, "", "Risks"),
)


def row(rated: Rated = GREEN, **beside: Rated) -> RatedSubject:
    """A row rated alike on everything but what is named, as ``set_criterion``."""
    criteria = {one.key: beside.get("_".join(one.key), rated) for one in HEADINGS}
    halves = {"development": rated, "progress": beside.get("progress", rated)}
    return RatedSubject("North East", rated, criteria, halves)


def keys(matrix: Matrix) -> list[tuple[str | None, list[str]]]:
    return [(group.half, [one.key[1] for one in group.columns]) for group in matrix.groups]


def test_what_belongs_to_no_half_comes_first_then_the_halves_with_their_areas_together():
    assert keys(matrix_of(HEADINGS, [row()])) == [
        (None, ["vision", "risks"]),
        ("development", ["leader", "board", "aim", "aim"]),
        ("progress", ["risks"]),
    ]


def test_what_applies_to_no_row_is_left_out_with_its_half():
    one = row(cards_risks=BESIDE, progress=BESIDE, plan_risks=BESIDE)
    assert keys(matrix_of(HEADINGS, [one, row(BESIDE)])) == [
        (None, ["vision"]),
        ("development", ["leader", "board", "aim", "aim"]),
    ]


def test_what_applies_to_one_row_or_is_only_not_due_stays():
    some = [row(cards_risks=BESIDE), row(cards_risks=NOT_DUE)]
    assert keys(matrix_of(HEADINGS, some))[-1] == ("progress", ["risks"])


def test_without_a_row_or_a_rating_there_are_no_columns():
    assert matrix_of(HEADINGS, []).groups == ()
    bare = RatedSubject("North East", Rated(Rating.NOT_RATED), {}, {}, note="Nothing sent in")
    assert matrix_of(HEADINGS, [bare]).groups == ()


def test_above_the_columns_stand_halves_and_for_the_plan_its_areas():
    table = matrix_table(matrix_of(HEADINGS, [row()]))
    assert table.groups == (("Background", 1), ("Risks", 1), ("Development", 5), ("Progress", 2))
    assert table.headings == (
        *("Overall", "Vision", "Risks", "Leader named", "Board"),
        *("Regional plan: aligned", "National work: aligned", "Overall", "Risks", "Overall"),
    )
    assert len(table.rows[0].cells) == len(table.headings)


def test_directions_are_named_where_there_are_any():
    moved = row(progress=Rated(Rating.RED, None, Direction.WORSENING))
    assert matrix_table(matrix_of(HEADINGS, [moved])).headings[-1] == "Overall and direction"
