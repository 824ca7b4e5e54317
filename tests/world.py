"""A small world for the tests of rooms that store: two regions, a round, and one of each person.

A test that asks for ``world`` and ``database`` finds the one in the other, on both databases.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from qipp_assure.accounts.models import Person, RoleGrant
from qipp_assure.accounts.queries import find_person, list_grants, list_people
from qipp_assure.accounts.services import add_person, grant_role
from qipp_assure.database import Database
from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.organisations.services import add_organisation
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import get_round
from qipp_assure.rounds.services import NationalWorkstream, add_round, admit_region, set_allocations
from qipp_assure.vocabulary import SYSTEM, Actor, Role, Tier

START = date(2009, 4, 1)
AT = datetime(2011, 3, 25, 16, 30, tzinfo=UTC)
ROUND = "plans-2011"

PLAN: dict[str, Any] = {
    "template": "plan@2011.1",
    "region": "Q30",
    "round": ROUND,
    "workstreams": [{"id": "w1", "name": "Medicines management"}],
    "programmes": [{"id": "p1", "name": "Prescribing", "workstream_id": "w1"}],
    "initiatives": [
        {"id": "i1", "name": "Switch to generics", "programme_id": "p1"},
        {"id": "i2", "name": "Fewer wasted medicines", "programme_id": "p1"},
    ],
}
CARD: dict[str, Any] = {
    "template": "report-card@2011.1",
    "region": "Q30",
    "round": ROUND,
    "period": "2011-06",
    "position": {"summary": "On track"},
    "lines": [{"id": "l1", "kind": "workstream", "name": "Medicines management"}],
}

PEOPLE = {
    "lead": (Role.REGION_LEAD, "Q30"),
    "director": (Role.REGION_DIRECTOR, "Q30"),
    "contributor": (Role.CONTRIBUTOR, "5D7"),
    "neighbour": (Role.REGION_LEAD, "Q31"),
    "reviewer": (Role.REVIEWER, "DH"),
    "approver": (Role.APPROVER, "DH"),
    "analyst": (Role.ANALYST, "DH"),
    "admin": (Role.ADMIN, "DH"),
    "second_admin": (Role.ADMIN, "DH"),
}


@dataclass
class World:
    """What there is, by name; reads anew in whatever session a test has open."""

    actors: dict[str, Actor] = field(default_factory=dict)

    def region(self, session: Session, code: str = "Q30") -> Organisation:
        """An organisation by its code."""
        return get_by_code(session, code)

    def round(self, session: Session) -> Round:
        """The one planning round."""
        return get_round(session, ROUND)

    def person(self, session: Session, name: str) -> Person:
        """A person by the name of what they do."""
        found = find_person(session, f"{name}@example.nhs.uk")
        assert found is not None
        return found

    def grants(self, session: Session, name: str) -> list[RoleGrant]:
        """What a person was granted."""
        return list_grants(session, person=self.person(session, name))

    def plan(self, **changed: Any) -> dict[str, Any]:
        """A plan that can be submitted, with some sections changed."""
        return {**copy.deepcopy(PLAN), **changed}

    def card(self, **changed: Any) -> dict[str, Any]:
        """A report card that can be submitted, with some sections changed."""
        return {**copy.deepcopy(CARD), **changed}


def fill(database: Database) -> None:
    """Put the world into an empty database."""
    with database.writing() as session:
        bodies = {
            code: add_organisation(
                session, SYSTEM, code=code, name=name, kind=kind, tier=tier, starts_on=START
            )
            for code, name, kind, tier in (
                ("DH", "Department of Health", "department", Tier.NATIONAL),
                ("Q30", "North East", "sha", Tier.REGIONAL),
                ("Q31", "North West", "sha", Tier.REGIONAL),
            )
        }
        bodies["5D7"] = add_organisation(
            session,
            SYSTEM,
            code="5D7",
            name="Newcastle PCT",
            kind="pct",
            tier=Tier.COMMISSIONER,
            starts_on=START,
            parent=bodies["Q30"],
        )
        for name, (role, code) in PEOPLE.items():
            email = f"{name}@example.nhs.uk"
            person = add_person(session, SYSTEM, email=email, name=name.capitalize())
            grant_role(session, SYSTEM, person, role, bodies[code], starts_on=START)
        added = add_round(
            session,
            SYSTEM,
            code=ROUND,
            title="Plans for 2011/12 to 2014/15",
            plan_template="plan@2011.1",
            report_card_template="report-card@2011.1",
            opens_on=date(2011, 1, 1),
            closes_on=date(2012, 3, 31),
            horizon=("2011/12", "2014/15"),
            months=("2011-04", "2012-03"),
            criteria=[("plan", "2011.1")],
            workstreams=[NationalWorkstream("medicines", "Medicines", "care", "Prescribing")],
        )
        admit_region(session, SYSTEM, added, bodies["Q30"], 1_000_000_000)
        admit_region(session, SYSTEM, added, bodies["Q31"])
        set_allocations(session, SYSTEM, added, {"5D7": 500_000_000})


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that holds the world, to copy: filling one takes longer than most tests."""
    path = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    fill(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_world(postgres_server: Any, postgres_template: str) -> Iterator[str]:
    """The name of a PostgreSQL database that holds the world, to copy."""
    name = postgres_server.create(postgres_template)
    database = Database(postgres_server.address(name))
    fill(database)
    database.dispose()
    yield name
    postgres_server.drop(name)


@pytest.fixture
def world(database: Database) -> World:
    """The world in a test's database, which is a copy of one that holds it."""
    made = World()
    with database.reading() as session:
        for person in list_people(session):
            made.actors[person.email.partition("@")[0]] = person.actor
    return made


@pytest.fixture
def count_queries() -> Callable[[Database], AbstractContextManager[list[str]]]:
    """Give a context in which the statements sent to a database are listed."""

    @contextmanager
    def counting(database: Database) -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SET LOCAL")):
                sent.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting
