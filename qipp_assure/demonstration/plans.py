"""A region's plan document: its sections, its initiatives, and what is planted in it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qipp_assure.demonstration.bodies import Body
from qipp_assure.demonstration.fitting import split
from qipp_assure.demonstration.initiatives import InitiativeStory
from qipp_assure.demonstration.monthly import YEARS
from qipp_assure.demonstration.outline import RegionOutline
from qipp_assure.demonstration.plan_lists import (
    activity_lines,
    opportunities,
    pay_bill,
    productivity_improvements,
    regional_risks,
    trajectories,
    workstreams,
)
from qipp_assure.demonstration.published import RegionContribution, region_contributions, timing_pct
from qipp_assure.demonstration.weaknesses import WEAKNESSES
from qipp_assure.demonstration.wording import chance, load_words, rng_for, sentence

ROUND = "2011-12"
BASELINE_YEAR = "2010/11"
_GROWTH_OF_ALLOCATIONS = (1.022, 1.025, 1.024, 1.023)  # each year on the one before; invented

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Allocations:
    """Baseline (2010-11) and forecast allocations of a region's PCTs, in whole pounds by code."""

    baseline: dict[str, int]
    forecast: dict[str, tuple[int, ...]]


def make_allocations(seed: int, region: RegionOutline) -> Allocations:
    """Share the region's published budget of 2011-12 among its PCTs; the shares are invented."""
    budget = region_contributions()[region.settings.name].budget_gbp
    rng = rng_for(seed, region.settings.code, "allocations")
    weights = [rng.uniform(0.6, 1.7) for _ in region.pcts]
    first = split(budget, weights)
    baseline: dict[str, int] = {}
    forecast: dict[str, tuple[int, ...]] = {}
    for pct, value in zip(region.pcts, first, strict=True):
        years = [value]
        for growth in _GROWTH_OF_ALLOCATIONS[1:]:
            years.append(round(years[-1] * growth))
        baseline[pct.code] = round(value / _GROWTH_OF_ALLOCATIONS[0] / 1000) * 1000
        forecast[pct.code] = tuple(years)
    return Allocations(baseline, forecast)


def write_plan(
    seed: int, region: RegionOutline, stories: Sequence[InitiativeStory], allocations: Allocations
) -> Document:
    """Write a region's whole plan as a document of template ``plan@2011.1``."""
    settings = region.settings
    rng = rng_for(seed, settings.code, "plan")
    words = load_words("plan_sentences")
    contribution = region_contributions()[settings.name]
    fill = {
        "region": settings.name,
        "posts": f"{rng.randrange(18, 62) * 100:,}",
        "trained": f"{rng.randrange(8, 30) * 100:,}",
        "number": rng.randint(9, 18),
    }

    def text(name: str) -> str:
        found = words[name]
        return sentence(rng, [found] if isinstance(found, str) else found, **fill)

    document: Document = {
        "template": "plan@2011.1",
        "region": settings.code,
        "round": ROUND,
        "about": {
            "title": text("title"),
            "first_year": YEARS[0],
            "last_year": YEARS[-1],
            "targets_set_by": rng.choice(("workstream", "workstream", "overall")),
            "management_costs_counted": chance(rng, 70),
            "contract_savings_net": chance(rng, 60),
        },
        "background": {
            "vision": text("vision"),
            "quality_and_productivity": text("quality_and_productivity"),
        },
        "finance": {
            "past_position": text("past_position"),
            "delivery_risks": text("delivery_risks"),
            "baseline_year": BASELINE_YEAR,
            "challenge_gbp": contribution.challenge_gbp,
            "challenge_basis": text("challenge_basis"),
            "forecast_assumptions": text("forecast_assumptions"),
        },
        "activity": {
            "assumptions": text("activity_assumptions"),
            "cost_pressures": text("cost_pressures"),
            "commissioning_intentions": text("commissioning_intentions"),
            "intentions_agreed": True,
            "demographic_change": text("demographic_change"),
            "demographic_growth_pct": "0.7",
        },
        "productivity": {"analysis": text("productivity_analysis")},
        "unit_costs": {
            "staffing_implications": text("staffing_implications"),
            "pay_assumptions": text("pay_assumptions"),
            "capital_cost_gbp": rng.randrange(40, 260) * 1_000_000,
            "capital_costs": text("capital_costs"),
            "estate_implications": text("estate_implications"),
            "estate_rationalisation": text("estate_rationalisation"),
        },
        "delivery": {
            name: text(name)
            for name in (
                "approach",
                "groups",
                "accountability",
                "governance",
                "roles",
                "leadership",
                "dedicated_resource",
                "monitoring",
            )
        },
        "capacity": {
            "in_place": False,
            "assessment": text("capacity_assessment"),
            "gap": text("capacity_gap"),
            "support_wanted": "See the list of support wanted.",
        },
        "engagement": {
            "delivery_support": text("delivery_support"),
            "workforce": text("workforce_engagement"),
            "other_partners": text("other_partners"),
        },
        "initiatives": [story.document for story in stories],
    }
    _add_lists(rng, document, region, stories, allocations, contribution)
    for weakness in sorted(settings.weak):
        WEAKNESSES[weakness](document, rng)
    return document


def _add_lists(
    rng: random.Random,
    document: Document,
    region: RegionOutline,
    stories: Sequence[InitiativeStory],
    allocations: Allocations,
    contribution: RegionContribution,
) -> None:
    words = load_words("plan_sentences")
    by_overall = document["about"]["targets_set_by"] == "overall"
    document |= {
        "allocations": [
            {
                "id": f"al-{pct.code}",
                "organisation_code": pct.code,
                "name": pct.name,
                "baseline_gbp": allocations.baseline[pct.code],
                "forecast": dict(zip(YEARS, allocations.forecast[pct.code], strict=True)),
            }
            for pct in region.pcts
        ],
        "activity_lines": activity_lines(rng, region, allocations.baseline),
        "productivity_improvements": productivity_improvements(rng, contribution),
        "pay_bill": pay_bill(rng, contribution),
        "opportunities": opportunities(rng, region, stories),
        "workstreams": workstreams(rng, region, stories, by_overall=by_overall),
        "programmes": [
            {"id": key, "code": key.upper(), "name": name, "workstream_id": workstream.key}
            for workstream in region.workstreams
            for key, name in workstream.programmes
        ],
        "partner_engagements": [
            {"id": f"pe-{group}", "group": group, "who": who, "detail": detail + "."}
            for group, (who, detail) in words["partners"].items()
        ],
        "risks": regional_risks(rng),
        "trajectories": trajectories(rng, contribution),
        "organisation_shares": _shares(region.pcts, allocations, contribution),
        "support_wanted": [
            {"id": f"sw{number}", "what": what + ".", "why": why + ".", "needed_by": "2011-09-30"}
            for number, (what, why) in enumerate(words["support_wanted"], start=1)
        ],
        "self_assessments": [
            {
                "id": f"sa-{criterion}",
                "criteria_set": "plan",
                "criterion": criterion,
                "rating": rng.choices(("green", "amber", "red"), (70, 27, 3))[0],
                "comment": "Discussed by the regional board in March 2011.",
            }
            for criterion in words["self_assessed"]
        ],
    }


def _shares(
    pcts: Sequence[Body], allocations: Allocations, contribution: RegionContribution
) -> list[Document]:
    weights = [float(allocations.baseline[pct.code]) for pct in pcts]
    by_year = [split(contribution.found_gbp * share // 100, weights) for share in timing_pct()]
    return [
        {
            "id": f"os-{pct.code}",
            "organisation_code": pct.code,
            "name": pct.name,
            "planned": {year: by_year[row][index] for row, year in enumerate(YEARS)},
        }
        for index, pct in enumerate(pcts)
    ]
