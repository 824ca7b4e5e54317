"""Facts: what follows from a return, and what missing things read as."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.returns.facts import facts_of
from qipp_assure.returns.parts import OWN_PARTS, assemble, split
from qipp_assure.returns.phasing import by_month, due_in_year, in_year
from qipp_assure.returns.schemas import schemas
from tests.returns.test_validation import small_card, small_plan

JUNE = date(2011, 6, 30)


def subject(facts: Facts, kind: str) -> SubjectFacts:
    """The only subject of a kind."""
    (found,) = [one for one in facts.subjects if one.kind == kind]
    return found


def card_facts(card: dict[str, Any], plan: dict[str, Any] | None = None) -> Facts:
    """The facts of a card, with or without its baseline."""
    documents = {"d": plan} if plan else {}
    return facts_of(card, {"baseline_plan": "d"}, documents, JUNE)


def test_a_plan_has_itself_its_workstreams_and_its_initiatives_as_subjects() -> None:
    facts = facts_of(small_plan(), {"challenge_gbp": 5}, {}, JUNE)
    assert [(one.kind, one.id, one.parent) for one in facts.subjects] == [
        ("plan", "Q36", None),
        ("workstream", "w1", ("plan", "Q36")),
        ("initiative", "i1", ("workstream", "w1")),
    ]
    values = subject(facts, "plan").values
    assert values["context"]["challenge_gbp"] == 5
    assert values["opportunities"][0]["phased"] is True
    assert values["planned_total_gbp"] == 100_000


@pytest.mark.parametrize("make", [small_plan, small_card])
def test_every_declared_name_is_there_in_the_facts(make: Any) -> None:
    document = make()
    facts = facts_of(document, {}, {}, JUNE)
    for one in facts.subjects:
        (schema,) = [s for s in schemas()[facts.template] if s.kind == one.kind]
        for member in (*schema.record.fields, *schema.record.lists):
            found: Any = one.values
            for step in member.name.split("."):
                assert step in found, (one.kind, member.name)
                found = found[step]


def test_the_tracker_speaks_for_the_month_and_the_plan_where_it_is_silent() -> None:
    plan, card = small_plan(), small_card()
    plan["initiatives"][0]["leadership"] = {"sponsor": "A. Sponsor"}
    plan["initiatives"][0]["savings"][0]["recurrent"] = True
    card["tracker"][0]["savings"] = [
        {"id": "s1", "planned_to_date_gbp": 7, "actual_to_date_gbp": 4},
        {"id": "s2", "planned_to_date_gbp": 1, "actual_to_date_gbp": 1},
    ]
    values = subject(card_facts(card, plan), "initiative").values
    assert values["leadership"]["sponsor"] == "A. Sponsor"
    assert (values["planned_to_date_gbp"], values["actual_to_date_gbp"]) == (8, 5)
    assert values["savings"][0]["recurrent"] is True
    assert [m["name"] for m in values["milestones"]] == ["Formulary agreed"]


def test_a_saving_that_the_tracker_leaves_out_is_missing_and_not_nothing() -> None:
    plan, card = small_plan(), small_card()
    plan["initiatives"][0]["savings"][0]["actual"] = {"2011-04": 90_000}
    values = subject(card_facts(card, plan), "initiative").values
    assert values["planned_to_date_gbp"] == 100_000
    assert values["actual_to_date_gbp"] is None


def test_an_initiative_that_the_tracker_forgets_stays_a_subject() -> None:
    plan, card = small_plan(), small_card()
    card["tracker"] = []
    facts = card_facts(card, plan)
    assert subject(facts, "initiative").parent == ("workstream", "w1")
    assert subject(facts, "workstream").name == "Medicines management"
    assert subject(facts, "region").values["actual_to_date_gbp"] is None


def test_a_card_without_its_plan_can_still_be_read() -> None:
    facts = card_facts(small_card())
    assert subject(facts, "initiative").values["context"]["baseline_known"] is False
    assert subject(facts, "workstream").name == "w1"


def test_what_does_not_parse_reads_as_missing() -> None:
    plan = small_plan()
    initiative = plan["initiatives"][0]
    initiative["milestones"][0]["due"] = "end of June"
    initiative["savings"][0]["planned"] = {"2011-04": "lots"}
    initiative["transformational"] = "perhaps"
    values = subject(facts_of(plan, {}, {}, JUNE), "initiative").values
    assert values["milestones"][0]["due"] is None
    assert values["planned_to_date_gbp"] is None
    assert values["transformational"] is None


def test_kpis_of_a_plan_are_read_at_the_latest_period_that_has_ended() -> None:
    plan = small_plan()
    plan["initiatives"][0]["kpis"][0] |= {
        "trajectory": {"2011-05": "10", "2011-06": "12.5", "2011-07": "15"},
        "actuals": {"2011-05": "9", "2011-07": "14"},
    }
    kpi = subject(facts_of(plan, {}, {}, JUNE), "initiative").values["kpis"][0]
    assert (kpi["expected"], kpi["actual"]) == (Decimal("12.5"), None)


PERIODS = ["2011-04", "2011-12", "2012-03", "2011/12Q2", "2011/12", "2012/13Q4", "2010/11"]


@given(st.dictionaries(st.sampled_from(PERIODS), st.integers(-(10**12), 10**12)))
def test_spreading_over_months_loses_no_pound(amounts: dict[str, int]) -> None:
    assert sum(by_month(amounts).values()) == sum(amounts.values())
    years = {"2010/11", "2011/12", "2012/13"}
    assert sum(in_year(amounts, year) for year in years) == sum(amounts.values())
    assert set(due_in_year(amounts, JUNE)) <= {"2011-04"}


@given(
    st.dictionaries(st.sampled_from(["round", "about", "risks"]), st.text()),
    st.lists(st.from_regex(r"[a-z]{1,3}", fullmatch=True), unique=True, min_size=1),
    st.sampled_from(OWN_PARTS),
    st.randoms(),
)
def test_parts_come_together_as_they_were_in_whatever_order_they_are_kept(
    sections: dict[str, str], ids: list[str], kind: str, random: Any
) -> None:
    document: dict[str, Any] = {**sections, kind: [{"id": one} for one in ids]}
    parts = split(document)
    random.shuffle(parts)
    assert assemble(parts) == document
