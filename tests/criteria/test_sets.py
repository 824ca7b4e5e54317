"""The three sets as files: whole, named as published, no expectation lost."""

from __future__ import annotations

import pytest

from qipp_assure.criteria_engine.sets import Judged
from qipp_assure.vocabulary import Because
from tests.criteria.sound_returns import CRITERIA, all_sets, criteria_set

# Each row: a criterion, and for every expectation of its row in the domain text the checks that
# look at it.
PLAN = {
    "background.vision": {
        "a clear vision of quality": "vision-stated vision-clear",
        "quality and productivity tied together": "quality-tied-to-productivity",
    },
    "financial.forecast": {
        "past position summarised": "past-position",
        "delivery risks understood": "delivery-risks-stated delivery-risks-understood",
        "2010-11 as the baseline": "baseline-year",
        "allocations agree with the Department's": (
            "allocations-listed allocations-complete allocations-agree"
        ),
        "forecast to the horizon": "allocations-forecast",
        "size of the challenge given": "challenge-given",
        "in line with the Department's estimate": "challenge-in-line",
    },
    "financial.activity": {
        "current activity": "activity-listed activity-current",
        "forecast activity": "activity-forecast",
        "by PCT": "activity-by-commissioner",
        "assumptions clear, reasonable, explicit": (
            "activity-assumptions-explicit activity-assumptions-sound"
        ),
        "cost pressures known": "cost-pressures",
        "commissioning intentions known": "intentions-stated",
        "commissioning intentions agreed": "intentions-agreed",
        "demographic change counted": "demography-counted",
    },
    "financial.productivity": {
        "improvements named": "improvements-named",
        "improvements analysed": "improvements-analysed productivity-analysis",
        "by input volume": "productivity-volume",
        "by pay": "productivity-pay",
        "by non-pay": "productivity-non-pay",
    },
    "financial.unit-costs": {
        "what the plans mean for staffing": "staffing-implications",
        "what the plans mean for estates": "estate-implications",
        "pay bill analysed": "pay-bill-listed pay-bill-analysed",
        "pay assumptions clear": "pay-assumptions-stated pay-assumptions-clear",
        "capital costs": "capital-costs",
        "estate rationalisation": "estate-rationalisation",
    },
    "opportunities.areas-identified": {
        "areas summarised": "opportunities-summarised",
        "benefit of each in money": "benefits-estimated",
        "assumptions clear, reasonable, explicit": (
            "benefit-assumptions-explicit benefit-assumptions-sound"
        ),
        "together they match the challenge": "opportunities-match-challenge",
        "interdependencies named": "interdependencies-named",
        "how these are provided": "interdependencies-provided",
    },
    "opportunities.quality-impact": {
        "considered for every opportunity": "quality-considered quality-impact-sound",
        "spending tied to quality outcomes": "spending-and-outcomes",
        "outcome measures belong on the scorecard": "outcome-measures",
    },
    "opportunities.innovation": {"considered for every area": "innovation-considered"},
    "opportunities.national-workstreams": {
        "linked": "national-linked",
        "evidence of taking part": "national-part-described national-evidence",
    },
    "implementation.milestones": {"for every opportunity": "opportunity-milestones"},
    "implementation.financial-phasing": {"for every opportunity": "opportunity-phasing"},
    "implementation.kpis": {"measures that track benefit, or a plan": "opportunity-kpis"},
    "structure.accountability": {
        "how the plan will be delivered": "delivery-approach",
        "by which groups": "delivery-groups",
        "accountability": "accountability-set-out",
        "governance": "governance-set-out",
        "roles clearly defined": "roles-set-out roles-clear",
        "leadership at the region": "leadership",
        "dedicated resource at the region": "dedicated-resource",
        "monitoring and reporting": "monitoring",
    },
    "structure.capacity": {
        "in place, or the gap recognised": "capacity-or-gap capacity-sufficient",
        "support wanted spelt out": "support-spelt-out",
    },
    "engagement.partners": {
        "five groups, in detail": (
            "engages-commissioners engages-providers engages-clinicians engages-managers "
            "engages-patients engagement-detailed"
        ),
        "support in delivery": "delivery-support",
        "the workforce, now or planned": "engages-workforce",
        "other partners": "other-partners",
    },
    "risks.risks-identified": {
        "the main ones": "risks-listed main-risks",
        "workforce": "workforce-risk",
        "configuration": "configuration-risk",
        "local difficulties": "local-difficulties",
        "consequence": "risk-consequences",
        "action": "risk-actions",
        "an owner": "risk-owners",
        "who monitors and manages it": "risk-owners-manage",
        "help wanted": "risk-help-answered",
        "what it would look like": "risk-help-described",
    },
}
IMPLEMENTATION = {
    "briefs.brief-completed": {
        "done in the template or its like": "brief-written",
        "detailed in all areas": "brief-detailed",
        "a base to start and deliver from": "brief-sufficient",
    },
    "leadership.leadership-identified": {
        "a sponsor or leader named": "sponsor-named",
        "a named manager": "manager-named",
        "with the capacity to deliver": "manager-capacity",
    },
    "leadership.governance": {
        "governance set out": "governance-set-out",
        "clinicians engaged": "clinicians-engaged",
        "sector, cluster and local health economy engaged": "local-economy-engaged",
    },
    "milestones.milestones-appropriate": {
        "identified": "milestones-identified milestones-dated",
        "each with a named owner": "milestones-owned",
        "fit, detailed, good": "milestones-fit",
    },
    "milestones.milestones-progress": {
        "met at the right rate and time": "milestones-met",
        "status current": "milestones-current",
        "marked when done": "milestones-marked",
    },
    "kpis.kpis-appropriate": {
        "quality, activity and workforce considered": "kpis-set kpi-kinds",
        "well chosen": "kpis-well-chosen",
        "benchmarks or targets": "kpi-targets",
    },
    "kpis.kpis-progress": {
        "met at the right rate and time": "kpis-on-course",
        "status current": "kpis-current",
        "marked when done": "kpis-recorded",
    },
    "financials.estimate": {
        "calculated": "savings-estimated savings-calculated",
        "on fit assumptions": "assumptions-fit",
        "which are written down": "assumptions-written",
        "project costs counted": "project-costs",
    },
    "financials.phasing": {
        "savings phased": "savings-phased milestones-for-savings",
        "by month for instance": "savings-phased-finely",
    },
    "financials.savings-progress": {
        "variance under 5%": "variance stand-ins-met",
        "the latest actuals": "actuals-recorded actuals-current",
        "forecast updated when the project changes": "forecast-updated",
    },
    "risks.risks-identified": {
        "a full register": "risks-registered risks-described",
        "mitigation for each": "risks-mitigated",
        "owner for each": "risks-owned",
    },
    "risks.risks-managed": {
        "action under way": "actions-under-way risks-reviewed",
        "to mitigate and manage each fully": "risks-under-control",
    },
}
REPORT_CARD = {
    "alignment.regional-plan": {
        "regional plan": "regional-alignment-stated regional-alignment-sound"
    },
    "alignment.national-workstreams": {
        "national workstreams": "national-link-stated national-part-stated"
    },
    "kpis.quality": {"quality": "quality-on-course"},
    "kpis.activity": {"activity": "activity-on-course"},
    "kpis.workforce": {"workforce": "workforce-on-course"},
    "kpis.finance": {"finance": "finance-on-course"},
    "risks.risk-monitoring": {
        "monitoring of risks": (
            "risks-kept open-risks-owned open-risks-reviewed happened-risks-acted-on"
        )
    },
}
EXPECTED = {"plan": PLAN, "implementation": IMPLEMENTATION, "report-card": REPORT_CARD}


def test_there_is_one_folder_a_set_and_one_file_a_version_with_its_examples() -> None:
    found = sorted(path.relative_to(CRITERIA).as_posix() for path in CRITERIA.rglob("*.yaml"))
    assert found == [
        f"{one.set}/{one.version}{ending}"
        for one in sorted(all_sets(), key=_name)
        for ending in (".examples.yaml", ".yaml")
    ]


def _name(one: object) -> str:
    return str(getattr(one, "set", ""))


@pytest.mark.parametrize("name", EXPECTED)
def test_every_expectation_has_its_checks_and_every_check_its_expectation(name: str) -> None:
    found = {c.key: {check.id for check in c.checks} for c in criteria_set(name).criteria()}
    wanted = {
        key: {check for checks in row.values() for check in checks.split()}
        for key, row in EXPECTED[name].items()
    }
    assert found == wanted


def test_sixteen_and_twelve_criteria_are_published_and_seven_are_our_own() -> None:
    assert [len(list(one.criteria())) for one in all_sets()] == [16, 12, 7]
    assert [one.origin for one in all_sets()] == ["published", "published", "own"]
    assert "Our own rules" in criteria_set("report-card").about


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_missing_or_waits_for_a_judgement_keeps_a_rating_open(name: str) -> None:
    waits = criteria_set(name).waits
    assert waits[Because.MISSING]
    assert waits[Because.JUDGEMENT_OUTSTANDING]
    assert not waits[Because.NOTHING_DUE]
    assert not waits[Because.DOES_NOT_APPLY]


def test_the_halves_of_the_card_hold_the_columns_of_the_published_template() -> None:
    halves = {c.key: c.half for name in EXPECTED for c in criteria_set(name).criteria()}
    progress = {key for key, half in halves.items() if half == "progress"}
    assert progress == {
        "milestones.milestones-progress",
        "kpis.kpis-progress",
        "financials.savings-progress",
        "risks.risks-managed",
        "kpis.quality",
        "kpis.activity",
        "kpis.workforce",
        "kpis.finance",
        "risks.risk-monitoring",
    }
    assert all(halves[key] is None for key in PLAN if key not in IMPLEMENTATION)


def test_a_reviewer_is_asked_only_where_reading_is_needed() -> None:
    judged = {
        one.set: sum(isinstance(check.body, Judged) for check in one.checks()) for one in all_sets()
    }
    assert judged["plan"] <= 12
    assert judged["implementation"] <= 7
    assert judged["report-card"] <= 2


@pytest.mark.parametrize("name", EXPECTED)
def test_every_check_says_what_it_asks_for_and_where_that_comes_from(name: str) -> None:
    for check in criteria_set(name).checks():
        assert check.source, check.id
        assert check.asks[:1].isupper(), check.id
        assert not check.asks.endswith("."), check.id
