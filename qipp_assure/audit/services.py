"""Writing the audit log: every service that changes something calls `record`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from qipp_assure.audit.models import AuditEvent
from qipp_assure.audit.queries import GENESIS, hash_of
from qipp_assure.database import storable, writer_lock
from qipp_assure.returns.canonical import canonical_bytes
from qipp_assure.vocabulary import SYSTEM, Actor

_EVENT = re.compile(r"[a-z][a-z0-9_]{2,59}")


class AnonymousAct(ValueError):
    """An act without an actor: a fault in the program, never in what a person typed."""


def record(
    session: Session,
    actor: Actor,
    event: str,
    subject_kind: str,
    subject_id: str | int,
    details: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Append one event to the log, in the transaction of the act that it tells of.

    Args:
        session: from ``Database.writing()``; one writer at a time keeps the chain in order.
        actor: a person, or the system itself.
        event: a verb in the past tense, such as ``plan_submitted``.
        subject_kind: what it was done to, such as ``submission``.
        subject_id: which one.
        details: what else to keep, as JSON; never secrets.
        at: the moment, now by default.

    Raises:
        AnonymousAct: the actor is neither a person nor the system.
    """
    if not actor.name or (actor.person_id is None and actor != SYSTEM):
        raise AnonymousAct(f"nobody in particular cannot have {event}")
    if not _EVENT.fullmatch(event):
        raise ValueError(f"{event!r} is not the name of an event")
    writer_lock(session)
    head = session.execute(
        select(AuditEvent.id, AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)
    ).first()
    row = AuditEvent(
        id=head.id + 1 if head else 1,
        at=(at or datetime.now(UTC)).astimezone(UTC),
        actor_person_id=actor.person_id,
        actor_name=storable(actor.name),  # the hash must cover it as the database keeps it
        event=event,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        details=_written(details or {}),
        previous_hash=head.hash if head else GENESIS,
    )
    row.hash = hash_of(row)
    session.add(row)
    session.flush()
    return row


def _written(details: Mapping[str, Any]) -> str:
    """Write details in canonical form; they may hold what somebody typed to break it."""
    holdable = json.loads(storable(json.dumps(details, ensure_ascii=False)))
    return canonical_bytes(holdable).decode()
