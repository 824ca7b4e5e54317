"""A small result as the engine gives it, and one judgement, for tests of what is kept of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.ratings.services import Verdict, record_judgements
from qipp_assure.submissions.models import Submission
from qipp_assure.vocabulary import Actor, Rating

RESULT_CRITERIA_TEXT = "set: plan\nversion: '2011.1'\n"


def verdict(**changed: Any) -> Verdict:
    values: dict[str, Any] = {
        "set_id": "plan",
        "version": "2011.1",
        "check_id": "background.vision.clear",
        "check_digest": "a" * 64,
        "subject_kind": "plan",
        "subject_id": "Q30",
        "rating": Rating.GREEN,
        "reason": "The vision is clear.",
        **changed,
    }
    return Verdict(**values)


def judge(session: Session, actor: Actor, submission: Submission, **changed: Any) -> int:
    return record_judgements(session, actor, submission, [verdict(**changed)])


def sample_result(criteria_digest: str, overall: str = "amber") -> dict[str, Any]:
    return {
        "criteria": [{"set": "plan", "version": "2011.1", "digest": criteria_digest}],
        "subjects": [
            {
                "kind": "region",
                "id": "Q30",
                "code": "Q30",
                "name": "North East",
                "parent": None,
                "overall": overall,
                "because": None,
                "reason": "1 area is amber.",
                "flags": [],
                "card_halves": [
                    {
                        "set": None,
                        "id": "progress",
                        "title": "Progress against plan",
                        "rating": overall,
                        "because": None,
                        "reason": "",
                        "direction": "steady",
                    }
                ],
                "areas": [
                    {
                        "set": "plan",
                        "id": "background",
                        "title": "Background",
                        "rating": "amber",
                        "because": None,
                        "reason": "",
                    }
                ],
                "criteria": [
                    {
                        "set": "plan",
                        "id": "background.vision",
                        "title": "Vision <script>\x00",
                        "area": "background",
                        "rating": "not_rated",
                        "because": "judgement_outstanding",
                        "reason": "A reviewer has not judged this yet.",
                        "checks": [],
                    }
                ],
            },
            {
                "kind": "initiative",
                "id": "i1",
                "code": "I1",
                "name": "Switch to generics",
                "parent": {"kind": "workstream", "id": "w1"},
                "overall": "green",
                "because": None,
                "reason": "",
            },
        ],
    }
