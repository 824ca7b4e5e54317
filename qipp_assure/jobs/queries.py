"""Reading jobs."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qipp_assure.jobs.models import Job, JobState


def find_job(session: Session, job_id: int) -> Job | None:
    """Return a job by id, or None."""
    return session.get(Job, job_id)


def find_latest(session: Session, kind: str, key: str) -> Job | None:
    """Return the latest job of a kind and key, or None."""
    return session.scalars(
        select(Job).where(Job.kind == kind, Job.key == key).order_by(Job.id.desc()).limit(1)
    ).first()


def result_of(job: Job) -> dict[str, Any] | None:
    """Return what a job's handler gave back, None while it is not ready."""
    if job.result is None:
        return None
    found = json.loads(job.result)
    return found if isinstance(found, dict) else None


def count_by_state(session: Session) -> dict[JobState, int]:
    """Return how many jobs stand in each state, for the health page and for ending a worker."""
    counted = session.execute(select(Job.state, func.count()).group_by(Job.state))
    return dict(counted.tuples().all())
