"""The table of jobs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from qipp_assure.database import Base, Name, UtcDateTime, Words, choice


class JobState(StrEnum):
    """Where a job stands."""

    REQUESTED = "requested"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class Job(Base):
    """Something to be done by a worker, at least once.

    A running job is leased: a worker that dies lets the lease run out, and the job is taken up
    again.  `attempts` tells one lease from the next.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("(state = 'running') = (lease_until is not null)", name="leased"),
        CheckConstraint("(state = 'ready') = (result is not null)", name="ready_with_result"),
        CheckConstraint("state <> 'failed' or error is not null", name="failed_with_error"),
        Index("ix_jobs_state_run_after", "state", "run_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Name(60))
    key: Mapped[str | None] = mapped_column(Name(200))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[JobState] = mapped_column(choice(JobState, "state"))
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Words)
    requested_by_id: Mapped[int | None] = mapped_column(index=True)
    requested_by_name: Mapped[str] = mapped_column(Words)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
