"""Reading and writing: alike on both databases, one writer at a time, and honest when it is away."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from qipp_assure import database as rooms_database
from qipp_assure.audit.models import AuditEvent
from qipp_assure.audit.services import record
from qipp_assure.database import Database, DatabaseUnavailable
from qipp_assure.jobs.models import Job
from qipp_assure.jobs.services import request_job
from qipp_assure.organisations.models import Organisation
from qipp_assure.vocabulary import SYSTEM


def add(session, code="X1", **changed):
    values = {
        "code": code,
        "name": "A body",
        "kind": "sha",
        "tier": "regional",
        "starts_on": datetime(2009, 4, 1, tzinfo=UTC).date(),
        **changed,
    }
    session.add(Organisation(**values))
    session.flush()


def write(database, act):
    with database.writing() as session:
        act(session)


def test_an_act_is_kept_whole_or_not_at_all(database):
    with pytest.raises(IntegrityError):
        write(database, lambda session: (add(session, "X1"), add(session, "X1")))
    with database.writing() as session:
        add(session, "X2")
    with database.reading() as session:
        assert list(session.scalars(select(Organisation.code))) == ["X2"]


def test_a_reading_session_cannot_write(database):
    with pytest.raises(DBAPIError), database.reading() as session:
        add(session)
    with database.writing() as session:
        add(session)


def test_reading_sees_one_moment(database):
    with database.reading() as session:
        assert session.scalars(select(Organisation)).all() == []
        with database.writing() as other:
            add(other)
        assert session.scalars(select(Organisation)).all() == []
    with database.reading() as session:
        assert len(session.scalars(select(Organisation)).all()) == 1


def test_writers_wait_for_each_other(database):
    """Each counts what is there and adds one more: with two at once, one code would come twice."""

    def count_and_add():
        for _ in range(10):
            with database.writing() as session:
                number = len(session.scalars(select(Organisation.id)).all())
                add(session, f"X{number}")

    threads = [threading.Thread(target=count_and_add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(session.scalars(select(Organisation.id)).all()) == 40


def test_a_lock_held_too_long_is_said_and_reading_goes_on(database_url, monkeypatch):
    monkeypatch.setattr(rooms_database, "BUSY_TIMEOUT_MS", 100)
    holder, other = Database(database_url), Database(database_url)
    with holder.writing() as session:
        add(session)
        start = time.monotonic()
        with pytest.raises(DatabaseUnavailable) as caught, other.writing():
            pass
        assert 0.05 < time.monotonic() - start < 3
        assert caught.value.retry_after > 0
        with other.reading() as reader:
            assert reader.scalars(select(Organisation)).all() == []
    with other.writing() as session:
        add(session, "X2")
    holder.dispose()
    other.dispose()


def test_a_full_disk_is_said(sqlite_database):
    with sqlite_database.writing() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()

    def overfill(session):
        session.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
        for index in range(200):
            request_job(session, SYSTEM, "fill", {"text": "x" * 5_000, "index": index})

    with pytest.raises(DatabaseUnavailable):
        write(sqlite_database, overfill)
    with sqlite_database.reading() as session:
        assert session.scalars(select(Job)).all() == []


def test_a_database_that_is_away_is_said(tmp_path, postgres_server):
    for url in (
        f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}",
        postgres_server.address("no_such_database"),
    ):
        database = Database(url)
        with pytest.raises(DatabaseUnavailable), database.reading() as session:
            session.execute(text("SELECT 1"))
        with pytest.raises(DatabaseUnavailable):
            database.is_current()
        database.dispose()


def test_connections_broken_by_the_server_are_replaced(postgres_server, postgres_template):
    name = postgres_server.create(postgres_template)
    database = Database(postgres_server.address(name))

    def lose_the_connection(session):
        add(session)
        with database.engine.connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailable):
        write(database, lose_the_connection)
    with database.reading() as session:
        assert session.scalars(select(Organisation)).all() == []
    database.dispose()
    postgres_server.drop(name)


def test_what_sqlite_is_told(sqlite_database):
    with sqlite_database.writing() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 5_000,
    }


def test_the_embedded_database_needs_a_file():
    with pytest.raises(ValueError, match="needs a file"):
        Database("sqlite://")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_plain_addresses_mean_psycopg_3(scheme):
    database = Database(f"{scheme}://somebody@127.0.0.1:1/nothing")
    assert database.engine.dialect.driver == "psycopg"
    database.dispose()


def test_moments_are_utc(database):
    bst = timezone(timedelta(hours=1))
    with database.writing() as session:
        record(session, SYSTEM, "tried", "thing", 1, at=datetime(2011, 6, 30, 0, 30, 1, 5, bst))
    with database.reading() as session:
        at = session.scalars(select(AuditEvent.at)).one()
        assert at == datetime(2011, 6, 29, 23, 30, 1, 5, UTC)
        assert at.tzinfo is UTC
    naive = datetime(2011, 6, 30)  # noqa: DTZ001 - that is what must be refused
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        request_job(session, SYSTEM, "thing", {}, at=naive)


def test_what_no_database_can_hold_becomes_a_mark(database):
    with database.writing() as session:
        add(session, name="NUL\x00 half\udc80 end")
    with database.reading() as session:
        assert (
            session.scalars(select(Organisation.name)).one()
            == "NUL\ufffd half\ufffd\ufffd\ufffd end"
        )


def test_values_outside_an_enumeration_are_refused_by_the_database(database):
    with database.writing() as session:
        add(session)
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("UPDATE organisations SET tier = 'celestial'"))


KILLED = """
import os, sys
from qipp_assure.database import Database
from qipp_assure.jobs.services import request_job
from qipp_assure.vocabulary import SYSTEM
database = Database(sys.argv[1])
with database.writing() as session:
    for index in range(500):
        request_job(session, SYSTEM, "fill", {"text": "x" * 1000})
    session.flush()
    print("filled", flush=True)
    sys.stdin.read()
"""


def test_a_kill_in_the_middle_leaves_nothing_behind(database_url):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"filled\n"
        process.kill()
    database = Database(database_url)
    with database.writing() as session:
        assert session.scalars(select(Job)).all() == []
        request_job(session, SYSTEM, "fill", {})
    database.dispose()
    if database.is_sqlite:
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
