"""Lines of the report card: workstreams, and organisations, which have no initiatives."""

from __future__ import annotations

from typing import Any

from tests.criteria.sound_returns import (
    all_sets,
    assess_card,
    check_of,
    criterion_of,
    sound_card,
    sound_plan,
    subject_of,
)


def organisation_line(**values: Any) -> dict[str, Any]:
    """A line for a PCT on the sound card, as it is rated."""
    card = sound_card()
    line = {"id": "l9", "kind": "organisation", "name": "Eastside PCT", "organisation_code": "5A1"}
    card["lines"].append(line | values)
    judged = [
        {
            "set": "report-card",
            "version": "2011.1",
            "check": "regional-alignment-sound",
            "subject_kind": "line",
            "subject_id": "l9",
            "rating": "green",
        }
    ]
    return subject_of(assess_card(card, plan=sound_plan(), judged=judged), "line")


def test_an_organisation_is_rated_on_its_alignment_and_nothing_else_is_due() -> None:
    line = organisation_line(regional_alignment="It carries the first two workstreams.")
    assert [one["set"] for one in line["overalls"]] == ["report-card"]
    assert {one["id"]: (one["rating"], one["because"]) for one in line["criteria"]} == {
        "alignment.regional-plan": ("green", None),
        "alignment.national-workstreams": ("not_rated", "does_not_apply"),
        "kpis.quality": ("not_rated", "nothing_due"),
        "kpis.activity": ("not_rated", "nothing_due"),
        "kpis.workforce": ("not_rated", "nothing_due"),
        "kpis.finance": ("not_rated", "nothing_due"),
        "risks.risk-monitoring": ("not_rated", "does_not_apply"),
    }
    assert line["overall"] == "green"


def test_an_organisation_that_says_nothing_is_amber_on_the_regional_plan_alone() -> None:
    line = organisation_line()
    assert criterion_of(line, "regional-plan")["rating"] == "amber"
    assert criterion_of(line, "national-workstreams")["because"] == "does_not_apply"


def test_an_organisation_that_names_a_national_workstream_says_what_part_it_takes() -> None:
    line = organisation_line(national_workstreams=["medicines"])
    assert check_of(line, "national-part-stated")["rating"] == "amber"


def test_an_organisation_does_not_count_towards_its_region() -> None:
    card = sound_card()
    before = subject_of(assess_card(card, plan=sound_plan()), "region")["criteria"]
    card["lines"].append({"id": "l9", "kind": "organisation", "name": "Eastside PCT"})
    assert subject_of(assess_card(card, plan=sound_plan()), "region")["criteria"] == before


def test_a_card_without_initiatives_keeps_its_columns() -> None:
    plan, card = sound_plan(), sound_card()
    plan["initiatives"], card["tracker"] = [], []
    found = assess_card(card, plan=plan).to_json()
    columns = [one.key for one in all_sets()[1].criteria()]
    for subject in found["subjects"]:
        if subject["kind"] not in ("workstream", "region"):
            continue
        own = [one for one in subject["criteria"] if one["set"] == "implementation"]
        assert [one["id"] for one in own] == columns
        assert {(one["rating"], one["because"]) for one in own} == {("not_rated", "nothing_due")}
    assert {one["kind"] for one in found["subjects"]} == {"region", "workstream"}


def test_a_workstream_without_initiatives_has_no_risks_to_watch() -> None:
    plan, card = sound_plan(), sound_card()
    plan["initiatives"], card["tracker"] = [], []
    workstream = subject_of(assess_card(card, plan=plan), "workstream")
    monitoring = criterion_of(workstream, "risk-monitoring")
    assert monitoring["because"] == "does_not_apply"
    assert monitoring["reason"] == (
        "Not rated: does not apply, as there are no initiatives here whose risks could be watched."
    )
