"""Unknowns against brute force: fillings of items and parts, Kleene's laws, random conditions."""

from __future__ import annotations

import itertools
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from qipp_assure.criteria_engine.bands import Bands, item_test, parse_band
from qipp_assure.criteria_engine.evaluation import Evaluation
from qipp_assure.criteria_engine.expressions import parse_condition
from qipp_assure.criteria_engine.fillings import Tally, decide, same_for_all_items
from qipp_assure.criteria_engine.names import Scope
from qipp_assure.criteria_engine.reckoning import kleene
from qipp_assure.criteria_engine.tables import COLOURS, Counts, Rule, parse_rule, table_of
from qipp_assure.criteria_engine.values import UNDEFINED, UNKNOWN
from qipp_assure.vocabulary import Because, Rating

BANDS = (
    *("all", "none", "at least 80%", "at least 50%", "at least 3", "under 2"),
    *("all but 1", "exactly 2", "between 25% and 75%", "at least 2 and at most 3", "under 10%"),
)
bands = st.sampled_from(BANDS)


def fill_one_by_one(tally):
    """Every (passed, failed) that can come of a tally, item by item."""
    kinds = (
        [((1, 0), (0, 1))] * tally.open
        + [((1, 0), (0, 0))] * tally.maybe_passed
        + [((0, 1), (0, 0))] * tally.maybe_failed
        + [((1, 0), (0, 1), (0, 0))] * tally.anything
    )
    for filling in itertools.product(*kinds):
        yield (
            tally.passed + sum(p for p, _ in filling),
            tally.failed + sum(f for _, f in filling),
        )


@given(
    st.tuples(*[st.integers(0, 3)] * 2, *[st.integers(0, 2)] * 4).map(lambda t: Tally(*t)),
    bands,
    st.one_of(st.none(), bands),
    st.sampled_from([None, Rating.GREEN, Rating.RED]),
)
@settings(max_examples=400, deadline=None)
def test_a_check_is_rated_when_every_filling_agrees_and_only_then(tally, green, amber, none):
    made = Bands(parse_band(green, None, {}), parse_band(amber, None, {}) if amber else None, None)

    def rate(passed, failed):
        if passed + failed == 0:
            return none or Because.NOTHING_DUE
        return made.rate(item_test(passed, failed, lambda edge: edge.value))

    every = {rate(*filling) for filling in fill_one_by_one(tally)}
    expected = every.pop() if len(every) == 1 else None
    straight = all(band.is_straight for band in made.given)
    assert same_for_all_items(tally, rate, straight=straight) == expected
    assert same_for_all_items(tally, rate, straight=False) == expected


def test_two_thousand_unknown_items_are_filled_in_at_once():
    green = parse_band("at least 1%", None, {})
    made = Bands(green, None, None)
    tally = Tally(passed=3000, anything=2000)
    rate = lambda p, f: made.rate(item_test(p, f, lambda edge: edge.value))  # noqa: E731 - short
    assert same_for_all_items(tally, rate, straight=True) is Rating.GREEN


CLAUSES = (
    *("any red", "2 or more amber", "30% or more red", "all green", "no red", "x is red"),
    *("x is not green and y is red", "at most 1 green", "fewer than 50% amber, or y is amber"),
)
rules = st.lists(st.tuples(st.sampled_from(COLOURS), st.sampled_from(CLAUSES)), max_size=3)


@given(
    rules,
    st.sampled_from(COLOURS),
    st.lists(st.sampled_from([*COLOURS, None]), min_size=1, max_size=5),
)
@settings(max_examples=400, deadline=None)
def test_a_whole_is_rated_when_every_filling_agrees_and_only_then(lines, last, colours):
    made = [Rule(colour, text, parse_rule(text, (), ("x", "y"))) for colour, text in lines]
    table = table_of([*made, Rule(last, "otherwise", ())])
    names = [*("x", "y"), *(f"p{n}" for n in range(5))][: len(colours)]
    waiting = [name for name, colour in zip(names, colours, strict=True) if colour is None]
    rated = [(n, c) for n, c in zip(names, colours, strict=True) if c is not None]
    every = set()
    for filling in itertools.product(COLOURS, repeat=len(waiting)):
        named = dict(rated) | dict(zip(waiting, filling, strict=True))
        counts = {colour: list(named.values()).count(colour) for colour in COLOURS}
        every.add(table.decide(Counts(counts, named)).rating)
    expected = every.pop() if len(every) == 1 else None
    assert decide(table, rated, waiting).rating == expected


truths = st.sampled_from([True, False, UNKNOWN, UNDEFINED])


@given(truths, truths, truths)
def test_laws_of_three_valued_logic(a, b, c):
    def no(x):
        return not x if isinstance(x, bool) else x

    for word, other in (("and", "or"), ("or", "and")):
        assert kleene(word, [a, b]) is kleene(word, [b, a])
        assert kleene(word, [a, kleene(word, [b, c])]) is kleene(word, [kleene(word, [a, b]), c])
        assert kleene(word, [a, a]) is a
        assert no(kleene(word, [a, b])) is kleene(other, [no(a), no(b)])
    assert kleene("and", [UNKNOWN, False]) is False
    assert kleene("or", [UNKNOWN, True]) is True


FIELDS = {
    "planned_gbp": [0, 100],
    "actual_gbp": [50, 100],
    "a": [True, False],
    "b": [True, False],
    "due": [date(2011, 1, 1), date(2011, 12, 31)],
}
ATOMS = (
    *("a", "b", "due <= as_of", "planned_gbp > actual_gbp", "actual_gbp / planned_gbp >= 50%"),
    *("planned_gbp - planned_gbp == £0", "actual_gbp in [£50, £60]", "a == b"),
    *("max(planned_gbp, actual_gbp) > £70", "due + 30 days > as_of"),
    *("any(m.ok for m in milestones)", "all(m.ok for m in milestones if m.counts)"),
    *("count(m for m in milestones if m.ok) >= 1", "share(m.ok for m in milestones) > 40%"),
)
conditions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(lambda x: f"not ({x})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda t: f"({t[0]}) {t[1]} ({t[2]})"
        ),
    ),
    max_leaves=4,
)


@given(
    conditions.filter(lambda text: len(text) <= 500),
    st.fixed_dictionaries({k: st.sampled_from([*v, None]) for k, v in FIELDS.items()}),
    st.lists(
        st.fixed_dictionaries({k: st.sampled_from([True, False, None]) for k in ("ok", "counts")}),
        max_size=2,
    ),
)
@settings(max_examples=400, deadline=None)
def test_a_definite_answer_holds_however_the_unknowns_are_filled_in(
    world, text, values, milestones
):
    tree = parse_condition(text, Scope(world.INITIATIVE))
    answer = Evaluation(world.AS_OF, {"": {**values, "milestones": milestones}}).value(tree)
    if answer is UNKNOWN:
        assert None in [*values.values(), *(v for m in milestones for v in m.values())]
        return
    unknown = [k for k, v in values.items() if v is None]
    gaps = [(i, k) for i, m in enumerate(milestones) for k, v in m.items() if v is None]
    choices = [FIELDS[k] for k in unknown] + [[True, False]] * len(gaps)
    for filling in itertools.islice(itertools.product(*choices), 64):
        filled = {**values, **dict(zip(unknown, filling, strict=False))}
        items = [dict(m) for m in milestones]
        for (i, k), value in zip(gaps, filling[len(unknown) :], strict=True):
            items[i][k] = value
        again = Evaluation(world.AS_OF, {"": {**filled, "milestones": items}}).value(tree)
        assert again is answer
