"""Initiatives as they stand in a plan: brief, leadership, milestones, KPIs, savings, risks.

What the milestones and KPIs will do over the year is decided here too, once, so that plan and
report cards tell the same story.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from qipp_assure.demonstration.line_figures import LineFigures
from qipp_assure.demonstration.monthly import planned_phasing
from qipp_assure.demonstration.outline import InitiativeOutline, LineOutline
from qipp_assure.demonstration.progress_stories import (
    PLAN_DAY,
    KpiStory,
    MilestoneStory,
    milestone_at,
    tell_kpi,
    tell_milestones,
)
from qipp_assure.demonstration.wording import (
    chance,
    kpi_wordings,
    load_words,
    person,
    rng_for,
    sentence,
)


@dataclass(frozen=True, slots=True)
class InitiativeStory:
    """An initiative's document in the plan, and what becomes of it."""

    outline: InitiativeOutline
    document: dict[str, Any]
    milestones: tuple[MilestoneStory, ...]
    kpis: tuple[KpiStory, ...]
    risks: tuple[dict[str, Any], ...]


def tell_initiative(
    seed: int, region: str, outline: InitiativeOutline, figures: dict[str, LineFigures]
) -> InitiativeStory:
    """Write an initiative; `figures` are by line key."""
    rng = rng_for(seed, region, outline.key, "papers")
    milestones = tell_milestones(rng, outline)
    kpis = tuple(
        tell_kpi(rng, outline, kpi_wordings()[key], number)
        for number, key in enumerate(outline.wording.kpis, start=1)
    )
    risks = tuple(_risks(rng, outline))
    words = load_words("initiative_sentences")
    gain = outline.wording.gain
    fill = {
        "does": outline.wording.does,
        "gain": gain,
        "gain_capital": gain[0].upper() + gain[1:],
        "name": outline.wording.name,
        "place": outline.place,
        "body": outline.body.name,
        "number": rng.randint(4, 16),
    }

    def text(name: str, gap: str | None = None) -> str | None:
        if gap in outline.gaps:
            thin: list[str | None] = [None, None, *words["thin"]]
            return rng.choice(thin)
        return sentence(rng, words[name], **fill)

    weak_manager = "capacity" in outline.gaps
    document = {
        "id": outline.key,
        "code": outline.code,
        "name": outline.wording.name,
        "programme_id": outline.programme,
        "opportunity_id": f"op-{outline.workstream}",
        "transformational": outline.transformational,
        "brief": {
            "objectives": text("objectives"),
            "scope": text("scope", "scope"),
            "benefits": text("benefits"),
            "approach": text("approach"),
            "dependencies": text("dependencies", "dependencies"),
            "document": f"{outline.code} project brief v{rng.randint(1, 3)}.doc",
        },
        "leadership": {
            "sponsor": outline.sponsor,
            "manager": None if "manager" in outline.gaps else outline.manager,
            "manager_capacity": text(
                "manager_capacity_weak" if weak_manager else "manager_capacity"
            ),
        },
        "governance": {
            "arrangements": text("arrangements"),
            "clinical_engagement": text("clinical_engagement", "clinicians"),
            "local_engagement": text("local_engagement", "local"),
        },
        "milestones": [milestone_at(story, PLAN_DAY, PLAN_DAY) for story in milestones],
        "kpis": [_kpi_document(story) for story in kpis],
        "savings": [
            _savings_line(rng, line, figures[line.key], outline.gaps, fill)
            for line in outline.lines
            if not line.added
        ],
        "financial_assumptions": text("financial_assumptions", "assumptions"),
        "project_cost_gbp": None
        if "project_cost" in outline.gaps
        else rng.randrange(40, 900) * 1000,
        "risks": list(risks),
    }
    return InitiativeStory(outline, document, milestones, kpis, risks)


def _kpi_document(story: KpiStory) -> dict[str, Any]:
    return {
        "id": story.key,
        "name": story.wording.name,
        "kind": story.wording.kind.value,
        "unit": story.wording.unit,
        "better_when": story.wording.better_when.value,
        "baseline": story.baseline,
        "target": story.target,
        "benchmark": story.benchmark,
        "measuring_plan": story.measuring_plan,
        "trajectory": story.trajectory,
    }


def _savings_line(
    rng: random.Random,
    line: LineOutline,
    figures: LineFigures,
    gaps: frozenset[str],
    fill: dict[str, Any],
) -> dict[str, Any]:
    words = load_words("initiative_sentences")
    return {
        **saving_class(line, figures),
        "phased_by": line.phased_by.value,
        "planned": planned_phasing(line, figures),
        "cost_one_off_gbp": figures.cost_one_off,
        "cost_recurrent_gbp": figures.cost_recurrent,
        "method": None if "method" in gaps else sentence(rng, words["method"], **fill),
        "evidence": None if "method" in gaps else sentence(rng, words["evidence"], **fill),
        "moved_elsewhere": False,
        "counted_by_other": False,
    }


def saving_class(line: LineOutline, figures: LineFigures) -> dict[str, Any]:
    """What sort of saving a line is, as plan and report card share it."""
    return {
        "id": line.key,
        "name": line.name,
        "kind": figures.kind.value,
        "recurrent": figures.recurrent,
        "cash_effect": figures.cash_effect.value,
        "driver": figures.driver.value,
        "efficiency_area": line.efficiency_area,
        "spending_area": line.area.value,
        "organisation_code": line.body.code,
    }


def _risks(rng: random.Random, outline: InitiativeOutline) -> list[dict[str, Any]]:
    words = load_words("initiative_sentences")["risks"]
    kinds = rng.sample(sorted(words), rng.choices((1, 2, 3), (3, 5, 2))[0])
    found: list[dict[str, Any]] = []
    for number, kind in enumerate(kinds, start=1):
        says, follows, action, help_wanted = rng.choice(words[kind])
        weak = number == 1
        risk: dict[str, Any] = {
            "id": f"{outline.key}-r{number}",
            "kind": kind,
            "description": says.format(place=outline.place) + ".",
            "consequence": follows + ".",
            "mitigation": None if weak and "risk_mitigation" in outline.gaps else action + ".",
            "action_under_way": not (weak and "risk_idle" in outline.gaps),
            "owner": None if weak and "risk_owner" in outline.gaps else person(rng),
            "status": "open",
            "likelihood": rng.randint(2, 4),
            "impact": rng.randint(2, 5),
            "help_wanted": bool(help_wanted) and chance(rng, 50),
            "reviewed_on": PLAN_DAY.isoformat(),
        }
        if risk["help_wanted"]:
            risk["help_description"] = help_wanted[0].upper() + help_wanted[1:] + "."
        found.append(risk)
    return found
