"""Reading jobs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from qipp_assure.database import find_row
from qipp_assure.jobs.models import Job, JobState


def find_job(session: Session, job_id: int) -> Job | None:
    """Return a job by id, or None."""
    return find_row(session, Job, job_id)


def find_latest(session: Session, kind: str, key: str) -> Job | None:
    """Return the latest job of a kind and key, or None."""
    return session.scalars(
        select(Job).where(Job.kind == kind, Job.key == key).order_by(Job.id.desc()).limit(1)
    ).first()


def anything_due(session: Session, at: datetime) -> bool:
    """Tell whether a worker would find a job, or a lease that has run out."""
    query = select(Job.id).where(
        or_(
            and_(Job.state == JobState.REQUESTED, Job.run_after <= at),
            and_(Job.state == JobState.RUNNING, Job.lease_until < at),
        )
    )
    return session.execute(query.limit(1)).first() is not None


def result_of(job: Job) -> dict[str, Any] | None:
    """Return what a job's handler gave back, None while it is not ready."""
    if job.result is None:
        return None
    found = json.loads(job.result)
    return found if isinstance(found, dict) else None


def count_by_state(session: Session) -> dict[JobState, int]:
    """Return how many jobs stand in each state, for the health page and for ending a worker."""
    query = select(Job.state, func.count().label("number")).group_by(Job.state)
    return {row.state: row.number for row in session.execute(query)}
