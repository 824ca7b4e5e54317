"""Acts that seal returns, and records of what went out and came in as files."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.accounts.policies import can_open_draft, can_submit, can_view_region
from qipp_assure.accounts.services import require
from qipp_assure.audit.services import record
from qipp_assure.organisations.models import Organisation
from qipp_assure.returns.canonical import canonical_bytes, digest, to_document
from qipp_assure.returns.templates import Return
from qipp_assure.returns.validation import read_return
from qipp_assure.rounds.models import Round
from qipp_assure.submissions.identity import check_place, compare_heads, head
from qipp_assure.submissions.models import Draft, ImportRecord, Submission, WorkbookExport
from qipp_assure.submissions.queries import document_of, find_latest, seal_of
from qipp_assure.vocabulary import Actor, ReturnKind, Stale


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """What is kept of a file that came in."""

    name: str
    size_bytes: int
    digest: str

    @classmethod
    def of(cls, name: str, data: bytes) -> IncomingFile:
        """Describe a file by its name and content."""
        return cls(name[:200], len(data), hashlib.sha256(data).hexdigest())


def submit_draft(
    session: Session,
    actor: Actor,
    draft: Draft,
    *,
    expected_revision: int | None = None,
    at: datetime | None = None,
) -> Submission:
    """Submit a draft: its document is sealed as it stands, and the draft stays for later versions.

    Safe to repeat: what is the same as the latest version gives that version back.

    Args:
        session: from ``Database.writing()``.
        actor: somebody who may submit for the region.
        draft: to be submitted.
        expected_revision: the revision that the actor saw.
        at: the moment, now by default.

    Raises:
        ReturnFaults: the draft holds what cannot be read; every fault is in it.
        Stale: it was changed since the revision that the actor saw.
        WrongReturn: it says that it is another return than the draft's.
        NotAllowed: the actor cannot submit for the region.
    """
    session.refresh(draft)
    require_submitter(session, actor, draft.organisation)
    if expected_revision is not None and draft.revision != expected_revision:
        raise Stale("The draft has changed since you looked at it. Check it and submit again.")
    document = document_of(session, draft)
    compare_heads(head(draft.organisation, draft.round, draft.kind, draft.period), document)
    return seal_return(session, actor, draft.organisation, draft.round, document, at)


def seal_return(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    round_: Round,
    document: dict[str, Any],
    at: datetime | None = None,
) -> Submission:
    """Seal a document as the next version of a region's return, without any draft.

    Raises:
        ReturnFaults: it cannot be read; every fault is in it.
        WrongReturn: it is for another region or round, or of a template that this one has not.
        Refused: the round has no place for it.
        NotAllowed: the actor cannot submit for the region.
    """
    require_submitter(session, actor, organisation)
    found = read_return(document)
    return _seal(session, actor, organisation, round_, found, at)


def _seal(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    round_: Round,
    found: Return,
    at: datetime | None = None,
) -> Submission:
    document = to_document(found)
    kind = ReturnKind(found.template.partition("@")[0])
    period = str(document.get("period", "")) if kind is ReturnKind.REPORT_CARD else ""
    compare_heads(head(organisation, round_, kind, period), document)
    check_place(session, organisation, round_, kind, period)
    content = canonical_bytes(document)
    content_digest = digest(content)
    latest = find_latest(session, organisation, round_, kind, period)
    if latest is not None and latest.digest == content_digest:
        return latest
    submission = Submission(
        kind=kind,
        organisation=organisation,
        round=round_,
        period=period,
        version_number=latest.version_number + 1 if latest else 1,
        template=found.template,
        content=content,
        digest=content_digest,
        submitted_by_id=actor.person_id,
        submitted_by_name=actor.name,
        submitted_at=(at or datetime.now(UTC)).astimezone(UTC),
        supersedes_id=latest.id if latest else None,
    )
    submission.seal = seal_of(submission)
    session.add(submission)
    session.flush()
    event = "plan_submitted" if kind is ReturnKind.PLAN else "report_card_submitted"
    details = {
        "organisation": organisation.code,
        "round": round_.code,
        "period": period,
        "version": submission.version_number,
        "digest": content_digest,
        "seal": submission.seal,
    }
    record(session, actor, event, "submission", submission.id, details, at)
    return submission


def require_submitter(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Refuse an actor who cannot submit for a region; raises NotAllowed."""
    require(
        session,
        actor,
        lambda roles: can_submit(roles, organisation.code),
        f"You cannot submit returns for {organisation.name}.",
    )


def record_export(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    round_: Round,
    kind: ReturnKind,
    document: dict[str, Any],
    *,
    period: str = "",
    draft: Draft | None = None,
    is_sealed: bool = False,
) -> WorkbookExport:
    """Keep the document that a workbook is about to carry away.

    What was sealed and sent in may be taken out by whoever may see the region; what has not been,
    only by those with a part in its returns.

    Returns:
        The record; its id goes into the workbook, to find the document again when it comes back.

    Raises:
        NotAllowed: the actor may not take it out.
    """
    allowed = can_view_region if is_sealed else can_open_draft
    require(
        session,
        actor,
        lambda roles: allowed(roles, organisation.code),
        f"You cannot take out the returns of {organisation.name}.",
    )
    content = canonical_bytes(document)
    export = WorkbookExport(
        id=secrets.token_hex(16),
        kind=kind,
        organisation_id=organisation.id,
        round_id=round_.id,
        period=period,
        draft_revision=draft.revision if draft is not None else None,
        digest=digest(content),
        document=content,
        exported_by_id=actor.person_id,
        exported_by_name=actor.name,
        exported_at=datetime.now(UTC),
    )
    session.add(export)
    session.flush()
    details = {"kind": kind.value, "organisation": organisation.code, "digest": export.digest}
    record(session, actor, "workbook_exported", "workbook_export", export.id, details)
    return export


def record_import(
    session: Session,
    actor: Actor,
    file: IncomingFile,
    *,
    organisation: Organisation | None,
    fault_count: int,
) -> ImportRecord:
    """Keep that a file came in and what became of it: accepted without faults, else refused.

    A refused import changes nothing else, so its record takes a transaction of its own.
    """
    outcome = "refused" if fault_count else "accepted"
    row = ImportRecord(
        organisation_id=organisation.id if organisation is not None else None,
        file_name=file.name,
        size_bytes=file.size_bytes,
        digest=file.digest,
        outcome=outcome,
        fault_count=fault_count,
        imported_by_id=actor.person_id,
        imported_by_name=actor.name,
        imported_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    details = {"digest": file.digest, "outcome": outcome, "faults": fault_count}
    record(session, actor, "file_imported", "import", row.id, details)
    return row
