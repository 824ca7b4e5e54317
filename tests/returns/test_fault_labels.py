"""Faults by label: every field and list has one, whatever state the document is in."""

from __future__ import annotations

from typing import Any

import pytest

from qipp_assure.returns.catalogue import catalogue
from qipp_assure.returns.fault_labels import label_of
from qipp_assure.returns.templates import TEMPLATES
from qipp_assure.returns.validation import ReturnFaults, read_return

PLAN = {"template": "plan@2011.1", "region": "Q30", "round": "2011"}


def faults(document: Any) -> dict[str, str]:
    with pytest.raises(ReturnFaults) as caught:
        read_return(document)
    return {fault.path: fault.label for fault in caught.value.faults}


def test_entries_are_named_as_people_know_them() -> None:
    found = faults(
        {
            **PLAN,
            "workstreams": [{"id": "w", "name": "Urgent care", "target_gbp": "lots"}],
            "risks": [{"id": "r", "description": "Demand\nrises " * 20, "likelihood": "high"}],
            "pay_bill": [{"id": "p", "staff_group": "Nurses", "baseline_gbp": 1.5}],
            "support_wanted": [{"id": "s", "what": "  ", "needed_by": "soon"}],
        }
    )
    assert found["workstreams[0].target_gbp"] == "Workstream ‘Urgent care’: savings target"
    assert found["pay_bill[0].baseline_gbp"] == "Staff group ‘Nurses’: pay bill, baseline"
    assert found["support_wanted[0].needed_by"] == "Support wanted 1: needed by"
    label = found["risks[0].likelihood"]
    assert label.startswith("Risk ‘Demand rises Demand")
    assert label.endswith("…’: likelihood")


def test_what_is_no_field_and_what_is_no_document_have_a_label_too() -> None:
    found = faults(
        {**PLAN, "colour": 1, "about": {"shade": 1}, "initiatives": [3, {"id": "i", "kpis": 4}]}
    )
    assert found["colour"] == "Colour"
    assert found["about.shade"] == "About, shade"
    assert found["initiatives[0]"] == "Initiative 1"
    assert found["initiatives[1].kpis"] == "Initiative 2, KPIs"
    assert faults({"template": "plan@1999"}) == {"template": "Template"}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_field_has_a_label_that_ends_in_its_own(template: str) -> None:
    known = catalogue(template)
    for spec in known.fields:
        place: list[str | int] = []
        for step in spec.path.split("."):
            place += [step.removesuffix("[]"), 0] if step.endswith("[]") else [step]
        label = label_of(place, {"template": template})
        assert label.casefold().endswith(spec.label.casefold()), spec.path
        assert "_" not in label
        assert "[" not in label
