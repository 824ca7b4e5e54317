"""Acts on ratings: publishing criteria, judging, keeping an assessment, and releasing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from qipp_assure.accounts.policies import can_approve, can_publish_criteria, can_review
from qipp_assure.accounts.services import require
from qipp_assure.audit.services import record
from qipp_assure.ratings.models import (
    Assessment,
    Basis,
    CriteriaVersion,
    FrozenContext,
    Judgement,
    RatingRow,
    Release,
)
from qipp_assure.ratings.queries import find_criteria_version, has_judged, latest_assessment
from qipp_assure.ratings.rows import rows_of
from qipp_assure.returns.canonical import canonical_bytes, digest
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.queries import had_a_hand_in
from qipp_assure.vocabulary import Actor, Rating, Refused

MAX_REASON = 20_000
_NAMES = ("set_id", "version", "check_id", "check_digest", "subject_kind", "subject_id")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer found on one check of one subject."""

    set_id: str
    version: str
    check_id: str
    check_digest: str
    subject_kind: str
    subject_id: str
    rating: Rating
    reason: str


def publish_criteria_version(
    session: Session,
    actor: Actor,
    *,
    set_id: str,
    version: str,
    text: str,
    at: datetime | None = None,
) -> CriteriaVersion:
    """Publish a version of a criteria set: from now on it never changes.

    Safe to repeat with the same text.

    Raises:
        Refused: the version was published with another text.
        NotAllowed: the actor is no approver.
    """
    require(session, actor, can_publish_criteria, "Only an approver can publish criteria.")
    text_digest = digest(text.encode())
    found = find_criteria_version(session, set_id, version)
    if found is not None:
        if found.digest != text_digest:
            raise Refused(
                f"{set_id}@{version} was published on {found.published_at:%d %B %Y} and has been "
                "changed since. Give the changed file a new version number."
            )
        return found
    now = at or datetime.now(UTC)
    found = CriteriaVersion(
        set_id=set_id,
        version=version,
        digest=text_digest,
        text=text,
        published_by_id=actor.person_id,
        published_by_name=actor.name,
        published_at=now,
    )
    session.add(found)
    session.flush()
    name = f"{set_id}@{version}"
    record(session, actor, "criteria_published", "criteria", name, {"digest": text_digest}, at)
    return found


def record_judgements(
    session: Session,
    actor: Actor,
    submission: Submission,
    verdicts: Sequence[Verdict],
    at: datetime | None = None,
) -> int:
    """Keep a reviewer's judgements on a return; earlier ones on the same checks stay beside them.

    Returns:
        How many were kept.

    Raises:
        Refused: one has no rating or no reason; then none is kept.
        NotAllowed: the actor is no reviewer, holds a role for the region or one of its bodies, or
            had a hand in one of its returns of this round.
    """
    organisation = submission.organisation
    hand = had_a_hand_in(session, actor.person_id, organisation, submission.round)
    require(
        session,
        actor,
        lambda roles: can_review(roles, organisation.code, had_a_hand_in=hand),
        f"You cannot review the returns of {organisation.name}: reviewers hold no role for a "
        "region that they review and had no hand in what it sent.",
    )
    for verdict in verdicts:
        _check_verdict(verdict)
    if not verdicts:
        return 0
    said = {
        "submission_id": submission.id,
        "author_id": actor.person_id,
        "author_name": actor.name,
        "at": at or datetime.now(UTC),
    }
    session.execute(insert(Judgement), [{**asdict(each), **said} for each in verdicts])
    kept = [[each.check_id, each.subject_id, each.rating.value] for each in verdicts]
    record(
        session, actor, "judgements_recorded", "submission", submission.id, {"verdicts": kept}, at
    )
    return len(verdicts)


def store_assessment(
    session: Session,
    actor: Actor,
    submission: Submission,
    *,
    basis: Basis,
    as_of: date,
    context: Mapping[str, Any],
    judgements: Sequence[Mapping[str, Any]],
    result: Mapping[str, Any],
    at: datetime | None = None,
) -> Assessment:
    """Keep an assessment with everything that it was made from.

    Safe to repeat: what is the same in all its parts as the latest of its basis gives that back.

    Args:
        session: from ``Database.writing()``.
        actor: on whose behalf it was made.
        submission: what was rated.
        basis: whether reviewers' judgements counted.
        as_of: the day it was rated as of.
        context: the context document.
        judgements: the judgements document.
        result: what the engine's ``Assessment.to_json()`` gave, its `criteria` among it.
        at: the moment, now by default.

    Raises:
        Refused: a criteria set that it was made by is not published with that digest.
    """
    _check_published(session, result["criteria"])
    parts = {
        "context_digest": _freeze(session, canonical_bytes(context)),
        "judgements": canonical_bytes(list(judgements)),
        "criteria": canonical_bytes(result["criteria"]).decode(),
        "result": canonical_bytes(result),
    }
    result_digest, judgements_digest = digest(parts["result"]), digest(parts["judgements"])
    latest = latest_assessment(session, submission, basis)
    if latest is not None and (
        (latest.context_digest, latest.judgements_digest, latest.result_digest, latest.as_of)
        == (parts["context_digest"], judgements_digest, result_digest, as_of)
    ):
        return latest
    now = at or datetime.now(UTC)
    assessment = Assessment(
        submission_id=submission.id,
        basis=basis,
        as_of=as_of,
        **parts,
        judgements_digest=judgements_digest,
        result_digest=result_digest,
        author_id=actor.person_id,
        author_name=actor.name,
        at=now,
    )
    session.add(assessment)
    session.flush()
    rows = [{**row, "assessment_id": assessment.id} for row in rows_of(result)]
    if rows:
        # By the connection: the session would send rows with and without a reason apart.
        session.connection().execute(insert(RatingRow), rows)
    details = {
        "submission": submission.id,
        "basis": basis.value,
        "as_of": as_of.isoformat(),
        "context": assessment.context_digest,
        "judgements": judgements_digest,
        "result": result_digest,
    }
    record(session, actor, "return_rated", "assessment", assessment.id, details, at)
    return assessment


def release_assessment(
    session: Session, actor: Actor, assessment: Assessment, at: datetime | None = None
) -> Release:
    """Let a region see a reviewed assessment; safe to repeat.

    Raises:
        Refused: it is not a reviewed one.
        NotAllowed: the actor is no approver, holds a role for the region, or wrote or reviewed
            any of its returns of this round.
    """
    submission = assessment.submission
    organisation = submission.organisation
    hand = had_a_hand_in(session, actor.person_id, organisation, submission.round) or has_judged(
        session, actor.person_id, organisation, submission.round
    )
    require(
        session,
        actor,
        lambda roles: can_approve(roles, organisation.code, had_a_hand_in=hand),
        f"You cannot release the ratings of {organisation.name}: approvers hold no role for the "
        "region, and neither wrote nor reviewed what it sent.",
    )
    if assessment.basis is not Basis.REVIEWED:
        raise Refused("Only an assessment with the reviewers' judgements can be released.")
    standing = session.scalars(
        select(Release).where(Release.assessment_id == assessment.id)
    ).first()
    if standing is not None:
        return standing
    release = Release(
        assessment_id=assessment.id,
        released_by_id=actor.person_id,
        released_by_name=actor.name,
        released_at=at or datetime.now(UTC),
    )
    session.add(release)
    session.flush()
    details = {"submission": submission.id, "organisation": organisation.code}
    record(session, actor, "assessment_released", "assessment", assessment.id, details, at)
    return release


def _check_verdict(verdict: Verdict) -> None:
    if verdict.rating is Rating.NOT_RATED:
        raise Refused("A judgement is red, amber or green.")
    if not verdict.reason.strip():
        raise Refused("Give the reason for each judgement: the region will read it.")
    if len(verdict.reason) > MAX_REASON:
        raise Refused(f"A reason has at most {MAX_REASON:,} characters.")
    table = Judgement.__table__.columns
    for name, value in asdict(verdict).items():
        if name in _NAMES and len(value) > (getattr(table[name].type, "length", None) or 0):
            raise Refused("There is no such check.")


def _check_published(session: Session, criteria: Sequence[Mapping[str, str]]) -> None:
    for each in criteria:
        found = find_criteria_version(session, each["set"], each["version"])
        if found is None or found.digest != each["digest"]:
            raise Refused(f"{each['set']}@{each['version']} is not published in this form.")


def _freeze(session: Session, content: bytes) -> str:
    """Keep a context once, whoever rates by it."""
    context_digest = digest(content)
    if session.get(FrozenContext, context_digest) is None:
        session.add(FrozenContext(digest=context_digest, content=content))
        session.flush()
    return context_digest
