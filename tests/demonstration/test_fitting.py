"""Whole numbers that add up: the split of one total and the fit of a table to both margins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qipp_assure.demonstration.fitting import fit_table, split

weights = st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=40)


@given(st.integers(-(10**11), 10**11), weights)
def test_parts_always_add_up_to_the_total(total, given_weights):
    if sum(given_weights) <= 0:
        given_weights[0] = 1.0
    parts = split(total, given_weights)
    assert sum(parts) == total
    assert all((part >= 0) == (total >= 0) or part == 0 for part in parts)
    whole = sum(given_weights)
    assert all(
        abs(part - total * weight / whole) <= 1 + abs(total) / 10**9
        for part, weight in zip(parts, given_weights, strict=True)
    )


def test_nothing_goes_where_there_is_no_weight():
    assert split(1_000_001, [0, 1, 0, 2]) == [0, 333_334, 0, 666_667]


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1]])
def test_a_total_needs_a_weight_to_go_to(bad):
    with pytest.raises(ValueError, match="weights"):
        split(5, bad)


@st.composite
def tables(draw):
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    cells = st.floats(0.05, 20)
    seed = [[draw(cells) for _ in range(columns)] for _ in range(rows)]
    total = draw(st.integers(0, 10**10))
    share = st.integers(1, 1000)
    return (
        seed,
        split(total, [draw(share) for _ in range(rows)]),
        split(total, [draw(share) for _ in range(columns)]),
    )


@given(tables())
def test_rows_and_columns_come_out_exactly(table):
    seed, rows, columns = table
    fitted = fit_table(seed, rows, columns)
    assert [sum(row) for row in fitted] == rows
    assert [sum(row[index] for row in fitted) for index in range(len(columns))] == columns
    assert all(value >= 0 for row in fitted for value in row)


def test_margins_that_cannot_both_be_met_are_refused():
    with pytest.raises(ValueError, match="add up to 3"):
        fit_table([[1, 1]], [3], [1, 1])
    with pytest.raises(ValueError, match="above nothing"):
        fit_table([[1, 0]], [2], [1, 1])
