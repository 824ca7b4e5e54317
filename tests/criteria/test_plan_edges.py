"""The edges of the plan criteria and of the report card's own, and what is empty or hostile."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from qipp_assure.returns.canonical import to_document
from qipp_assure.returns.validation import ReturnFaults, read_return
from tests.criteria.sound_returns import (
    CONTEXT,
    assess_card,
    assess_plan,
    check_of,
    criterion_of,
    sound_card,
    sound_plan,
    subject_of,
)


def planned(**sections: Any) -> dict[str, Any]:
    """The rated plan, with whole sections put differently."""
    return subject_of(assess_plan(sound_plan() | sections), "plan")


def changed(section: str, number: int = 0, **fields: Any) -> dict[str, Any]:
    """The rated plan, with fields of a section (or of an item of a list) put differently."""
    plan = sound_plan()
    found = plan[section]
    (found[number] if isinstance(found, list) else found).update(fields)
    return subject_of(assess_plan(plan), "plan")


def test_a_sound_plan_and_a_sound_card_are_green_throughout() -> None:
    read_return(sound_plan())
    read_return(sound_card())
    for assessment in (assess_plan(sound_plan()), assess_card(sound_card(), plan=sound_plan())):
        for subject in assessment.to_json()["subjects"]:
            assert subject["overall"] == "green", subject["reason"]


@pytest.mark.parametrize(
    ("challenge", "rating"),
    [
        (52_500_000, "green"),  # 5% exactly is still in line
        (52_500_001, "amber"),
        (47_500_000, "green"),
        (55_000_000, "amber"),
        (55_000_001, "red"),
        (None, "not_rated"),
    ],
)
def test_the_challenge_is_in_line_within_a_tolerance(challenge: int | None, rating: str) -> None:
    subject = changed("finance", challenge_gbp=challenge)
    assert check_of(subject, "challenge-in-line")["rating"] == rating
    assert check_of(subject, "challenge-given")["rating"] == ("green" if challenge else "red")


def test_without_the_departments_figures_nothing_is_held_against_the_plan() -> None:
    context = CONTEXT | {"challenge_gbp": None, "allocations": {}}
    subject = subject_of(assess_plan(sound_plan(), context=context), "plan")
    for check in ("challenge-in-line", "allocations-agree", "allocations-complete"):
        assert check_of(subject, check)["because"] == "missing"
    assert criterion_of(subject, "forecast")["because"] == "missing"


def test_an_allocation_at_odds_is_shown_with_its_distance() -> None:
    check = check_of(changed("allocations", baseline_gbp=300_000_001), "allocations-agree")
    assert check["rating"] == "red"
    assert "at odds: Eastside PCT (by £1)" in check["reason"]


def test_a_commissioner_left_out_is_found() -> None:
    subject = planned(allocations=sound_plan()["allocations"][:1])
    assert check_of(subject, "allocations-complete")["rating"] == "amber"


def test_activity_is_wanted_for_every_commissioner() -> None:
    subject = planned(activity_lines=sound_plan()["activity_lines"][:1])
    check = check_of(subject, "activity-by-commissioner")
    assert check["rating"] == "red"
    assert "Westside PCT" in check["reason"]


@pytest.mark.parametrize(
    ("benefit", "rating"),
    [(51_000_000, "green"), (50_999_999, "amber"), (48_450_000, "amber"), (48_449_999, "red"),
     (None, "not_rated")],
)  # fmt: skip
def test_opportunities_are_to_match_the_challenge(benefit: int | None, rating: str) -> None:
    subject = changed("opportunities", benefit_gbp=benefit)
    assert check_of(subject, "opportunities-match-challenge")["rating"] == rating


def test_a_challenge_of_nothing_cannot_be_matched() -> None:
    check = check_of(changed("finance", challenge_gbp=0), "opportunities-match-challenge")
    assert (check["rating"], check["because"]) == ("not_rated", "undefined")


def test_little_headroom_is_flagged() -> None:
    subject = changed("opportunities", benefit_gbp=53_000_000)
    assert {flag["id"] for flag in subject["flags"]} == {"no_headroom"}


def test_each_opportunity_wants_milestones_phasing_and_kpis() -> None:
    plan = sound_plan()
    plan["opportunities"].append(copy.deepcopy(plan["opportunities"][0]) | {"id": "o2"})
    subject = subject_of(assess_plan(plan), "plan")
    for check in ("opportunity-milestones", "opportunity-phasing", "opportunity-kpis"):
        assert check_of(subject, check)["value"] == "1 of 2"


def test_a_transformational_opportunity_needs_no_savings() -> None:
    plan = sound_plan()
    plan["initiatives"][0] |= {"transformational": True, "savings": []}
    subject = subject_of(assess_plan(plan), "plan")
    assert check_of(subject, "opportunity-phasing")["rating"] == "green"


def test_the_four_expectations_of_engagement_are_rated_apart() -> None:
    subject = changed("engagement", workforce=None, other_partners=None)
    checks = {c["id"]: c["rating"] for c in criterion_of(subject, "partners")["checks"]}
    assert checks["engages-clinicians"] == "green"
    assert checks["delivery-support"] == "green"
    assert checks["engages-workforce"] == "red"
    assert checks["other-partners"] == "amber"


def test_a_gap_that_is_recognised_is_as_good_as_none_if_the_help_is_spelt_out() -> None:
    gap = {"in_place": False, "gap": "Too few analysts", "assessment": "Read"}
    subject = planned(capacity=gap)
    assert check_of(subject, "capacity-or-gap")["rating"] == "green"
    assert check_of(subject, "support-spelt-out")["rating"] == "amber"
    subject = planned(capacity=gap | {"support_wanted": "Two analysts for a year"})
    assert criterion_of(subject, "capacity")["rating"] == "green"
    assert check_of(planned(capacity={"in_place": False}), "capacity-or-gap")["rating"] == "red"
    assert check_of(planned(capacity={}), "capacity-or-gap")["because"] == "missing"


def test_help_that_is_wanted_is_to_be_described() -> None:
    subject = changed("risks", help_description=None)
    assert check_of(subject, "risk-help-described")["rating"] == "red"


@pytest.mark.parametrize("kind", ["workforce", "configuration"])
def test_workforce_and_configuration_risks_are_looked_for_above_all(kind: str) -> None:
    risks = [risk for risk in sound_plan()["risks"] if risk["kind"] != kind]
    assert check_of(planned(risks=risks), f"{kind}-risk")["rating"] == "red"


@pytest.mark.parametrize(
    ("actuals", "rating"),
    [(["70"] * 5, "green"), (["70"] * 4 + ["69"], "green"), (["70"] * 3 + ["69"] * 2, "amber"),
     (["70"] * 2 + ["69"] * 3, "red"), (["70", None], "not_rated"), ([], "not_rated")],
)  # fmt: skip
def test_quality_kpis_of_a_workstream_are_rated_together(
    actuals: list[str | None], rating: str
) -> None:
    card = sound_card()
    card["tracker"][0]["kpis"] = [
        {"id": f"q{n}", "kind": "quality", "better_when": "higher", "expected": "70"}
        | {"actual": actual}
        for n, actual in enumerate(actuals)
    ]
    subject = subject_of(assess_card(card), "workstream")
    assert criterion_of(subject, "quality")["rating"] == rating


def test_a_line_that_says_nothing_of_alignment_is_amber() -> None:
    card = sound_card()
    for name in ("regional_alignment", "national_alignment", "national_workstreams"):
        card["lines"][0].pop(name)
    subject = subject_of(assess_card(card), "workstream")
    assert criterion_of(subject, "regional-plan")["rating"] == "amber"
    assert criterion_of(subject, "national-workstreams")["rating"] == "amber"


# ---------------------------------------------------------------- empty and hostile


HEAD = ("template", "region", "round", "period")


def test_an_empty_plan_and_an_empty_card_are_rated_without_a_crash() -> None:
    plan = {name: value for name, value in sound_plan().items() if name in HEAD}
    subject = subject_of(assess_plan(plan, judged=[]), "plan")
    assert subject["overall"] == "red"
    assert criterion_of(subject, "capacity")["because"] == "missing"
    card = {name: value for name, value in sound_card().items() if name in HEAD}
    assert subject_of(assess_card(card, judged=[]), "region")["overall"] == "not_rated"


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all texts of a document."""
    if isinstance(value, str):
        yield path
    for key, part in value.items() if isinstance(value, dict) else ():
        yield from leaves(part, (*path, key))
    for key, part in enumerate(value) if isinstance(value, list) else ():
        yield from leaves(part, (*path, key))


def with_text(document: dict[str, Any], path: tuple[str | int, ...], text: str) -> dict[str, Any]:
    """A copy of a document with one text put differently."""
    made = copy.deepcopy(document)
    found: Any = made
    for step in path[:-1]:
        found = found[step]
    found[path[-1]] = text
    return made


HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "{{7*7}} {as_of} {show}",
    "\u202eright to left",
    "nul\x00 and bell\x07",
)


@pytest.mark.parametrize("make", [sound_plan, sound_card])
def test_hostile_text_in_every_text_field_keeps_the_rating(make: Any) -> None:
    document = make()
    for path in list(leaves(document)):
        for text in HOSTILE:
            tried = with_text(document, path, text)
            try:
                read_return(tried)
            except ReturnFaults:
                break  # no free text: a code, a date, a choice
            document = tried
    read = to_document(read_return(document))
    assert HOSTILE[-1].replace("\x00", "\ufffd").replace("\x07", "\ufffd") in str(read)
    assessment = assess_plan(read) if make is sound_plan else assess_card(read, plan=sound_plan())
    for subject in assessment.to_json()["subjects"]:
        assert subject["overall"] == "green", subject["reason"]
        assert not [flag for flag in subject["flags"] if "broken" in flag["id"]]


def test_reasons_read_as_sentences() -> None:
    empty = {name: value for name, value in sound_plan().items() if name in HEAD}
    bare = sound_plan() | {"initiatives": [{"id": "i1", "name": "Bare"}]}
    found = [
        assess_plan(sound_plan()),
        assess_plan(empty, judged=[]),
        assess_plan(bare, judged=[]),
        assess_card(sound_card(), plan=sound_plan()),
        assess_card(sound_card(), judged=[]),
    ]
    reasons = {
        check["reason"]
        for assessment in found
        for subject in assessment.to_json()["subjects"]
        for criterion in subject["criteria"]
        for check in criterion["checks"]
    }
    assert len(reasons) > 150
    for reason in reasons:
        assert re.fullmatch(r"(Red|Amber|Green|Not rated): .*[.]", reason), reason
        assert not re.search(r"\.\.|  |[{}_]| [,.;:]|None(?! of)|were (state|give|tie)", reason), (
            reason
        )
