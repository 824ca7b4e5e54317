"""Every kind of fault in a criteria file is found, with its line and the nearest right name."""

from __future__ import annotations

import pytest

from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.criteria_engine.loading import load_file, load_set

WHOLE = """\
set: trial
version: "1"
title: A trial
rates: initiative
reads: [card@1]
source: our own
origin: own
parameters:
  tolerance: {value: 5%, source: our own}
not_rated: {nothing_due: ignored, missing: waits, undefined: waits, judgement_outstanding: waits, does_not_apply: ignored}
criterion_rating: worst
area_rating: worst
areas:
  - id: money
    title: Money
    criteria:
      - id: progress
        title: Progress
        half: progress
        checks:
          - id: variance
            asks: Within 5% of plan
            measure: abs(actual_gbp - planned_gbp) / abs(planned_gbp)
            green: under tolerance
            amber: under 10%
          - id: on-time
            asks: On time
            each: milestones as m
            where: m.due <= as_of
            holds: m.met_on <= m.due
            green: all
            none: not_rated
            counted: milestones due by {as_of}
  - id: people
    title: People
    criteria:
      - id: sponsor
        title: Sponsor
        checks:
          - id: sound
            asks: Sound
            judged: reviewer
            look_for: How
            evidence: [brief.objectives, milestones.due]
          - id: named
            asks: Named
            holds: given(sponsor)
            otherwise: red
halves:
  - {id: progress, title: Progress, rating: worst}
overall:
  - red: money is red, or 2 or more areas red
  - amber: any area not green
  - green: otherwise
roll_up:
  - red: 30% or more initiatives red
  - green: otherwise
flags:
  - {id: over, when: actual_gbp > planned_gbp, says: More than planned.}
"""


def faults(world, text):
    with pytest.raises(CriteriaFaults) as caught:
        load_set(text, "trial.yaml", world.SCHEMAS)
    return caught.value.faults


def line_of(text):
    """The line on which a text stands in WHOLE."""
    return WHOLE[: WHOLE.index(text)].count("\n") + 1


def test_the_whole_file_loads(world):
    loaded = load_set(WHOLE, "trial.yaml", world.SCHEMAS)
    assert [check.id for check in loaded.checks()] == ["variance", "on-time", "sound", "named"]
    assert [criterion.key for criterion in loaded.criteria()] == [
        "money.progress", "people.sponsor",
    ]  # fmt: skip


FAULTS = [
    ("title: A trial", "titel: A trial", "unknown-key", "Did you mean 'title'?"),
    ("title: A trial\n", "title: A trial\ntitle: B\n", "duplicate-key", "stands here twice"),
    ("rates: initiative", "rates: inititive", "unknown-name", "Did you mean 'initiative'?"),
    ("rates: initiative", "rates: [initiative, lines]", "unknown-name", "no subject 'lines'"),
    ("rates: initiative", "rates: [initiative, initiative]", "duplicate-id", "two of the kind"),
    ("    green: all", "    if_not: none\n            green: all", "missing-key", "no 'applies'"),
    ("reads: [card@1]", "reads: [card@2]", "unknown-name", "Did you mean 'card@1'?"),
    ("source: our own\norigin", "origin", "missing-key", "needs the key 'source'"),
    ("origin: own", "origin: ours", "choice", "It is one of"),
    ("missing: waits", "missing: wait", "choice", "Did you mean 'waits'?"),
    ("undefined: waits, ", "", "missing-key", "needs the key 'undefined'"),
    ("{value: 5%, source: our own}", "{value: 5%}", "missing-key", "needs the key 'source'"),
    ("  tolerance", "  sum", "name", "already means something else"),
    ("under tolerance", "under 5%", "unused", "'tolerance' is used nowhere"),
    ("under tolerance", "udner tolerance", "band", "Did you mean 'under'?"),
    ("under 10%", "under tolerence", "unknown-name", "Did you mean 'tolerance'?"),
    ("under 10%", "under £5", "type", "do not go together"),
    ("under 10%", "under 10", "type", "Write a share with %"),
    ("green: all", "green: at least £3", "type", "Items are judged by a share"),
    ("abs(actual_gbp - planned_gbp)", "abs(actual - planned_gbp)", "unknown-name", "'actual_gbp'"),
    ("abs(planned_gbp)", "abs(planned_gbp) + 5", "type", "do not go together"),
    ("abs(actual_gbp - planned_gbp)", "(actual_gbp + due)", "type", "do not go together"),
    ("abs(actual_gbp - planned_gbp)", "max(actual_gbp, 5)", "type", "Write £5"),
    ("abs(actual_gbp - planned_gbp)", "abz(actual_gbp)", "unknown-function", "'abs'"),
    ("m.due <= as_of", "m.dew <= as_of", "unknown-name", "Did you mean 'm.due'?"),
    ("m.due <= as_of", "m.due <= 5", "type", "do not go together"),
    ("m.due <= as_of", "m.due", "type", "must be yes or no"),
    ("m.due <= as_of", "m.due <= as_of and m.code", "type", "join yes or no"),
    ("m.due <= as_of", "m.code < 'b'", "type", "has no order"),
    ("m.due <= as_of", "m.status == 'don'", "unknown-choice", "Did you mean 'done'?"),
    ("m.due <= as_of", "m.status in ['open', 'dun']", "unknown-choice", "There is no choice"),
    ("m.due <= as_of", "a and 'medicine' in workstreams", "unknown-choice", "'medicines'"),
    ("m.due <= as_of", "m.due % 5", "percent", "no modulo"),
    ("m.due <= as_of", "2 ** 9 == 5", "not-allowed", "no powers"),
    ("m.due <= as_of", "m.due = as_of", "not-allowed", "'=='"),
    ("m.due <= as_of", "m.ok == 1", "type", "do not go together"),
    ("m.due <= as_of", "m.due <= 2011-02-30", "number", "There is no day"),
    ("m.due <= as_of", "m.due <=", "syntax", "not a complete expression"),
    ("m.due <= as_of", "milestones", "type", "is a list"),
    ("m.due <= as_of", "m", "type", "whole item"),
    ("m.due <= as_of", "any(m.ok for m in milestones)", "name", "already means"),
    ("each: milestones as m", "each: milestone as m", "unknown-name", "'milestones'"),
    ("each: milestones as m", "each: sponsor as m", "type", "not a list"),
    ("each: milestones as m", "each: workstreams as m", "type", "list of records"),
    ("each: milestones as m", "each: milestones as sponsor", "name", "already means"),
    ("each: milestones as m", "each: milestones as sum", "name", "is a function"),
    ("each: milestones as m", "each: milestones", "shape", "milestones as m"),
    ("{as_of}", "{asof}", "placeholder", "Did you mean 'as_of'?"),
    ("            green: all\n", "", "missing-key", "needs the key 'green'"),
    ("none: not_rated", "none: purple", "choice", "'purple' is not known"),
    ("judged: reviewer", "judgd: reviewer", "check-kind", "A check is one of"),
    ("milestones.due]", "milestones.dew]", "unknown-name", "There is no 'milestones.dew'"),
    ("id: sound", "id: variance", "duplicate-id", "already"),
    ("id: sound", "id: Sound thing", "id", "is no id"),
    ("id: people", "id: money", "duplicate-id", "two of the area"),
    ("half: progress", "half: progres", "unknown-name", "Did you mean 'progress'?"),
    ("any area not green", "any aera not green", "table", "Did you mean 'area'?"),
    ("money is red,", "mony is red,", "unknown-name", "Did you mean 'money'?"),
    ("  - green: otherwise\nroll_up", "roll_up", "table-gap", "0 red and 0 amber and 1 green"),
    ("  - amber: any area", "  - ambr: any area", "table", "Did you mean 'amber'?"),
    ("30% or more initiatives", "30% or more areas", "table", "not counted here"),
    ("actual_gbp > planned_gbp,", "actual_gbp > 5,", "type", "Write £5"),
    ("holds: given(sponsor)", "holds: 1 == 1", "constant", "always comes out the same"),
    ("m.met_on <= m.due", "2011-01-01 <= 2011-02-01", "constant", "looks at nothing"),
    ("  - id: people", "  - id: any", "name", "word of decision tables"),
    ("        half: progress\n", "", "unused", "No criterion belongs to the half 'progress'"),
    ("title: People", "title: &a People", "anchor", "not allowed"),
    ("title: People", "title: !!python/name:os People", "tag", "not allowed"),
    ("title: People", "title: [People", "yaml", "Not readable"),
    ("title: People", "title: {a: b}", "shape", "is a text"),
]


@pytest.mark.parametrize(("old", "new", "code", "says"), FAULTS, ids=[f[1][:40] for f in FAULTS])
def test_each_fault_is_told_with_its_line(world, old, new, code, says):
    assert old in WHOLE
    found = faults(world, WHOLE.replace(old, new, 1))
    told = [fault for fault in found if fault.code == code and says in fault.message]
    assert told, [str(fault) for fault in found]
    allowed = {line_of(old) + shift for shift in (-1, 0, 1, 2)}
    if code not in (
        "missing-key",
        "table",
        "table-gap",
        "unused",
        "yaml",
        "duplicate-id",
        "check-kind",
    ):
        assert told[0].line in allowed
    assert str(told[0]).startswith(f"trial.yaml:{told[0].line}: ")


def test_all_faults_come_at_once_in_the_order_of_lines(world):
    text = WHOLE
    for old, new in (
        ("title: A trial", "titel: A trial"),
        ("under 10%", "under £5"),
        ("m.due <= as_of", "m.dew <= as_of and m.ok == m.duee"),
        ("any area not", "any aera not"),
    ):
        text = text.replace(old, new)
    found = faults(world, text)
    assert [fault.code for fault in found] == [
        "missing-key", "unknown-key", "type", "unknown-name", "unknown-name", "table",
    ]  # fmt: skip
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
    assert found[0].to_json() == {
        "file": "trial.yaml", "line": 1, "code": "missing-key",
        "message": "A criteria set needs the key 'title'.",
    }  # fmt: skip


def test_a_name_must_stand_in_every_template_that_is_read(world):
    schemas = {**world.SCHEMAS, "card@2": (world.SubjectSchema("initiative", world.MILESTONE),)}
    with pytest.raises(CriteriaFaults, match="In card@2: There is no 'sponsor'"):
        load_set(WHOLE.replace("[card@1]", "[card@1, card@2]"), "trial.yaml", schemas)


def test_a_name_must_stand_in_every_kind_of_subject_that_is_rated(world):
    found = faults(world, WHOLE.replace("rates: initiative", "rates: [initiative, region]"))
    assert ("In card@1, region: There is no 'actual_gbp'.", "unknown-name") in {
        (fault.message, fault.code) for fault in found
    }


def test_numbers_are_read_from_their_text(world):
    text = WHOLE.replace("5%, source", "0.30%, source")
    loaded = load_set(text, "trial.yaml", world.SCHEMAS)
    assert str(loaded.parameters["tolerance"].value) == "3/1000"


def test_digest_of_a_check_is_of_its_own_content(world):
    def digests(text):
        return {c.id: c.digest for c in load_set(text, "x", world.SCHEMAS).checks()}

    before = digests(WHOLE)
    assert digests(WHOLE.replace("m.due <= as_of", "m.due   <=\n              as_of")) == before
    assert digests(WHOLE.replace("title: People", "title: Persons")) == before
    changed = digests(WHOLE.replace("amber: under 10%", "amber: under 9%"))
    assert {k for k in before if before[k] != changed[k]} == {"variance"}
    moved = digests(WHOLE.replace("{value: 5%", "{value: 4%"))
    assert {k for k in before if before[k] != moved[k]} == {"variance"}


def test_digest_of_a_set_is_of_the_bytes_of_its_file(world, tmp_path):
    import hashlib

    path = tmp_path / "trial.yaml"
    path.write_bytes(WHOLE.encode())
    assert load_file(path, world.SCHEMAS).digest == hashlib.sha256(WHOLE.encode()).hexdigest()
