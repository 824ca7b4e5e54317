"""Wholes: roll-ups, halves, judgements, direction, several sets, broken checks, determinism."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qipp_assure.criteria_engine.loading import load_set

YES = "id: yes-no\nasks: A holds\nholds: a\notherwise: red"
AMBER = "id: second\nasks: B holds\nholds: b\notherwise: amber"
JUDGED = "id: judged\nasks: It is sound\njudged: reviewer\nlook_for: Soundness\nevidence: sponsor"


def tree(world, *values):
    """A region of two workstreams, with these initiatives in the first."""
    made = [
        world.initiative(f"I{n}", ("workstream", "w1"), **value) for n, value in enumerate(values)
    ]
    subject = world.SubjectFacts
    return world.facts_of(
        subject("region", "Q30", "Q30", "North East", None, {}),
        subject("workstream", "w1", "W1", "Medicines", ("region", "Q30"), {}),
        subject("workstream", "w2", "W2", "Estates", ("region", "Q30"), {}),
        *made,
    )


def rated(world, facts, *sets, judgements=(), context=None):
    found = world.rate(facts, judgements, context or {}, sets, world.AS_OF).to_json()
    return {(s["kind"], s["id"]): s for s in found["subjects"]}


ROLL_UP = """\
roll_up:
  - red: 50% or more initiatives red
  - amber: any part not green
  - green: otherwise
halves:
  - {id: progress, title: Progress, rating: worst}
"""


@pytest.mark.parametrize(
    ("values", "rating", "because"),
    [
        ([True, True], "green", None),
        ([True, True, False], "amber", None),
        ([True, False], "red", None),
        ([False, None], "red", None),
        ([True, True, None], "not_rated", "missing"),
        ([False, False, True, True, None], "not_rated", "missing"),
        ([None, None], "not_rated", "missing"),
    ],
)
def test_initiatives_roll_up_to_workstream_and_region(world, values, rating, because):
    criteria = world.make_set(YES, extra=ROLL_UP, criterion="half: progress\n        ")
    found = rated(world, tree(world, *({"a": value} for value in values)), criteria)
    workstream = found["workstream", "w1"]
    assert (workstream["overall"], workstream["because"]) == (rating, because)
    assert workstream["criteria"][0]["checks"] == []
    assert sum(workstream["criteria"][0]["parts"].values()) == len(values)
    assert workstream["halves"][0]["rating"] == rating
    empty = found["workstream", "w2"]
    assert (empty["overall"], empty["because"]) == ("not_rated", "nothing_due")
    region = found["region", "Q30"]["criteria"][0]
    assert region["rating"] == rating
    assert region["parts"]["not_rated"] == (2 if rating == "not_rated" else 1)


def test_a_rolled_up_rating_names_the_parts_that_decide(world):
    criteria = world.make_set(YES, extra=ROLL_UP)
    found = rated(world, tree(world, {"a": True}, {"a": True}, {"a": False}), criteria)
    assert found["workstream", "w1"]["criteria"][0]["reason"] == (
        "Amber: 1 of 3 initiatives is red (I2); 2 are green; any not green makes it amber."
    )


def test_a_long_row_of_parts_is_counted_and_its_first_ones_named(world):
    criteria = world.make_set(YES, extra=ROLL_UP)
    values = [{"a": number > 6} for number in range(12)]
    found = rated(world, tree(world, *values), criteria)
    assert found["workstream", "w1"]["criteria"][0]["reason"] == (
        "Red: 7 of 12 initiatives are red (I0, I1, I2, I3, I4 and 2 more); 5 are green; "
        "50% or more red makes it red."
    )
    waiting = rated(world, tree(world, *values[3:], {"a": None}), criteria)
    assert waiting["workstream", "w1"]["criteria"][0]["reason"] == (
        "Not rated: waits for I9 (answers missing); so far 4 of 9 rated initiatives are red "
        "(I0, I1, I2 and I3); 5 are green."
    )


def test_without_parts_the_columns_stay_and_nothing_is_due(world):
    criteria = world.make_set(YES, extra=ROLL_UP, criterion="half: progress\n        ")
    facts = tree(world)
    found = rated(world, facts, criteria)
    for kind, identity, reason in (
        ("workstream", "w1", "Not rated: there are no initiatives."),
        ("region", "Q30", "Not rated: neither of the workstreams is rated (nothing due yet)."),
    ):
        subject = found[kind, identity]
        (criterion,) = subject["criteria"]
        assert criterion["id"] == "area.criterion"
        for one in (criterion, subject["halves"][0], subject["areas"][0]):
            assert (one["rating"], one["because"]) == ("not_rated", "nothing_due")
        assert criterion["reason"] == reason
        assert (subject["overall"], subject["because"]) == ("not_rated", "nothing_due")
    empty = world.facts_of(world.SubjectFacts("region", "Q30", "Q30", "North East", None, {}))
    region = rated(world, empty, criteria)["region", "Q30"]
    assert region["criteria"][0]["reason"] == "Not rated: there are no workstreams."


def test_a_set_without_roll_up_rates_nothing_above_its_own_subjects(world):
    found = rated(world, tree(world, {"a": True}), world.make_set(YES))
    assert found["initiative", "I0"]["overall"] == "green"
    assert found["workstream", "w1"]["criteria"] == []
    assert found["workstream", "w1"]["reason"] == "Not rated: no criteria rate this."


def test_a_set_may_rate_several_kinds_of_subject(world):
    text = world.set_text(
        "id: named\nasks: It has a name\nholds: given(name)\notherwise: red", extra=ROLL_UP
    ).replace("rates: initiative", "rates: [workstream, region]")
    criteria = load_set(text, "several.yaml", world.SCHEMAS)
    assert criteria.rates == ("workstream", "region")
    subject = world.SubjectFacts
    facts = world.facts_of(
        subject("region", "Q30", "Q30", "North East", None, {"name": "North East"}),
        subject("workstream", "w1", "W1", "Medicines", ("region", "Q30"), {"name": None}),
    )
    found = rated(world, facts, criteria)
    assert found["workstream", "w1"]["overall"] == "red"
    # Rated by its own facts, and not from the workstream below it.
    assert found["region", "Q30"]["overall"] == "green"
    assert found["region", "Q30"]["criteria"][0]["checks"][0]["id"] == "named"


def test_what_waits_holds_back_what_is_ignored_does_not(world):
    facts = world.facts_of(world.initiative(a=True))
    waits = world.make_set(YES, JUDGED)
    found = rated(world, facts, waits)["initiative", "I1"]
    assert (found["overall"], found["because"]) == ("not_rated", "judgement_outstanding")
    ignores = world.make_set(YES, JUDGED, outstanding="ignored")
    assert rated(world, facts, ignores)["initiative", "I1"]["overall"] == "green"
    red = world.facts_of(world.initiative(a=False))
    assert rated(world, red, waits)["initiative", "I1"]["overall"] == "red"


def judgement(**words):
    return {
        "set": "trial", "version": "1", "check": "judged", "subject_kind": "initiative",
        "subject_id": "I1", "rating": "amber", "by": "R. Viewer",
        "at": "2011-07-01T09:00:00Z", "reason": "Half of it is sound", **words,
    }  # fmt: skip


def test_a_judgement_rates_its_check_and_is_quoted(world):
    criteria = world.make_set(JUDGED)
    digest = next(criteria.checks()).digest
    for words in ({}, {"check_digest": digest}, {"check_digest": None}):
        found = world.check_of(criteria, [judgement(**words)])
        assert found["rating"] == "amber"
    assert found["reason"] == (
        "Amber: it is sound: judged amber by R. Viewer on 1 July 2011: Half of it is sound."
    )


@pytest.mark.parametrize(
    "words",
    [
        {"check_digest": "0" * 64},
        {"version": "2"},
        {"set": "other"},
        {"subject_id": "I2"},
        {"subject_kind": "workstream"},
        {"rating": "purple"},
        {"rating": "not_rated"},
        {"check": "yes-no"},
    ],
)
def test_a_judgement_of_something_else_does_not_count(world, words):
    found = world.check_of(world.make_set(JUDGED, YES), [judgement(**words)])
    assert (found["rating"], found["because"]) == ("not_rated", "judgement_outstanding")


def test_the_latest_judgement_stands_whatever_the_order(world):
    early, late = judgement(), judgement(rating="green", at="2011-08-01T09:00:00Z")
    for both in ([early, late], [late, early]):
        assert world.check_of(world.make_set(JUDGED), both)["rating"] == "green"


def test_one_broken_check_leaves_its_neighbours_alone(world):
    broken = "id: broken\nasks: Money is planned\nholds: planned_gbp > 0\notherwise: red"
    facts = world.facts_of(world.initiative(planned_gbp="lots", a=True, milestones=7))
    lists = "id: lists\nasks: There are some\nholds: count(milestones) > 0\notherwise: red"
    found = rated(world, facts, world.make_set(broken, YES, lists))["initiative", "I1"]
    one, two, three = found["criteria"][0]["checks"]
    for check in (one, three):
        assert (check["rating"], check["because"]) == ("not_rated", "undefined")
        assert "could not be worked out" in check["reason"]
    assert two["rating"] == "green"
    assert [flag["id"] for flag in found["flags"]] == ["broken-check", "broken-check"]


BROKEN = "id: broken\nasks: Money is planned\nholds: planned_gbp > 0\notherwise: red"


@pytest.mark.parametrize("undefined", ["waits", "ignored"])
@pytest.mark.parametrize(
    ("a", "rating"), [(True, "not_rated"), (None, "not_rated"), (False, "red")]
)
def test_a_broken_check_keeps_everything_above_it_from_green(world, undefined, a, rating):
    text = world.set_text(BROKEN, YES, extra=ROLL_UP, criterion="half: progress\n        ")
    text = text.replace("undefined: waits", f"undefined: {undefined}")
    criteria = load_set(text, "trial.yaml", world.SCHEMAS)
    facts = tree(world, {"a": True, "planned_gbp": 1}, {"a": a, "planned_gbp": "lots"})
    found = rated(world, facts, criteria)
    initiative = found["initiative", "I1"]
    for one in (initiative["criteria"][0], initiative["areas"][0], initiative["halves"][0]):
        assert one["rating"] == rating
    assert initiative["overall"] == rating
    assert found["workstream", "w1"]["overall"] == rating
    assert found["region", "Q30"]["overall"] == rating


def test_a_criterion_of_which_nobody_can_tell_whether_it_applies_is_not_green_either(world):
    text = world.set_text(YES, criterion="applies: planned_gbp > 0\n        ", extra=ROLL_UP)
    text = text.replace("undefined: waits", "undefined: ignored")
    criteria = load_set(text, "trial.yaml", world.SCHEMAS)
    facts = tree(world, {"a": True, "planned_gbp": 1}, {"a": True, "planned_gbp": "lots"})
    found = rated(world, facts, criteria)
    assert found["initiative", "I0"]["overall"] == "green"
    assert found["initiative", "I1"]["overall"] == "not_rated"
    assert [flag["id"] for flag in found["initiative", "I1"]["flags"]] == ["broken-check"]
    assert found["region", "Q30"]["overall"] == "not_rated"


@pytest.mark.parametrize(
    ("applies", "why"),
    [
        ("applies: given(sponsor)", "does not apply, as nothing is given under sponsor"),
        ("applies: count(milestones) > 0", "does not apply, as there are no milestones"),
        ("applies: given(milestones)", "does not apply, as there are no milestones"),
        ("applies: b\nif_not: b was left out.", "does not apply, as b was left out"),
        ("applies: b", "does not apply here"),
    ],
)
def test_it_is_said_why_a_check_does_not_apply(world, applies, why):
    found = world.check_of(world.make_set(f"{YES}\n{applies}"), b=False, milestones=[])
    assert (found["because"], found["reason"]) == ("does_not_apply", f"Not rated: {why}.")


def test_the_reasons_of_a_criterion_name_the_colour_once_and_nothing_twice(world):
    third = "id: third\nasks: C holds\nholds: c\notherwise: red"
    again = third.replace("third", "fourth")
    facts = world.facts_of(world.initiative(a=False, b=True, c=False))
    criteria = world.make_set(YES, AMBER, third, again)
    (criterion,) = rated(world, facts, criteria)["initiative", "I1"]["criteria"]
    assert criterion["reason"] == "Red: a holds: no. C holds: no."
    facts = world.facts_of(world.initiative(a=None, b=False, c=True))
    (criterion,) = rated(world, facts, criteria)["initiative", "I1"]["criteria"]
    assert criterion["reason"] == (
        "Not rated: a holds: not known; missing: a. Other checks: 1 amber and 2 green."
    )


@pytest.mark.parametrize("value", [0.5, True, "5", float("nan")])
def test_floats_and_texts_are_no_money(world, value):
    text = "id: x\nasks: Money\nholds: planned_gbp > 0\notherwise: red"
    found = world.check_of(world.make_set(text), planned_gbp=value)
    assert (found["rating"], found["because"]) == ("not_rated", "undefined")


def test_several_sets_give_the_worst_and_each_its_own(world):
    sets = (
        world.make_set(YES, name="one", extra=ROLL_UP, criterion="half: progress\n        "),
        world.make_set(AMBER, name="two", extra=ROLL_UP, criterion="half: progress\n        "),
    )
    facts = tree(world, {"a": True, "b": False})
    found = rated(world, facts, *sets)["initiative", "I0"]
    assert found["overall"] == "amber"
    assert [(one["set"], one["rating"]) for one in found["overalls"]] == [
        ("one", "green"), ("two", "amber"),
    ]  # fmt: skip
    assert [half["rating"] for half in found["halves"]] == ["green", "amber"]
    assert [(half["set"], half["rating"]) for half in found["card_halves"]] == [(None, "amber")]
    unknown = rated(world, tree(world, {"a": True}), *sets)["initiative", "I0"]
    assert (unknown["overall"], unknown["because"]) == ("not_rated", "missing")


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [
        ("amber", True, "improving"),
        ("green", True, "steady"),
        ("green", False, "worsening"),
        (None, True, "new"),
        ("not_rated", True, "new"),
        ("amber", None, None),
    ],
)
def test_direction_of_travel(world, before, now, direction):
    criteria = world.make_set(YES, extra=ROLL_UP, criterion="half: progress\n        ")
    entry = {"kind": "initiative", "code": "I0", "halves": {"progress": before}, "overall": before}
    context = {"previous_ratings": [entry]} if before else {}
    found = rated(world, tree(world, {"a": now}), criteria, context=context)["initiative", "I0"]
    assert found["direction"] == direction
    assert found["halves"][0]["direction"] == direction
    assert found["card_halves"][0]["direction"] == direction
    plan = replace(tree(world, {"a": now}), period=None)  # of no month, so of no month before
    found = rated(world, plan, criteria, context=context)["initiative", "I0"]
    assert {found["direction"], *(half["direction"] for half in found["halves"])} == {None}


@pytest.mark.parametrize(
    "nonsense", [5, "x", [5, None], [{"halves": 3, "kind": "initiative", "id": "I0"}]]
)
def test_nonsense_in_hand_made_context_and_judgements_says_nothing(world, nonsense):
    criteria = world.make_set(YES, extra=ROLL_UP, criterion="half: progress\n        ")
    judgements = nonsense if isinstance(nonsense, list) else [nonsense]
    context = {"previous_ratings": nonsense}
    facts = tree(world, {"a": True})
    found = rated(world, facts, criteria, judgements=judgements, context=context)
    assert found["initiative", "I0"]["halves"][0]["direction"] == "new"


def test_sets_that_do_not_read_the_return_are_left_out(world):
    schemas = {**world.SCHEMAS, "plan@1": world.SCHEMAS["card@1"]}
    text = world.set_text(YES).replace("card@1", "plan@1")
    other = load_set(text, "other.yaml", schemas)
    found = world.rate(world.facts_of(world.initiative()), (), {}, [other], world.AS_OF)
    assert found.criteria == ()
    assert found.subjects[0].criteria == ()


def test_a_ring_of_parents_ends(world):
    subject = world.SubjectFacts
    facts = world.facts_of(
        subject("workstream", "w1", "", "One", ("workstream", "w2"), {}),
        subject("workstream", "w2", "", "Two", ("workstream", "w1"), {}),
        world.initiative("I0", ("workstream", "w1"), a=True),
    )
    found = rated(world, facts, world.make_set(YES, extra=ROLL_UP))
    assert found["initiative", "I0"]["overall"] == "green"


def test_the_shape_of_the_contract(world):
    criteria = world.make_set(YES, JUDGED)
    found = world.rate(
        world.facts_of(world.initiative(a=True)), (), {}, [criteria], world.AS_OF
    ).to_json()
    assert found["return"] == {
        "kind": "card", "region": "Q30", "period": "2011-06", "digest": "d" * 64,
    }  # fmt: skip
    assert found["criteria"] == [{"set": "trial", "version": "1", "digest": criteria.digest}]
    assert found["as_of"] == "2011-06-30"
    subject = found["subjects"][0]
    assert {"kind", "code", "name", "overall", "flags", "criteria"} <= set(subject)
    criterion = subject["criteria"][0]
    assert {"set", "id", "rating", "because", "reason", "checks"} <= set(criterion)
    check = criterion["checks"][0]
    assert {"id", "rating", "because", "value", "items", "missing"} <= set(check)
    everything = [subject, *subject["areas"], criterion, *criterion["checks"]]
    assert all(one["reason"] for one in everything)


SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
import conftest as world
values = {"a": True, "milestones": [{"code": "M1", "counts": None, "ok": True}], "staff": 3}
order = list(values) if sys.argv[2] == "0" else list(reversed(values))
check = "id: x\\nasks: X\\neach: milestones as m\\nwhere: m.counts\\nholds: m.ok\\ngreen: all"
sets = [world.make_set(check, parameters="")]
facts = world.facts_of(world.initiative(**{k: values[k] for k in order}))
print(json.dumps(world.rate(facts, (), {}, sets, world.AS_OF).to_json()))
"""


def test_same_inputs_give_the_same_bytes_whatever_the_hash_seed(world):
    here = Path(world.__file__).parent
    outputs = set()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(here), seed],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(here.parents[1])},
            capture_output=True,
            check=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["subjects"][0]["overall"] == "not_rated"
