"""Weaknesses planted in plans, so that the ten differ as real ones would.

Each is one thing that a criterion asks for and that a plan leaves out or gets wrong; which region
has which stands under ``weak`` in ``words/regions.yaml``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from qipp_assure.demonstration.wording import load_words

Document = dict[str, Any]


def _leave_out(section: str, *names: str) -> Callable[[Document, random.Random], None]:
    def act(document: Document, _rng: random.Random) -> None:
        for name in names:
            document[section][name] = None

    return act


def _allocation_disagrees(document: Document, rng: random.Random) -> None:
    for line in rng.sample(document["allocations"], 2):
        line["baseline_gbp"] += rng.choice((-1, 1)) * rng.randrange(800, 9000) * 1000


def _opportunities_short(document: Document, _rng: random.Random) -> None:
    for opportunity in document["opportunities"]:
        opportunity["benefit_gbp"] = opportunity["benefit_gbp"] * 91 // 100


def _challenge_differs(document: Document, _rng: random.Random) -> None:
    finance = document["finance"]
    finance["challenge_gbp"] = finance["challenge_gbp"] * 93 // 100


def _risks_without_owner(document: Document, rng: random.Random) -> None:
    for risk in rng.sample(document["risks"], 2):
        risk["owner"] = None


def _innovation_thin(document: Document, rng: random.Random) -> None:
    count = len(document["opportunities"]) // 3
    for opportunity in rng.sample(document["opportunities"], count):
        opportunity["innovation"] = None


def _patients_missing(document: Document, _rng: random.Random) -> None:
    document["partner_engagements"] = [
        entry for entry in document["partner_engagements"] if entry["group"] != "patients"
    ]


def _other_partners_missing(document: Document, _rng: random.Random) -> None:
    document["engagement"]["other_partners"] = None
    document["partner_engagements"] = [
        entry for entry in document["partner_engagements"] if entry["group"] != "other"
    ]


def _capacity_gap_unspoken(document: Document, _rng: random.Random) -> None:
    document["capacity"]["support_wanted"] = None
    document["support_wanted"] = []


def _pay_bill_missing(document: Document, _rng: random.Random) -> None:
    for line in document["pay_bill"]:
        line["forecast"] = {}


def _vision_thin(document: Document, _rng: random.Random) -> None:
    document["background"]["vision"] = load_words("plan_sentences")["vision_thin"]


def _workforce_planned_later(document: Document, _rng: random.Random) -> None:
    words = load_words("plan_sentences")
    document["engagement"]["workforce"] = words["workforce_engagement_later"]


def _commissioning_not_agreed(document: Document, _rng: random.Random) -> None:
    document["activity"]["intentions_agreed"] = False


WEAKNESSES: dict[str, Callable[[Document, random.Random], None]] = {
    "allocation_disagrees": _allocation_disagrees,
    "capacity_gap_unspoken": _capacity_gap_unspoken,
    "capital_unexplained": _leave_out("unit_costs", "capital_cost_gbp", "capital_costs"),
    "challenge_differs": _challenge_differs,
    "commissioning_not_agreed": _commissioning_not_agreed,
    "demography_missing": _leave_out("activity", "demographic_change", "demographic_growth_pct"),
    "innovation_thin": _innovation_thin,
    "opportunities_short": _opportunities_short,
    "other_partners_missing": _other_partners_missing,
    "patients_missing": _patients_missing,
    "pay_bill_missing": _pay_bill_missing,
    "risks_without_owner": _risks_without_owner,
    "vision_thin": _vision_thin,
    "workforce_planned_later": _workforce_planned_later,
}
