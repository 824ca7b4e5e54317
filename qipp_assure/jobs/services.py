"""Acts on jobs: asking for one, claiming the next, and saying how it ended."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from qipp_assure.jobs.models import Job, JobState
from qipp_assure.vocabulary import Actor

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
PAUSE_AFTER_FAILURE = timedelta(seconds=10)
_MAX_ERROR = 2_000


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker holds, until its lease ends."""

    job_id: int
    kind: str
    attempt: int
    payload: dict[str, Any]
    requested_by: Actor


def request_job(
    session: Session,
    actor: Actor,
    kind: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    at: datetime | None = None,
) -> Job:
    """Ask for a job in the transaction of the act that wants it.

    Args:
        session: of that act.
        actor: who wants it.
        kind: the name under which its handler is registered.
        payload: what the handler is given, as JSON; never secrets.
        key: a job of the same kind and key that has not ended is not asked for twice.
        at: the moment, now by default.

    Returns:
        The new job, or the one that stands already.
    """
    now = at or datetime.now(UTC)
    if key is not None:
        standing = session.scalars(
            select(Job)
            .where(Job.kind == kind, Job.key == key, Job.state == JobState.REQUESTED)
            .order_by(Job.id)
            .limit(1)
        ).first()
        if standing is not None:
            return standing
    job = Job(
        kind=kind,
        key=key,
        payload=json.dumps(payload, sort_keys=True),
        state=JobState.REQUESTED,
        run_after=now,
        requested_by_id=actor.person_id,
        requested_by_name=actor.name,
        requested_at=now,
    )
    session.add(job)
    session.flush()
    return job


def claim_next(
    session: Session, kinds: Collection[str] | None = None, at: datetime | None = None
) -> Claim | None:
    """Claim the oldest job that is due, by one conditional update; None if there is none.

    Args:
        session: of a short transaction of its own.
        kinds: those that this worker can do; all by default.
        at: the moment, now by default.
    """
    now = at or datetime.now(UTC)
    due = select(Job.id).where(Job.state == JobState.REQUESTED, Job.run_after <= now)
    if kinds is not None:
        due = due.where(Job.kind.in_(kinds))
    oldest = due.order_by(Job.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    claimed = session.execute(
        update(Job)
        .where(Job.id == oldest, Job.state == JobState.REQUESTED)
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            lease_until=now + LEASE,
            started_at=now,
        )
        .returning(
            Job.id,
            Job.kind,
            Job.attempts,
            Job.payload,
            Job.requested_by_id,
            Job.requested_by_name,
        )
    ).first()
    if claimed is None:
        return None
    return Claim(
        claimed.id,
        claimed.kind,
        claimed.attempts,
        json.loads(claimed.payload),
        Actor(claimed.requested_by_id, claimed.requested_by_name),
    )


def renew(session: Session, claim: Claim, at: datetime | None = None) -> bool:
    """Lengthen the lease of a job that is still being done; False if it was lost."""
    now = at or datetime.now(UTC)
    return _move(session, claim, lease_until=now + LEASE)


def finish(
    session: Session,
    claim: Claim,
    result: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> bool:
    """Say that a job is done; False if its lease was lost, and another worker has it."""
    now = at or datetime.now(UTC)
    return _move(
        session,
        claim,
        state=JobState.READY,
        result=json.dumps(result or {}, sort_keys=True),
        error=None,
        lease_until=None,
        finished_at=now,
    )


def fail(
    session: Session,
    claim: Claim,
    error: str,
    at: datetime | None = None,
    *,
    for_good: bool = False,
) -> bool:
    """Say that an attempt failed: it is tried again after a pause, three times in all.

    Args:
        session: of a short transaction of its own.
        claim: what was attempted.
        error: what went wrong.
        at: the moment, now by default.
        for_good: another try would end alike.

    Returns:
        False if the lease was lost, and another worker has the job.
    """
    now = at or datetime.now(UTC)
    if claim.attempt < MAX_ATTEMPTS and not for_good:
        return _move(
            session,
            claim,
            state=JobState.REQUESTED,
            error=error[:_MAX_ERROR],
            lease_until=None,
            run_after=now + PAUSE_AFTER_FAILURE * claim.attempt,
        )
    return _move(
        session,
        claim,
        state=JobState.FAILED,
        error=error[:_MAX_ERROR],
        lease_until=None,
        finished_at=now,
    )


def sweep(session: Session, at: datetime | None = None) -> int:
    """Take up again the jobs of workers that died; returns how many leases had run out."""
    now = at or datetime.now(UTC)
    expired = (Job.state == JobState.RUNNING, Job.lease_until < now)
    given_up = session.execute(
        update(Job)
        .where(*expired, Job.attempts >= MAX_ATTEMPTS)
        .values(
            state=JobState.FAILED,
            error="The worker stopped in the middle of it, three times.",
            lease_until=None,
            finished_at=now,
        )
        .returning(Job.id)
    ).all()
    again = session.execute(
        update(Job)
        .where(*expired)
        .values(state=JobState.REQUESTED, lease_until=None, run_after=now)
        .returning(Job.id)
    ).all()
    return len(given_up) + len(again)


def _move(session: Session, claim: Claim, **values: Any) -> bool:
    """Change a job only while this very claim holds it."""
    moved = session.execute(
        update(Job)
        .where(
            Job.id == claim.job_id,
            Job.state == JobState.RUNNING,
            Job.attempts == claim.attempt,
        )
        .values(**values)
        .returning(Job.id)
    ).first()
    return moved is not None
