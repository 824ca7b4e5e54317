"""What a pack says before it is printed: matrix, figures, risks, attention and evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.feedback_packs.content import Decision
from qipp_assure.feedback_packs.figures import savings_shown
from qipp_assure.feedback_packs.pack import DRAFT, grouped, html_of
from qipp_assure.feedback_packs.presenters import PackSource, pack_content
from qipp_assure.feedback_packs.risks import risks_shown
from qipp_assure.vocabulary import Because, Rating
from tests.feedback_packs.sample import SampleRegion, rated


@pytest.fixture(scope="module")
def content(small_source: PackSource) -> Any:
    return pack_content(small_source)


def test_the_matrix_has_the_shape_of_the_report_card(content: Any) -> None:
    development, progress = content.matrix.groups
    assert [title for title, _ in development.areas] == [
        *("Project briefs", "Leadership and governance", "Milestones", "KPIs", "Financials"),
        *("Risks", "Alignment"),
    ]
    kinds = dict(progress.areas)["Progress by kind of KPI"]
    assert [column.key[1].split(".")[1] for column in kinds] == [
        *("quality", "activity", "workforce", "finance"),
    ]
    assert [row.label for row in content.matrix.rows] == [
        "East Midlands",
        *(part.title for part in content.region.parts),
    ]
    assert [len(group.columns) for group in content.matrix.groups] == [10, 9]
    assert all(content.matrix.travels(group) for group in content.matrix.groups)
    for row in content.matrix.rows:
        assert list(row.halves) == ["development", "progress"]
        assert all(one.key in row.criteria for one in (*development.columns, *progress.columns))


def test_a_plans_matrix_begins_with_its_own_criteria_and_leaves_out_what_is_not_due(
    criteria_sets: tuple[CriteriaSet, ...],
) -> None:
    bare = rated(SampleRegion(workstreams=2, initiatives=1).plan, criteria_sets)
    matrix = pack_content(PackSource("Q33", "N", "R", bare, date(2011, 3, 31))).matrix
    assert [(group.half, len(group.columns)) for group in matrix.groups] == [
        (None, 16),
        ("development", 8),
    ]
    assert [row.href for row in matrix.rows[1:]] == ["#workstream-w1", "#workstream-w2"]


def test_the_plan_stands_by_its_own_criteria_beside_the_later_card(content: Any) -> None:
    assert {criterion.set for area in content.plan.areas for criterion in area.criteria} == {"plan"}
    assert content.plan.parts == ()
    assert [part.kind for part in content.region.parts] == ["workstream"] * 3
    assert [len(part.parts) for part in content.region.parts] == [2, 2, 2]


def test_what_is_red_comes_before_what_is_amber(content: Any) -> None:
    ratings = [item.judged.rating for item in content.attention]
    assert ratings == sorted(ratings, key=[Rating.RED, Rating.AMBER].index)
    assert ratings


def test_the_checks_of_one_rating_stand_together_the_worst_first(content: Any) -> None:
    for subject in content.subjects:
        for area in subject.areas:
            for criterion in area.criteria:
                told = [judged for judged, _ in grouped(criterion) if judged]
                assert len(told) == len({(one.rating, one.because) for one in told})
                said = " ".join(text for _, text in grouped(criterion))
                assert criterion.judged.reason in said
                assert all(check.judged.reason in said for check in criterion.checks)


def test_outstanding_judgements_are_counted(content: Any, small_source: PackSource) -> None:
    waiting = [
        check
        for rated in (small_source.main, small_source.plan)
        for subject in rated.assessment["subjects"]
        for criterion in subject["criteria"]
        for check in criterion["checks"]
        if check["because"] == Because.JUDGEMENT_OUTSTANDING
        and (rated is small_source.main or subject["kind"] == "plan")
    ]
    assert content.judgements_outstanding == len(waiting)


def test_without_a_decision_a_pack_is_a_draft_and_with_one_it_says_which(
    small_source: PackSource,
) -> None:
    assert DRAFT in html_of(pack_content(small_source))
    decision = Decision(
        "Signed off with conditions",
        "An Approver",
        date(2011, 11, 1),
        conditions=(("Name a sponsor for 03.2", "Director of finance", "30 November 2011"),),
    )
    html = html_of(pack_content(replace(small_source, decision=decision)))
    assert DRAFT not in html
    assert "Signed off with conditions, 1 November 2011, by An Approver" in html
    assert "Name a sponsor for 03.2" in html


def test_what_is_in_the_plan_is_said_to_be_evidence_where_a_check_looks(content: Any) -> None:
    vision = next(
        check
        for area in content.plan.areas
        for criterion in area.criteria
        for check in criterion.checks
        if check.by_person and check.evidence
    )
    first = vision.evidence[0]
    assert first.text.startswith("Care is given at home")
    assert first.text.endswith("…")
    assert "more characters in the plan, under “Vision of quality”" in first.rest


# ---------------------------------------------------------------- figures

LINE = {"id": "s", "recurrent": True, "evidence": "x", "spending_area": "acute"}


def plan_of(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"initiatives": [{"id": "i", "savings": [LINE | line for line in lines]}]}


def card_of(period: str, *lines: dict[str, Any]) -> dict[str, Any]:
    tracker = [{"id": "i", "savings": [LINE | line for line in lines]}]
    return {"period": period, "tracker": tracker}


def tables(plan: dict[str, Any] | None, *cards: dict[str, Any]) -> dict[str, Any]:
    found = savings_shown(plan, cards, date(2011, 6, 30)).tables
    return {table.title.partition(",")[0]: table for table in found}


def test_months_take_actuals_from_their_own_cards() -> None:
    plan = plan_of({"planned": {"2011-04": 10, "2011-05": 20, "2012/13": 99}})
    april = card_of("2011-04", {"actual_month_gbp": 7, "forecast_year_gbp": 28})
    may = card_of("2011-05", {"actual_month_gbp": 21, "actual_to_date_gbp": 28})
    found = tables(plan, may, april)
    months = found["Savings by month"].rows
    assert [(row.planned, row.actual) for row in months[:3]] == [(10, 7), (20, 21), (0, None)]
    years = {row.label: row for row in found["Savings by year"].rows}
    assert (years["2011/12"].planned, years["2011/12"].actual) == (30, 28)
    assert (years["2012/13"].planned, years["2012/13"].actual) == (99, None)


def test_a_year_of_which_no_forecast_is_given_has_none_rather_than_nought() -> None:
    plan = plan_of({"planned": {"2011/12": 5, "2012/13": 6}, "forecast": {"2011/12": 4}})
    years = {row.label: row for row in tables(plan)["Savings by year"].rows}
    assert (years["2011/12"].forecast, years["2012/13"].forecast) == (4, None)


def test_what_is_not_known_is_counted_beside_the_sum_of_what_is() -> None:
    card = card_of("2011-04", {"actual_month_gbp": 7}, {"actual_month_gbp": None})
    row = tables(plan_of({"planned": {"2011-04": 10}}), card)["Savings by month"].rows[0]
    assert row.actual == 7
    assert row.note == "actual: 1 line not given"


def test_caveats_give_the_size_of_what_to_mistrust() -> None:
    plan = plan_of(
        {"planned": {"2011/12": 400}, "recurrent": False, "cash_effect": "cost_avoiding"},
        {"planned": {"2011/12": 600}, "evidence": None, "counted_by_other": True},
    )
    caveats = savings_shown(plan, (), date(2011, 6, 30)).caveats
    assert caveats == (
        "£400 planned, on 1 line, is not recurrent: it must be found again next year.",
        "£400 planned, on 1 line, avoids cost and releases no cash.",
        "£600 planned, on 1 line, names no document in evidence.",
        "£600 planned, on 1 line, may be counted by another workstream too.",
        (
            "All figures are gross, as the region gave them: costs to achieve are not taken off, "
            "and no total here has been validated."
        ),
    )


def test_nothing_planned_and_nothing_reported_gives_no_table() -> None:
    assert savings_shown({}, (), date(2011, 6, 30)).tables == ()
    assert savings_shown(None, (card_of("2011-04", {}),), date(2011, 6, 30)).tables == ()


# ---------------------------------------------------------------- risks


def test_the_card_speaks_for_a_risk_that_stands_in_the_plan_too() -> None:
    before = {"id": "r", "description": "Demand", "status": "open", "likelihood": 2, "impact": 3}
    plan = {"risks": [before]}
    card = {"risks": [before | {"status": "happened"}]}
    (risk,), left_out = risks_shown(plan, card)
    assert (risk.status, risk.scored, left_out) == ("Happened", "2 × 3 = 6", 0)


def test_help_wanted_and_heavy_risks_come_first_and_the_rest_are_counted() -> None:
    risks = [
        {"id": f"r{n}", "description": f"Risk {n}", "likelihood": n % 5 + 1, "impact": 1}
        for n in range(30)
    ]
    risks[3]["help_wanted"] = True
    shown, left_out = risks_shown({"initiatives": [{"id": "i", "risks": risks}]}, None)
    assert shown[0].description == "Risk 3"
    assert shown[0].help_wanted == "Wanted, without saying what"
    scores = [risk.score for risk in shown[1:]]
    assert scores == sorted(scores, reverse=True)
    assert len(shown) + left_out == 30


def test_a_pack_can_be_made_without_facts_and_criteria_files(
    criteria_sets: tuple[CriteriaSet, ...],
) -> None:
    region = SampleRegion(workstreams=1, initiatives=1)
    bare = replace(rated(region.plan, criteria_sets), facts=None, criteria=())
    source = PackSource("Q33", "East Midlands", "Round", bare, date(2011, 3, 31))
    content = pack_content(source)
    assert {used.title for used in content.criteria} == {"implementation", "plan"}
    assert "East Midlands" in html_of(content)
