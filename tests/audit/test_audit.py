"""The log: nobody anonymous writes it, and whoever touches it is found."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qipp_assure.audit.models import AuditEvent
from qipp_assure.audit.queries import GENESIS, find_head, list_events, verify_chain
from qipp_assure.audit.services import AnonymousAct, record
from qipp_assure.database import Database
from qipp_assure.vocabulary import SYSTEM, Actor

ANN = Actor(7, "ann@example.nhs.uk")


def write(database: Database, number: int) -> None:
    with database.writing() as session:
        for index in range(number):
            record(session, ANN, "thing_done", "thing", index, {"index": index, "text": "é\x00"})


def tamper(database: Database, statement: str) -> None:
    """Change the table as somebody would who can take the triggers away."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER audit_events_no_update")
            connection.exec_driver_sql("DROP TRIGGER audit_events_no_delete")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_events_no_change ON audit_events")
        connection.exec_driver_sql(statement)


def test_events_are_chained(database):
    write(database, 3)
    with database.reading() as session:
        events = list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
        assert [event.id for event in events] == [1, 2, 3]
        assert [event.previous_hash for event in events] == [
            GENESIS,
            events[0].hash,
            events[1].hash,
        ]
        assert verify_chain(session) == []
        assert [event.id for event in list_events(session, "thing", "1")] == [2]
        head = find_head(session)
        assert head is not None
        assert head.id == 3


@pytest.mark.parametrize(
    ("statement", "event_id"),
    [
        ("UPDATE audit_events SET details = '{}' WHERE id = 2", 2),
        ("UPDATE audit_events SET actor_name = 'bob@example.nhs.uk' WHERE id = 2", 2),
        ("UPDATE audit_events SET actor_person_id = 8 WHERE id = 2", 2),
        ("UPDATE audit_events SET event = 'thing_undone' WHERE id = 2", 2),
        ("UPDATE audit_events SET subject_id = '9' WHERE id = 2", 2),
        ("UPDATE audit_events SET hash = '1' WHERE id = 2", 2),
        ("UPDATE audit_events SET id = 40 WHERE id = 4", 40),
        ("DELETE FROM audit_events WHERE id = 2", 3),
        ("DELETE FROM audit_events WHERE id = 1", 2),
    ],
)
def test_tampering_is_found(database, statement, event_id):
    write(database, 4)
    tamper(database, statement)
    with database.reading() as session:
        assert verify_chain(session)[0].event_id == event_id


def test_moved_events_are_found(database):
    write(database, 4)
    swap = "UPDATE audit_events SET id = CASE id WHEN 2 THEN 30 ELSE 20 END WHERE id IN (2, 3)"
    tamper(database, swap)
    with database.reading() as session:
        assert len(verify_chain(session)) >= 2


@pytest.mark.parametrize("actor", [Actor(None, ""), Actor(None, "somebody"), Actor(3, "")])
def test_nobody_in_particular_is_refused(sqlite_database, actor):
    with pytest.raises(AnonymousAct), sqlite_database.writing() as session:
        record(session, actor, "thing_done", "thing", 1)


def test_an_event_has_a_proper_name(sqlite_database):
    with pytest.raises(ValueError, match="not the name"), sqlite_database.writing() as session:
        record(session, SYSTEM, "Thing done!", "thing", 1)


def test_an_act_that_fails_leaves_no_event(database):
    write(database, 1)

    def act():
        with database.writing() as session:
            record(session, SYSTEM, "thing_done", "thing", 2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    write(database, 1)
    with database.reading() as session:
        assert [event.id for event in session.scalars(select(AuditEvent))] == [1, 2]
        assert verify_chain(session) == []


def test_many_writers_make_one_chain(database):
    threads = [threading.Thread(target=write, args=(database, 5)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert verify_chain(session) == []
        head = find_head(session)
        assert head is not None
        assert head.id == 30


def test_the_chain_cannot_fork(database):
    write(database, 2)
    with database.reading() as session:
        head = find_head(session)
        assert head is not None
    fork = AuditEvent(
        id=3,
        at=head.at,
        actor_name="x",
        event="forked",
        subject_kind="thing",
        subject_id="1",
        details="{}",
        previous_hash=head.previous_hash,
        hash="f" * 64,
    )

    def act():
        with database.writing() as session:
            session.add(fork)

    with pytest.raises(IntegrityError):
        act()


def test_hostile_text_is_kept_and_still_agrees(database):
    hostile = Actor(9, "a\x00b\ud800<script>\u202e")
    with database.writing() as session:
        record(session, hostile, "thing_done", "thing", 1, {"said": "=cmd()\x00{{7*7}}"})
    with database.reading() as session:
        assert verify_chain(session) == []
        event = session.scalars(select(AuditEvent)).one()
        assert "\x00" not in event.actor_name
        assert "<script>" in event.actor_name
