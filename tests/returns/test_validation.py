"""Reading a return: all faults at once, each where it stands."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from qipp_assure.returns.canonical import canonical_bytes, digest, to_document
from qipp_assure.returns.validation import MAX_BYTES, ReturnFaults, parse_json, read_return


def small_plan() -> dict[str, Any]:
    """A plan of one initiative with one of everything."""
    return {
        "template": "plan@2011.1",
        "region": "Q36",
        "round": "plans-2011",
        "workstreams": [{"id": "w1", "name": "Medicines management"}],
        "programmes": [{"id": "p1", "name": "Prescribing", "workstream_id": "w1"}],
        "opportunities": [{"id": "o1", "name": "Generic prescribing", "benefit_gbp": 1_200_000}],
        "initiatives": [
            {
                "id": "i1",
                "name": "Switch to generics",
                "programme_id": "p1",
                "opportunity_id": "o1",
                "milestones": [{"id": "m1", "name": "Formulary agreed", "due": "2011-06-30"}],
                "kpis": [{"id": "k1", "name": "Generic rate", "target": "83.5"}],
                "savings": [{"id": "s1", "phased_by": "month", "planned": {"2011-04": 100_000}}],
            }
        ],
    }


def small_card() -> dict[str, Any]:
    """A card that tracks the plan's one initiative."""
    return {
        "template": "report-card@2011.1",
        "region": "Q36",
        "round": "plans-2011",
        "period": "2011-06",
        "tracker": [{"id": "i1", "name": "Switch to generics", "workstream_id": "w1"}],
        "exceptions": [{"id": "e1", "initiative_id": "i1", "what": "Late"}],
    }


def faults_of(document: dict[str, Any]) -> dict[str, str]:
    """The faults of a document by path."""
    with pytest.raises(ReturnFaults) as caught:
        read_return(document)
    return {fault.path: fault.message for fault in caught.value.faults}


@pytest.mark.parametrize("make", [small_plan, small_card])
def test_a_sound_return_reads_back_as_it_was(make: Any) -> None:
    document = make()
    assert to_document(read_return(document)) == document
    assert read_return(canonical_bytes(document)) == read_return(document)


def test_all_faults_come_at_once_with_their_places() -> None:
    document = small_plan()
    initiative = document["initiatives"][0]
    initiative["milestones"][0]["due"] = "2011-06-31"
    initiative["milestones"][0]["status"] = "finished"
    initiative["kpis"][0]["target"] = "a lot"
    initiative["savings"][0]["planned"] = {"2011-04": 10.5, "April": 3}
    document["opportunities"][0]["benefit_gbp"] = "1200000"
    document["colour"] = "red"
    del document["workstreams"][0]["name"]
    found = faults_of(document)
    assert set(found) == {
        "initiatives[0].milestones[0].due",
        "initiatives[0].milestones[0].status",
        "initiatives[0].kpis[0].target",
        "initiatives[0].savings[0].planned.2011-04",
        "initiatives[0].savings[0].planned.April",
        "opportunities[0].benefit_gbp",
        "colour",
        "workstreams[0].name",
    }
    assert found["initiatives[0].milestones[0].due"] == "must be a date such as 2011-06-30"
    assert found["workstreams[0].name"] == "is needed and is missing"


def test_ids_are_unique_and_references_point_somewhere() -> None:
    document = small_plan()
    second = copy.deepcopy(document["initiatives"][0])
    second |= {"id": "i2", "programme_id": "p9"}
    document["initiatives"].append(second)
    found = faults_of(document)
    assert found["initiatives[1].programme_id"] == "'p9' is not the id of anything under programmes"
    assert (
        "stands already at initiatives[0].milestones[0].id"
        in (found["initiatives[1].milestones[0].id"])
    )
    card = small_card()
    card["exceptions"][0]["initiative_id"] = "i7"
    assert "exceptions[0].initiative_id" in faults_of(card)


def test_no_month_is_counted_twice_and_lines_keep_to_their_phasing() -> None:
    document = small_plan()
    document["initiatives"][0]["savings"][0]["planned"] = {"2011-05": 1, "2011/12Q1": 2}
    found = faults_of(document)
    assert list(found) == ["initiatives[0].savings[0].planned.2011/12Q1"]
    document["initiatives"][0]["savings"][0]["planned"] = {"2011/12": 2}
    assert "phased by month" in str(faults_of(document))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not JSON"),
        (b"[1]", "one JSON object"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"template": "plan@2011.1", "template": 1}', "stands twice"),
        (b'{"template": "plan@1999.1"}', "unknown template 'plan@1999.1'"),
        (b'{"a": NaN}', "NaN"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not JSON"),
        (b" " * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_what_is_no_return_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(ReturnFaults) as caught:
        read_return(data)
    assert len(caught.value.faults) == 1
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "value", [True, "5", 5.0, 5.5, 10**13, None.__class__, [], {}, float("1e300")]
)
def test_money_is_whole_pounds_and_nothing_else(value: Any) -> None:
    document = small_plan()
    document["opportunities"][0]["benefit_gbp"] = value if not isinstance(value, type) else "None"
    assert list(faults_of(document)) == ["opportunities[0].benefit_gbp"]


def test_what_cannot_be_shown_is_marked_and_blank_is_missing() -> None:
    document = small_plan()
    document["background"] = {"vision": "a\x00b\ufffe\u202ec", "quality_and_productivity": "  "}
    kept = to_document(read_return(document))["background"]
    assert kept == {"vision": "a\ufffdb\ufffd\u202ec"}


def test_a_digest_does_not_depend_on_order_or_on_what_is_empty() -> None:
    document = small_plan()
    turned = json.loads(json.dumps(document, sort_keys=True)) | {"risks": [], "about": {}}
    assert digest(to_document(read_return(turned))) == digest(to_document(read_return(document)))


def test_parse_json_says_line_and_column() -> None:
    with pytest.raises(ReturnFaults, match="line 2 column 1"):
        parse_json(b'{"a":\n}')
