"""Figure 3 from the sealed report cards, and what it takes to make it disagree."""

from __future__ import annotations

import copy

import pytest

from qipp_assure.demonstration.published import published_areas
from qipp_assure.demonstration.year import build
from qipp_assure.savings.figure_three import disagreements, figure_three


@pytest.fixture(scope="module")
def cards():
    return list(build().cards.values())


@pytest.fixture(scope="module")
def table(cards):
    return figure_three(cards)


def test_all_ten_areas_stand_within_what_the_published_rounding_allows(table):
    assert len(table.areas) == 10
    assert disagreements(table, published_areas()) == []
    for row, wanted in zip(table.areas, published_areas(), strict=True):
        assert row.code == wanted.area
        assert abs(row.forecast_gbp - wanted.forecast_gbp) <= 50_000_000
        assert abs(row.reported_gbp - wanted.reported_gbp) <= 5_000_000
        assert round(row.delivery_pct) == wanted.delivery_pct


def test_the_totals_are_the_published_ones(table):
    assert table.total.forecast_gbp == 5_900_000_000
    assert table.total.reported_gbp == 5_820_000_000
    assert abs(table.total.planned_gbp - 17_400_000_000 * 32 // 100) < 1_000
    assert round(table.total.delivery_pct) == 99
    assert sum(row.reported_gbp for row in table.areas) == table.total.reported_gbp
    assert table.unassigned.forecast_gbp == table.unassigned.reported_gbp == 0


def test_delivery_by_region_runs_from_77_to_110_and_five_regions_pass_100(table):
    shares = {row.code: round(row.delivery_pct) for row in table.regions}
    assert len(shares) == 10
    assert min(shares, key=shares.get) == "Q33"
    assert max(shares, key=shares.get) == "Q36"
    assert (shares["Q33"], shares["Q36"]) == (77, 110)
    assert sum(row.delivery_pct > 100 for row in table.regions) == 5


@pytest.mark.parametrize(
    ("name", "month", "beyond"),
    [
        ("actual_month_gbp", "2011-09", 5_000_001),
        ("actual_month_gbp", "2012-03", -5_000_001),
        ("forecast_year_gbp", "2011-04", 60_000_000),
    ],
)
def test_moving_one_cards_figure_beyond_rounding_is_noticed(cards, name, month, beyond):
    at = next(
        index
        for index, card in enumerate(cards)
        if card["region"] == "Q36" and card["period"] == month
    )
    moved = copy.deepcopy(cards[at])
    line = next(
        line
        for one in moved["tracker"]
        for line in one.get("savings", ())
        if line["spending_area"] == "ambulance"
    )
    line[name] += beyond
    found = disagreements(figure_three([*cards[:at], moved, *cards[at + 1 :]]), published_areas())
    assert any(text.startswith("Ambulance services") for text in found)


def test_a_line_without_an_area_is_not_lost(cards):
    moved = copy.deepcopy(cards[0])
    del moved["tracker"][0]["savings"][0]["spending_area"]
    table = figure_three([moved, *cards[1:]])
    assert table.total.reported_gbp == 5_820_000_000
    assert "Some savings lines name no spending area" in disagreements(table, published_areas())


def test_two_cards_of_one_month_are_refused(cards):
    with pytest.raises(ValueError, match="two cards of"):
        figure_three([cards[0], cards[0]])


def test_cards_of_other_years_are_passed_over_and_nothing_forecast_has_no_share(cards):
    table = figure_three(cards, "2012/13")
    assert table.total.reported_gbp == 0
    assert table.total.delivery_pct is None
    found = disagreements(table, published_areas())
    assert any("delivery unknown" in text for text in found)
