"""What a return begins with: the plan's figures, last month's standing, and nothing made up."""

from __future__ import annotations

from typing import Any

from qipp_assure.returns.canonical import to_document
from qipp_assure.returns.validation import read_return
from qipp_assure.workbooks.first_return import first_card, first_plan
from tests.returns.strategies import full_document

HEAD = {"template": "report-card@2011.1", "region": "Q30", "round": "r", "period": "2011-06"}
DIGEST = "ab" * 32


def plan_with(planned: dict[str, int], **line: Any) -> dict[str, Any]:
    return {
        "workstreams": [{"id": "w", "name": "Medicines"}],
        "programmes": [{"id": "p", "name": "P", "workstream_id": "w"}],
        "initiatives": [
            {
                "id": "i",
                "code": "I1",
                "name": "Generics",
                "programme_id": "p",
                "milestones": [{"id": "m", "name": "Start", "status": "not_started"}],
                "kpis": [{"id": "k", "name": "K", "trajectory": {"2011-06": "5", "2011-07": "6"}}],
                "savings": [{"id": "s", "name": "S", "planned": planned, "method": "x", **line}],
                "risks": [{"id": "r", "description": "old"}],
            }
        ],
    }


def saving(planned: dict[str, int], **line: Any) -> dict[str, Any]:
    card = first_card(HEAD, plan_with(planned, **line), DIGEST, {})
    found: dict[str, Any] = card["tracker"][0]["savings"][0]
    return found


def test_the_plan_gives_the_figures_that_the_month_is_judged_against():
    planned = {"2011-03": 5, "2011-05": 10, "2011-06": 20, "2011-07": 40, "2012-04": 80}
    card = first_card(HEAD, plan_with(planned), DIGEST, {})
    assert to_document(read_return(card)) == card
    assert card["plan_digest"] == DIGEST
    (item,) = card["tracker"]
    assert item["workstream_id"] == "w"
    assert item["kpis"] == [{"id": "k", "name": "K", "expected": "5"}]
    assert item["savings"] == [
        {
            "id": "s",
            "name": "S",
            "planned_month_gbp": 20,
            "planned_to_date_gbp": 30,
            "planned_year_gbp": 70,
        }
    ]


def test_sums_are_left_out_where_the_phasing_does_not_say_them():
    quarters = saving({"2011/12Q1": 10, "2011/12Q2": 20}, forecast={"2011/12": 25})
    assert quarters["planned_to_date_gbp"] == 10
    assert quarters["planned_year_gbp"] == 30
    assert "planned_month_gbp" not in quarters
    assert quarters["forecast_year_gbp"] == 25
    years = saving({"2011/12": 100})
    assert "planned_to_date_gbp" not in years
    assert years["planned_year_gbp"] == 100
    assert saving({}) == saving({"2010-04": 1}) == {"id": "s", "name": "S"}


def test_last_month_gives_where_milestones_and_risks_stand_but_no_figures():
    before = {
        "tracker": [
            {
                "id": "i",
                "name": "Old name",
                "milestones": [{"id": "m", "name": "Start", "status": "done"}],
                "savings": [{"id": "s", "actual_month_gbp": 9}],
                "risks": [{"id": "r", "description": "new"}],
            }
        ],
        "risks": [{"id": "x", "description": "log"}],
    }
    card = first_card(HEAD, plan_with({"2011-06": 1}), DIGEST, before)
    (item,) = card["tracker"]
    assert item["name"] == "Generics"
    assert item["milestones"][0]["status"] == "done"
    assert item["risks"][0]["description"] == "new"
    assert "actual_month_gbp" not in item["savings"][0]
    assert card["risks"] == before["risks"]


def test_without_a_plan_last_month_is_all_that_is_known():
    before = full_document("report-card@2011.1")
    card = first_card(HEAD, {}, None, before)
    assert [item["id"] for item in card["tracker"]] == [item["id"] for item in before["tracker"]]
    assert first_card(HEAD, {}, None, {}) == HEAD


def test_a_plan_begins_with_the_years_of_its_round_and_its_bodies():
    head = {"template": "plan@2011.1", "region": "Q30", "round": "r"}
    plan = first_plan(head, ("2011/12", "2012/13"), {"5D7": "Newcastle PCT"})
    assert to_document(read_return(plan)) == plan
    assert plan["about"] == {"first_year": "2011/12", "last_year": "2012/13"}
    assert plan["allocations"][0]["organisation_code"] == "5D7"
