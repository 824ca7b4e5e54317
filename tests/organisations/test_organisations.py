"""Organisations come and go, belong to a region, and pass on what they leave."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from qipp_assure.audit.queries import list_events
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import (
    UnknownOrganisation,
    find_by_code,
    get_by_code,
    list_children,
    list_organisations,
    list_regions,
    list_successors,
)
from qipp_assure.organisations.services import add_organisation, end_organisation, name_successor
from qipp_assure.vocabulary import SYSTEM, Refused, Tier


def add(session, **changed):
    values = {
        "code": "Q99",
        "name": "A region",
        "kind": "sha",
        "tier": Tier.REGIONAL,
        "starts_on": date(2009, 4, 1),
        **changed,
    }
    return add_organisation(session, SYSTEM, **values)


def test_regions_and_their_bodies(database, world):
    with database.reading() as session:
        region = get_by_code(session, "Q30")
        assert [each.code for each in list_regions(session)] == ["Q30", "Q31"]
        assert [each.code for each in list_children(session, region)] == ["5D7"]
        assert get_by_code(session, "5D7").region_code == "Q30"
        assert region.region_code == "Q30"
        assert len(list_organisations(session)) == 4
        assert find_by_code(session, "Q77") is None
        with pytest.raises(UnknownOrganisation):
            get_by_code(session, "Q77")


def test_an_end_and_a_successor(database, world):
    with database.writing() as session:
        old, new = get_by_code(session, "Q30"), get_by_code(session, "Q31")
        end_organisation(session, SYSTEM, old, date(2013, 3, 31))
        name_successor(session, SYSTEM, old, new, date(2013, 4, 1))
    with database.reading() as session:
        assert [each.code for each in list_regions(session, date(2013, 3, 31))] == ["Q30", "Q31"]
        assert [each.code for each in list_regions(session, date(2013, 4, 1))] == ["Q31"]
        assert not list_regions(session, date(2009, 3, 31))
        ended = get_by_code(session, "Q30")
        assert [each.code for each in list_successors(session, ended)] == ["Q31"]
        assert ended.exists_on(date(2013, 3, 31))
        assert not ended.exists_on(date(2013, 4, 1))
        events = [event.event for event in list_events(session, "organisation", "Q30")]
        assert events == ["successor_named", "organisation_ended", "organisation_added"]


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "q99"},
        {"code": ""},
        {"code": "Q30"},
        {"code": "X" * 11},
        {"code": "Q-30"},
        {"name": " "},
        {"ends_on": date(2009, 3, 31)},
    ],
)
def test_what_cannot_be_added(database, world, changed):
    with pytest.raises(Refused), database.writing() as session:
        add(session, **changed)
    with database.reading() as session:
        assert len(list_organisations(session)) == 4


def test_impossible_ends_and_successions(database, world):
    with database.writing() as session:
        one, two = get_by_code(session, "Q30"), get_by_code(session, "Q31")
        with pytest.raises(Refused, match="before the first"):
            end_organisation(session, SYSTEM, one, date(2009, 3, 31))
        with pytest.raises(Refused, match="itself"):
            name_successor(session, SYSTEM, one, one, date(2013, 4, 1))
        name_successor(session, SYSTEM, one, two, date(2013, 4, 1))
        with pytest.raises(Refused, match="linked already"):
            name_successor(session, SYSTEM, two, one, date(2013, 4, 1))


@pytest.mark.parametrize("column", ["ends_on", "parent_id"])
def test_the_database_refuses_impossible_states(database, world, column):
    def act():
        with database.writing() as session:
            found = get_by_code(session, "Q30")
            setattr(found, column, date(2000, 1, 1) if column == "ends_on" else found.id)

    with pytest.raises(IntegrityError):
        act()


def test_codes_are_single(database, world):
    row = Organisation(
        code="Q30", name="Twin", kind="sha", tier=Tier.REGIONAL, starts_on=date(2009, 4, 1)
    )
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(row)
