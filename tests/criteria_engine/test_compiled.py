"""The compiled form and the reference evaluator say the same, on whatever they are given."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from qipp_assure.criteria_engine.compiled.codes import OUTCOMES
from qipp_assure.criteria_engine.compiled.compilation import (
    compile_set,
    compiled,
    function_of,
)
from qipp_assure.criteria_engine.compiled.gathering import rows_name
from qipp_assure.criteria_engine.compiled.item_writing import TALLIES, ItemWriter
from qipp_assure.criteria_engine.compiled.lowering import Lowering
from qipp_assure.criteria_engine.compiled.rating import ToRate, rate_many
from qipp_assure.criteria_engine.compiled.reading import Rows
from qipp_assure.criteria_engine.compiled.writing import Source
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.item_checking import EachCheck
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.one_check import Checking
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.sets import Area
from qipp_assure.vocabulary import Rating
from tests.criteria_engine.agreement import differences
from tests.criteria_engine.random_conditions import AS_OF, Checks, RandomFacts, chance_of

CHECKS, SUBJECTS = 20, 10

VARIANCE = """
id: variance
asks: Savings to date are within 5% of plan
measure: abs(actual_gbp - planned_gbp) / abs(planned_gbp)
green: under 5%
amber: under 10%
"""
OK = """
id: ok
asks: All are ok
each: milestones as m
where: m.counts
holds: m.ok
green: all
amber: at least 50%
show: m.met_on - m.due
"""
JUDGED = """
id: sound
asks: It is sound
judged: reviewer
look_for: Soundness.
evidence: [sponsor]
"""


def random_set(world, chance):
    """A set whose checks are random; its tables are those of the world's trial."""
    base = world.make_set(VARIANCE)
    criteria = tuple(Checks(chance).criterion(n, 2) for n in range(CHECKS // 2))
    digest = f"{chance.random()}"
    return replace(base, areas=(Area("area", "Area", criteria),), digest=digest)


def disagreements(world, seed):
    """What the two forms say differently of one random set on random subjects."""
    chance = chance_of(seed)
    made = compile_set(random_set(world, chance))
    facts = RandomFacts(chance)
    for number in range(SUBJECTS):
        subject = facts.subject(number)
        codes = made.run(subject, AS_OF, {})  # bare: nothing may go to the reference unseen
        for one, (_, check) in enumerate(made.reference.checks):
            said = made.reference(one, subject, AS_OF)
            if codes[one] != said:
                yield seed, number, check, OUTCOMES[codes[one]], OUTCOMES[said]


def test_random_checks_are_rated_alike(world):
    assert [d for seed in range(12) for d in disagreements(world, seed)] == []


@pytest.mark.long
def test_a_hundred_thousand_random_checks_are_rated_alike(world):
    sets = 100_000 // (CHECKS * SUBJECTS)
    assert [d for seed in range(1_000, 1_000 + sets) for d in disagreements(world, seed)] == []


def counting(each):
    """The compiled loop of a check of items alone: it gives the tally."""
    lowering = Lowering(Source(), Rows())
    writer = ItemWriter(lowering, each, "c0")
    with lowering.source.inside(f"if {rows_name(lowering, each.source)} is None:"):
        lowering.source.line("return None")
    writer.count()
    counts = ", ".join(name if name in writer.used else "0" for name in TALLIES)
    lowering.source.line(f"return ({counts})")
    return function_of(lowering, {})[1]


def count_disagreements(seed):
    """Items that the two forms count differently."""
    chance = chance_of(seed)
    checks = Checks(chance)
    check = checks.check("check")
    each = checks.each()
    run, facts = counting(each), RandomFacts(chance)
    for number in range(SUBJECTS):
        subject = facts.subject(number)
        tallied = EachCheck(Checking(replace(check, body=each), subject, AS_OF), each)
        tallied.run()
        expected = tuple(getattr(tallied.tally, name) for name in TALLIES)
        found = run(subject, AS_OF, {})
        if found != (None if subject.values.get("items") is None else expected):
            yield seed, number, each, found, expected


def test_random_items_are_counted_alike():
    assert [d for seed in range(60) for d in count_disagreements(seed)] == []


@pytest.mark.long
def test_items_of_many_random_checks_are_counted_alike():
    assert [d for seed in range(5_000, 7_000) for d in count_disagreements(seed)] == []


@pytest.mark.parametrize("seed", range(6))
def test_facts_that_do_not_fit_break_the_same_checks_and_no_others(world, seed):
    chance = chance_of(seed)
    made = compile_set(random_set(world, chance))
    facts = RandomFacts(chance, broken=0.01)
    broken = 0
    for number in range(SUBJECTS):
        subject = facts.subject(number)
        codes = made.codes(subject, AS_OF, {})
        expected = [made.reference(one, subject, AS_OF) for one in range(len(codes))]
        assert list(codes) == expected
        broken += sum(OUTCOMES[code].broken for code in codes)
    assert broken


def subjects(criteria, *values):
    found = [SubjectFacts("initiative", str(n), "", "", None, v) for n, v in enumerate(values)]
    run = compile_set(criteria).codes
    return [OUTCOMES[run(one, AS_OF, {})[0]] for one in found]


def test_a_value_shown_that_does_not_fit_breaks_the_check_as_in_the_reference(world):
    item = {"counts": True, "ok": False, "due": AS_OF, "met_on": "soon"}
    found = subjects(
        world.make_set(OK),
        {"milestones": [item]},
        {"milestones": [{**item, "ok": True, "met_on": AS_OF}]},
    )
    assert [(one.rating, one.broken) for one in found] == [
        (Rating.NOT_RATED, True),
        (Rating.GREEN, False),
    ]


def edge_pairs(chance, number):
    """Planned and actual, most of them within a few pounds of an edge."""
    for _ in range(number):
        planned = chance.choice((1, -1)) * chance.randint(0, 10 ** chance.randint(1, 9))
        away = abs(planned) * chance.choice((5, 10)) // 100 + chance.randint(-2, 2)
        yield planned, planned + chance.choice((1, -1)) * away


def expected_code(planned, actual):
    """By whole numbers: 4.99% is green and 5.00% is not."""
    if planned == 0:
        return "undefined"
    away, size = abs(actual - planned), abs(planned)
    return "green" if away * 100 < 5 * size else "amber" if away * 100 < 10 * size else "red"


def wrong_edges(criteria, seed, number, *, reference_too):
    """Pairs that come out on the wrong side, by either form."""
    made = compile_set(criteria)
    for planned, actual in edge_pairs(chance_of(seed), number):
        values = {"planned_gbp": planned, "actual_gbp": actual}
        subject = SubjectFacts("initiative", "I1", "", "", None, values)
        found = [made.run(subject, AS_OF, {})[0]]
        if reference_too:
            found.append(made.reference(0, subject, AS_OF))
        for code in found:
            outcome = OUTCOMES[code]
            if (outcome.because or outcome.rating).value != expected_code(planned, actual):
                yield planned, actual, outcome


def test_edges_are_exact_for_random_whole_pounds(world):
    criteria = world.make_set(VARIANCE)
    assert list(wrong_edges(criteria, 1, 2_000, reference_too=True)) == []
    assert list(wrong_edges(criteria, 2, 20_000, reference_too=False)) == []


@pytest.mark.long
def test_edges_are_exact_for_a_million_random_whole_pounds(world):
    assert list(wrong_edges(world.make_set(VARIANCE), 3, 1_000_000, reference_too=True)) == []


def test_decimals_are_compared_exactly(world):
    level = "id: level\nasks: Level\nmeasure: level\ngreen: under 1.1\namber: under 1.2"
    grown = "id: grown\nasks: Grown\nholds: growth + growth + growth < 15%\notherwise: red"
    fine = Decimal("1.0999999999999999999999999999999999")
    values = [{"level": v} for v in (fine, Decimal("1.1"), Decimal("1.10"), 1, Decimal("1.2"))]
    found = [one.rating.value for one in subjects(world.make_set(level), *values)]
    assert found == ["green", "amber", "amber", "green", "red"]
    shares = [{"growth": Decimal("0.05") - Decimal(10) ** -15}, {"growth": Decimal("0.05")}]
    found = [one.rating.value for one in subjects(world.make_set(grown), *shares)]
    assert found == ["green", "red"]


def test_a_version_is_compiled_once_and_another_schema_is_another_version(world):
    one = world.make_set(VARIANCE)
    again = world.make_set(VARIANCE)
    assert compiled(one) is compiled(again)
    other = load_set(one.text, "other.yaml", world.SCHEMAS)
    changed = replace(other, areas=(replace(other.areas[0], title="Another"),))
    assert compiled(changed) is not compiled(one)


def test_no_text_of_a_file_is_in_the_source(world):
    told = OK.replace("m.ok", "m.ok and m.code != 'canary' and sponsor != 'canary'")
    source = compile_set(world.make_set(told, VARIANCE)).source
    for word in ("canary", "sponsor", "milestones", "planned", "variance", "code"):
        assert word not in source


DEEP = {
    "right": ("growth", "(growth / " * 36 + "growth" + ")" * 36),
    "left": ("growth", "(" * 36 + "growth" + " / growth)" * 36),
    "sums": ("growth", "(" * 18 + "growth" + " / growth + 5%)" * 18),
    "yes": ("a", "(" * 30 + "a" + " in [b, c])" * 30),
    "not": ("a", "(not (b and " * 18 + "a" + "))" * 18),
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_deeply_is_rated_at_once_and_alike(world, name):
    field, text = DEEP[name]
    if field == "a":
        check = f"id: deep\nasks: Deep\nholds: {text}\notherwise: red"
        values = [{"a": a, "b": b, "c": True} for a in (True, None) for b in (True, False, None)]
    else:
        check = f"id: deep\nasks: Deep\nmeasure: {text}\ngreen: under 5%"
        values = [{"growth": g} for g in (Fraction(1, 3), 2, 0, None, Fraction(-2, 7))]
    started = time.process_time()
    made = compile_set(world.make_set(check))
    for one in values:
        subject = SubjectFacts("initiative", "I1", "", "", None, one)
        assert made.run(subject, AS_OF, {})[0] == made.reference(0, subject, AS_OF)
    assert time.process_time() - started < 2, "nesting must not multiply the work"


def family(world, chance):
    """Two workstreams of a region, with initiatives of random facts."""
    group = [
        SubjectFacts("region", "Q30", "", "North East", None, {}),
        SubjectFacts("workstream", "W1", "", "One", ("region", "Q30"), {}),
        SubjectFacts("workstream", "W2", "", "Two", ("region", "Q30"), {}),
    ]
    for number in range(8):
        home = chance.choice([("workstream", "W1"), ("workstream", "W2"), None])
        values = {
            "planned_gbp": chance.choice((None, 0, 100)),
            "actual_gbp": chance.choice((95, 97, 80, None)),
            "milestones": chance.choice((
                None, [], [{"counts": True, "ok": True}], [{"counts": None, "ok": False}],
                [{"counts": True, "ok": 1}],
            )),
        }  # fmt: skip
        group.append(SubjectFacts("initiative", f"I{number}", "", "", home, values))
    return world.facts_of(*group)


@pytest.mark.parametrize("seed", range(8))
def test_wholes_come_out_as_in_the_full_rating(world, seed):
    chance = chance_of(seed)
    tables = "\n  - red: area is red\n  - amber: any area not green\n  - green: otherwise"
    extra = "roll_up:\n  - red: 50% or more parts red\n  - amber: any part not green\n  - green: otherwise\n"
    sets = [
        world.make_set(VARIANCE, OK, JUDGED, outstanding=chance.choice(("waits", "ignored")), extra=extra),
        world.make_set(OK, name="other", overall=tables),
    ]  # fmt: skip
    facts = family(world, chance)
    judgements = tuple(
        {"set": "trial", "version": "1", "check": "sound", "subject_id": f"I{n}", "rating": colour}
        for n, colour in ((1, "green"), (2, "red"), (3, "amber"))
    )
    full = rate(facts, judgements, {}, sets, AS_OF)
    (found,) = rate_many(sets, [ToRate(facts, AS_OF, judgements)])
    assert list(differences(full, found)) == []


def test_sets_that_do_not_read_a_return_are_left_out(world):
    facts = replace(world.facts_of(world.initiative()), template="plan@1")
    (found,) = rate_many([world.make_set(VARIANCE)], [ToRate(facts, date(2011, 6, 30))])
    assert (found.sets, found.by_set) == ((), ())
    assert {OUTCOMES[code].because.value for code in found.overall.values()} == {"does_not_apply"}
