"""The demonstration year: published totals met exactly, one story through plan and cards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal

import pytest

from qipp_assure.demonstration.monthly import MONTHS
from qipp_assure.demonstration.provenance import PROVENANCE
from qipp_assure.demonstration.published import national_workstreams, region_contributions
from qipp_assure.demonstration.wording import region_settings
from qipp_assure.demonstration.year import build
from qipp_assure.returns.canonical import canonical_bytes, digest, to_document
from qipp_assure.returns.periods import last_day
from qipp_assure.returns.validation import read_return
from qipp_assure.vocabulary import Role, Tier

BILLION = 10**9


def lines_of(card):
    return [line for one in card["tracker"] for line in one.get("savings", ())]


def plan_lines(plan):
    return [line for one in plan["initiatives"] for line in one.get("savings", ())]


def test_shares_and_budgets_add_up_to_the_published_totals():
    regions = region_contributions().values()
    assert sum(region.share_pct for region in regions) == Decimal("100.0")
    assert sum(region.found_gbp for region in regions) == 17_400_000_000
    assert sum(region.challenge_gbp for region in regions) == 16_400_000_000
    assert round(sum(region.budget_gbp for region in regions) / BILLION, 1) == 89.1


def test_planned_savings_are_timed_as_published(year):
    by_year = Counter()
    for plan in year.plans.values():
        for line in plan_lines(plan):
            for period, value in line.get("planned", {}).items():
                first = int(period[:4])
                january_to_march = "/" not in period and int(period[5:]) < 4
                by_year[first - january_to_march] += value
    assert [by_year[first] for first in range(2011, 2015)] == [
        5_568_000_000,
        4_350_000_000,
        3_828_000_000,
        3_654_000_000,
    ]


def test_planned_forecast_and_reported_are_three_figures(year):
    planned = forecast = reported = 0
    for (_, month), card in year.cards.items():
        for line in lines_of(card):
            reported += line.get("actual_month_gbp", 0)
            if month == MONTHS[0]:
                forecast += line["forecast_year_gbp"]
                planned += line["planned_year_gbp"]
    assert (planned, forecast, reported) == (5_568_000_000, 5_900_000_000, 5_820_000_000)


def test_months_add_up_to_the_year_to_date(year):
    for region in year.plans:
        to_date = Counter()
        planned = Counter()
        for month in MONTHS:
            for line in lines_of(year.cards[region, month]):
                to_date[line["id"]] += line.get("actual_month_gbp", 0)
                planned[line["id"]] += line["planned_month_gbp"]
                assert line["planned_to_date_gbp"] == planned[line["id"]]
                if "actual_to_date_gbp" in line:
                    assert line["actual_to_date_gbp"] == to_date[line["id"]]
        for line in lines_of(year.cards[region, MONTHS[-1]]):
            assert planned[line["id"]] == line["planned_year_gbp"]


def test_a_tenth_is_not_recurrent_and_most_is_cash_releasing(year):
    not_recurrent = avoiding = 0
    for card in year.cards.values():
        for line in lines_of(card):
            saved = line.get("actual_month_gbp", 0)
            not_recurrent += saved * (not line["recurrent"])
            avoiding += saved * (line["cash_effect"] == "cost_avoiding")
    assert round(not_recurrent * 100 / 5_820_000_000) == 9
    assert not_recurrent <= 520_000_000
    assert round(avoiding * 100 / 5_820_000_000) == 12


def test_only_medicines_management_stands_in_all_ten_regions(year):
    names = Counter(
        workstream["name"] for plan in year.plans.values() for workstream in plan["workstreams"]
    )
    assert [name for name, count in names.items() if count == 10] == ["Medicines management"]
    for plan in year.plans.values():
        assert 8 <= len(plan["workstreams"]) <= 17
        assert 35 <= len(plan["initiatives"]) <= 70
    initiatives = sum(len(plan["initiatives"]) for plan in year.plans.values())
    assert 3.8 <= initiatives / sum(names.values()) <= 4.3


def test_every_initiative_has_its_milestones_kpis_and_risks(year):
    kinds = set()
    for plan in year.plans.values():
        for initiative in plan["initiatives"]:
            assert 3 <= len(initiative["milestones"]) <= 8
            assert initiative["kpis"]
            assert initiative["risks"]
            kinds |= {kpi["kind"] for kpi in initiative["kpis"]}
    assert kinds == {"quality", "activity", "workforce", "finance"}


def test_a_milestone_once_met_stays_met(year):
    for region in year.plans:
        met = {}
        for month in MONTHS:
            end = last_day(month).isoformat()
            for initiative in year.cards[region, month]["tracker"]:
                for milestone in initiative["milestones"]:
                    before = met.get(milestone["id"])
                    now = milestone.get("met_on")
                    assert before is None or before == now
                    assert now is None or now <= end
                    assert (now is not None) == (milestone["status"] == "done")
                    met[milestone["id"]] = now
        assert any(met.values())


def test_cards_follow_the_plan_that_they_name(year):
    for (region, _), card in year.cards.items():
        plan = year.plans[region]
        assert card["plan_digest"] == digest(plan)
        planned = {one["id"]: one for one in plan["initiatives"]}
        assert {one["id"] for one in card["tracker"]} == set(planned)
        for one in card["tracker"]:
            known = {line["id"]: line for line in planned[one["id"]].get("savings", ())}
            for line in one.get("savings", ()):
                # What was found since the plan was made stands in no plan, and is planned at nil.
                in_year = sum(
                    value
                    for period, value in known.get(line["id"], {}).get("planned", {}).items()
                    if period in MONTHS or period.startswith("2011/12")
                )
                assert line["planned_year_gbp"] == in_year


def test_some_bodies_send_no_data_and_some_trackers_are_stale(year):
    silent = stale = 0
    for (_, month), card in year.cards.items():
        silent += any("actual_to_date_gbp" not in line for line in lines_of(card))
        stale += any(one["updated_on"] < f"{month}-01" for one in card["tracker"])
    assert 30 < silent < 120
    assert 30 < stale < 120


def test_opportunities_match_the_challenge_but_where_planted_short(year):
    for code, plan in year.plans.items():
        found = sum(one["benefit_gbp"] for one in plan["opportunities"])
        short = "opportunities_short" in region_settings()[code].weak
        assert (found < year.challenges[code]) == short
        if not short:
            assert found == region_contributions()[region_settings()[code].name].found_gbp


def test_organisations_and_people(year):
    tiers = Counter(body.tier for body in year.bodies)
    assert tiers[Tier.REGIONAL] == 10
    assert tiers[Tier.COMMISSIONER] == 151
    assert len({body.code for body in year.bodies}) == len(year.bodies)
    assert len({body.name for body in year.bodies}) == len(year.bodies)
    assert all(
        body.invented == (body.tier in (Tier.COMMISSIONER, Tier.PROVIDER)) for body in year.bodies
    )
    codes = {body.code for body in year.bodies}
    assert {person.role for person in year.people} == set(Role)
    assert all(person.organisation in codes for person in year.people)
    assert all(person.email.endswith(".example") for person in year.people)
    own = {person.role for person in year.people if person.organisation == "Q33"}
    assert own == {Role.REGION_LEAD, Role.REGION_DIRECTOR, Role.CONTRIBUTOR}


def test_national_links_are_known_codes(year):
    known = {entry.code for entry in national_workstreams()}
    assert len(known) == 14
    used = {
        code
        for plan in year.plans.values()
        for workstream in plan["workstreams"]
        for code in workstream["national_workstreams"]
    }
    assert used <= known
    assert len(used) > 10


def test_allocations_add_up_and_a_few_disagree(year):
    disagree = 0
    for code, plan in year.plans.items():
        total = sum(one["forecast"]["2011/12"] for one in plan["allocations"])
        assert total == region_contributions()[region_settings()[code].name].budget_gbp
        disagree += sum(
            one["baseline_gbp"] != year.allocations[code].baseline[one["organisation_code"]]
            for one in plan["allocations"]
        )
    assert disagree == 2 * sum(
        "allocation_disagrees" in region.weak for region in region_settings().values()
    )


def test_cards_are_written_as_reading_gives_them(year):
    for (region, month), card in year.cards.items():
        if region in {"Q33", "Q36"} or month == MONTHS[-1]:
            assert to_document(read_return(card)) == card


def test_documents_stay_small(year):
    sizes = [len(canonical_bytes(card)) for card in year.cards.values()]
    assert max(sizes) < 240_000
    assert sum(sizes) / len(sizes) < 160_000


def test_published_and_invented_are_told_apart():
    assert all("National Audit Office" in figure.source for figure in PROVENANCE.published)
    assert any("Delivery by region" in text for text in PROVENANCE.invented)


@pytest.mark.parametrize("seed", [1, 7])
def test_other_seeds_meet_the_totals_too(seed):
    other = build(seed)
    reported = sum(
        line.get("actual_month_gbp", 0) for card in other.cards.values() for line in lines_of(card)
    )
    assert reported == 5_820_000_000


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed(year):
    program = (
        "from qipp_assure.demonstration.year import build\n"
        "from qipp_assure.returns.canonical import digest\n"
        "y = build()\n"
        "print(digest([y.plans, {'/'.join(k): v for k, v in y.cards.items()}]))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "1234"},
    ).stdout.strip()
    here = digest([year.plans, {"/".join(key): card for key, card in year.cards.items()}])
    assert printed == here
    assert json.dumps(year.plans["Q36"])
