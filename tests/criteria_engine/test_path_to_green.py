"""The path to green is the least there is: compared with trying every set of changes."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qipp_assure.criteria_engine.assessment import not_rated, rated_as
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.least_changes import STATES, LeastChanges, State, leaf
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.parts import Part
from qipp_assure.criteria_engine.path_to_green import PathsToGreen
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.tables import Rule, parse_rule, table_of, worst
from qipp_assure.criteria_engine.wholes import rate_whole
from qipp_assure.vocabulary import Because, Rating

WORDS = [
    "any red", "any amber", "no green", "all green", "2 or more red", "50% or more red",
    "34% or more not green", "more than 1 amber", "fewer than 2 green", "at most 1 green",
    "any red and any green", "2 or more amber or any red", "at most 25% green",
]  # fmt: skip
NAMED = ["p1 is red", "p2 is not green", "p1 is green and any amber", "p3 is amber, or all red"]
COLOURS = [Rating.RED, Rating.AMBER, Rating.GREEN]
WAITS = {
    Because.MISSING: True, Because.JUDGEMENT_OUTSTANDING: True, Because.UNDEFINED: True,
    Because.NOTHING_DUE: False, Because.DOES_NOT_APPLY: False,
}  # fmt: skip


def table(rules, names=()):
    made = [Rule(colour, text, parse_rule(text, ("part",), names)) for colour, text in rules]
    return table_of([*made, Rule(Rating(rules[-1][0]) if rules else Rating.GREEN, "otherwise", ())])


def tables(names=()):
    words = st.sampled_from([*WORDS, *(NAMED if names else ())])
    rule = st.tuples(st.sampled_from(COLOURS), words)
    any_table = st.lists(rule, max_size=4).map(lambda rules: table(rules, names))
    return st.one_of(st.just(worst()), any_table)


def part_of(name, state):
    if state is State.WAITS:
        outcome = not_rated(Because.MISSING, "x")
    elif state is State.IGNORED:
        outcome = not_rated(Because.NOTHING_DUE, "x")
    else:
        outcome = rated_as(COLOURS[state], "x")
    return Part(name, name, outcome, state is State.WAITS)


def state_of(outcome):
    if outcome.because is None:
        return STATES[outcome.rating]
    return State.WAITS if WAITS[outcome.because] or outcome.broken else State.IGNORED


def least_by_trying(number, is_green):
    """The first set of changes that is enough, fewest first, then in the order of the file."""
    for size in range(number + 1):
        for chosen in combinations(range(number), size):
            if is_green(set(chosen)):
                return chosen
    return None


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_least_of_up_to_twelve_criteria_under_tables_of_every_kind(data):
    names = ("p1", "p2", "p3")
    shape = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    assume(sum(shape) <= 12)
    inner, outer = data.draw(tables()), data.draw(tables(names))
    states = data.draw(
        st.lists(st.sampled_from(list(State)), min_size=sum(shape), max_size=sum(shape))
    )
    stuck = data.draw(st.sets(st.integers(0, 11), max_size=3))

    def rated(changed):
        numbers, areas = iter(range(len(states))), []
        for place, size in enumerate(shape):
            parts = []
            for number in [next(numbers) for _ in range(size)]:
                state = State.GREEN if number in changed else states[number]
                parts.append(part_of(str(number), state))
            outcome = rate_whole(inner, parts, "parts")
            areas.append(Part(f"p{place}", "x", outcome, state_of(outcome) is State.WAITS))
        return rate_whole(outer, areas, "parts")

    def can_change(number):
        return number not in stuck and states[number] is not State.GREEN

    least, numbers, areas = LeastChanges(), iter(range(len(states))), []
    for place, size in enumerate(shape):
        parts = [
            (str(n), leaf(states[n], n if can_change(n) else None))
            for n in [next(numbers) for _ in range(size)]
        ]
        areas.append((f"p{place}", least.whole(inner, parts, State.IGNORED)))
    found = least.whole(outer, areas, State.IGNORED)

    open_numbers = [n for n in range(len(states)) if can_change(n)]
    tried = least_by_trying(
        len(open_numbers),
        lambda chosen: rated({open_numbers[n] for n in chosen}).rating is Rating.GREEN,
    )
    expected = None if tried is None else tuple(open_numbers[n] for n in tried)
    assert found.get(State.GREEN) == expected
    assert found[state_of(rated(set()))] == ()


CRITERION = """\
      - id: c{n}
        title: Criterion {n}
        checks:
"""
JUDGED = """\
          - id: k{n}
            asks: Check {n} is sound
            judged: reviewer
            look_for: How
            evidence: [sponsor]
"""
ROLL_UPS = ["worst", "[{red: 50% or more red}, {amber: any not green}, {green: otherwise}]"]
OVERALLS = [
    "worst",
    "[{red: 2 or more areas red}, {amber: any area red}, {green: otherwise}]",
    "[{green: no areas red and a0 is green}, {amber: otherwise}]",
]


def judged_set(world, shape, overall, area, roll_up):
    """Areas of criteria of judged checks: `shape` has the checks of each criterion, by area."""
    lines, number, criterion = [], 0, 0
    for place, criteria in enumerate(shape):
        lines.append(f"  - id: a{place}\n    title: Area\n    criteria:\n")
        for checks in criteria:
            lines.append(CRITERION.format(n=criterion))
            criterion += 1
            for _ in range(checks):
                lines.append(JUDGED.format(n=number))
                number += 1
    head = world.set_text("x", overall=overall, extra=f"roll_up: {roll_up}\n")
    head = head[: head.index("areas:")].replace("area_rating: worst", f"area_rating: {area}")
    return load_set(f"{head}areas:\n{''.join(lines)}", "trial.yaml", world.SCHEMAS), number


def whole_return(world, subjects):
    region = SubjectFacts("region", "R", "R", "Region", None, {})
    above = SubjectFacts("workstream", "W", "W", "Workstream", ("region", "R"), {})
    own = [world.initiative(f"I{n}", parent=("workstream", "W")) for n in range(subjects)]
    return world.facts_of(region, above, *own)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_paths_of_whole_returns_are_the_least_that_rating_finds(world, data):
    subjects = data.draw(st.integers(1, 3))
    shape = data.draw(
        st.lists(st.lists(st.integers(1, 2), min_size=1, max_size=2), min_size=2, max_size=2)
    )
    overall = data.draw(st.sampled_from(OVERALLS))
    area, roll_up = data.draw(st.sampled_from(ROLL_UPS)), data.draw(st.sampled_from(ROLL_UPS))
    criteria, checks = judged_set(world, shape, overall, area, roll_up)
    assume(checks * subjects <= 9)
    facts = whole_return(world, subjects)
    ratings = data.draw(
        st.lists(
            st.sampled_from(["red", "amber", "green", ""]),
            min_size=checks * subjects, max_size=checks * subjects,
        )
    )  # fmt: skip
    # The order of the file first: by criterion, then by subject, then by check.
    places = []
    for criterion in criteria.criteria():
        for subject in range(subjects):
            places += [(check.id, f"I{subject}") for check in criterion.checks]

    def assessed(changed):
        made = [
            {"set": "trial", "version": "1", "check": check, "subject_id": subject,
             "rating": "green" if number in changed else ratings[number]}
            for number, (check, subject) in enumerate(places)
        ]  # fmt: skip
        return rate(facts, made, {}, [criteria], world.AS_OF)

    assessment = assessed(set())
    paths = PathsToGreen.of(facts, assessment, [criteria])
    for number, subject in enumerate(assessment.subjects):
        path = paths.of_subject(subject)
        below = [n for n, place in enumerate(places) if subject.kind != "initiative"
                 or place[1] == subject.id]  # fmt: skip
        open_places = [n for n in below if ratings[n] != "green"]

        def green(chosen, number=number, open_places=open_places):
            found = assessed({open_places[n] for n in chosen}).subjects[number]
            return found.overall.rating is Rating.GREEN

        if path is None:
            assert subject.overall.rating is Rating.GREEN
            continue
        tried = least_by_trying(len(open_places), green)
        if tried is None:
            assert not path.reachable
            continue
        wanted = [places[open_places[n]] for n in tried]
        assert [(c.outcome.id, c.subject.id) for c in path.changes] == wanted


MET = """\
id: met
asks: Milestones were met on time
each: milestones as m
where: m.due <= as_of
holds: m.met_on <= m.due and given(m.met_on)
green: {green}
counted: milestones
failing: late
"""


def path_of(world, criteria, judgements=(), **values):
    facts = world.facts_of(world.initiative(**values))
    assessment = rate(facts, judgements, {}, [criteria], world.AS_OF)
    return PathsToGreen.of(facts, assessment, [criteria]).of_subject(assessment.subjects[0])


def milestone(name, due, met_on=None, **more):
    return {"id": name, "code": name, "due": due, "met_on": met_on, **more}


DAY = date


def test_a_date_missed_is_unreachable_and_says_from_when_green_is_possible(world):
    late = milestone("M1", DAY(2011, 5, 1))
    on_time = milestone("M2", DAY(2011, 5, 1), DAY(2011, 4, 30))
    later = [milestone(f"M{n}", DAY(2011, 8, 20)) for n in (3, 4)]
    share = world.make_set(MET.format(green="at least 75%"))
    path = path_of(world, share, milestones=[late, on_time, *later])
    assert not path.reachable
    assert path.first_date == DAY(2011, 8, 31)
    assert path.blocked_by == (("I1", "met"),)
    assert "31 August 2011" in path.says()
    everything = world.make_set(MET.format(green="all"))
    never = path_of(world, everything, milestones=[late, on_time, *later])
    assert (never.reachable, never.first_date, never.changes) == (False, None, ())
    assert never.blocked_by == (("I1", "met"),)


def test_what_is_due_today_can_still_be_met_today(world):
    due_today = milestone("M1", world.AS_OF, owner="O")
    path = path_of(world, world.make_set(MET.format(green="all")), milestones=[due_today])
    assert path.reachable
    assert [item.id for item in path.changes[0].to_do.items] == ["M1"]


def test_a_milestone_no_longer_counted_frees_the_way(world):
    recent = MET.replace("m.due <= as_of", "m.due <= as_of and as_of - m.due <= 60 days")
    late = milestone("M1", DAY(2011, 6, 20), DAY(2011, 6, 25))
    coming = milestone("M2", DAY(2011, 8, 30))
    path = path_of(world, world.make_set(recent.format(green="all")), milestones=[late, coming])
    assert path.first_date == DAY(2011, 8, 31)


def test_what_is_not_due_yet_can_be_green_once_it_is(world):
    coming = milestone("M1", DAY(2011, 9, 10))
    path = path_of(world, world.make_set(MET.format(green="all")), milestones=[coming])
    assert (path.reachable, path.first_date) == (False, DAY(2011, 9, 30))


def test_as_few_items_as_will_do_first_ones_first(world):
    owned = "id: ok\nasks: Ok\neach: milestones as m\nholds: m.ok\ngreen: at least 60%\nfailing: no"
    listed = [{"id": f"M{n}", "ok": ok} for n, ok in enumerate([False, None, False, False, True])]
    path = path_of(world, world.make_set(owned), milestones=listed)
    assert [item.id for item in path.changes[0].to_do.items] == ["M0", "M2"]


VARIANCE = """\
id: variance
asks: Within 5% of plan
measure: abs(actual_gbp - planned_gbp) / abs(planned_gbp)
called: Variance
green: under 5%
amber: under 10%
"""


@pytest.mark.parametrize(
    ("planned", "actual", "says"),
    [
        (10_000, 9_000, "£501 more would do it (actual savings to date: £9,501)"),
        (10_000, 12_000, "£1,501 less would do it (actual savings to date: £10,499)"),
        (-10_000, -12_000, "£1,501 more would do it (actual savings to date: -£10,499)"),
        (1_000_000_007, 0, "£950,000,007 more would do it"),
        (10_000, None, "Fill in actual savings to date."),
    ],
)
def test_the_figure_needed_is_exact(world, planned, actual, says):
    path = path_of(world, world.make_set(VARIANCE), planned_gbp=planned, actual_gbp=actual)
    assert says in path.changes[0].to_do.do


def test_dividing_by_nothing_is_a_change_only_where_it_is_waited_for(world):
    waiting = path_of(world, world.make_set(VARIANCE), planned_gbp=0, actual_gbp=5)
    assert waiting.reachable
    text = world.set_text(VARIANCE).replace("undefined: waits", "undefined: ignored")
    ignoring = load_set(text, "trial.yaml", world.SCHEMAS)
    path = path_of(world, ignoring, planned_gbp=0, actual_gbp=5)
    assert (path.reachable, path.first_date) == (False, None)


SPONSOR = (
    "id: sponsor\nasks: Named\nholds: given(sponsor)\notherwise: red\npassing: A sponsor is named"
)
CAPABLE = """\
id: capable
asks: The sponsor is able
applies: given(sponsor)
judged: reviewer
look_for: How
evidence: [sponsor]
"""


def test_a_change_says_what_may_come_to_apply_by_it(world):
    path = path_of(world, world.make_set(SPONSOR, CAPABLE))
    assert path.changes[0].opens == ("capable",)
    assert path.changes[0].to_do.do == "Fill in sponsor: a sponsor is named."


def test_a_judgement_is_a_change_like_any_other(world):
    path = path_of(world, world.make_set(CAPABLE), sponsor="S")
    assert path.changes[0].to_do.owner == "a reviewer"
    assert path.to_json()["changes"][0]["because"] == "judgement_outstanding"


def test_what_does_not_apply_is_no_change(world):
    path = path_of(world, world.make_set(CAPABLE))
    assert (path.reachable, path.changes) == (False, ())
    assert path.says() == "Green cannot be reached by any change known now."


def test_an_unknown_applicability_is_answered_first(world):
    check = SPONSOR.replace("holds: given(sponsor)", "applies: a\nholds: b")
    path = path_of(world, world.make_set(check))
    assert path.changes[0].to_do.do == "Fill in a, so that it is known whether this applies."


@pytest.mark.parametrize(
    ("holds", "reachable"),
    [
        ("a", True),
        ("not given(sponsor)", False),
        ("given(sponsor) and a", True),
        ("due <= due", True),
        ("not (due >= 2011-01-01)", True),
        ("planned_gbp > £5 or not given(sponsor)", True),
        ("1 == 2 or not given(sponsor)", False),
    ],
)
def test_what_has_been_given_is_not_taken_back(world, holds, reachable):
    check = f"id: x\nasks: X\nholds: {holds}\notherwise: red"
    values = {"sponsor": "S", "a": False, "due": DAY(2011, 3, 1), "planned_gbp": 1}
    path = path_of(world, world.make_set(check), **values)
    if path is not None:
        assert path.reachable is reachable
    else:
        assert holds == "due <= due"


def test_a_broken_check_cannot_be_mended_by_a_change(world):
    path = path_of(world, world.make_set(VARIANCE), planned_gbp=1.5, actual_gbp=2)
    assert (path.reachable, path.first_date) == (False, None)
    assert path.blocked_by == (("I1", "variance"),)
