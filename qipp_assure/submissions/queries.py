"""Reading drafts and sealed returns, and checking their seals."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer

from qipp_assure.audit.models import AuditEvent
from qipp_assure.database import find_row
from qipp_assure.organisations.models import Organisation
from qipp_assure.returns.canonical import digest
from qipp_assure.returns.parts import Part, assemble
from qipp_assure.rounds.models import Round
from qipp_assure.submissions.models import (
    Draft,
    DraftPart,
    ImportRecord,
    Submission,
    WorkbookExport,
)
from qipp_assure.vocabulary import Refused, ReturnKind

SEAL_FORMAT = "qipp-assure-seal@1"
DRAFT_SUBJECT = "draft"
"""Under this kind of subject the log holds what was done to drafts."""


class UnknownSubmission(Refused):
    """There is no such submission."""


def find_draft(
    session: Session, organisation: Organisation, round_: Round, kind: ReturnKind, period: str = ""
) -> Draft | None:
    """Return a region's draft of a plan, or of a month's report card; None where none was begun."""
    return session.scalars(
        select(Draft)
        .where(
            Draft.organisation_id == organisation.id,
            Draft.round_id == round_.id,
            Draft.kind == kind,
            Draft.period == period,
        )
        .options(joinedload(Draft.organisation), joinedload(Draft.round))
    ).first()


def list_drafts(session: Session, organisation: Organisation, round_: Round) -> list[Draft]:
    """Return a region's drafts in a round: the plan first, then the months in order."""
    return list(
        session.scalars(
            select(Draft)
            .where(Draft.organisation_id == organisation.id, Draft.round_id == round_.id)
            .order_by(Draft.period)
        )
    )


def list_parts(session: Session, draft: Draft) -> list[DraftPart]:
    """Return a draft's parts, each list in its order."""
    return list(
        session.scalars(
            select(DraftPart)
            .where(DraftPart.draft_id == draft.id)
            .order_by(DraftPart.kind, DraftPart.position, DraftPart.key)
        )
    )


def find_part(session: Session, draft: Draft, kind: str, key: str) -> DraftPart | None:
    """Return one part of a draft, or None."""
    return session.scalars(
        select(DraftPart).where(
            DraftPart.draft_id == draft.id, DraftPart.kind == kind, DraftPart.key == key
        )
    ).first()


def document_of(session: Session, draft: Draft) -> dict[str, Any]:
    """Put a draft's document together from its parts, in one query."""
    rows = session.execute(
        select(DraftPart.kind, DraftPart.key, DraftPart.body, DraftPart.position).where(
            DraftPart.draft_id == draft.id
        )
    )
    return assemble(Part(row.kind, row.key, json.loads(row.body), row.position) for row in rows)


def get_submission(session: Session, submission_id: int) -> Submission:
    """Return a sealed return by id; its content is read when asked for.

    Raises:
        UnknownSubmission: there is none.
    """
    found = find_row(
        session,
        Submission,
        submission_id,
        [joinedload(Submission.organisation), joinedload(Submission.round)],
    )
    if found is None:
        raise UnknownSubmission("There is no such submission.")
    return found


def list_versions(
    session: Session, organisation: Organisation, round_: Round, kind: ReturnKind, period: str = ""
) -> list[Submission]:
    """Return all versions of a return, the latest first."""
    return list(
        session.scalars(
            select(Submission)
            .where(
                Submission.organisation_id == organisation.id,
                Submission.round_id == round_.id,
                Submission.kind == kind,
                Submission.period == period,
            )
            .order_by(Submission.version_number.desc())
        )
    )


def find_latest(
    session: Session, organisation: Organisation, round_: Round, kind: ReturnKind, period: str = ""
) -> Submission | None:
    """Return the latest version of a return, or None."""
    versions = list_versions(session, organisation, round_, kind, period)
    return versions[0] if versions else None


def list_latest(
    session: Session,
    round_: Round,
    kind: ReturnKind,
    *,
    period: str | None = None,
    organisation: Organisation | None = None,
    with_content: bool = False,
) -> list[Submission]:
    """Return the latest version of every return of a kind, by region and month, in one query.

    Args:
        session: to read in.
        round_: of which round.
        kind: of which kind.
        period: of this month only.
        organisation: of this region only.
        with_content: read the sealed bytes too (they are large).
    """
    superseded = select(Submission.supersedes_id).where(Submission.supersedes_id.is_not(None))
    query = (
        select(Submission)
        .join(Submission.organisation)
        .options(contains_eager(Submission.organisation))
        .where(
            Submission.round_id == round_.id,
            Submission.kind == kind,
            Submission.id.not_in(superseded),
        )
        .order_by(Organisation.code, Submission.period)
    )
    if period is not None:
        query = query.where(Submission.period == period)
    if organisation is not None:
        query = query.where(Submission.organisation_id == organisation.id)
    if with_content:
        query = query.options(undefer(Submission.content))
    return list(session.scalars(query))


def had_a_hand_in(
    session: Session, person_id: int | None, organisation: Organisation, round_: Round
) -> bool:
    """Tell whether somebody submitted a return of a region in a round, or ever wrote at a draft.

    The log is asked, not the parts: a later hand leaves no trace of an earlier one there.
    """
    if person_id is None:
        return False
    submitted = select(Submission.id).where(
        Submission.submitted_by_id == person_id,
        Submission.organisation_id == organisation.id,
        Submission.round_id == round_.id,
    )
    drafts = select(cast(Draft.id, String)).where(
        Draft.organisation_id == organisation.id, Draft.round_id == round_.id
    )
    wrote = select(AuditEvent.id).where(
        AuditEvent.subject_kind == DRAFT_SUBJECT,
        AuditEvent.subject_id.in_(drafts),
        AuditEvent.actor_person_id == person_id,
    )
    return any(session.execute(query.limit(1)).first() for query in (submitted, wrote))


def read_content(submission: Submission) -> dict[str, Any]:
    """Return the sealed document as plain JSON."""
    found = json.loads(submission.content)
    return dict(found)


def seal_of(submission: Submission) -> str:
    """Work out the seal: SHA-256 over the content's digest and everything said about it.

    Signatures join it, by version of the format, when directors begin to sign.
    """
    return digest(
        {
            "seal": SEAL_FORMAT,
            "kind": submission.kind.value,
            "organisation": submission.organisation.code,
            "round": submission.round.code,
            "period": submission.period,
            "version": submission.version_number,
            "template": submission.template,
            "digest": submission.digest,
            "submitted_by_id": submission.submitted_by_id,
            "submitted_by": submission.submitted_by_name,
            "submitted_at": submission.submitted_at.isoformat(timespec="microseconds"),
            "supersedes_id": submission.supersedes_id,
        }
    )


def faults_of_seal(submission: Submission) -> list[str]:
    """Recompute digest and seal, and say what does not agree; empty where all does."""
    faults: list[str] = []
    if digest(submission.content) != submission.digest:
        faults.append("the content is not what was sealed")
    if seal_of(submission) != submission.seal:
        faults.append("what is said about the content is not what was sealed")
    return faults


def find_export(session: Session, export_id: str) -> WorkbookExport | None:
    """Return what a workbook held when it went out, or None for an id that is not ours."""
    return session.get(WorkbookExport, export_id[:40], options=[undefer(WorkbookExport.document)])


def list_imports(
    session: Session, organisation: Organisation, limit: int = 20
) -> list[ImportRecord]:
    """Return the latest imports for a region, newest first."""
    return list(
        session.scalars(
            select(ImportRecord)
            .where(ImportRecord.organisation_id == organisation.id)
            .order_by(ImportRecord.id.desc())
            .limit(limit)
        )
    )


def count_submissions(session: Session) -> int:
    """Return how many sealed returns there are."""
    return session.scalar(select(func.count()).select_from(Submission)) or 0
