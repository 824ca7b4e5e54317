"""The press: gathers what a pack holds from the database, prints it and keeps it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from sqlalchemy.orm import Session

from qipp_assure.accounts.queries import has_demonstration_accounts
from qipp_assure.database import Database
from qipp_assure.feedback_packs.models import Pack
from qipp_assure.feedback_packs.pack import render_pack
from qipp_assure.feedback_packs.presenters import PackSource, RatedReturn, pack_content
from qipp_assure.feedback_packs.queries import PackParts, find_pack
from qipp_assure.feedback_packs.services import KeptParts, keep_pack, parts_for, path_of
from qipp_assure.jobs.services import Claim
from qipp_assure.jobs.worker import Handler
from qipp_assure.ratings.assessing import bundle_of
from qipp_assure.ratings.models import Assessment, Basis
from qipp_assure.returns.bundle import read_bundle
from qipp_assure.returns.facts import facts_of
from qipp_assure.submissions.queries import get_submission, read_content
from qipp_assure.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class PackMade:
    """A pack that is kept, with where it lies; it was made already where `made_now` is false."""

    pack_id: int
    path: Path
    page_count: int
    made_now: bool


def make_pack(
    database: Database,
    folder: Path,
    actor: Actor,
    submission_id: int,
    demonstration_note: str = "",
) -> PackMade:
    """Make and keep the pack of a sealed return that somebody may see.

    Safe to repeat: a pack made from the same parts is given back.  No session is open while it is
    printed, which takes seconds.

    Args:
        database: where the return is.
        folder: where packs lie.
        actor: for whom it is made: it holds what they may see, everything for the system itself.
        submission_id: of which return.
        demonstration_note: what is published and what invented, where demonstration data is
            loaded.

    Raises:
        Refused: there is no such return, or nothing of it that they may see.
        printing.PrinterMissing: WeasyPrint cannot be loaded.
    """
    with database.reading() as session:
        submission = get_submission(session, submission_id)
        parts = parts_for(session, actor, submission)
        standing = find_pack(session, parts.key)
        if standing is not None and path_of(folder, standing.digest).exists():
            return _kept(standing, folder, made_now=False)
        note = demonstration_note if has_demonstration_accounts(session) else ""
        source, kept = gather(session, parts, note), KeptParts.of(parts)
    pdf = render_pack(pack_content(source))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page_count = len(document.pages)
    with database.writing() as session:
        pack = keep_pack(session, actor, kept, pdf, page_count, folder)
        return _kept(pack, folder, made_now=True)


def _kept(pack: Pack, folder: Path, *, made_now: bool) -> PackMade:
    return PackMade(pack.id, path_of(folder, pack.digest), pack.page_count, made_now)


def gather(session: Session, parts: PackParts, provenance: str = "") -> PackSource:
    """Read everything that a pack is made from."""
    submission = parts.submission
    return PackSource(
        organisation_code=submission.organisation.code,
        organisation_name=submission.organisation.name,
        round_title=submission.round.title,
        main=rated_return(session, parts.assessment),
        as_of=parts.assessment.as_of,
        plan=rated_return(session, parts.plan) if parts.plan else None,
        cards=[read_content(card) for card in parts.cards],
        judgements_included=parts.assessment.basis is Basis.REVIEWED,
        provenance=provenance,
    )


def rated_return(session: Session, assessment: Assessment) -> RatedReturn:
    """Read a return with its assessment and what that was made from."""
    bundle = bundle_of(session, assessment)
    inputs, sets = read_bundle(bundle)
    facts = facts_of(
        inputs.document,
        inputs.context,
        inputs.documents,
        inputs.as_of,
        known_digest=assessment.submission.digest,
    )
    return RatedReturn(
        inputs.document, bundle["assessment"], assessment.submission.digest, facts, sets
    )


def pack_handler(database: Database, folder: Path, demonstration_note: str = "") -> Handler:
    """Give the function that makes packs for the worker; it may be called again for one job."""

    def make(claim: Claim) -> Mapping[str, Any]:
        submission_id = int(claim.payload["submission"])
        made = make_pack(database, folder, claim.requested_by, submission_id, demonstration_note)
        return {"pack": made.pack_id}

    return make
