"""Reading judgements, assessments and ratings."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from qipp_assure.organisations.models import Organisation
from qipp_assure.ratings.models import (
    Assessment,
    Basis,
    CriteriaVersion,
    FrozenContext,
    Judgement,
    RatedPart,
    RatingRow,
    Release,
)
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import list_round_regions
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.queries import list_latest
from qipp_assure.vocabulary import ReturnKind

CellPlace = tuple[str, RatedPart, str]
"""Where a rating stands in a matrix: set, kind of part, and the part's id."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One region in the matrix; without a return, or without a rating of it, `cells` is empty."""

    organisation: Organisation
    submission: Submission | None = None
    assessment: Assessment | None = None
    is_released: bool = False
    cells: Mapping[CellPlace, RatingRow] = field(default_factory=dict)


def find_criteria_version(session: Session, set_id: str, version: str) -> CriteriaVersion | None:
    """Return a published version of a criteria set, or None."""
    return session.scalars(
        select(CriteriaVersion).where(
            CriteriaVersion.set_id == set_id, CriteriaVersion.version == version
        )
    ).first()


def list_criteria_versions(session: Session) -> list[CriteriaVersion]:
    """Return everything that was published, by set, in the order of publication."""
    return list(
        session.scalars(
            select(CriteriaVersion).order_by(CriteriaVersion.set_id, CriteriaVersion.id)
        )
    )


def list_judgements(session: Session, submission_id: int) -> list[Judgement]:
    """Return every judgement on a submission, the first one first."""
    return list(
        session.scalars(
            select(Judgement).where(Judgement.submission_id == submission_id).order_by(Judgement.id)
        )
    )


def current_judgements(session: Session, submission_id: int) -> list[Judgement]:
    """Return the judgements that count: the last on each check of each subject."""
    found = {
        (each.set_id, each.check_id, each.subject_kind, each.subject_id): each
        for each in list_judgements(session, submission_id)
    }
    return sorted(found.values(), key=lambda each: each.id)


def judgements_document(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    """Write judgements as the document that the engine takes and that bundles carry."""
    return [
        {
            "set": each.set_id,
            "version": each.version,
            "check": each.check_id,
            "check_digest": each.check_digest,
            "subject_kind": each.subject_kind,
            "subject_id": each.subject_id,
            "rating": each.rating.value,
            "reason": each.reason,
            "by": each.author_name,
            "at": each.at.isoformat(),
        }
        for each in judgements
    ]


def judgements_on(
    session: Session, submissions: Sequence[Submission]
) -> tuple[dict[str, Any], ...]:
    """Return, as a judgements document, what counts on several returns.

    Where two of them were judged on the same check of the same subject, the later in the sequence
    counts: a card's own judgement comes before that on the plan it rests on.
    """
    found: dict[tuple[str, str, str, str], Judgement] = {}
    for submission in submissions:
        for each in current_judgements(session, submission.id):
            found[each.set_id, each.check_id, each.subject_kind, each.subject_id] = each
    ordered = sorted(found.values(), key=lambda each: each.id)
    return tuple(judgements_document(ordered))


def has_judged(
    session: Session, person_id: int | None, organisation: Organisation, round_: Round
) -> bool:
    """Tell whether somebody judged any return of a region in a round."""
    if person_id is None:
        return False
    query = (
        select(Judgement.id)
        .join(Submission, Submission.id == Judgement.submission_id)
        .where(
            Judgement.author_id == person_id,
            Submission.organisation_id == organisation.id,
            Submission.round_id == round_.id,
        )
    )
    return session.execute(query.limit(1)).first() is not None


def latest_assessment(
    session: Session,
    submission: Submission,
    basis: Basis | None = None,
    *,
    released_only: bool = False,
) -> Assessment | None:
    """Return the assessment of a submission that counts, or None.

    Args:
        session: to read in.
        submission: that was assessed.
        basis: only of this basis; by default a reviewed one comes before a computed one.
        released_only: only one that the region may see in full.
    """
    found = latest_assessments(session, [submission.id], basis, released_only=released_only)
    return found[submission.id][0] if found else None


def latest_assessments(
    session: Session,
    submission_ids: Collection[int],
    basis: Basis | None = None,
    *,
    released_only: bool = False,
) -> dict[int, tuple[Assessment, bool]]:
    """Return for each submission the assessment that counts, and whether it is released.

    One query, however many submissions; `latest_assessment` says which one counts.
    """
    query = (
        select(Assessment, Release.id)
        .outerjoin(Release, Release.assessment_id == Assessment.id)
        .where(Assessment.submission_id.in_(submission_ids))
        .order_by(Assessment.id)
    )
    if basis is not None:
        query = query.where(Assessment.basis == basis)
    if released_only:
        query = query.where(Release.id.is_not(None))
    found: dict[int, tuple[Assessment, bool]] = {}
    for assessment, release_id in session.execute(query):
        standing = found.get(assessment.submission_id)
        outranked = (
            standing is not None
            and standing[0].basis is Basis.REVIEWED
            and assessment.basis is Basis.COMPUTED
        )
        if not outranked:
            found[assessment.submission_id] = (assessment, release_id is not None)
    return found


def list_ratings(
    session: Session,
    assessment_ids: Collection[int],
    *,
    subject_kinds: Collection[str] | None = None,
    parts: Collection[RatedPart] | None = None,
) -> list[RatingRow]:
    """Return the ratings of assessments in the order in which the engine gave them."""
    query = (
        select(RatingRow)
        .where(RatingRow.assessment_id.in_(assessment_ids))
        .order_by(RatingRow.assessment_id, RatingRow.position)
    )
    if subject_kinds is not None:
        query = query.where(RatingRow.subject_kind.in_(subject_kinds))
    if parts is not None:
        query = query.where(RatingRow.part.in_(parts))
    return list(session.scalars(query))


def ratings_for_direction(session: Session, assessment: Assessment) -> list[dict[str, Any]]:
    """Return what next month's direction is taken from: each subject's halves and overall rating.

    The shape is that of `previous_ratings` in the context document.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    wanted = (RatedPart.OVERALL, RatedPart.HALF)
    for row in list_ratings(session, [assessment.id], parts=wanted):
        subject = found.setdefault(
            (row.subject_kind, row.subject_id),
            {"kind": row.subject_kind, "id": row.subject_id, "halves": {}, "overall": None},
        )
        if row.part is RatedPart.HALF:
            subject["halves"][row.part_id] = row.rating.value
        else:
            subject["overall"] = row.rating.value
    return list(found.values())


def rating_matrix(
    session: Session,
    round_: Round,
    kind: ReturnKind,
    period: str = "",
    *,
    basis: Basis | None = None,
    released_only: bool = False,
    subject_kinds: Collection[str] = ("plan", "region"),
    parts: Collection[RatedPart] = tuple(RatedPart),
) -> list[MatrixRow]:
    """Return all regions of a round with the ratings of their latest returns, in four queries.

    Args:
        session: to read in.
        round_: of which round.
        kind: plans, or report cards of one month.
        period: that month; empty for plans.
        basis: as for `latest_assessment`.
        released_only: as for `latest_assessment`.
        subject_kinds: the subjects shown; the return as a whole by default.
        parts: the kinds of ratings shown; all by default.
    """
    regions = list_round_regions(session, round_)
    submissions = {
        each.organisation_id: each for each in list_latest(session, round_, kind, period=period)
    }
    counting = latest_assessments(
        session, [each.id for each in submissions.values()], basis, released_only=released_only
    )
    cells: dict[int, dict[CellPlace, RatingRow]] = {}
    ids = [assessment.id for assessment, _ in counting.values()]
    for row in list_ratings(session, ids, subject_kinds=subject_kinds, parts=parts):
        place = (row.set_id, row.part, row.part_id)
        cells.setdefault(row.assessment_id, {})[place] = row
    rows: list[MatrixRow] = []
    for region in regions:
        submission = submissions.get(region.id)
        counts = counting.get(submission.id) if submission is not None else None
        if counts is None:
            rows.append(MatrixRow(region, submission))
        else:
            assessment, is_released = counts
            found = cells.get(assessment.id, {})
            rows.append(MatrixRow(region, submission, assessment, is_released, found))
    return rows


def is_released(session: Session, assessment: Assessment) -> bool:
    """Tell whether the region may see an assessment in full."""
    query = select(Release.id).where(Release.assessment_id == assessment.id)
    return session.execute(query).first() is not None


def read_result(assessment: Assessment) -> dict[str, Any]:
    """Return the whole result, with its traces, as plain JSON."""
    return dict(json.loads(assessment.result))


def read_judgements(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the judgements that went into an assessment."""
    return list(json.loads(assessment.judgements))


def criteria_of(assessment: Assessment) -> list[dict[str, str]]:
    """Return set, version and digest of each criteria set that an assessment was made by."""
    return list(json.loads(assessment.criteria))


def read_context(session: Session, digest: str) -> dict[str, Any]:
    """Return a frozen context by its digest; raises KeyError where it is not kept."""
    found = session.get(FrozenContext, digest, options=[undefer(FrozenContext.content)])
    if found is None:
        raise KeyError(digest)
    return dict(json.loads(found.content))


def count_ratings(session: Session) -> int:
    """Return how many ratings are kept."""
    return session.scalar(select(func.count()).select_from(RatingRow)) or 0
