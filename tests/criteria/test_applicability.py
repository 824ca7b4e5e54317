"""A criterion may apply to some kinds of organisation, tiers or stages only, and says why not."""

from __future__ import annotations

from typing import Any

import pytest

from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.returns.facts import facts_of
from qipp_assure.returns.schemas import schemas
from tests.criteria.sound_returns import CONTEXT, FEBRUARY, sound_plan

SET = """\
set: trial
version: "1"
title: Trial
rates: plan
reads: [plan@2011.1]
source: our own
origin: own
not_rated: {nothing_due: ignored, missing: waits, undefined: waits, judgement_outstanding: waits, does_not_apply: ignored}
criterion_rating: worst
area_rating: worst
overall: worst
areas:
  - id: a
    title: A
    criteria:
      - id: c
        title: C
        applies: {applies}
        if_not: this is asked of health authorities at the final stage
        checks:
          - {id: x, asks: X, holds: given(background.vision), otherwise: red}
"""


def rated(applies: str, **context: Any) -> dict[str, Any]:
    """The plan by the trial set, with a context of another kind."""
    made = CONTEXT | context
    facts = facts_of(sound_plan(), made, {}, FEBRUARY)
    criteria = load_set(SET.replace("{applies}", applies), "trial.yaml", schemas())
    found: dict[str, Any] = rate(facts, [], made, [criteria], FEBRUARY).to_json()["subjects"][0]
    return found


@pytest.mark.parametrize(
    ("applies", "context", "because"),
    [
        ('context.organisation_kind == "sha"', {}, None),
        ('context.organisation_kind == "cluster"', {}, "does_not_apply"),
        ('context.organisation_kind in ["sha", "cluster"]', {}, None),
        ('context.organisation_tier == "provider"', {}, "does_not_apply"),
        ('context.stage == "final"', {"stage": "final"}, None),
        ('context.stage == "final"', {"stage": "draft"}, "does_not_apply"),
        ('context.stage == "final"', {}, "missing"),
    ],
)
def test_by_kind_of_organisation_and_stage(
    applies: str, context: dict[str, Any], because: str | None
) -> None:
    subject = rated(applies, **context)
    assert subject["criteria"][0]["because"] == because
    if because == "does_not_apply":
        assert subject["criteria"][0]["reason"] == (
            "Not rated: does not apply, as this is asked of health authorities at the final stage."
        )
