"""Rounds: their months and years, and the Department's own figures."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import (
    UnknownRound,
    allocations_of,
    find_challenge,
    find_current_round,
    get_round,
    list_criteria,
    list_round_regions,
    list_rounds,
    list_workstreams,
    takes_part,
)
from qipp_assure.rounds.services import add_round, admit_region, set_allocations
from qipp_assure.vocabulary import SYSTEM, NotAllowed, Refused, ReturnKind


def add(session, actor=SYSTEM, **changed):
    values = {
        "code": "plans-2012",
        "title": "Plans for 2012/13",
        "plan_template": "plan@2011.1",
        "report_card_template": "report-card@2011.1",
        "opens_on": date(2012, 1, 1),
        "closes_on": date(2012, 7, 31),
        "horizon": ("2012/13", "2014/15"),
        "months": ("2012-04", "2013-03"),
        **changed,
    }
    return add_round(session, actor, **values)


def test_a_round_and_what_belongs_to_it(database, world):
    with database.reading() as session:
        found = world.round(session)
        assert found.years == ("2011/12", "2012/13", "2013/14", "2014/15")
        assert found.periods[0] == "2011-04"
        assert found.periods[-1] == "2012-03"
        assert len(found.periods) == 12
        assert found.template_for(ReturnKind.PLAN) == "plan@2011.1"
        assert found.template_for(ReturnKind.REPORT_CARD) == "report-card@2011.1"
        region, neighbour = world.region(session), world.region(session, "Q31")
        assert [each.code for each in list_round_regions(session, found)] == ["Q30", "Q31"]
        assert find_challenge(session, found, region) == 1_000_000_000
        assert find_challenge(session, found, neighbour) is None
        assert allocations_of(session, found, region) == {"5D7": 500_000_000}
        assert allocations_of(session, found, neighbour) == {}
        assert [each.code for each in list_workstreams(session, found)] == ["medicines"]
        pinned = [(each.set_id, each.version) for each in list_criteria(session, found)]
        assert pinned == [("plan", "2011.1")]
        assert not takes_part(session, found, world.region(session, "DH"))
        with pytest.raises(UnknownRound):
            get_round(session, "no-such-round")


@given(st.integers(2001, 2030), st.integers(1, 12), st.integers(0, 40))
def test_months_run_without_gap_from_first_to_last(year, month, more):
    last_year, last_month = divmod(year * 12 + month - 1 + more, 12)
    found = Round(
        first_month=f"{year}-{month:02d}", last_month=f"{last_year}-{last_month + 1:02d}"
    ).periods
    numbers = [int(each[:4]) * 12 + int(each[5:]) for each in found]
    assert numbers == list(range(numbers[0], numbers[0] + more + 1))
    assert found[0] == f"{year}-{month:02d}"


def test_which_round_is_current(database, world):
    with database.writing() as session:
        added = add(session)
        first = world.round(session)
        assert [each.code for each in list_rounds(session)] == [added.code, first.code]
        # Both are open in February 2012: the later one counts.
        assert find_current_round(session, date(2012, 2, 1)) is added
        assert find_current_round(session, date(2011, 6, 1)) is first
        assert find_current_round(session, date(2013, 1, 1)) is added
        assert find_current_round(session, date(2000, 1, 1)) is first


def test_no_round_at_all(database):
    with database.reading() as session:
        assert find_current_round(session, date(2011, 6, 1)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "plans-2011"},
        {"code": "plans 2012"},
        {"code": ""},
        {"title": " "},
        {"closes_on": date(2011, 12, 31)},
        {"horizon": ("2012-13", "2014/15")},
        {"horizon": ("2014/15", "2012/13")},
        {"months": ("2012-04", "2012/13")},
        {"months": ("2012-05", "2012-04")},
    ],
)
def test_rounds_that_cannot_be(database, world, changed):
    with pytest.raises(Refused), database.writing() as session:
        add(session, **changed)
    with database.reading() as session:
        assert len(list_rounds(session)) == 1


def test_only_administrators_change_rounds(database, world):
    lead, admin = world.actors["lead"], world.actors["admin"]
    with database.writing() as session:
        found, region = world.round(session), world.region(session)
        with pytest.raises(NotAllowed):
            add(session, lead)
        with pytest.raises(NotAllowed):
            admit_region(session, lead, found, region, 1)
        with pytest.raises(NotAllowed):
            set_allocations(session, lead, found, {"5D7": 1})
        admit_region(session, admin, found, region, 900_000_000)
        assert find_challenge(session, found, region) == 900_000_000


def test_figures_that_cannot_be(database, world):
    with database.writing() as session:
        found = world.round(session)
        with pytest.raises(Refused, match="not a region"):
            admit_region(session, SYSTEM, found, world.region(session, "5D7"))
        with pytest.raises(Refused, match="no organisation"):
            set_allocations(session, SYSTEM, found, {"5D7": 1, "XXX": 2})
        with pytest.raises(Refused, match="below nothing"):
            set_allocations(session, SYSTEM, found, {"5D7": -1})
    with database.writing() as session:
        found = world.round(session)
        set_allocations(session, SYSTEM, found, {"5D7": 600_000_000_000, "Q30": 7})
        region = world.region(session)
        assert allocations_of(session, found, region) == {"5D7": 600_000_000_000, "Q30": 7}


def test_the_database_refuses_a_round_that_closes_before_it_opens(database, world):
    def act():
        with database.writing() as session:
            world.round(session).closes_on = date(2010, 1, 1)

    with pytest.raises(IntegrityError):
        act()
