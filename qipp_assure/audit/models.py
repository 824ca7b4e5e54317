"""The table of audit events, which only ever grows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from qipp_assure.database import IMMUTABLE, Base, Name, UtcDateTime, Words

HASH_LENGTH = 64


class AuditEvent(Base):
    """One event: an actor did something to a subject.

    The actor is a value and no foreign key, so that the log outlives people's rows.  `hash` covers
    every other column, the row's id and the hash before it; since two rows cannot have the same
    `previous_hash`, the chain cannot fork.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        CheckConstraint("actor_name <> ''", name="actor_named"),
        Index("ix_audit_events_subject", "subject_kind", "subject_id"),
        {"info": IMMUTABLE},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_person_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(Words)
    event: Mapped[str] = mapped_column(Name(60))
    subject_kind: Mapped[str] = mapped_column(Name(40))
    subject_id: Mapped[str] = mapped_column(Name(80))
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(Name(HASH_LENGTH), unique=True)
    hash: Mapped[str] = mapped_column(Name(HASH_LENGTH), unique=True)
