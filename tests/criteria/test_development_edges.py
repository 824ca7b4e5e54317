"""Plan development: what a plan, or a card with its plan or without, shows of an initiative."""

from __future__ import annotations

import pytest

from tests.criteria.sound_returns import (
    assess_card,
    assess_plan,
    check_of,
    criterion_of,
    flags_of,
    sound_card,
    sound_plan,
    subject_of,
)


def test_a_transformational_initiative_has_milestones_in_place_of_savings() -> None:
    plan, card = sound_plan(), sound_card()
    for document in (plan["initiatives"][0], card["tracker"][0]):
        document["transformational"] = True
        document["savings"] = []
    card["tracker"][0]["milestones"][0]["transformational"] = True
    subject = subject_of(assess_card(card, plan=plan), "initiative")
    assert check_of(subject, "savings-estimated")["because"] == "does_not_apply"
    assert check_of(subject, "milestones-for-savings")["rating"] == "green"
    assert check_of(subject, "stand-ins-met")["rating"] == "green"
    assert check_of(subject, "variance")["because"] == "undefined"
    assert subject["overall"] == "green"


def test_a_plan_is_rated_on_development_alone() -> None:
    subject = subject_of(assess_plan(sound_plan()), "initiative")
    halves = {half["id"]: half["rating"] for half in subject["halves"]}
    assert halves == {"development": "green", "progress": "not_rated"}
    assert criterion_of(subject, "savings-progress")["because"] == "does_not_apply"


def test_a_card_without_its_plan_is_rated_on_what_it_can_answer() -> None:
    subject = subject_of(assess_card(sound_card()), "initiative")
    for criterion in ("brief-completed", "leadership-identified", "governance", "phasing"):
        assert criterion_of(subject, criterion)["because"] == "does_not_apply"
    assert criterion_of(subject, "risks-identified")["rating"] == "green"
    assert criterion_of(subject, "savings-progress")["rating"] == "green"
    assert "not_in_plan" not in flags_of(subject)


def test_an_initiative_that_the_plan_does_not_know_is_flagged() -> None:
    card = sound_card()
    card["tracker"][0]["id"] = "new"
    found = assess_card(card, plan=sound_plan()).to_json()["subjects"]
    (new,) = [one for one in found if one["kind"] == "initiative" and one["id"] == "new"]
    assert "not_in_plan" in flags_of(new)
    assert criterion_of(new, "leadership-identified")["because"] == "does_not_apply"


def test_no_named_sponsor_is_what_the_criterion_objects_to() -> None:
    plan = sound_plan()
    plan["initiatives"][0]["leadership"]["sponsor"] = None
    subject = subject_of(assess_plan(plan), "initiative")
    assert criterion_of(subject, "leadership-identified")["rating"] == "red"
    assert {half["id"]: half["rating"] for half in subject["halves"]}["development"] == "red"


@pytest.mark.parametrize(
    ("filled", "rating"), [(5, "green"), (4, "amber"), (3, "amber"), (2, "red"), (0, "red")]
)
def test_a_brief_is_to_cover_all_its_areas(filled: int, rating: str) -> None:
    plan = sound_plan()
    brief = plan["initiatives"][0]["brief"]
    for area in ("objectives", "scope", "benefits", "approach", "dependencies")[filled:]:
        brief[area] = None
    subject = subject_of(assess_plan(plan), "initiative")
    assert check_of(subject, "brief-detailed")["rating"] == rating


@pytest.mark.parametrize(
    ("kinds", "rating"),
    [
        (["quality", "activity", "workforce"], "green"),
        (["quality", "workforce"], "green"),
        (["quality", "finance"], "amber"),
        (["finance"], "red"),
        (["quality", None], "not_rated"),  # what the second one is could change the rating
        (["quality", "activity", "workforce", None], "green"),
    ],
)
def test_kinds_of_kpi_are_counted(kinds: list[str | None], rating: str) -> None:
    plan = sound_plan()
    plan["initiatives"][0]["kpis"] = [
        {"id": f"k{number}", "kind": kind, "target": "1"} for number, kind in enumerate(kinds)
    ]
    subject = subject_of(assess_plan(plan), "initiative")
    assert check_of(subject, "kpi-kinds")["rating"] == rating


def test_phasing_by_year_alone_is_amber() -> None:
    plan = sound_plan()
    plan["initiatives"][0]["savings"][0]["planned"] = {"2011/12": 40, "2012/13": 14}
    subject = subject_of(assess_plan(plan), "initiative")
    assert criterion_of(subject, "phasing")["rating"] == "amber"
