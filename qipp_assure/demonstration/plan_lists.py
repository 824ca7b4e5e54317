"""The lists of a plan: workstreams, opportunities, activity, pay bill, trajectories, risks."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from qipp_assure.demonstration.fitting import split
from qipp_assure.demonstration.initiatives import InitiativeStory
from qipp_assure.demonstration.monthly import YEARS
from qipp_assure.demonstration.outline import RegionOutline
from qipp_assure.demonstration.progress_stories import PLAN_DAY
from qipp_assure.demonstration.published import (
    RegionContribution,
    national_workstreams,
    timing_pct,
    waiting_time_standards,
)
from qipp_assure.demonstration.wording import load_words, person

Document = dict[str, Any]


def workstreams(
    rng: random.Random,
    region: RegionOutline,
    stories: Sequence[InitiativeStory],
    *,
    by_overall: bool,
) -> list[Document]:
    """Write the workstreams, each with its target where the region sets targets by workstream."""
    words = load_words("plan_sentences")
    national = {entry.code: entry.name.lower() for entry in national_workstreams()}
    found: list[Document] = []
    for workstream in region.workstreams:
        names = " and ".join(national[code] for code in workstream.national)
        found.append(
            {
                "id": workstream.key,
                "code": workstream.code,
                "name": workstream.name,
                "lead": workstream.lead,
                "national_workstreams": list(workstream.national),
                "national_part": rng.choice(words["national_part"]).format(names=names),
                "regional_alignment": rng.choice(words["regional_alignment"]),
                "target_gbp": None if by_overall else planned_by(stories, workstream.key),
            }
        )
    return found


def planned_by(stories: Sequence[InitiativeStory], workstream: str) -> int:
    """Add up what the initiatives of a workstream plan to save over the four years."""
    return sum(
        sum(line["planned"].values())
        for story in stories
        if story.outline.workstream == workstream
        for line in story.document["savings"]
    )


def opportunities(
    rng: random.Random, region: RegionOutline, stories: Sequence[InitiativeStory]
) -> list[Document]:
    """Write one opportunity for each workstream; together they are what the region identified."""
    words = load_words("plan_sentences")["opportunity"]
    found: list[Document] = []
    for workstream in region.workstreams:
        own = [story for story in stories if story.outline.workstream == workstream.key]
        found.append(
            {
                "id": f"op-{workstream.key}",
                "name": workstream.name,
                "efficiency_area": own[0].outline.wording.efficiency_area,
                "benefit_gbp": planned_by(stories, workstream.key),
                "quality_impact": rng.choice(words["quality_impact"]).format(
                    gain=own[0].outline.wording.gain
                ),
                **{
                    name: rng.choice(words[name])
                    for name in (
                        "assumptions",
                        "interdependencies",
                        "provided_for",
                        "spending_and_outcomes",
                        "outcome_measures",
                        "innovation",
                    )
                },
            }
        )
    return found


def activity_lines(
    rng: random.Random, region: RegionOutline, allocations: Mapping[str, int]
) -> list[Document]:
    """Write current and forecast activity by PCT at three points of delivery."""
    found: list[Document] = []
    for pct in region.pcts:
        size = allocations[pct.code] / 1_000_000
        for key, name, rate, change in (
            ("em", "Emergency admissions", 58.0, -0.012),
            ("el", "Planned admissions", 71.0, 0.004),
            ("op", "Outpatient attendances", 520.0, -0.02),
        ):
            current = round(size * rate * rng.uniform(0.9, 1.1))
            years = {
                year: round(current * (1 + change * index))
                for index, year in enumerate(YEARS, start=1)
            }
            found.append(
                {
                    "id": f"ac-{pct.code}-{key}",
                    "organisation_code": pct.code,
                    "point_of_delivery": name,
                    "current": current,
                    "forecast": years,
                }
            )
    return found


def productivity_improvements(
    rng: random.Random, contribution: RegionContribution
) -> list[Document]:
    """Write the improvements by input; each is worth a share of what was identified."""
    return [
        {
            "id": f"pi{number}",
            "name": name,
            "input": kind,
            "saving_gbp": contribution.found_gbp * rng.randint(3, 9) // 100,
            "analysis": analysis + ".",
        }
        for number, (kind, name, analysis) in enumerate(
            load_words("plan_sentences")["improvements"], start=1
        )
    ]


def pay_bill(rng: random.Random, contribution: RegionContribution) -> list[Document]:
    """Write the pay bill by staff group: somewhat under half of the budget; invented."""
    groups = load_words("plan_sentences")["staff_groups"]
    parts = split(contribution.budget_gbp * 44 // 100, [float(weight) for _, weight, _ in groups])
    found: list[Document] = []
    for number, ((name, _, cost), value) in enumerate(zip(groups, parts, strict=True), start=1):
        posts = value // cost
        found.append(
            {
                "id": f"pb{number}",
                "staff_group": name,
                "baseline_gbp": value,
                "forecast": {
                    year: value * (1000 - rng.randint(2, 9) * index) // 1000
                    for index, year in enumerate(YEARS, start=1)
                },
                "posts_now": str(posts),
                "posts_planned": str(posts * rng.randint(955, 990) // 1000),
            }
        )
    return found


def trajectories(rng: random.Random, contribution: RegionContribution) -> list[Document]:
    """Write the trajectories: waiting-time standards as published, the rest invented."""
    found: list[Document] = []
    for number, (indicator, standard) in enumerate(waiting_time_standards(), start=1):
        start = standard + rng.choice((-1.5, -0.5, 0.5, 1.0))
        found.append(
            {
                "id": f"tj-wait{number}",
                "name": indicator,
                "kind": "quality",
                "unit": "% of patients",
                "better_when": "higher",
                "baseline": f"{start:.1f}",
                "target": str(standard),
                "points": {
                    year: f"{max(start + 0.2 * (index + 1), standard):.1f}"
                    for index, year in enumerate(YEARS)
                },
            }
        )
    saved = 0
    points: dict[str, str] = {}
    for year, share in zip(YEARS, timing_pct(), strict=True):
        saved += contribution.found_gbp * share // 100
        points[year] = str(saved)
    found.append(
        {
            "id": "tj-savings",
            "name": "Savings, adding up over the plan",
            "kind": "finance",
            "unit": "£",
            "better_when": "higher",
            "baseline": "0",
            "target": str(contribution.found_gbp),
            "points": points,
        }
    )
    posts = rng.randrange(50_000, 150_000)
    for key, kind, name, unit, better, values in (
        (
            "posts",
            "workforce",
            "Posts in the region's bodies",
            "whole-time equivalents",
            "neutral",
            [posts * (1000 - 8 * index) // 1000 for index in range(5)],
        ),
        (
            "consortia",
            "reform",
            "Population in consortia",
            "% of people",
            "higher",
            [rng.randint(40, 70), 88, 100, 100, 100],
        ),
        (
            "foundation",
            "reform",
            "Trusts that are foundation trusts",
            "% of trusts",
            "higher",
            [rng.randint(45, 60), 62, 70, 84, 100],
        ),
    ):
        found.append(
            {
                "id": f"tj-{key}",
                "name": name,
                "kind": kind,
                "unit": unit,
                "better_when": better,
                "baseline": str(values[0]),
                "target": str(values[-1]),
                "points": dict(zip(YEARS, map(str, values[1:]), strict=True)),
            }
        )
    return found


def regional_risks(rng: random.Random) -> list[Document]:
    """Write the region's own risks, each with consequence, action and owner."""
    found: list[Document] = []
    for number, (kind, says, follows, action, help_wanted) in enumerate(
        load_words("plan_sentences")["risks"], start=1
    ):
        risk: Document = {
            "id": f"rr{number}",
            "kind": kind,
            "description": says + ".",
            "consequence": follows + ".",
            "mitigation": action + ".",
            "action_under_way": True,
            "owner": person(rng),
            "status": "open",
            "likelihood": rng.randint(2, 5),
            "impact": rng.randint(3, 5),
            "help_wanted": bool(help_wanted),
            "reviewed_on": PLAN_DAY.isoformat(),
        }
        if help_wanted:
            risk["help_description"] = help_wanted[0].upper() + help_wanted[1:] + "."
        found.append(risk)
    return found
