"""Charts: well-formed, described, and whole at the edges."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from qipp_assure.web.charts import Savings, savings_by_name, savings_over_time, ticks

SVG = "{http://www.w3.org/2000/svg}"
CASES = {
    "ordinary": [3_000_000, 4_500_000, 2_000_000],
    "one point": [1_250_000],
    "nothing known": [None, None],
    "no periods": [],
    "all nought": [0, 0, 0],
    "negative": [-2_000_000, 1_000_000, -1],
    "all negative": [-5, -6],
    "huge": [10**15, 10**18],
    "small": [1, 2],
    "gaps": [5, None, None, 7, 8],
    "many": list(range(48)),
}


@pytest.mark.parametrize("draw", [savings_over_time, savings_by_name])
@pytest.mark.parametrize("figures", CASES.values(), ids=CASES.keys())
def test_a_chart_is_whole_at_the_edges(draw, figures) -> None:
    labels = [f"Period {n}" for n in range(len(figures))]
    savings = Savings("Savings <b>", labels, figures, figures[::-1], [None] * len(figures))
    made = draw(savings, "a b")
    root = ET.fromstring(made)
    assert root.find(f"{SVG}title").text == "Savings <b>"
    assert root.find(f"{SVG}desc").text == savings.description
    assert root.get("aria-labelledby") == "a-b-title a-b-desc"
    assert "style=" not in made
    assert "nan" not in made
    assert "Actual" not in made
    _, _, width, height = map(float, root.get("viewBox").split())
    for shape in root.iter(f"{SVG}rect"):
        if "x" in shape.attrib:
            assert float(shape.get("width")) >= 0
            assert float(shape.get("height")) >= 0
            assert -0.1 <= float(shape.get("x")) <= width
            assert -0.1 <= float(shape.get("y")) <= height
    for words in root.iter(f"{SVG}text"):
        assert float(words.get("font-size")) >= 13
    known = sum(value is not None for value in figures)
    assert ("There are no figures yet" in made) == (known == 0)


def test_bars_are_as_tall_as_their_figures() -> None:
    savings = Savings("t", ["a", "b"], [1_000_000, 2_000_000], [None, None], [None, None])
    made = savings_over_time(savings, "c")
    key, first, second = (
        float(height)
        for height in re.findall(r'<rect x="[^"]*" y="[^"]*" width="[^"]*" height="([^"]*)"', made)
    )
    assert key == 14
    assert second == pytest.approx(2 * first, abs=0.1)


def test_the_description_says_what_is_missing() -> None:
    savings = Savings("t", ["a", "b"], [1, 2], [None, None], [1_500_000, None])
    assert savings.description == (
        "In all: Planned £3, Actual £1.5m (1 of 2 given). The table beside it has every figure."
    )


def test_a_forecast_with_gaps_is_not_joined_across_them() -> None:
    savings = Savings("t", list("abcde"), [None] * 5, [1, 2, None, 3, 4], [None] * 5)
    assert savings_over_time(savings, "c").count("<polyline") == 3  # two runs and the key


def test_series_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one figure, or None, for each label"):
        Savings("t", ["a"], [1], [1, 2], [1])


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 1), (-7, 0), (-3, 11), (0, 10**20)])
def test_ticks_cover_the_figures(low: int, high: int) -> None:
    marks = ticks(low, high)
    assert marks[0] <= low
    assert marks[-1] >= high
    assert 2 <= len(marks) <= 8
    assert len({b - a for a, b in pairwise(marks)}) == 1
