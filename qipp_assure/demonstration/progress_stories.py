"""What milestones and KPIs will do over the year, decided once, so that all returns agree."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from qipp_assure.demonstration.monthly import MONTHS, YEARS
from qipp_assure.demonstration.outline import Course, InitiativeOutline
from qipp_assure.demonstration.wording import KpiWording, load_words, person
from qipp_assure.returns.values import decimal_text
from qipp_assure.vocabulary import BetterWhen

PLAN_DAY = date(2011, 3, 15)  # the day on which the plans stand
_FOUR_YEARS = 48
# How likely a milestone is met on time, and the days by which the others are late, by course.
_PUNCTUAL = {
    Course.ON: (0.97, 4, 18),
    Course.OVER: (0.93, 4, 30),
    Course.SLIPPING: (0.76, 12, 70),
    Course.OFF: (0.4, 40, 170),
}
# By how much of the planned change a KPI is ahead (or behind) in the end, from and to.
_KPI_COURSE = {
    Course.ON: (0.0, 0.25),
    Course.OVER: (0.05, 0.4),
    Course.SLIPPING: (-0.5, 0.15),
    Course.OFF: (-1.4, -0.2),
}


@dataclass(frozen=True, slots=True)
class MilestoneStory:
    """A milestone and when it is met in truth."""

    key: str
    name: str
    owner: str | None
    due: date
    met_on: date
    transformational: bool


@dataclass(frozen=True, slots=True)
class KpiStory:
    """A KPI with what is planned and what is measured, by month of 2011-12."""

    key: str
    wording: KpiWording
    baseline: str | None
    target: str | None
    benchmark: str | None
    measuring_plan: str | None
    trajectory: dict[str, str]
    actuals: dict[str, str | None]


def tell_milestones(rng: random.Random, outline: InitiativeOutline) -> tuple[MilestoneStory, ...]:
    """Lay out an initiative's milestones, some months apart, and decide when each is met."""
    words = load_words("initiative_sentences")
    early, middle, late = rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 3)
    names = [
        *_in_order(rng, words["milestones_early"], early),
        *_in_order(rng, words["milestones_middle"], middle),
        *_in_order(rng, words["milestones_late"], late),
    ]
    due = date(2011, 1, 10) + timedelta(days=rng.randrange(0, 150))
    punctual, least, most = _PUNCTUAL[outline.course]
    found: list[MilestoneStory] = []
    ownerless = rng.randrange(len(names)) if "milestone_owner" in outline.gaps else -1
    for number, name in enumerate(names, start=1):
        on_time = rng.random() < punctual
        days = -rng.randint(0, 6) if on_time else rng.randint(least, most)
        found.append(
            MilestoneStory(
                key=f"{outline.key}-m{number}",
                name=name.format(place=outline.place, body=outline.body.name),
                owner=None
                if number - 1 == ownerless
                else rng.choice([outline.manager, person(rng)]),
                due=due,
                met_on=due + timedelta(days=days),
                transformational=outline.transformational and number > early,
            )
        )
        due += timedelta(days=rng.randrange(35, 110))
    return tuple(found)


def _in_order(rng: random.Random, names: list[str], count: int) -> list[str]:
    return [names[index] for index in sorted(rng.sample(range(len(names)), count))]


def milestone_at(story: MilestoneStory, day: date, updated_on: date) -> dict[str, Any]:
    """Write a milestone as it stands on a day, as the tracker updated on `updated_on` has it.

    Its own date of update is left to the tracker's, so that cards stay small, unless that is old.
    """
    known = min(day, updated_on)
    document: dict[str, Any] = {
        "id": story.key,
        "name": story.name,
        "owner": story.owner,
        "due": story.due.isoformat(),
    }
    if day - updated_on > timedelta(days=31):
        document["updated_on"] = updated_on.isoformat()
    if story.transformational:
        document["transformational"] = True
    if story.met_on <= known:
        document |= {"status": "done", "met_on": story.met_on.isoformat()}
    elif story.due <= known:
        # Nobody knows the day on which it will be met: to the next month's end after it.
        expected = (story.met_on.replace(day=1) + timedelta(days=32)).replace(day=1)
        document |= {"status": "at_risk", "expected_on": (expected - timedelta(days=1)).isoformat()}
    else:
        near = story.due - known < timedelta(days=90)
        document["status"] = "under_way" if near else "not_started"
    return document


def _number(value: float, wording: KpiWording) -> str:
    return decimal_text(Decimal(f"{max(value, 0.0):.{wording.decimals}f}"))


def tell_kpi(
    rng: random.Random, outline: InitiativeOutline, wording: KpiWording, number: int
) -> KpiStory:
    """Plan a KPI over four years and measure it through the first, as the course has it."""
    baseline = float(_number(rng.uniform(wording.lowest, wording.highest), wording))
    down = wording.better_when is BetterWhen.LOWER
    change = baseline * wording.change * (-1 if down else 1)
    if wording.unit.startswith("%"):
        change = min(change, 99.0 - baseline)
    planned = {
        month: baseline + change * (index + 1) / _FOUR_YEARS for index, month in enumerate(MONTHS)
    }
    trajectory = {month: _number(value, wording) for month, value in planned.items()}
    for index, year in enumerate(YEARS[1:], start=2):
        trajectory[year] = _number(baseline + change * index / 4, wording)
    ahead = rng.uniform(*_KPI_COURSE[outline.course])
    sign = -1 if down else 1
    step = max(abs(change) / 4, 10.0**-wording.decimals)
    actuals: dict[str, str | None] = {}
    # Where figures come late, a KPI is without a value for some months of the year.
    late = range(first := rng.randrange(0, 6), first + rng.randint(2, 5))
    silent = late if "kpi_actual" in outline.gaps and number == 1 else range(0)
    for index, (month, value) in enumerate(planned.items()):
        drift = ahead * (index + 3) / 12 + rng.uniform(-0.02, 0.06)
        actuals[month] = None if index in silent else _number(value + sign * step * drift, wording)
    targetless = "kpi_target" in outline.gaps and number == 1
    return KpiStory(
        key=f"{outline.key}-k{number}",
        wording=wording,
        baseline=_number(baseline, wording),
        target=None if targetless else _number(baseline + change, wording),
        benchmark=None
        if targetless
        else _number(baseline + change * rng.uniform(0.8, 1.3), wording),
        measuring_plan=load_words("initiative_sentences")["measuring_plan"][number % 2]
        if targetless
        else None,
        trajectory={} if targetless else trajectory,
        actuals=actuals,
    )
