"""Decision tables and bands are proved when a file is loaded; faults show what shows them."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qipp_assure.criteria_engine.band_proof import band_faults
from qipp_assure.criteria_engine.bands import Bands, parse_band
from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.table_proof import table_faults
from qipp_assure.criteria_engine.tables import COLOURS, Counts, Rule, parse_rule, table_of
from qipp_assure.criteria_engine.types import Kind

NAMES = ("money", "people.a", "people.b")
WORDS = [
    "any red", "no amber", "all green", "2 or more red", "50% or more not green", "at most 1 amber",
    "33.3% or more red and fewer than 2 green", "more than 60% green", "money is red",
    "money is not green and any amber", "any red in people", "all green in people", "3 or more red",
    "fewer than 1 red and fewer than 1 amber", "at most 49% not red", "at least 2 not amber",
]  # fmt: skip


def rules_of(lines, otherwise):
    made = [
        Rule(colour, words, parse_rule(words, (), NAMES), limit) for colour, words, limit in lines
    ]
    return [*made, Rule(otherwise, "otherwise", ())] if otherwise else made


def all_combinations(names, parts):
    """Every combination there is, one by one."""
    for states in itertools.product((None, *COLOURS), repeat=len(names)):
        named = {n: s for n, s in zip(names, states, strict=True) if s is not None}
        for others in itertools.product((None, *COLOURS), repeat=parts - len(names)):
            rated = [*named.values(), *(one for one in others if one is not None)]
            if rated:
                yield Counts({c: rated.count(c) for c in COLOURS}, named)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(COLOURS), st.sampled_from(WORDS), st.booleans()),
        min_size=1, max_size=4,
    ),
    st.sampled_from([None, *COLOURS]),
    st.booleans(),
    st.integers(3, 5),
)  # fmt: skip
def test_the_proof_finds_what_trying_everything_finds(lines, otherwise, unique, parts):
    rules = rules_of(lines, otherwise)
    if all(rule.is_limit for rule in rules):
        return
    table = table_of(rules, is_unique=unique)
    names = sorted(table.names)
    reached, limiting, gap, overlaps = set(), set(), False, set()
    for counts in all_combinations(names, parts):
        meets = [n for n, rule in enumerate(table.rules) if rule.applies(counts)]
        gap = gap or not meets
        reached |= set(meets[:1])
        said = [n for n in meets if table.rules[n].groups]
        overlaps |= set(itertools.combinations(said, 2))
        for number, limit in enumerate(table.limits):
            better = meets and COLOURS.index(table.rules[meets[0]].rating) > COLOURS.index(
                limit.rating
            )
            if better and limit.applies(counts):
                limiting.add(number)
    found = table_faults(table, rules, parts)
    by_code = {
        code: [f for f in found if f.code == code]
        for code in ("table-gap", "unreachable", "table-overlap")
    }
    assert bool(by_code["table-gap"]) == gap
    dead = len(table.rules) - len(reached) + len(table.limits) - len(limiting)
    assert len(by_code["unreachable"]) == dead
    assert len(by_code["table-overlap"]) == (len(overlaps) if unique else 0)


HEAD = """\
set: trial
version: "1"
title: A trial
rates: initiative
reads: [card@1]
source: our own
origin: own
not_rated: {nothing_due: ignored, missing: waits, undefined: waits, judgement_outstanding: waits, does_not_apply: ignored}
criterion_rating: worst
area_rating: worst
areas:
  - {id: money, title: Money, criteria: [{id: a, title: A, half: h, checks: [{id: x, asks: X, holds: a, otherwise: red}]}, {id: b, title: B, half: h, checks: [{id: y, asks: Y, holds: b, otherwise: red}]}]}
  - {id: people, title: People, criteria: [{id: c, title: C, half: h, checks: [{id: z, asks: Z, holds: c, otherwise: amber}]}]}
halves:
  - {id: h, title: Half, rating: worst}
overall:
"""


def faults_of(world, table, **changes):
    text = HEAD + "".join(f"  {line}\n" for line in table)
    for old, new in changes.items():
        text = text.replace(f"{old}: worst", f"{old}: {new}")
    with pytest.raises(CriteriaFaults) as caught:
        load_set(text, "trial.yaml", world.SCHEMAS)
    return [
        (fault.line - HEAD.count("\n"), fault.code, fault.message) for fault in caught.value.faults
    ]


PLANTED = [
    (["- red: any red", "- amber: any amber"], 1, "table-gap", "0 red and 0 amber and 1 green"),
    (
        ["- red: any red", "- amber: 2 or more red", "- green: otherwise"],
        2, "unreachable", "'any red' comes first, such as with 2 red and 0 amber and 0 green",
    ),
    (["- red: 3 or more red", "- green: otherwise"], 1, "unreachable", "no combination"),
    (["- red: any red", "- amber: no red", "- green: otherwise"], 3, "unreachable", "'otherwise'"),
    (
        ["hit: unique", "rules:", "  - red: any red", "  - amber: any amber", "  - green: otherwise"],
        4, "table-overlap", "both meet 1 red and 1 amber and 0 green",
    ),
    (
        ["- red: any red", "- green: otherwise", "- not better than amber: money is red"],
        3, "unreachable", "never limits",
    ),
    (["- green: otherwise", "- red: any red"], 1, "table", "last line only"),
    (["hit: frist", "rules: [{green: otherwise}]"], 1, "choice", "Did you mean 'first'?"),
    (["- red: any red in mony", "- green: otherwise"], 1, "unknown-name", "Did you mean 'money'?"),
    (["- not better than red: any red"], 1, "table", "has rules"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "line", "code", "says"), PLANTED, ids=[p[3][:30] for p in PLANTED]
)
def test_a_planted_fault_is_found_with_its_line_and_what_shows_it(world, table, line, code, says):
    told = [f for f in faults_of(world, table) if f[1] == code and says in f[2]]
    assert told
    assert told[0][0] == line or code in ("table", "choice")


def test_a_table_may_do_without_otherwise_when_it_says_all(world):
    lines = ["hit: unique", "rules:", "  - red: any red", "  - amber: no red and any amber"]
    lines.append("  - green: no red and no amber")
    text = HEAD + "".join(f"  {line}\n" for line in lines)
    assert load_set(text, "trial.yaml", world.SCHEMAS).overall.is_unique


def rated_with(world, overall, half="worst", **values):
    text = (HEAD + "".join(f"  {line}\n" for line in overall)).replace(
        "rating: worst}", f"rating: {half}}}"
    )
    criteria = load_set(text, "trial.yaml", world.SCHEMAS)
    from qipp_assure.criteria_engine.rating import rate

    made = rate(world.facts_of(world.initiative(**values)), [], {}, [criteria], world.AS_OF)
    return made.to_json()["subjects"][0]


LIMITED = [
    "- red: 2 or more areas red",
    "- green: otherwise",
    "- not better than amber: any red in money",
]


@pytest.mark.parametrize(
    ("a", "b", "c", "overall"),
    [
        (True, True, True, "green"),
        (False, True, True, "amber"),
        (True, True, False, "green"),
        (None, True, True, "not_rated"),
    ],
)
def test_a_limit_caps_what_the_rules_give(world, a, b, c, overall):
    subject = rated_with(world, LIMITED, a=a, b=b, c=c)
    assert subject["overall"] == overall
    if overall == "amber":
        assert "no better than amber is allowed with any red in Money" in subject["reason"]


@pytest.mark.parametrize(
    ("half", "values", "rating"),
    [
        ("[{red: 2 or more red in money}, {green: otherwise}]", (False, False, True), "red"),
        ("[{red: 2 or more red in money}, {green: otherwise}]", (False, True, False), "green"),
        ("[{amber: 50% or more red in money}, {green: otherwise}]", (False, True, True), "amber"),
        ("[{red: 50% or more red}, {green: otherwise}, {not better than amber: any red in money}]",
         (False, True, True), "amber"),
    ],
)  # fmt: skip
def test_counts_and_shares_within_an_area(world, half, values, rating):
    subject = rated_with(
        world, ["- red: all red", "- green: otherwise"], half,
        **dict(zip("abc", values, strict=True)),
    )  # fmt: skip
    assert subject["halves"][0]["rating"] == rating


BANDS = [
    (None, "all", "at least 50%", None, None),
    (None, "at least 50%", "all", None, "amber 'all' is never given"),
    (None, "at least 100%", "all but 0", None, "amber 'all but 0' is never given"),
    (None, "at least 70", "at least 65", None, None),
    (None, "all", "at least 0", None, None),
    (Kind.SHARE, "under 5%", "under 5%", None, "amber 'under 5%' is never given"),
    (Kind.SHARE, "under 5%", "at most 5%", None, None),
    (Kind.SHARE, "under 5%", "under 10%", "over 10%", "No band holds for 10%"),
    (Kind.SHARE, "under 5%", "under 10%", "at least 10%", None),
    (Kind.SHARE, "under 5%", "under 10%", "over 9%", "is both amber and red"),
    (Kind.SHARE, "under 5%", None, "at least 4%", "is both green and red"),
    (Kind.SHARE, "between 10% and 5%", None, None, "green 'between 10% and 5%' is never given"),
    (Kind.COUNT, "exactly 0", "between 1 and 2", "at least 3", None),
    (Kind.COUNT, "exactly 0", "between 1 and 2", "more than 3", "No band holds for"),
    (Kind.COUNT, "at most 3", "under 4", None, "amber 'under 4' is never given"),
    (Kind.MONEY, "over £3 and under £4", None, None, None),
    (Kind.COUNT, "over 3 and under 4", None, None, "is never given"),
    (Kind.DATE, "before 2011-06-01", "before as_of", None, None),
    (Kind.DATE, "before as_of", "before as_of", None, "is never given"),
    (Kind.DATE, "on or before 2011-06-01", "before 2011-06-02", None, "is never given"),
    (Kind.DAYS, "at most 45 days", "at most 92 days", None, None),
]


@pytest.mark.parametrize(("kind", "green", "amber", "red", "says"), BANDS)
def test_bands_are_proved(kind, green, amber, red, says):
    made = [None if text is None else parse_band(text, kind, {}) for text in (green, amber, red)]
    found = [fault.message for fault in band_faults(Bands(*made), kind)]
    assert (found == []) if says is None else any(says in message for message in found), found


def test_a_band_in_vain_is_told_with_its_line(world):
    check = "id: x\nasks: X\nmeasure: growth\ngreen: under 10%\namber: under 5%"
    text = world.set_text(check)
    with pytest.raises(CriteriaFaults) as caught:
        load_set(text, "trial.yaml", world.SCHEMAS)
    (fault,) = caught.value.faults
    assert fault.code == "unreachable"
    assert text.splitlines()[fault.line - 1].strip() == "amber: under 5%"


HOSTILE = {
    "many names": [" and ".join(f"p{n} is red" for n in range(20))],
    "many thresholds": [
        f"{n}.{n}% or more {c}" for n in range(9, 15) for c in ("red", "amber", "green")
    ],
    "large counts": ["999999999999 or more red", "999999999999% or more red"],
    "fine shares": ["33.3333331% or more red and at most 33.3333332% red"],
    "many rules": ["any red"] * 4000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tables_are_refused_at_once(world, name):
    areas = "".join(
        f"  - {{id: p{n}, title: P, criteria: [{{id: c, title: C, checks: "
        f"[{{id: x{n}, asks: X, holds: a, otherwise: red}}]}}]}}\n"
        for n in range(20)
    )
    rules = ", ".join(f"{{red: {words}}}" for words in HOSTILE[name])
    head = HEAD[: HEAD.index("areas:")]
    text = f"{head}areas:\n{areas}overall: [{rules}, {{green: otherwise}}]\nroll_up: [{rules}, {{green: otherwise}}]\n"
    start = time.process_time()
    with pytest.raises(CriteriaFaults):
        load_set(text, "trial.yaml", world.SCHEMAS)
    assert time.process_time() - start < 1
