"""Reading what waits for a reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qipp_assure.criteria_engine.sets import Check, CriteriaSet, Judged
from qipp_assure.criteria_engine.types import Record
from qipp_assure.ratings.context import criteria_of, inputs_of
from qipp_assure.ratings.evidence import Evidence, evidence_for
from qipp_assure.ratings.models import Assessment, Basis, RatedPart, RatingRow
from qipp_assure.ratings.queries import latest_assessments
from qipp_assure.returns.facts import facts_of
from qipp_assure.returns.schemas import schemas
from qipp_assure.rounds.models import Round
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.queries import list_latest
from qipp_assure.vocabulary import Because, ReturnKind

EVIDENCE_SHOWN = 20_000
"""A reviewer reads the whole text, however long."""

ITEMS_SHOWN = 500
"""And the whole list."""


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One return on the desk: how many of its criteria wait for a judgement."""

    submission: Submission
    assessment: Assessment | None
    waiting: int
    is_released: bool


def list_desk(
    session: Session, round_: Round, kind: ReturnKind, period: str = ""
) -> list[DeskLine]:
    """List the latest returns of a kind with what is left to judge, in three queries."""
    submissions = list_latest(session, round_, kind, period=period)
    found = latest_assessments(session, [one.id for one in submissions])
    ids = [assessment.id for assessment, _ in found.values()]
    counts = session.execute(
        select(RatingRow.assessment_id, func.count())
        .where(
            RatingRow.assessment_id.in_(ids),
            RatingRow.part == RatedPart.CRITERION,
            RatingRow.subject_kind.in_(("plan", "initiative")),
            RatingRow.because == Because.JUDGEMENT_OUTSTANDING,
        )
        .group_by(RatingRow.assessment_id)
    )
    waiting = {row[0]: row[1] for row in counts}
    lines = []
    for submission in submissions:
        assessment, released = found.get(submission.id, (None, False))
        number = waiting.get(assessment.id, 0) if assessment is not None else 0
        lines.append(DeskLine(submission, assessment, number, released))
    return lines


@dataclass(frozen=True, slots=True)
class CheckToJudge:
    """A check that asks for a person, with what it asks, its evidence and what was said so far."""

    criteria: CriteriaSet
    criterion_title: str
    check: Check
    look_for: str
    evidence: tuple[Evidence, ...]
    said: Mapping[str, Any] | None


def checks_to_judge(
    session: Session, submission: Submission, result: Mapping[str, Any], kind: str, subject_id: str
) -> list[CheckToJudge]:
    """List the judged checks that apply to one subject of a return."""
    subject = next(
        (one for one in result["subjects"] if (one["kind"], one["id"]) == (kind, subject_id)), None
    )
    if subject is None:
        return []
    asked = {
        (criterion["set"], check["id"])
        for criterion in subject["criteria"]
        for check in criterion["checks"]
        if check["kind"] == "judged" and check["because"] != Because.DOES_NOT_APPLY
    }
    sets = criteria_of(session, submission.round, submission.template)
    wanted = [one for one in _judged_checks(sets) if (one[0].set, one[2].id) in asked]
    if not wanted:
        return []
    values, record = _facts_of_subject(session, submission, kind, subject_id)
    said = _said(session, submission, kind, subject_id)
    return [
        CheckToJudge(
            criteria=criteria,
            criterion_title=title,
            check=check,
            look_for=body.look_for,
            evidence=evidence_for(
                values,
                record,
                body.evidence,
                EVIDENCE_SHOWN,
                "the return",
                items=ITEMS_SHOWN,
            ),
            said=said.get((criteria.set, check.id)),
        )
        for criteria, title, check, body in wanted
    ]


def _judged_checks(
    sets: Iterable[CriteriaSet],
) -> Iterable[tuple[CriteriaSet, str, Check, Judged]]:
    for one in sets:
        for criterion in one.criteria():
            for check in criterion.checks:
                if isinstance(check.body, Judged):
                    yield one, criterion.title, check, check.body


def _facts_of_subject(
    session: Session, submission: Submission, kind: str, subject_id: str
) -> tuple[Mapping[str, Any], Record]:
    inputs = inputs_of(session, submission, Basis.COMPUTED)
    facts = facts_of(inputs.document, inputs.context, inputs.documents, inputs.as_of)
    values = next(one.values for one in facts.subjects if (one.kind, one.id) == (kind, subject_id))
    schema = next(one for one in schemas()[facts.template] if one.kind == kind)
    return values, schema.record


def _said(
    session: Session, submission: Submission, kind: str, subject_id: str
) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Give what counts by now on a subject, the judgement on the baseline plan included."""
    inputs = inputs_of(session, submission, Basis.REVIEWED)
    return {
        (one["set"], one["check"]): one
        for one in inputs.judgements
        if (one["subject_kind"], one["subject_id"]) == (kind, subject_id)
    }
