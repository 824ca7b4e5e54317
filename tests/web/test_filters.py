"""Words for dates, money, ratings and directions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qipp_assure.vocabulary import Because, Direction, Rating
from qipp_assure.web import filters


@pytest.mark.parametrize(
    ("pounds", "short"),
    [
        (0, "£0"), (999_999, "£999,999"), (1_000_000, "£1.0m"), (1_049_999, "£1.0m"),
        (1_050_000, "£1.1m"), (999_949_999, "£999.9m"), (999_950_000, "£1.0bn"),
        (17_400_000_000, "£17.4bn"), (-1_050_000, "−£1.1m"), (10**15, "£1,000,000.0bn"),
        (None, "Not given"),
    ],
)  # fmt: skip
def test_money_in_short(pounds: int | None, short: str) -> None:
    assert filters.money_short(pounds) == short


def test_the_exact_figure_is_at_hand_as_text() -> None:
    made = filters.money(1_234_567)
    assert "£1.2m" in made
    assert "(£1,234,567)" in made
    assert "title=" not in made
    assert filters.money(5_000).count("£5,000") == 1


def test_moments_are_in_uk_time() -> None:
    winter = dt.datetime(2011, 12, 31, 23, 59, tzinfo=dt.UTC)
    assert filters.datetime(winter) == "31 December 2011 at 11:59pm"
    summer = dt.datetime(2011, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert filters.datetime(summer) == "1 July 2011 at 12:30am"
    assert filters.date(summer) == "1 July 2011"
    assert filters.date(None) == filters.datetime(None) == "Not given"


def test_periods() -> None:
    assert filters.period("2011/12Q1") == "April to June 2011"
    assert filters.period("2011-13") == "2011-13"
    assert filters.period(None) == "Not given"


def test_shares() -> None:
    assert filters.percent("0.5") == "1%"
    assert filters.percent(Decimal("-4.995"), 2) == "−5.00%"
    assert filters.percent("") == "Not given"


@pytest.mark.parametrize("rating", list(Rating))
def test_a_rating_has_a_symbol_and_a_word(rating: Rating) -> None:
    made = filters.rating_tag(rating)
    symbol, word = filters.RATING_WORDS[rating]
    assert symbol in made
    assert word in made
    assert len({symbol for symbol, _ in filters.RATING_WORDS.values()}) == 4


@pytest.mark.parametrize("because", list(Because))
def test_why_something_is_not_rated_is_said(because: Because) -> None:
    assert filters.BECAUSE_WORDS[because] in filters.rating_tag("not_rated", because)


@pytest.mark.parametrize("direction", [*Direction, None])
def test_a_direction_has_a_word(direction: Direction | None) -> None:
    word = filters.DIRECTION_WORDS[direction][1] if direction else "Not known"
    assert word in filters.direction_tag(direction)
