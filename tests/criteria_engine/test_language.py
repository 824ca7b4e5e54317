"""What expressions, bands and tables mean, case by case."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from qipp_assure.criteria_engine.bands import parse_band, value_test
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.expressions import parse_expression
from qipp_assure.criteria_engine.names import Scope
from qipp_assure.criteria_engine.tables import Counts, parse_rule
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.values import UNDEFINED, UNKNOWN
from qipp_assure.criteria_engine.wording import shown
from qipp_assure.vocabulary import Rating

VALUES = {
    "planned_gbp": 200,
    "actual_gbp": 50,
    "staff": 7,
    "level": Fraction(5, 2),
    "sponsor": "Ann Other",
    "brief": {"objectives": "Better"},
    "due": date(2011, 1, 31),
    "a": True,
    "b": False,
    "context": {"challenge_gbp": None},
    "workstreams": ["medicines"],
    "milestones": [
        {"code": "M1", "due": date(2011, 5, 1), "met_on": date(2011, 5, 2), "status": "done"},
        {"code": "M2", "due": date(2011, 8, 1), "met_on": None, "status": "open"},
    ],
}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("actual_gbp / planned_gbp", Kind.SHARE, Fraction(1, 4)),
        ("planned_gbp * 5%", Kind.MONEY, 10),
        ("planned_gbp / 8", Kind.MONEY, 25),
        ("-planned_gbp + £1,000", Kind.MONEY, 800),
        ("£1.5m - £0", Kind.MONEY, 1_500_000),
        ("staff * level", Kind.NUMBER, Fraction(35, 2)),
        ("round(level)", Kind.NUMBER, 3),
        ("round(-level)", Kind.NUMBER, -3),
        ("100% - 5%", Kind.SHARE, Fraction(19, 20)),
        ("as_of - due", Kind.DAYS, 150),
        ("due + 30 days", Kind.DATE, date(2011, 3, 2)),
        ("days_between(due, as_of)", Kind.DAYS, 150),
        ("months_between(due, as_of)", Kind.COUNT, 4),
        ("add_months(due, 1)", Kind.DATE, date(2011, 2, 28)),
        ("end_of_month(as_of)", Kind.DATE, date(2011, 6, 30)),
        ("max(due, as_of)", Kind.DATE, date(2011, 6, 30)),
        ("min(planned_gbp, actual_gbp, £60)", Kind.MONEY, 50),
        ("count(milestones)", Kind.COUNT, 2),
        ("count(m for m in milestones if m.status == 'done')", Kind.COUNT, 1),
        ("count(m for m in milestones if m.met_on <= m.due)", Kind.COUNT, UNKNOWN),
        ("share(given(m.met_on) for m in milestones)", Kind.SHARE, Fraction(1, 2)),
        ("share(m.ok for m in milestones if m.due < due)", Kind.SHARE, UNDEFINED),
        ("max(m.due for m in milestones)", Kind.DATE, date(2011, 8, 1)),
        ("min(m.due for m in milestones if m.due < due)", Kind.DATE, UNDEFINED),
        ("sum(m.due - due for m in milestones)", Kind.DAYS, 90 + 182),
        ("any(m.met_on > as_of for m in milestones)", Kind.YES_NO, UNKNOWN),
        ("any(m.met_on <= as_of for m in milestones)", Kind.YES_NO, True),
        ("all(m.met_on <= m.due for m in milestones)", Kind.YES_NO, False),
        ("starts_with(sponsor, 'Ann')", Kind.YES_NO, True),
        ("contains(lower(sponsor), 'other')", Kind.YES_NO, True),
        ("contains(workstreams, 'procurement')", Kind.YES_NO, False),
        ("'medicines' in workstreams", Kind.YES_NO, True),
        ("count(w for w in workstreams if starts_with(w, 'm'))", Kind.COUNT, 1),
        ("length(brief.objectives)", Kind.COUNT, 6),
        ("£0 < actual_gbp < planned_gbp <= £200", Kind.YES_NO, True),
        ("actual_gbp > 0", Kind.YES_NO, True),
        ("due not in [2011-01-31, as_of]", Kind.YES_NO, False),
        ("given(sponsor, milestones, a)", Kind.YES_NO, True),
        ("given(context.challenge_gbp)", Kind.YES_NO, False),
        ("context.challenge_gbp - planned_gbp", Kind.MONEY, UNKNOWN),
        ("context.challenge_gbp / (actual_gbp - £50)", Kind.SHARE, UNDEFINED),
        ("a == yes and b == no", Kind.YES_NO, True),
        ("due + 999999999 days", Kind.DATE, UNDEFINED),
    ],
)
def test_expressions(world, text, kind, value):
    tree = parse_expression(text, Scope(world.INITIATIVE))
    assert tree.kind is kind
    found = Evaluation(world.AS_OF, {"": VALUES}).value(tree)
    assert found == value
    assert not isinstance(found, float)


@pytest.mark.parametrize(
    ("text", "kind", "inside", "outside"),
    [
        ("under 5%", Kind.SHARE, [Fraction(499, 10_000), -1], [Fraction(1, 20), 1]),
        ("at most £1,000,000", Kind.MONEY, [10**6], [10**6 + 1]),
        ("over £1m or under -£1m", Kind.MONEY, [10**6 + 1, -(10**6) - 1], [0]),
        ("between 95% and 105%", Kind.SHARE, [Fraction(95, 100), Fraction(105, 100)], [2]),
        ("at least 30 days", Kind.DAYS, [30], [29]),
        ("on or before 2011-03-31", Kind.DATE, [date(2011, 3, 31)], [date(2011, 4, 1)]),
        ("after 2011-03-31 and before as_of", Kind.DATE, [date(2011, 4, 1)], [date(2011, 6, 30)]),
        ("exactly 3", Kind.COUNT, [3], [2, 4]),
        ("more than 2.5", Kind.NUMBER, [Fraction(251, 100)], [Fraction(5, 2)]),
    ],
)
def test_bands(world, text, kind, inside, outside):
    band = parse_band(text, kind, {})

    def holds(value):
        return band.holds(value_test(value, lambda edge: getattr(edge, "value", world.AS_OF)))

    assert all(holds(value) for value in inside)
    assert not any(holds(value) for value in outside)


@pytest.mark.parametrize(
    ("text", "applies"),
    [
        ("any red", True),
        ("2 or more areas amber", True),
        ("3 or more areas amber", False),
        ("40% or more amber", True),
        ("50% or more amber", False),
        ("more than 40% amber", False),
        ("fewer than 2 areas red", True),
        ("at most 0 red", False),
        ("all green", False),
        ("all not green", False),
        ("no red", False),
        ("money is red", True),
        ("money is not green and people is green", True),
        ("gone is not red", False),
        ("gone is red or all amber, any red and no green, money is red", True),
    ],
)
def test_rules(text, applies):
    groups = parse_rule(text, ("area", "areas"), ("money", "people", "gone"))
    counts = Counts(
        {Rating.RED: 1, Rating.AMBER: 2, Rating.GREEN: 2},
        {"money": Rating.RED, "people": Rating.GREEN},
    )
    assert any(all(clause.applies(counts) for clause in group) for group in groups) is applies


@pytest.mark.parametrize(
    ("value", "kind", "edges", "words"),
    [
        (Fraction(1, 3), Kind.SHARE, (), "33.33%"),
        (Fraction(99999, 100_000), Kind.SHARE, (Fraction(1),), "99.999%"),
        (Fraction(99999, 100_000), Kind.SHARE, (), "100%"),
        (Fraction(1_000_001, 3), Kind.MONEY, (), "£333,334"),
        (Fraction(10**9 + 1, 10**9) * 1000, Kind.MONEY, (1000,), "£1,000.000001"),
        (Fraction(-5, 2), Kind.NUMBER, (), "-2.5"),
        (-1, Kind.DAYS, (), "-1 day"),
        (UNKNOWN, Kind.DAYS, (), "not known"),
        (True, Kind.YES_NO, (), "yes"),
        ("x" * 100, Kind.TEXT, (), "x" * 80 + "..."),
    ],
)
def test_figures_in_words(value, kind, edges, words):
    assert shown(value, kind, edges) == words
