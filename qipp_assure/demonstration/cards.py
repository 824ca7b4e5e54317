"""Report cards: the month's position of a region, following the stories of its initiatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qipp_assure.demonstration.card_lines import best_practice, exceptions, report_lines
from qipp_assure.demonstration.initiatives import InitiativeStory, saving_class
from qipp_assure.demonstration.line_figures import Ledger
from qipp_assure.demonstration.monthly import MONTHS, MonthFigures, year_of
from qipp_assure.demonstration.outline import Course, RegionOutline
from qipp_assure.demonstration.plans import ROUND
from qipp_assure.demonstration.progress_stories import KpiStory, milestone_at
from qipp_assure.demonstration.wording import load_words, rng_for, sentence
from qipp_assure.returns.periods import last_day

Document = dict[str, Any]
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class RegionYear:
    """All that the twelve cards of a region are written from."""

    seed: int
    outline: RegionOutline
    stories: Sequence[InitiativeStory]
    ledger: Ledger
    months: Mapping[str, Sequence[MonthFigures]]
    plan: Document

    @property
    def code(self) -> str:
        """The region's organisation code."""
        return self.outline.settings.code


def region_year(
    seed: int,
    outline: RegionOutline,
    stories: Sequence[InitiativeStory],
    ledger: Ledger,
    plan: Document,
) -> RegionYear:
    """Work out the months of every savings line of a region."""
    months = {
        line.key: year_of(
            seed,
            outline.settings.code,
            line,
            ledger[outline.settings.code, line.key],
            stale_forecast="forecast_stale" in story.outline.gaps,
        )
        for story in stories
        for line in story.outline.lines
    }
    return RegionYear(seed, outline, stories, ledger, months, plan)


def write_card(year: RegionYear, month: str, plan_digest: str) -> Document:
    """Write one month's card as a document of template ``report-card@2011.1``."""
    index = MONTHS.index(month)
    tracker = [_tracked(year, story, index) for story in year.stories]
    rng = rng_for(year.seed, year.code, "card", month)
    to_date, planned = _sums(tracker)
    words = load_words("plan_sentences")
    share = rng_for(year.seed, year.code, "reinvested").randint(14, 27)
    return {
        "template": "report-card@2011.1",
        "region": year.code,
        "round": ROUND,
        "period": month,
        "plan_digest": plan_digest,
        "position": {
            "summary": _summary(tracker, to_date, planned, last_day(month)),
            "figures_as_at": last_day(month).isoformat(),
            "reinvested_gbp": to_date * share // 100,
            "reinvestment": words["reinvestment"][share % 2],
        },
        "tracker": tracker,
        "lines": report_lines(rng, year.outline, year.plan, tracker),
        "exceptions": exceptions(rng, year.stories, tracker, last_day(month)),
        "best_practice": best_practice(year.seed, year.code, index),
        "risks": [_risk_at(year, risk, index) for risk in year.plan["risks"]],
    }


def _tracked(year: RegionYear, story: InitiativeStory, index: int) -> Document:
    outline = story.outline
    updated_on = _updated_on(year, story, index)
    end = last_day(MONTHS[index])
    document: Document = {
        "id": outline.key,
        "code": outline.code,
        "name": outline.wording.name,
        "workstream_id": outline.workstream,
        "transformational": outline.transformational,
        "updated_on": updated_on.isoformat(),
        "forecast_reviewed_on": _reviewed_on(outline.gaps, updated_on).isoformat(),
        "milestones": [milestone_at(one, end, updated_on) for one in story.milestones],
        "kpis": [_tracked_kpi(one, index, updated_on) for one in story.kpis],
        "savings": [
            _tracked_saving(year, story, line_index, index)
            for line_index in range(len(outline.lines))
            if not outline.lines[line_index].later
        ],
        "risks": [_risk_at(year, risk, index) for risk in story.risks],
    }
    document |= _changed(year, story, index)
    return document


def _updated_on(year: RegionYear, story: InitiativeStory, index: int) -> date:
    """Say when the tracker was last updated: near the month's end, or months ago where stale."""
    rng = rng_for(year.seed, year.code, story.outline.key, "updates")
    stale_from = rng.randrange(1, 9) if "stale" in story.outline.gaps else len(MONTHS)
    days = [rng.randrange(0, 9) for _ in MONTHS]
    at = min(index, stale_from)
    return last_day(MONTHS[at]) - timedelta(days=days[at])


def _reviewed_on(gaps: frozenset[str], updated_on: date) -> date:
    return date(2011, 4, 29) if "forecast_stale" in gaps else updated_on


def _changed(year: RegionYear, story: InitiativeStory, index: int) -> Document:
    """Some projects change in the year; from then on the tracker says when and what."""
    rng = rng_for(year.seed, year.code, story.outline.key, "change")
    likely = 0.15 if story.outline.course is Course.ON else 0.5
    if rng.random() > likely:
        return {}
    at = rng.randrange(1, 10)
    day = last_day(MONTHS[at]) - timedelta(days=rng.randrange(10, 25))
    if at > index:
        return {}
    says = sentence(rng, load_words("initiative_sentences")["changes"])
    return {"project_changed_on": day.isoformat(), "change": says}


def _tracked_kpi(story: KpiStory, index: int, updated_on: date) -> Document:
    # A tracker that nobody updates has the value of the month in which it was last updated.
    known = min(index, (updated_on.year - 2011) * 12 + updated_on.month - 4)
    month = MONTHS[index]
    return {
        "id": story.key,
        "name": story.wording.name,
        "kind": story.wording.kind.value,
        "unit": story.wording.unit,
        "better_when": story.wording.better_when.value,
        "baseline": story.baseline,
        "target": story.target,
        "expected": story.trajectory.get(month),
        "actual": story.actuals[MONTHS[known]],
        "updated_on": updated_on.isoformat(),
    }


def _tracked_saving(
    year: RegionYear, story: InitiativeStory, line_index: int, index: int
) -> Document:
    line = story.outline.lines[line_index]
    figures = year.ledger[year.code, line.key]
    month = year.months[line.key][index]
    document = saving_class(line, figures)
    document |= {
        "planned_month_gbp": month.planned_month,
        "actual_month_gbp": month.actual_month,
        "planned_to_date_gbp": month.planned_to_date,
        "actual_to_date_gbp": month.actual_to_date,
        "planned_year_gbp": figures.planned,
        "forecast_year_gbp": month.forecast_year,
    }
    if evidence := _evidence(story, line.key):
        document["evidence"] = evidence
    if figures.cost_one_off and index >= line.start:
        document["cost_one_off_gbp"] = figures.cost_one_off
    if figures.cost_recurrent:
        document["cost_recurrent_gbp"] = figures.cost_recurrent * (index + 1) // len(MONTHS)
    return document


def _evidence(story: InitiativeStory, line: str) -> str | None:
    """Name the document that shows a saving: that of the plan, a ledger for what came later."""
    planned = {one["id"]: one["evidence"] for one in story.document["savings"]}
    found = planned.get(line, "Ledger extract of the body that saves")
    return None if found is None else str(found)


def _risk_at(year: RegionYear, risk: Document, index: int) -> Document:
    """Write a risk as it stands: most stay open, some are mitigated, a few happen."""
    rng = rng_for(year.seed, year.code, risk["id"], "risk")
    turn = rng.randrange(2, 16)
    status = rng.choices(("open", "mitigated", "happened", "closed"), (55, 25, 12, 8))[0]
    lazy = rng.random() < (0.5 if not risk["action_under_way"] else 0.04)
    reviewed = 0 if lazy else index - index % 2
    found = dict(risk)
    found["status"] = status if index >= turn else "open"
    found["reviewed_on"] = (
        last_day(MONTHS[reviewed]) - timedelta(days=rng.randrange(1, 12))
    ).isoformat()
    return found


def _sums(tracker: Sequence[Document]) -> tuple[int, int]:
    lines = [line for one in tracker for line in one["savings"]]
    return (
        sum(line["actual_to_date_gbp"] or 0 for line in lines),
        sum(line["planned_to_date_gbp"] for line in lines),
    )


def _summary(tracker: Sequence[Document], to_date: int, planned: int, end: date) -> str:
    day = f"{end.day} {end:%B %Y}"
    silent = sum(
        any(line["actual_to_date_gbp"] is None for line in one["savings"]) for one in tracker
    )
    late = sum(
        milestone["due"] <= end.isoformat() and "met_on" not in milestone
        for one in tracker
        for milestone in one["milestones"]
    )
    text = (
        f"Savings to {day} stand at £{to_date / _MILLION:,.1f}m against "
        f"£{planned / _MILLION:,.1f}m planned. Milestones overdue: {late}."
    )
    if silent:
        text += f" No data from foundation trusts for {silent} of {len(tracker)} initiatives."
    return text
