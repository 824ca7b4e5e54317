"""The edges of the implementation criteria, on the facts of real documents."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.criteria.sound_returns import (
    assess_card,
    check_of,
    criterion_of,
    flags_of,
    judgements,
    sound_card,
    sound_plan,
    subject_of,
)

MISSING = "missing"


def tracked(*, plan: dict[str, Any] | None = None, **position: Any) -> dict[str, Any]:
    """The rated initiative of a sound card, with parts of its tracker put differently."""
    card = sound_card()
    card["tracker"][0] |= position
    return subject_of(assess_card(card, plan=plan or sound_plan()), "initiative")


def savings(planned: int | None, actual: int | None) -> list[dict[str, Any]]:
    """One savings line to date."""
    return [{"id": "s1", "planned_to_date_gbp": planned, "actual_to_date_gbp": actual}]


@pytest.mark.parametrize(
    ("planned", "actual", "rating", "flag"),
    [
        (10_000, 9_501, "green", ""),  # 4.99%
        (10_000, 9_500, "amber", ""),  # 5.00%
        (10_000, 9_001, "amber", ""),
        (10_000, 9_000, "red", ""),
        (10_000, 10_499, "green", ""),
        (10_000, 10_500, "amber", "over_delivery"),
        (10_000, 12_000, "red", "over_delivery"),
        (999_999_999_999, 949_999_999_999, "amber", ""),  # a hair over 5%, lost by a float
        (999_999_999_980, 949_999_999_982, "green", ""),
        (-10_000, -9_501, "green", ""),  # costs come first
        (-10_000, -9_500, "amber", "over_delivery"),
        (-10_000, -12_000, "red", ""),
    ],
)
def test_variance_is_exact_at_the_edge_either_way_from_plan(
    planned: int, actual: int, rating: str, flag: str
) -> None:
    subject = tracked(savings=savings(planned, actual))
    assert check_of(subject, "variance")["rating"] == rating
    assert criterion_of(subject, "savings-progress")["rating"] == rating
    assert flags_of(subject) == ({flag} if flag else set())


def test_nothing_planned_is_undefined_and_leaves_the_rest_alone() -> None:
    subject = tracked(savings=savings(0, 0))
    check = check_of(subject, "variance")
    assert (check["rating"], check["because"]) == ("not_rated", "undefined")
    assert subject["overall"] == "green"
    assert flags_of(subject) == set()


def test_savings_that_were_never_planned_are_flagged() -> None:
    subject = tracked(savings=savings(0, 5_000))
    assert check_of(subject, "variance")["because"] == "undefined"
    assert flags_of(subject) == {"unplanned"}
    mixed = [*savings(10_000, 9_900), {"id": "s2"} | savings(0, 50)[0] | {"id": "s2"}]
    assert "unplanned" in flags_of(tracked(savings=mixed))


def test_no_actuals_are_missing_and_not_red() -> None:
    subject = tracked(savings=savings(10_000, None))
    check = check_of(subject, "variance")
    assert (check["rating"], check["because"]) == ("not_rated", MISSING)
    assert "actual" in check["reason"]


def test_no_milestone_due_is_not_rated_and_harmless() -> None:
    card = sound_card()
    steps = [card["tracker"][0]["milestones"][1]]
    plan = sound_plan()
    plan["initiatives"][0]["milestones"] = copy.deepcopy(steps)
    subject = tracked(plan=plan, milestones=steps)
    check = check_of(subject, "milestones-met")
    assert (check["rating"], check["because"]) == ("not_rated", "nothing_due")
    assert subject["overall"] == "green"


def steps(*late: int | str | None) -> dict[str, Any]:
    """Milestones due on 31 May: met so many days late, 'not met', or None for no date though done.

    The plan knows the same ones, so that none is silently kept.
    """
    made = []
    for number, days in enumerate(late):
        one = {"id": f"x{number}", "name": f"M{number}", "owner": "O", "due": "2011-05-10"}
        one |= {"updated_on": "2011-06-25", "status": "done"}
        if days == "not met":
            one["status"] = "under_way"
        elif isinstance(days, int):
            one["met_on"] = f"2011-05-{10 + days}"
        made.append(one)
    plan = sound_plan()
    plan["initiatives"][0]["milestones"] = []
    return tracked(plan=plan, milestones=made)


def test_late_milestones_are_shown_with_their_days_and_unmet_ones_as_such() -> None:
    check = check_of(steps(0, 0, 0, 0, 12, "not met"), "milestones-met")
    assert check["rating"] == "red"
    assert check["reason"].startswith(
        "Red: 4 of 6 milestones due by 30 June 2011 were met on time; late: M4 (12 days), M5 (not met)."
    )


def test_an_unknown_matters_only_where_it_could_change_the_rating() -> None:
    could = check_of(steps(0, 0, 0, 0, None), "milestones-met")
    assert (could["rating"], could["because"]) == ("not_rated", MISSING)
    assert [one["item"] for one in could["missing"]] == ["M4"]
    could_not = check_of(steps(1, 1, 1, 0, None), "milestones-met")
    assert (could_not["rating"], could_not["because"]) == ("red", None)


def test_three_of_four_on_time_is_amber() -> None:
    assert check_of(steps(0, 0, 0, 1), "milestones-met")["rating"] == "amber"


def test_a_dropped_milestone_is_flagged_and_not_late() -> None:
    subject = tracked(
        milestones=[
            sound_card()["tracker"][0]["milestones"][0],
            {"id": "m2", "name": "Dropped", "owner": "O", "due": "2011-06-01", "status": "dropped"},
        ]
    )
    assert check_of(subject, "milestones-met")["rating"] == "green"
    assert flags_of(subject) == {"milestones_dropped"}


def kpis(**first: Any) -> dict[str, Any]:
    """A card on which the first KPI (better when higher) stands differently."""
    rows = sound_card()["tracker"][0]["kpis"]
    return tracked(kpis=[rows[0] | first, *rows[1:]])


def test_kpis_are_judged_by_the_direction_that_is_better() -> None:
    rows = sound_card()["tracker"][0]["kpis"]
    off = [row | {"actual": "69.9"} for row in rows]
    check = check_of(tracked(kpis=off), "kpis-on-course")
    assert [one["passed"] for one in check["items"]] == [False, True, False, True]
    assert check["rating"] == "amber"


def test_a_neutral_kpi_does_not_count_and_one_without_a_direction_is_unknown() -> None:
    assert check_of(kpis(better_when="neutral", actual="1"), "kpis-on-course")["value"] == "3 of 3"
    plan = sound_plan()
    del plan["initiatives"][0]["kpis"][0]["better_when"]
    check = check_of(tracked(plan=plan), "kpis-on-course")
    assert check["because"] == MISSING


def test_a_kpi_without_its_value_is_missing_and_said_to_be_unrecorded() -> None:
    subject = kpis(actual=None)
    assert check_of(subject, "kpis-on-course")["because"] == MISSING
    assert check_of(subject, "kpis-recorded")["rating"] == "amber"


def test_stale_figures_are_a_finding_of_their_own() -> None:
    subject = tracked(updated_on="2011-05-10")
    assert check_of(subject, "actuals-current")["rating"] == "amber"
    assert check_of(subject, "variance")["rating"] == "green"
    assert check_of(tracked(updated_on="2011-03-01"), "actuals-current")["rating"] == "red"
    assert check_of(tracked(updated_on="2011-05-16"), "actuals-current")["rating"] == "green"


def test_the_forecast_is_to_be_reviewed_once_the_project_has_changed() -> None:
    assert check_of(tracked(), "forecast-updated")["because"] == "does_not_apply"
    changed = {"project_changed_on": "2011-06-10"}
    assert check_of(tracked(**changed), "forecast-updated")["rating"] == "amber"
    before = tracked(**changed, forecast_reviewed_on="2011-06-09")
    assert check_of(before, "forecast-updated")["rating"] == "amber"
    after = tracked(**changed, forecast_reviewed_on="2011-06-10")
    assert check_of(after, "forecast-updated")["rating"] == "green"


def test_an_initiative_on_which_the_tracker_is_silent_is_missing_and_not_red() -> None:
    card = sound_card()
    card["tracker"] = []
    subject = subject_of(assess_card(card, plan=sound_plan()), "initiative")
    for criterion in ("milestones-progress", "kpis-progress", "savings-progress", "risks-managed"):
        assert criterion_of(subject, criterion)["because"] == MISSING
    assert subject["overall"] == "not_rated"


def test_without_judgements_a_sound_initiative_waits_for_them() -> None:
    card = sound_card()
    subject = subject_of(assess_card(card, plan=sound_plan(), judged=[]), "initiative")
    assert (subject["overall"], subject["because"]) == ("not_rated", "judgement_outstanding")
    judged = judgements(risks_under_control="red")
    subject = subject_of(assess_card(card, plan=sound_plan(), judged=judged), "initiative")
    assert criterion_of(subject, "risks-managed")["rating"] == "red"
    assert subject["overall"] == "amber"


@pytest.mark.parametrize(
    ("red", "amber", "of", "rating"),
    [(0, 0, 4, "green"), (0, 1, 4, "green"), (0, 2, 4, "amber"), (1, 0, 4, "amber"),
     (2, 0, 4, "red"), (1, 0, 3, "amber"), (2, 0, 6, "amber"), (3, 0, 6, "red")],
)  # fmt: skip
def test_a_workstream_is_a_mixture_of_its_initiatives(
    red: int, amber: int, of: int, rating: str
) -> None:
    card = sound_card()
    first = card["tracker"][0]
    actuals = [8_000] * red + [9_400] * amber + [10_000] * (of - red - amber)
    card["tracker"] = [
        first | {"id": f"i{n}", "savings": savings(10_000, actual)}
        for n, actual in enumerate(actuals)
    ]
    for one in card["tracker"]:
        one["kpis"] = []
    subject = subject_of(assess_card(card), "workstream")
    assert criterion_of(subject, "savings-progress")["rating"] == rating
