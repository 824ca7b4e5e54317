"""Worked examples: what is wrong in them is told with its line, and coverage leaves nothing out."""

from __future__ import annotations

import pytest

from qipp_assure.criteria_engine.example_loading import load_examples
from qipp_assure.criteria_engine.examples import coverage, run_examples
from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.criteria_engine.possible import possible_ratings

CHECKS = (
    "id: owned\nasks: Owned\neach: milestones as m\nholds: m.ok\ngreen: all\namber: at least half",
    "id: named\nasks: Named\nholds: given(sponsor)\notherwise: red",
    "id: able\nasks: Able\napplies: given(sponsor)\njudged: reviewer\nlook_for: How\nevidence: [sponsor]",
    "id: variance\nasks: Near\nmeasure: abs(actual_gbp - planned_gbp) / planned_gbp\ngreen: under 5%",
)
PARAMETERS = "parameters:\n  half: {value: 50%, source: own}\n"
EXAMPLES = """\
set: trial
version: "1"
as_of: 2011-06-30
base:
  sponsor: A. Sponsor
  brief.objectives: To save
  planned_gbp: £100
  actual_gbp: £98
  due: 2011-05-01
  workstreams: [medicines]
  milestones:
    - {id: m1, ok: yes, due: 2011-05-01}
    - {id: m2, ok: yes}
examples:
  - check: owned
    green: {}
    amber: {milestones.m1.ok: no, says: 1 of 2}
    red: {milestones.m1.ok: no, milestones.m2.ok: no}
    not_rated:
      - {milestones: [], because: nothing_due}
      - {milestones: [{id: m9}], because: missing}
  - check: named
    green: {}
    red: {sponsor: none}
  - check: able
    green: {}
    amber: {judged: amber}
    red: {judged: red}
    not_rated: {judged: none, because: judgement_outstanding}
  - check: variance
    green: {actual_gbp: £96}
    red: {actual_gbp: £95}
    not_rated: {planned_gbp: 0, because: undefined}
  - criterion: area.criterion
    red: {sponsor: none}
  - overall: initiative
    green: {}
    amber: {judged: amber}
"""


def loaded(world, text=EXAMPLES):
    criteria = world.make_set(*CHECKS, parameters=PARAMETERS)
    return criteria, load_examples(text, "trial.examples.yaml", criteria, world.SCHEMAS)


def test_sound_examples_come_out(world):
    criteria, file = loaded(world)
    assert run_examples(criteria, file) == []
    assert coverage(criteria, file.examples).lacking == ()
    assert len(file.examples) == 17


def test_examples_leave_the_base_as_it_was(world):
    _, file = loaded(world)
    first = next(one for one in file.examples if one.name == "owned")
    assert [item["ok"] for item in first.values["milestones"]] == [True, True]


WRONG = [
    ("says: 1 of 2", "says: 2 of 2", "should be amber saying '2 of 2'"),
    ("red: {actual_gbp: £95}", "red: {actual_gbp: £96}", "variance should be red."),
    ("because: undefined", "because: missing", "should be not rated (missing)"),
    ("amber: {judged: amber}\n    red", "amber: {judged: red}\n    red", "able should be amber"),
]


@pytest.mark.parametrize(("old", "new", "says"), WRONG)
def test_an_example_that_comes_out_otherwise_is_a_fault_with_its_line(world, old, new, says):
    assert old in EXAMPLES
    text = EXAMPLES.replace(old, new, 1)
    (fault,) = run_examples(*loaded(world, text))
    assert says in fault.message
    assert fault.line == text[: text.rindex(new)].count("\n") + 1


FAULTS = [
    ("set: trial", "set: other", "set", "another set"),
    ('version: "1"', 'version: "2"', "set", "another version"),
    ("as_of: 2011-06-30", "as_of: June", "number", "is not a date"),
    ("  sponsor: A", "  sponser: A", "unknown-name", "Did you mean 'sponsor'?"),
    ("actual_gbp: £98", "actual_gbp: 5%", "type", "is not money"),
    ("due: 2011-05-01\n  work", "due: May\n  work", "number", "is not a date"),
    ("workstreams: [medicines]", "workstreams: medicines", "shape", "is a list"),
    ("ok: yes, due", "ok: maybe, due", "type", "is not yes or no"),
    ("ok: yes, due", "okay: yes, due", "unknown-name", "Did you mean 'ok'?"),
    ("check: named", "check: naemd", "unknown-name", "Did you mean 'named'?"),
    ("check: named", "chekc: named", "missing-key", "one of: check, criterion, overall"),
    ("milestones.m1.ok: no, says", "milestones.m7.ok: no, says", "unknown-name", "milestones.m7"),
    ("{judged: none,", "{judged: noen,", "choice", "Did you mean 'none'?"),
    ("because: undefined", "because: undefine", "choice", "Did you mean 'undefined'?"),
    (
        "red: {sponsor: none}\n  - overall",
        "rde: {sponsor: none}\n  - overall",
        "unknown-key",
        "'red'",
    ),
    (
        "red: {sponsor: none}\n  - overall",
        "red: none\n  - overall",
        "shape",
        "differs from the base",
    ),
    ("overall: initiative", "overall: region", "unknown-name", "There is no overall"),
    ("base:", "base: &a", "anchor", "not allowed"),
]


@pytest.mark.parametrize(("old", "new", "code", "says"), FAULTS, ids=[f[1][:30] for f in FAULTS])
def test_faults_in_a_file_of_examples(world, old, new, code, says):
    assert old in EXAMPLES
    with pytest.raises(CriteriaFaults) as caught:
        loaded(world, EXAMPLES.replace(old, new, 1))
    assert [f for f in caught.value.faults if f.code == code and says in f.message]


def test_what_no_example_shows_is_said(world):
    text = EXAMPLES.replace("    amber: {milestones.m1.ok: no, says: 1 of 2}\n", "")
    criteria, file = loaded(world, text.replace("    red: {judged: red}\n", ""))
    covered = coverage(criteria, file.examples)
    assert covered.lacking == (("owned", ("amber",)), ("able", ("red",)))
    assert (
        covered.says() == "4 checks, 15 examples; without an example: owned (amber) and able (red)"
    )


POSSIBLE = [
    ("holds: given(sponsor)\notherwise: red", "green red"),
    ("holds: given(sponsor) and a\notherwise: amber", "green amber not_rated"),
    ("holds: given(a) and a\notherwise: amber", "green amber"),
    ("holds: not given(a) or a\notherwise: red", "green red"),
    ("holds: a\notherwise: red\nmissing: fails", "green red"),
    ("holds: a\napplies: b\notherwise: red\nmissing: fails", "green red not_rated"),
    ("holds: any(given(m.ok) and m.ok for m in milestones)\notherwise: red", "green red"),
    ("holds: any(m.ok for m in milestones)\notherwise: red", "green red not_rated"),
    ("holds: count(milestones) > 0\notherwise: red", "green red"),
    ("holds: planned_gbp > £1\notherwise: red", "green red not_rated"),
    ("each: milestones as m\nholds: given(m.ok)\ngreen: all\nnone: red", "green red"),
    ("each: milestones as m\nholds: m.ok\ngreen: all\nnone: red", "green red not_rated"),
    ("each: milestones as m\nholds: m.ok\ngreen: all\namber: at least 0", "green amber not_rated"),
    ("measure: count(milestones)\ngreen: at least 3\namber: at least 0", "green amber"),
    ("measure: staff / 2\ngreen: at least 30%", "green red not_rated"),
]


@pytest.mark.parametrize(("body", "ratings"), POSSIBLE)
def test_which_ratings_a_check_can_have(world, body, ratings):
    criteria = world.make_set(f"id: x\nasks: X\n{body}")
    (criterion,) = criteria.criteria()
    assert possible_ratings(criterion.checks[0], criterion) == set(ratings.split())
