"""Reading the audit log, and checking that nobody has touched it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qipp_assure.audit.models import HASH_LENGTH, AuditEvent
from qipp_assure.returns.canonical import digest

GENESIS = "0" * HASH_LENGTH
"""What the first event is chained to."""

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class ChainFault:
    """An event that does not agree with the chain, and how."""

    event_id: int
    message: str


def hash_of(event: AuditEvent) -> str:
    """Work out the hash an event must have: SHA-256 over all it says, in canonical form."""
    return digest(
        {
            "id": event.id,
            "at": event.at.isoformat(timespec="microseconds"),
            "actor_person_id": event.actor_person_id,
            "actor_name": event.actor_name,
            "event": event.event,
            "subject_kind": event.subject_kind,
            "subject_id": event.subject_id,
            "details": event.details,
            "previous_hash": event.previous_hash,
        }
    )


def find_head(session: Session) -> AuditEvent | None:
    """Return the last event, None where there is none yet."""
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).first()


def list_events(
    session: Session, subject_kind: str, subject_id: str, limit: int = 100
) -> list[AuditEvent]:
    """Return the latest events about one subject, newest first."""
    return list(
        session.scalars(
            select(AuditEvent)
            .where(AuditEvent.subject_kind == subject_kind, AuditEvent.subject_id == subject_id)
            .order_by(AuditEvent.id.desc())
            .limit(limit)
        )
    )


def verify_chain(session: Session) -> list[ChainFault]:
    """Recompute every hash, and return what does not agree: changed, missing or moved events.

    A tail cut off whole leaves no trace inside the table; that takes a count kept elsewhere.
    """
    faults: list[ChainFault] = []
    expected_id, previous = 1, GENESIS
    events = session.scalars(
        select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=_BATCH)
    )
    for event in events:
        if event.id != expected_id:
            faults.append(ChainFault(event.id, f"expected event {expected_id} at this place"))
        if event.previous_hash != previous:
            faults.append(ChainFault(event.id, "is not chained to the event before it"))
        if event.hash != hash_of(event):
            faults.append(ChainFault(event.id, "was changed after it was written"))
        expected_id, previous = event.id + 1, event.hash
    return faults
