"""Acts on packs: asking for one, and keeping it."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from qipp_assure.accounts.policies import can_view_region
from qipp_assure.accounts.services import require
from qipp_assure.audit.services import record
from qipp_assure.feedback_packs.models import Pack, Standing
from qipp_assure.feedback_packs.policies import EVERYTHING, sight_of
from qipp_assure.feedback_packs.queries import PackParts, find_parts
from qipp_assure.jobs.models import Job
from qipp_assure.jobs.services import request_job
from qipp_assure.returns.canonical import digest
from qipp_assure.submissions.models import Submission
from qipp_assure.vocabulary import Actor, Refused

PACK_JOB = "feedback_pack"


@dataclass(frozen=True, slots=True)
class KeptParts:
    """What a pack was made from, to be kept with it when the session that read it is over."""

    submission_id: int
    standing: Standing
    key: str

    @classmethod
    def of(cls, parts: PackParts) -> KeptParts:
        """Take down what is kept."""
        return cls(parts.submission.id, parts.standing, parts.key)


class NothingToShow(Refused):
    """There is no rating of a return that this person may see."""


def parts_for(session: Session, actor: Actor, submission: Submission) -> PackParts:
    """Find what somebody's pack of a return is made from.

    Raises:
        NothingToShow: no rating of it is there that they may see.
        NotAllowed: they may not open the region's returns.
    """
    organisation = submission.organisation
    roles = require(
        session,
        actor,
        lambda held: can_view_region(held, organisation.code),
        f"You cannot open the returns of {organisation.name}.",
    )
    sight = EVERYTHING if actor.is_system else sight_of(roles, organisation.code)
    found = find_parts(
        session, submission, unreleased=sight.unreleased, provisional=sight.provisional
    )
    if found is None:
        raise NothingToShow(
            "No ratings of this return are released yet, so there is no pack to show you."
        )
    return found


def request_pack(
    session: Session, actor: Actor, submission: Submission, at: datetime | None = None
) -> Job:
    """Ask for somebody's pack of a return to be made; asking again while it waits changes nothing.

    Errors as for `parts_for`.
    """
    parts = parts_for(session, actor, submission)
    job = request_job(
        session,
        actor,
        PACK_JOB,
        {"submission": submission.id},
        key=job_key(parts),
        at=at,
    )
    details = {"job": job.id, "standing": parts.standing.value}
    record(session, actor, "pack_requested", "submission", submission.id, details, at)
    return job


def job_key(parts: PackParts) -> str:
    """Under this key the job of a pack is found."""
    return f"pack-{parts.key}"


def keep_pack(
    session: Session,
    actor: Actor,
    parts: KeptParts,
    pdf: bytes,
    page_count: int,
    folder: Path,
    at: datetime | None = None,
) -> Pack:
    """Keep a pack: the file by its digest, then the row that names it.

    Args:
        session: from ``Database.writing()``.
        actor: on whose behalf it was made.
        parts: what it was made from, as it stood when it was gathered.
        pdf: the file.
        page_count: how many pages it has.
        folder: where packs lie.
        at: the moment, now by default.
    """
    pdf_digest = digest(pdf)
    write_once(path_of(folder, pdf_digest), pdf)
    pack = Pack(
        submission_id=parts.submission_id,
        standing=parts.standing,
        key=parts.key,
        digest=pdf_digest,
        size_bytes=len(pdf),
        page_count=page_count,
        made_by_id=actor.person_id,
        made_by_name=actor.name,
        made_at=at or datetime.now(UTC),
    )
    session.add(pack)
    session.flush()
    details = {
        "submission": parts.submission_id,
        "standing": parts.standing.value,
        "digest": pdf_digest,
    }
    record(session, actor, "pack_made", "pack", pack.id, details, at)
    return pack


def path_of(folder: Path, pdf_digest: str) -> Path:
    """Where a pack lies."""
    return folder / pdf_digest[:2] / f"{pdf_digest}.pdf"


def write_once(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that is there already is the same."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
