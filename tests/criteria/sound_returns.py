"""A plan and a report card that are green throughout, small enough to break in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qipp_assure.criteria_engine.assessment import Assessment
from qipp_assure.criteria_engine.loading import load_file
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.sets import CriteriaSet, Judged
from qipp_assure.returns.facts import facts_of
from qipp_assure.returns.schemas import schemas

CRITERIA = Path(__file__).parents[2] / "criteria"
FEBRUARY, JUNE = date(2011, 2, 28), date(2011, 6, 30)
CONTEXT = {
    "organisation": {"code": "Q36", "name": "London", "kind": "sha", "tier": "regional"},
    "allocations": {"5A1": 300_000_000, "5A2": 200_000_000},
    "challenge_gbp": 50_000_000,
}


@cache
def criteria_set(name: str) -> CriteriaSet:
    """A set of the checkout, loaded against the real schemas."""
    return load_file(CRITERIA / name / "2011.1.yaml", schemas())


def all_sets() -> tuple[CriteriaSet, ...]:
    """The three sets."""
    return tuple(criteria_set(name) for name in ("plan", "implementation", "report-card"))


def _document(name: str) -> dict[str, Any]:
    text = Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def sound_plan() -> dict[str, Any]:
    """A plan of one opportunity, carried by one initiative."""
    return _document("sound_plan")


def sound_card() -> dict[str, Any]:
    """The June card of that plan, on course."""
    return _document("sound_card")


def judgements(rating: str = "green", **others: str) -> list[dict[str, Any]]:
    """A judgement on every judged check of every set; `others` by check, with _ for -."""
    named = {check.replace("_", "-"): word for check, word in others.items()}
    return [
        {
            "set": one.set,
            "version": one.version,
            "check": check.id,
            "check_digest": check.digest,
            "subject_kind": one.rates[0],
            "subject_id": subject,
            "rating": named.get(check.id, rating),
            "reason": "Read in full",
            "by": "A. Reviewer",
            "at": "2011-07-04T09:00:00Z",
        }
        for one in all_sets()
        for check in one.checks()
        if isinstance(check.body, Judged)
        for subject in ("Q36", "w1", "i1")
    ]


def assess_plan(
    plan: Mapping[str, Any],
    *,
    judged: list[dict[str, Any]] | None = None,
    context: Mapping[str, Any] = CONTEXT,
    as_of: date = FEBRUARY,
) -> Assessment:
    """The plan's rating, with every judgement green unless told."""
    facts = facts_of(plan, context, {}, as_of)
    found = judgements() if judged is None else judged
    return rate(facts, found, context, all_sets(), as_of)


def assess_card(
    card: Mapping[str, Any],
    *,
    plan: Mapping[str, Any] | None = None,
    judged: list[dict[str, Any]] | None = None,
    as_of: date = JUNE,
) -> Assessment:
    """The card's rating against `plan` (without one, against no baseline)."""
    documents = {"d": plan} if plan else {}
    context = CONTEXT | {"baseline_plan": "d"}
    facts = facts_of(card, context, documents, as_of)
    found = judgements() if judged is None else judged
    return rate(facts, found, context, all_sets(), as_of)


def subject_of(assessment: Assessment, kind: str) -> dict[str, Any]:
    """The only subject of a kind, as JSON."""
    (found,) = [one for one in assessment.to_json()["subjects"] if one["kind"] == kind]
    return found


def check_of(subject: Mapping[str, Any], check: str) -> dict[str, Any]:
    """A check of a subject by its id."""
    (found,) = [c for one in subject["criteria"] for c in one["checks"] if c["id"] == check]
    return found


def criterion_of(subject: Mapping[str, Any], criterion: str) -> dict[str, Any]:
    """A criterion of a subject by the end of its id."""
    (found,) = [one for one in subject["criteria"] if one["id"].endswith(f".{criterion}")]
    return found


def flags_of(subject: Mapping[str, Any]) -> set[str]:
    """Ids of the flags of a subject."""
    return {flag["id"] for flag in subject["flags"]}
