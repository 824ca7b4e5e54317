"""Jobs: claimed by one worker, taken up again when it dies, given up after three attempts."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qipp_assure.database import DatabaseUnavailable
from qipp_assure.jobs import services, worker
from qipp_assure.jobs.models import Job, JobState
from qipp_assure.jobs.queries import (
    anything_due,
    count_by_state,
    find_job,
    find_latest,
    result_of,
)
from qipp_assure.jobs.services import (
    LEASE,
    MAX_ATTEMPTS,
    PAUSE_AFTER_FAILURE,
    claim_next,
    fail,
    finish,
    renew,
    request_job,
    sweep,
)
from qipp_assure.jobs.worker import run_worker, work_once
from qipp_assure.vocabulary import SYSTEM, Actor, Refused

NOW = datetime(2011, 6, 30, 9, 0, tzinfo=UTC)
ANN = Actor(7, "ann@example.nhs.uk")


def ask(database, kind="pack", number=1, **options):
    with database.writing() as session:
        for index in range(number):
            job = request_job(session, ANN, kind, {"index": index}, at=NOW, **options)
        return job.id


def state(database, job_id):
    with database.reading() as session:
        found = find_job(session, job_id)
        assert found is not None
        return found


def claim(database, at=NOW, kinds=None):
    with database.writing() as session:
        return claim_next(session, kinds, at)


def test_the_oldest_is_claimed_first_and_once(database):
    first = ask(database)
    second = ask(database)
    found = claim(database)
    assert (found.job_id, found.kind, found.attempt) == (first, "pack", 1)
    assert found.payload == {"index": 0}
    assert found.requested_by == ANN
    assert claim(database).job_id == second
    assert claim(database) is None
    with database.reading() as session:
        assert count_by_state(session) == {JobState.RUNNING: 2}


def test_a_worker_claims_only_what_it_can_do(database):
    ask(database, "mail")
    assert claim(database, kinds=["pack"]) is None
    assert claim(database, kinds=["pack", "mail"]).kind == "mail"


def test_many_workers_share_the_work(database):
    ask(database, number=30)

    def drain(_):
        found = []
        while (claimed := claim(database)) is not None:
            found.append(claimed.job_id)
        return found

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(drain, range(4)))
    done = [job_id for share in shares for job_id in share]
    assert len(done) == 30
    assert len(set(done)) == 30


def test_a_job_that_is_done_keeps_its_result(database):
    job_id = ask(database, key="Q30")
    with database.writing() as session:
        found = claim_next(session, None, NOW)
        assert found is not None
        assert finish(session, found, {"path": "pack.pdf"}, NOW)
        assert not finish(session, found, {"path": "twice.pdf"}, NOW)
    job = state(database, job_id)
    assert (job.state, result_of(job)) == (JobState.READY, {"path": "pack.pdf"})
    with database.reading() as session:
        latest = find_latest(session, "pack", "Q30")
        assert latest is not None
        assert latest.id == job_id
        assert find_latest(session, "pack", "Q31") is None
        assert find_job(session, 10**20) is None


def test_a_dead_workers_job_is_taken_up_again(database):
    job_id = ask(database)
    dead = claim(database)
    with database.writing() as session:
        assert sweep(session, NOW + LEASE) == 0  # the lease's last moment still counts
        assert sweep(session, NOW + LEASE + timedelta(seconds=1)) == 1
    later = NOW + LEASE + timedelta(seconds=2)
    again = claim(database, later)
    assert (again.job_id, again.attempt) == (job_id, 2)
    with database.writing() as session:
        # The first worker was only slow: what it says now no longer counts.
        assert not finish(session, dead, {"by": "the first"}, later)
        assert not fail(session, dead, "the first", later)
        assert not renew(session, dead, later)
        assert finish(session, again, {"by": "the second"}, later)
    assert result_of(state(database, job_id)) == {"by": "the second"}


def test_a_job_that_kills_its_workers_is_given_up(database):
    job_id = ask(database)
    at = NOW
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert claim(database, at).attempt == attempt
        at += LEASE + timedelta(seconds=1)
        with database.writing() as session:
            assert sweep(session, at) == 1
    job = state(database, job_id)
    assert job.state is JobState.FAILED
    assert "three times" in str(job.error)
    assert claim(database, at) is None


def test_a_lease_is_renewed_while_it_is_held(database):
    ask(database)
    held = claim(database)
    with database.writing() as session:
        assert renew(session, held, NOW + LEASE / 2)
        assert sweep(session, NOW + LEASE * 1.25) == 0
        assert sweep(session, NOW + LEASE * 1.75) == 1


def test_failures_are_tried_again_after_a_pause(database):
    job_id = ask(database)
    at = NOW
    for attempt in range(1, MAX_ATTEMPTS):
        found = claim(database, at)
        with database.writing() as session:
            assert fail(session, found, f"attempt {attempt}\x00", at)
        assert claim(database, at) is None
        at += PAUSE_AFTER_FAILURE * attempt
    found = claim(database, at)
    with database.writing() as session:
        assert fail(session, found, "x" * 5_000, at)
    job = state(database, job_id)
    assert (job.state, len(str(job.error))) == (JobState.FAILED, 2_000)


def test_the_same_is_not_asked_for_twice(database):
    first = ask(database, key="Q30")
    assert ask(database, key="Q30") == first
    assert ask(database, key="Q31") != first
    assert ask(database, kind="mail", key="Q30") != first
    claim(database)
    # One that runs may have read what was there before: another is needed.
    assert ask(database, key="Q30") != first


def test_whether_anything_is_due(database):
    def due(at):
        with database.reading() as session:
            return anything_due(session, at)

    assert not due(NOW)
    ask(database)
    assert due(NOW)
    assert not due(NOW - timedelta(seconds=1))
    claim(database)
    assert not due(NOW)
    assert due(NOW + LEASE + timedelta(seconds=1))


@pytest.mark.parametrize(
    "changed",
    [
        {"state": JobState.RUNNING},
        {"lease_until": NOW},
        {"state": JobState.READY},
        {"result": "{}"},
        {"state": JobState.FAILED},
    ],
)
def test_the_database_refuses_impossible_jobs(database, changed):
    job_id = ask(database)

    def act():
        with database.writing() as session:
            job = session.get_one(Job, job_id)
            for name, value in changed.items():
                setattr(job, name, value)

    with pytest.raises(IntegrityError):
        act()


def test_the_worker_does_what_is_due(database):
    job_id = ask(database)
    assert work_once(database, {"pack": lambda claim: {"index": claim.payload["index"] + 1}})
    assert result_of(state(database, job_id)) == {"index": 1}
    assert not work_once(database, {"pack": lambda _: None})


def test_a_broken_job_does_not_break_the_worker(database, caplog):
    job_id = ask(database)

    def broken(_):
        raise ZeroDivisionError("by nothing")

    assert work_once(database, {"pack": broken})
    job = state(database, job_id)
    assert (job.state, job.error) == (JobState.REQUESTED, "ZeroDivisionError: by nothing")
    assert "failed" in caplog.text


def test_what_the_rules_refuse_is_not_tried_again(database):
    job_id = ask(database)

    def refusing(_):
        raise Refused("Only a sealed return can be rated.")

    assert work_once(database, {"pack": refusing})
    job = state(database, job_id)
    assert (job.state, job.error) == (JobState.FAILED, "Only a sealed return can be rated.")


def test_a_long_job_keeps_its_lease(database, monkeypatch):
    monkeypatch.setattr(worker, "LEASE", timedelta(milliseconds=150))
    ask(database)
    first = []

    def slow(claim):
        first.append(state(database, claim.job_id).lease_until)
        for _ in range(100):
            if state(database, claim.job_id).lease_until != first[0]:
                return {"renewed": True}
            threading.Event().wait(0.05)
        return {"renewed": False}

    assert work_once(database, {"pack": slow})
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
        assert result_of(job) == {"renewed": True}


def test_the_worker_goes_on_until_it_is_told_to_stop(database, monkeypatch, caplog):
    stop, done = threading.Event(), threading.Event()
    away = [True]
    real = work_once

    def sometimes_away(*arguments):
        if away and away.pop():
            raise DatabaseUnavailable("gone for a moment")
        return real(*arguments)

    monkeypatch.setattr(worker, "work_once", sometimes_away)
    handlers = {"pack": lambda _: done.set()}
    thread = threading.Thread(target=run_worker, args=(database, handlers, stop, 0.05))
    thread.start()
    job_id = ask(database)
    assert done.wait(20)
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    assert state(database, job_id).state is JobState.READY
    assert "gone for a moment" in caplog.text


KILLED = """
import sys
from qipp_assure.database import Database
from qipp_assure.jobs.worker import work_once

def never_ends(claim):
    print("begun", flush=True)
    sys.stdin.read()

work_once(Database(sys.argv[1]), {"pack": never_ends})
"""


def test_a_killed_worker_loses_nothing(database, database_url):
    with database.writing() as session:
        job_id = request_job(session, SYSTEM, "pack", {}).id
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.kill()
    job = state(database, job_id)
    assert job.state is JobState.RUNNING
    assert job.lease_until is not None
    with database.writing() as session:
        assert sweep(session, job.lease_until + timedelta(seconds=1)) == 1
        found = claim_next(session, None, job.lease_until + timedelta(seconds=2))
        assert found is not None
        assert (found.job_id, found.attempt) == (job_id, 2)


def test_payloads_are_plain_json(database):
    job_id = ask(database)
    assert json.loads(state(database, job_id).payload) == {"index": 0}
    assert services.MAX_ATTEMPTS == 3
