"""People and their roles: nobody helps themselves, and two administrators make a reviewer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from qipp_assure.accounts.models import RoleGrant
from qipp_assure.accounts.policies import can_review
from qipp_assure.accounts.queries import (
    NOBODY,
    has_demonstration_accounts,
    list_grants,
    list_pending_grants,
    list_people,
    roles_of,
    today,
)
from qipp_assure.accounts.services import (
    add_person,
    close_account,
    confirm_grant,
    end_role,
    grant_role,
    reopen_account,
)
from qipp_assure.audit.queries import list_events
from qipp_assure.vocabulary import SYSTEM, NotAllowed, Refused, Role

START = date(2011, 4, 1)


def held(session, world, name, on=None):
    person = world.person(session, name)
    found = roles_of(session, person.id, on or today())
    return {(each.role, each.organisation_code) for each in found.held}


def test_roles_are_read_in_one_query(database, world, count_queries):
    with database.reading() as session:
        person = world.person(session, "contributor")
        with count_queries(database) as counted:
            found = roles_of(session, person.id, today())
    assert len(counted) == 1
    (one,) = found.held
    assert (one.role, one.organisation_code, one.region_code) == (Role.CONTRIBUTOR, "5D7", "Q30")
    with database.reading() as session:
        assert roles_of(session, None, today()) is NOBODY


def test_a_role_runs_from_a_day_to_a_day(database, world):
    with database.writing() as session:
        deputy, region = world.person(session, "analyst"), world.region(session)
        admin = world.actors["admin"]
        last = date(2011, 6, 14)
        grant_role(session, admin, deputy, Role.REGION_LEAD, region, starts_on=START, ends_on=last)
    deputises = (Role.REGION_LEAD, "Q30")
    with database.reading() as session:
        assert deputises not in held(session, world, "analyst", START - timedelta(days=1))
        assert deputises in held(session, world, "analyst", START)
        assert deputises in held(session, world, "analyst", last)
        assert deputises not in held(session, world, "analyst", last + timedelta(days=1))


def test_a_reviewer_takes_a_second_administrator(database, world):
    admin, second = world.actors["admin"], world.actors["second_admin"]
    with database.writing() as session:
        person, body = world.person(session, "analyst"), world.region(session, "DH")
        grant = grant_role(session, admin, person, Role.REVIEWER, body, starts_on=START)
        assert grant.is_pending
        assert list_pending_grants(session) == [grant]
        assert not can_review(roles_of(session, person.id, today()), "Q30")
        with pytest.raises(Refused, match="Another administrator"):
            confirm_grant(session, admin, grant)
        with pytest.raises(NotAllowed):
            confirm_grant(session, world.actors["lead"], grant)
        confirm_grant(session, second, grant)
        assert can_review(roles_of(session, person.id, today()), "Q30")
        with pytest.raises(Refused, match="does not wait"):
            confirm_grant(session, second, grant)
        assert list_pending_grants(session) == []


def test_the_one_who_would_hold_it_does_not_confirm_it(database, world):
    with database.writing() as session:
        person, body = world.person(session, "second_admin"), world.region(session, "DH")
        admin, second = world.actors["admin"], world.actors["second_admin"]
        grant = grant_role(session, admin, person, Role.APPROVER, body, starts_on=START)
        with pytest.raises(Refused, match="Another administrator"):
            confirm_grant(session, second, grant)


def test_nobody_grants_to_themselves(database, world):
    with database.writing() as session:
        admin, region = world.person(session, "admin"), world.region(session)
        with pytest.raises(Refused, match="themselves"):
            grant_role(session, admin.actor, admin, Role.REGION_LEAD, region, starts_on=START)


@pytest.mark.parametrize(
    "changed",
    [
        {"granted_by_id": 1},
        {"confirmed_by_id": 8, "granted_by_id": 8},
        {"confirmed_by_id": 1},
        {"confirmed_by_id": 8, "confirmed_at": None},
        {"ends_on": START - timedelta(days=1)},
    ],
)
def test_the_database_refuses_impossible_grants(database, world, changed):
    now = datetime.now(UTC)

    def act():
        with database.writing() as session:
            values = {
                "person_id": 1,
                "role": Role.REVIEWER,
                "organisation_id": world.region(session).id,
                "starts_on": START,
                "granted_by_id": 9,
                "granted_at": now,
                "confirmed_at": now,
                **changed,
            }
            session.add(RoleGrant(**values))

    with pytest.raises(IntegrityError):
        act()


def test_only_administrators_keep_people(database, world):
    with database.writing() as session:
        lead, region = world.actors["lead"], world.region(session)
        person = world.person(session, "analyst")
        (grant,) = list_grants(session, person=person)
        with pytest.raises(NotAllowed):
            add_person(session, lead, email="new@example.nhs.uk", name="New")
        with pytest.raises(NotAllowed):
            grant_role(session, lead, person, Role.CONTRIBUTOR, region, starts_on=START)
        with pytest.raises(NotAllowed):
            end_role(session, lead, grant)
        with pytest.raises(NotAllowed):
            close_account(session, lead, person)
        assert len(list_people(session)) == 9


def test_ending_a_role_takes_effect_at_once(database, world):
    with database.writing() as session:
        (grant,) = list_grants(session, person=world.person(session, "lead"))
        end_role(session, world.actors["admin"], grant)
    with database.writing() as session:
        assert held(session, world, "lead") == set()
        (grant,) = list_grants(session, person=world.person(session, "lead"))
        assert not grant.is_active_on(today())
        with pytest.raises(Refused, match="ended already"):
            end_role(session, world.actors["admin"], grant)
        (other,) = list_grants(session, person=world.person(session, "director"))
        with pytest.raises(Refused, match="before the first"):
            end_role(session, world.actors["admin"], other, date(2000, 1, 1))
        end_role(session, world.actors["admin"], other, today() + timedelta(days=1))
        assert other.is_active_on(today())
        events = list_events(session, "role_grant", str(grant.id))
        assert [event.event for event in events] == ["role_ended", "role_granted"]


def test_a_role_is_not_held_twice(database, world):
    with database.writing() as session:
        lead, region = world.person(session, "lead"), world.region(session)
        admin = world.actors["admin"]
        with pytest.raises(Refused, match="holds this role"):
            grant_role(session, admin, lead, Role.REGION_LEAD, region, starts_on=START)
        neighbour = world.region(session, "Q31")
        grant_role(session, admin, lead, Role.REGION_LEAD, neighbour, starts_on=START)
        assert held(session, world, "lead") == {
            (Role.REGION_LEAD, "Q30"),
            (Role.REGION_LEAD, "Q31"),
        }


def test_a_closed_account_holds_nothing(database, world):
    admin = world.actors["admin"]
    with database.writing() as session:
        person = world.person(session, "lead")
        before = person.generation
        close_account(session, admin, person)
        assert person.generation == before + 1
        assert held(session, world, "lead") == set()
        reopen_account(session, admin, person)
        assert held(session, world, "lead") == {(Role.REGION_LEAD, "Q30")}
        with pytest.raises(Refused, match="your own"):
            close_account(session, admin, world.person(session, "admin"))


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("LEAD@example.nhs.uk", "Twin"),
        ("nobody", "No address"),
        ("a@b", "No dot"),
        ("two words@example.nhs.uk", "Spaces"),
        ("a@example.nhs.uk\nBcc: b@example.com", "Header"),
        ("x" * 250 + "@example.nhs.uk", "Long"),
        ("fine@example.nhs.uk", "  "),
        ("fine@example.nhs.uk", "x" * 201),
    ],
)
def test_people_who_cannot_be_added(database, world, email, name):
    with pytest.raises(Refused), database.writing() as session:
        add_person(session, SYSTEM, email=email, name=name)


def test_addresses_are_kept_in_small_letters(database, world):
    with database.writing() as session:
        added = add_person(session, SYSTEM, email=" New.Person@Example.NHS.uk ", name=" New  P ")
        assert (added.email, added.name) == ("new.person@example.nhs.uk", "New P")
        assert added.password_hash is None
        assert not has_demonstration_accounts(session)
        add_person(session, SYSTEM, email="d@example.nhs.uk", name="D", is_demonstration=True)
        assert has_demonstration_accounts(session)
