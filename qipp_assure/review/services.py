"""Acts of the desk: judging, and releasing what was judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from qipp_assure.ratings.assessing import rate_submission
from qipp_assure.ratings.models import Assessment, Basis, Release
from qipp_assure.ratings.services import Verdict, record_judgements, release_assessment
from qipp_assure.submissions.models import Submission
from qipp_assure.vocabulary import Actor


def judge_return(
    session: Session,
    actor: Actor,
    submission: Submission,
    verdicts: Sequence[Verdict],
    at: datetime | None = None,
) -> Assessment:
    """Keep judgements and rate the return with them, in one act.

    Errors as for `record_judgements`.
    """
    record_judgements(session, actor, submission, verdicts, at)
    return rate_submission(session, actor, submission, Basis.REVIEWED, at)


def release_ratings(
    session: Session, actor: Actor, submission: Submission, at: datetime | None = None
) -> Release:
    """Rate a return with what was judged by now and let its region see it, in one act.

    Errors as for `release_assessment`.
    """
    assessment = rate_submission(session, actor, submission, Basis.REVIEWED, at)
    return release_assessment(session, actor, assessment, at)
