"""Bundles: a rating can be made again anywhere, and what was changed is named."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from qipp_assure.ratings.criteria_files import library
from qipp_assure.returns.bundle import (
    RatingInputs,
    assessment_document,
    build_bundle,
    disagreements,
    read_bundle,
)
from qipp_assure.returns.canonical import digest
from qipp_assure.returns.validation import ReturnFaults
from tests.returns.test_validation import small_card, small_plan


@pytest.fixture
def bundle() -> dict[str, Any]:
    """The bundle of a card with its baseline plan."""
    plan = small_plan()
    inputs = RatingInputs(
        document=small_card(),
        as_of=date(2011, 6, 30),
        context={"baseline_plan": digest(plan), "challenge_gbp": 5},
        documents={digest(plan): plan},
    )
    sets = library().reading("report-card@2011.1")
    found = assessment_document(inputs, inputs.assess(sets))
    return json.loads(json.dumps(build_bundle(inputs, sets, found)))


def test_a_bundle_agrees_with_itself(bundle: dict[str, Any]) -> None:
    assert disagreements(bundle) == []
    inputs, sets = read_bundle(bundle)
    assert [one.set for one in sets] == ["implementation", "report-card"]
    assert assessment_document(inputs, inputs.assess(sets)) == bundle["assessment"]


def test_a_changed_return_rating_or_criteria_file_is_named(bundle: dict[str, Any]) -> None:
    changed = copy.deepcopy(bundle)
    changed["return"]["tracker"][0]["name"] = "Another name"
    assert "subjects differs" in " ".join(disagreements(changed))
    changed = copy.deepcopy(bundle)
    changed["assessment"]["subjects"][0]["overall"] = "green"
    assert disagreements(changed) == ["subjects differs from what comes of rating again"]
    changed = copy.deepcopy(bundle)
    changed["criteria"][0]["text"] += "\n# a word more\n"
    assert "implementation@2011.1 is not what its digest names" in disagreements(changed)[0]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda b: b.update(bundle="other@1"), "bundle"),
        (lambda b: b.pop("judgements"), "judgements"),
        (lambda b: b.update(as_of="June"), "as_of"),
        (lambda b: b["return"].update(template="plan@1"), "return.template"),
        (lambda b: b.update(documents={"0" * 64: {}}), "documents." + "0" * 64),
    ],
)
def test_what_is_no_bundle_is_refused_by_place(
    bundle: dict[str, Any], change: Any, path: str
) -> None:
    change(bundle)
    with pytest.raises(ReturnFaults) as caught:
        read_bundle(bundle)
    assert [fault.path for fault in caught.value.faults] == [path]
