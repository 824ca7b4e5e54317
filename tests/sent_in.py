"""Returns of the small world that were really written, sent in and rated by the real criteria.

``sent_in`` publishes the three criteria sets, pins them to the world's round, and writes as the
North East's lead.  The returns are those of ``tests/criteria``, green throughout but for what only
a reviewer can say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from qipp_assure.database import Database
from qipp_assure.ratings.assessing import submit_return
from qipp_assure.ratings.criteria_files import library
from qipp_assure.ratings.models import Judgement
from qipp_assure.ratings.queries import list_judgements
from qipp_assure.ratings.services import Verdict, publish_criteria_version
from qipp_assure.review.services import judge_return, release_ratings
from qipp_assure.rounds.models import RoundCriteria
from qipp_assure.submissions.drafts import begin_draft, replace_draft
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.vocabulary import Rating, ReturnKind
from tests.world import World

RETURNS = Path(__file__).parent / "criteria"
SETS = ("plan", "implementation", "report-card")
MOVED = {"Q36": "Q30", "5A1": "5D7", "5A2": "5D8", "London": "the North East"}
HOSTILE = '<script>alert("x")</script> {{7*7}} \'"> \u202eevil\u202c &amp; <b>bold</b>'


def moved(document: Any) -> Any:
    """A sound return, moved from London to the region of the small world."""
    text = json.dumps(document)
    for old, new in MOVED.items():
        text = text.replace(old, new)
    return json.loads(text)


def sound_plan(code: str = "Q30", **changed: Any) -> dict[str, Any]:
    """A plan of one workstream with one initiative."""
    return {**moved(_read("sound_plan")), "region": code, **changed}


def sound_card(period: str = "2011-06", code: str = "Q30", **changed: Any) -> dict[str, Any]:
    """The card of that plan for one month."""
    return {**moved(_read("sound_card")), "region": code, "period": period, **changed}


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RETURNS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def spoiled(document: Any, text: str = HOSTILE, *, names: tuple[str, ...]) -> Any:
    """The document with a hostile text in every field of these names, at any depth."""
    if isinstance(document, list):
        return [spoiled(one, text, names=names) for one in document]
    if not isinstance(document, dict):
        return document
    return {
        key: text if key in names and isinstance(value, str) else spoiled(value, text, names=names)
        for key, value in document.items()
    }


class SentIn:
    """Writes, submits, judges and releases in the small world."""

    def __init__(self, world: World, database: Database) -> None:
        self.world = world
        self.database = database

    def draft(self, document: Mapping[str, Any], by: str = "lead") -> int:
        """A draft that holds a document; its row id."""
        kind = ReturnKind(str(document["template"]).partition("@")[0])
        actor = self.world.actors[by]
        with self.database.writing() as session:
            draft = begin_draft(
                session,
                actor,
                self.world.region(session, str(document["region"])),
                self.world.round(session),
                kind,
                str(document.get("period", "")),
            )
            replace_draft(session, actor, draft, dict(document), "a test")
            return draft.id

    def submit(self, document: Mapping[str, Any], by: str = "lead") -> int:
        """A document sent in and rated; the row id of the submission."""
        draft_id = self.draft(document, by)
        with self.database.writing() as session:
            draft = session.get_one(Draft, draft_id)
            return submit_return(session, self.world.actors[by], draft).id

    def judge(
        self,
        submission_id: int,
        *checks: str,
        rating: Rating = Rating.GREEN,
        reason: str = "Read in full",
        subjects: tuple[str, ...] = ("Q30", "w1", "i1"),
    ) -> None:
        """Judgements by the reviewer: on the checks named, or on all that ask for one."""
        with self.database.writing() as session:
            submission = session.get_one(Submission, submission_id)
            judge_return(
                session,
                self.world.actors["reviewer"],
                submission,
                _verdicts(checks, rating, reason, subjects, submission.template),
            )

    def release(self, submission_id: int) -> None:
        """The approver lets the region see the reviewed ratings."""
        with self.database.writing() as session:
            submission = session.get_one(Submission, submission_id)
            release_ratings(session, self.world.actors["approver"], submission)

    def judgements(self, submission_id: int) -> list[Judgement]:
        """Everything that was said about a return, the first first."""
        with self.database.reading() as session:
            found = list_judgements(session, submission_id)
            session.expunge_all()
            return found


def _verdicts(
    checks: tuple[str, ...],
    rating: Rating,
    reason: str,
    subjects: tuple[str, ...],
    template: str,
) -> list[Verdict]:
    return [
        Verdict(one.set, one.version, check.id, check.digest, one.rates[0], subject, rating, reason)
        for one in library().newest()
        if template in one.reads
        for check in one.checks()
        if type(check.body).__name__ == "Judged" and (not checks or check.id in checks)
        for subject in subjects
    ]


def publish(session: Session, world: World) -> None:
    """The real criteria, published and pinned to the world's round."""
    round_ = world.round(session)
    for position, set_id in enumerate(SETS):
        one = library().get_set(set_id)
        publish_criteria_version(
            session,
            world.actors["approver"],
            set_id=set_id,
            version=one.version,
            text=Path(one.file).read_text(encoding="utf-8"),
            at=datetime(2011, 1, 10, 9, 0, tzinfo=UTC),
        )
        if session.get(RoundCriteria, (round_.id, set_id)) is None:
            session.add(
                RoundCriteria(
                    round_id=round_.id, set_id=set_id, version=one.version, position=position
                )
            )


@pytest.fixture
def sent_in(world: World, database: Database) -> SentIn:
    """The small world, ready for returns."""
    with database.writing() as session:
        publish(session, world)
    return SentIn(world, database)
