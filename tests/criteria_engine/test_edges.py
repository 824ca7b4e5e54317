"""The edges of ratings: exact bands, nothing planned, nothing due, unknowns that matter or not."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qipp_assure.vocabulary import Rating

VARIANCE = """
id: variance
asks: Savings to date are within 5% of plan
measure: abs(actual_gbp - planned_gbp) / abs(planned_gbp)
called: Variance from plan
green: under 5%
amber: under 10%
"""
ON_TIME = """
id: on-time
asks: Milestones were met by their date
each: milestones as m
where: m.due <= as_of
holds: given(m.met_on) and m.met_on <= m.due
green: all
amber: at least 80%
none: not_rated
counted: milestones due by {as_of}
passing: met on time
failing: late
show: m.met_on - m.due
show_missing: not met
"""
FLAGGED = """
each: milestones as m
id: ok
asks: All are ok
where: m.counts
holds: m.ok
green: at least 80%
amber: at least 50%
"""


@pytest.mark.parametrize(
    ("planned", "actual", "rating", "value"),
    [
        (10_000, 9_501, "green", "4.99%"),
        (10_000, 9_500, "amber", "5%"),
        (10_000, 10_499, "green", "4.99%"),
        (10_000, 10_500, "amber", "5%"),
        (10_000, 11_000, "red", "10%"),
        (10_000, 25_000, "red", "150%"),
        (100_000, 95_004, "green", "4.996%"),
        (1_000_000, 950_001, "green", "4.9999%"),
        (-10_000, -9_501, "green", "4.99%"),
        (-10_000, -9_500, "amber", "5%"),
        (-10_000, 9_500, "red", "195%"),
        (3, 2, "red", "33.33%"),
    ],
)
def test_variance_is_exact_and_its_figure_lies_on_the_right_side(
    world, planned, actual, rating, value
):
    found = world.check_of(world.make_set(VARIANCE), planned_gbp=planned, actual_gbp=actual)
    assert (found["rating"], found["because"], found["value"]) == (rating, None, value)
    needed = "under 5%, amber under 10%" if rating == "red" else "under 5%"
    assert found["reason"] == (
        f"{rating.capitalize()}: Variance from plan is {value}. Green needs {needed}."
    )


@pytest.mark.parametrize("actual", [0, 4_000, None])
def test_nothing_planned_is_undefined_and_not_red(world, actual):
    found = world.check_of(world.make_set(VARIANCE), planned_gbp=0, actual_gbp=actual)
    assert (found["rating"], found["because"]) == ("not_rated", "undefined")


def test_undefined_may_be_given_a_rating(world):
    criteria = world.make_set(VARIANCE + "undefined: amber\n")
    assert world.check_of(criteria, planned_gbp=0, actual_gbp=1)["rating"] == "amber"


def test_no_actuals_is_missing_and_says_what_is_missing(world):
    found = world.check_of(world.make_set(VARIANCE), planned_gbp=10_000)
    assert (found["rating"], found["because"]) == ("not_rated", "missing")
    assert found["missing"] == [
        {"item": "", "field": "actual_gbp", "label": "actual savings to date"}
    ]
    assert "missing: actual savings to date" in found["reason"]


def test_unplanned_savings_are_flagged(world):
    extra = (
        "flags:\n  - {id: unplanned, when: planned_gbp == 0 and actual_gbp > 0, says: Unplanned.}\n"
    )
    criteria = world.make_set(VARIANCE, extra=extra)
    for actual, flags in ((5, [{"id": "unplanned", "says": "Unplanned."}]), (0, []), (None, [])):
        facts = world.facts_of(world.initiative(planned_gbp=0, actual_gbp=actual))
        found = world.rate(facts, (), {}, [criteria], world.AS_OF).to_json()
        assert found["subjects"][0]["flags"] == flags


@given(
    st.integers(-(10**10), 10**10).filter(bool),
    st.integers(-(10**10), 10**10),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_every_whole_pound_is_rated_as_fractions_rate_it(world, planned, actual, at_edge):
    if at_edge:
        planned *= 20
        actual = planned + abs(planned) // 20 + (actual % 3) - 1
    ratio = abs(Fraction(actual - planned, planned))
    edges = ((Fraction(1, 20), "green"), (Fraction(1, 10), "amber"))
    expected = next((rating for edge, rating in edges if ratio < edge), "red")
    found = world.check_of(world.make_set(VARIANCE), planned_gbp=planned, actual_gbp=actual)
    assert found["rating"] == expected
    assert Fraction(found["exact"]) == ratio
    figure = Fraction(found["value"].rstrip("%").replace(",", "")) / 100
    for edge, _ in edges:
        assert (figure < edge, figure == edge) == (ratio < edge, ratio == edge)


def test_the_sentence_a_director_reads(world):
    days = [(5, 1)] * 9
    milestones = [
        {"id": f"m{n}", "code": f"M{n}", "due": date(2011, *day), "met_on": date(2011, 5, 1)}
        for n, day in enumerate(days, start=1)
    ]
    milestones[2]["met_on"] = date(2011, 5, 13)
    milestones[6]["met_on"] = None
    milestones.append({"id": "m10", "code": "M10", "due": date(2011, 7, 1), "met_on": None})
    found = world.check_of(world.make_set(ON_TIME), milestones=milestones)
    assert found["reason"] == (
        "Red: 7 of 9 milestones due by 30 June 2011 were met on time; late: M3 (12 days), "
        "M7 (not met). Green needs all, amber at least 80%."
    )
    assert (found["value"], found["exact"]) == ("7 of 9", "7/9")
    assert [i["label"] for i in found["items"] if i["passed"] is False] == ["M3", "M7"]
    assert len(found["items"]) == 9


def test_long_lists_are_cut(world):
    milestones = [{"code": f"M{n}", "due": date(2011, 5, 1)} for n in range(20)]
    found = world.check_of(world.make_set(ON_TIME), milestones=milestones)
    assert "M7 (not met) and 12 more" in found["reason"]
    assert found["reason"].startswith("Red: none of the 20 milestones")
    assert len(found["items"]) == 20


@pytest.mark.parametrize("milestones", [[], [{"code": "M1", "due": date(2011, 7, 1)}]])
def test_no_milestones_due(world, milestones):
    found = world.check_of(world.make_set(ON_TIME), milestones=milestones)
    assert (found["rating"], found["because"]) == ("not_rated", "nothing_due")
    assert found["reason"] == "Not rated: there are no milestones due by 30 June 2011."


def test_what_none_means_can_be_said(world):
    criteria = world.make_set(ON_TIME.replace("none: not_rated", "none: red"))
    assert world.check_of(criteria, milestones=[])["rating"] == "red"


def items(passed=0, failed=0, unknown=0, undated=0):
    """Items that pass, fail, cannot be judged, and of which nothing is known."""
    return (
        [{"code": "P", "counts": True, "ok": True}] * passed
        + [{"code": "F", "counts": True, "ok": False}] * failed
        + [{"code": "U", "counts": True, "ok": None}] * unknown
        + [{"code": "N", "counts": None, "ok": None}] * undated
    )


@pytest.mark.parametrize(
    ("counts", "rating"),
    [
        ({"passed": 8, "unknown": 2}, "green"),
        ({"passed": 7, "unknown": 3}, "not_rated"),
        ({"passed": 1, "failed": 6, "unknown": 1}, "red"),
        ({"passed": 5, "failed": 5, "unknown": 0, "undated": 1}, "not_rated"),
        ({"passed": 6, "failed": 4, "undated": 1}, "amber"),
        ({"undated": 1}, "not_rated"),
        ({"passed": 0, "failed": 3, "undated": 1}, "red"),
    ],
)
def test_unknowns_matter_only_when_they_could_change_the_rating(world, counts, rating):
    found = world.check_of(world.make_set(FLAGGED), milestones=items(**counts))
    assert found["rating"] == rating
    assert found["because"] == ("missing" if rating == "not_rated" else None)
    unknown = counts.get("unknown", 0) + counts.get("undated", 0)
    assert sum(item["passed"] is None for item in found["items"]) == unknown
    if unknown:
        assert re.search("cannot be judged|none of the .* can be judged", found["reason"])
        assert found["missing"][0]["item"] in ("U", "N")


def test_missing_may_fail(world):
    criteria = world.make_set(FLAGGED + "missing: fails\n")
    found = world.check_of(criteria, milestones=items(passed=7, unknown=2, undated=1))
    assert (found["rating"], found["value"]) == ("amber", "7 of 10")


def test_a_missing_list_is_missing_and_an_empty_one_is_not(world):
    found = world.check_of(world.make_set(FLAGGED), milestones=None)
    assert (found["rating"], found["because"]) == ("not_rated", "missing")
    assert found["missing"][0]["field"] == "milestones"


SPONSOR = """
id: sponsor
asks: A sponsor is named
holds: given(sponsor)
otherwise: red
passing: A sponsor is named
failing: No sponsor is named
"""


def test_given_is_always_true_or_false(world):
    criteria = world.make_set(SPONSOR)
    assert world.check_of(criteria, sponsor="A. Name")["reason"] == "Green: a sponsor is named."
    for nothing in (None, "", "   "):
        found = world.check_of(criteria, sponsor=nothing)
        assert (found["rating"], found["reason"]) == ("red", "Red: no sponsor is named.")


def test_yes_or_no_of_the_subject_with_an_unknown(world):
    text = "id: x\nasks: A and b\nholds: a and b\notherwise: amber"
    criteria = world.make_set(text)
    assert world.check_of(criteria, a=False, b=None)["rating"] == "amber"
    unknown = world.check_of(criteria, a=True, b=None)
    assert (unknown["rating"], unknown["because"]) == ("not_rated", "missing")
    assert "missing: b" in unknown["reason"]
    fails = world.make_set(text + "\nmissing: fails")
    assert world.check_of(fails, a=True, b=None)["rating"] == "amber"


def test_what_does_not_apply_says_so_and_leaves_the_whole_alone(world):
    only = VARIANCE + "applies: staff > 0\n"
    criteria = world.make_set(only, SPONSOR)
    facts = world.facts_of(world.initiative(staff=0, sponsor="X"), world.initiative("I2"))
    one, two = world.rate(facts, (), {}, [criteria], world.AS_OF).to_json()["subjects"]
    assert one["criteria"][0]["checks"][0]["because"] == "does_not_apply"
    assert one["overall"] == "green"
    assert two["criteria"][0]["checks"][0]["because"] == "missing"
    barred = world.make_set(VARIANCE, criterion="applies: staff > 0\n        ")
    found = world.rate(facts, (), {}, [barred], world.AS_OF).subjects[0]
    assert found.criteria[0].outcome.because == "does_not_apply"
    assert found.overall.rating is Rating.NOT_RATED
