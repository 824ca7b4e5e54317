"""A parameter may change from a date: ratings, sentences, digests and proofs follow."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from qipp_assure.criteria_engine.compiled.rating import ToRate, rate_many
from qipp_assure.criteria_engine.dated import in_force
from qipp_assure.criteria_engine.faults import CriteriaFaults
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.path_to_green import PathsToGreen
from qipp_assure.criteria_engine.rating import rate

CHECK = """\
id: x
asks: Growth is small
measure: growth
called: Growth
green: under tolerance
amber: under 10%
"""
LATER = """\
parameters:
  tolerance:
    value: 5%
    source: figure 13
    later:
      - {from: 2012-04-01, value: 3%, source: framework}
      - {from: 2013-04-01, value: 4%, source: framework}
"""


def dated(world, parameters=LATER, check=CHECK):
    return world.make_set(check, parameters=parameters)


def rated(world, criteria, day, growth):
    facts = world.facts_of(world.initiative(growth=growth))
    assessment = rate(facts, [], {}, [criteria], day)
    check = assessment.to_json()["subjects"][0]["criteria"][0]["checks"][0]
    return check["rating"], check["reason"], assessment, facts


@pytest.mark.parametrize(
    ("day", "percent", "rating"),
    [
        (date(2012, 3, 31), 4, "green"),
        (date(2012, 4, 1), 4, "amber"),
        (date(2012, 4, 1), 3, "amber"),
        (date(2012, 4, 1), 2, "green"),
        (date(2013, 4, 1), 3, "green"),
        (date(1999, 1, 1), 4, "green"),
    ],
)
def test_the_value_of_the_day_counts(world, day, percent, rating):
    assert rated(world, dated(world), day, Fraction(percent, 100))[0] == rating


def test_sentences_say_since_when(world):
    said = rated(world, dated(world), date(2012, 4, 1), Fraction(4, 100))[1]
    assert "green needs under 3% since 1 April 2012" in said.lower().replace("april", "April")
    before = rated(world, dated(world), date(2012, 3, 31), Fraction(6, 100))[1]
    assert "under 5%" in before
    assert "since" not in before


def test_the_rating_names_the_file_whatever_the_day(world):
    criteria = dated(world)
    for day in (date(2011, 1, 1), date(2013, 1, 1)):
        assessment = rated(world, criteria, day, 0)[2]
        assert assessment.criteria == ((criteria.set, criteria.version, criteria.digest),)
        assert in_force(criteria, day) is in_force(criteria, day)
    assert in_force(criteria, date(2012, 4, 1)).in_force_from == date(2012, 4, 1)
    plain = world.make_set(CHECK.replace("tolerance", "5%"))
    assert in_force(plain, date(2012, 4, 1)) is plain


def test_later_values_belong_to_the_content_of_a_check(world):
    def digest(parameters):
        return next(dated(world, parameters).checks()).digest

    undated = "parameters:\n  tolerance: {value: 5%, source: figure 13}\n"
    assert len({digest(undated), digest(LATER), digest(LATER.replace("4%", "2%"))}) == 3


def test_the_path_to_green_goes_by_the_value_of_the_day(world):
    criteria = dated(world)
    _, _, assessment, facts = rated(world, criteria, date(2012, 5, 1), Fraction(4, 100))
    path = PathsToGreen.of(facts, assessment, [criteria]).of_subject(assessment.subjects[0])
    assert "under 3%" in path.changes[0].to_do.do


FAULTS = [
    ("from: 2012-04-01", "from: April", "number", "'from' is a date"),
    ("from: 2012-04-01", "from: 2012-04-31", "number", "'from' is a date"),
    ("from: 2012-04-01", "from: 20120401", "number", "'from' is a date"),
    ("from: 2012-04-01", "form: 2012-04-01", "unknown-key", "Did you mean 'from'?"),
    ("from: 2013-04-01", "from: 2012-04-01", "order", "order of their dates"),
    ("value: 3%, source: framework", "value: 3%", "missing-key", "needs the key 'source'"),
    ("value: 3%", "value: £3", "type", "a share, not money"),
    ("value: 3%", "value: 5%", "unused", "changes nothing"),
    ("value: 4%", "value: 12%", "unreachable", "amber 'under 10%' is never given"),
]


@pytest.mark.parametrize(("old", "new", "code", "says"), FAULTS, ids=[f[1] for f in FAULTS])
def test_faults_of_later_values(world, old, new, code, says):
    assert old in LATER
    with pytest.raises(CriteriaFaults) as caught:
        dated(world, LATER.replace(old, new, 1))
    assert [f for f in caught.value.faults if f.code == code and says in f.message]


def test_the_same_text_under_another_name_is_the_same_set(world):
    text = world.set_text(CHECK, parameters=LATER)
    one, other = (load_set(text, name, world.SCHEMAS) for name in ("a.yaml", "b.yaml"))
    assert in_force(one, date(2012, 4, 1)).file == "a.yaml"
    assert in_force(other, date(2012, 4, 1)).file == "b.yaml"


def test_returns_of_many_months_are_each_rated_by_the_value_of_their_day(world):

    criteria, days = dated(world), [date(2012, 3, 31), date(2012, 4, 1), date(2012, 3, 1)]
    facts = world.facts_of(world.initiative(growth=Fraction(4, 100)))
    found = rate_many([criteria], [ToRate(facts, day) for day in days])
    expected = [rated(world, criteria, day, Fraction(4, 100))[0] for day in days]
    assert expected == ["green", "amber", "green"]
    codes = [made.overall["initiative", "I1"] for made in found]
    assert codes[0] == codes[2] != codes[1]
