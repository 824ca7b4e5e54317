"""Whatever a person typed comes out as text: nothing runs, nothing is fetched, nothing breaks."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.feedback_packs.pack import html_of
from qipp_assure.feedback_packs.presenters import PackSource, pack_content
from qipp_assure.returns.canonical import pruned
from qipp_assure.web.printable import printable
from tests.feedback_packs.sample import AS_OF, SampleRegion, make, rated

SCRIPT = "<script>alert(1)</script>"
IMAGE = '<img src="http://127.0.0.1:9/x.png" onerror=x>'
STYLE = "</style><link rel=stylesheet href=file:///etc/passwd>"
TEMPLATE = "{{7*7}}{% include 'cover.jinja' %}"
FORMULA = "=cmd|' /C calc'!A0"
TURNED = "abc\u202edcba\u2066\u2067x\u200f"
BROKEN = "nul\x00 non\ufffe end"
LONG_WORD = "W" * 400
HOSTILE = f"{SCRIPT} {IMAGE} {STYLE} {TEMPLATE} {FORMULA} {TURNED} {BROKEN}"


def hostile(value: Any) -> Any:
    """A document with hostile text in place of every text that a person types."""
    if isinstance(value, dict):
        return {name: part if name in KEPT else hostile(part) for name, part in value.items()}
    if isinstance(value, list):
        return [hostile(part) for part in value]
    return HOSTILE if isinstance(value, str) else value


KEPT = {
    *("id", "template", "region", "round", "period", "plan_digest", "programme_id", "kind"),
    *("workstream_id", "workstream", "due", "met_on", "updated_on", "reviewed_on", "needed_by"),
    *("spending_area", "cash_effect", "driver", "phased_by", "status", "better_when", "actual"),
    *("baseline", "target", "trajectory", "expected", "first_year", "last_year", "figures_as_at"),
    *("national_workstreams", "planned", "forecast"),
}


JUDGEMENT = {
    "set": "implementation",
    "version": "2011.1",
    "check": "brief-sufficient",
    "subject_kind": "initiative",
    "subject_id": "w1i1",
    "rating": "amber",
    "reason": "An unbroken story. " * 1_050,
    "by": HOSTILE,
    "at": "2011-10-12T10:00:00Z",
}


class _Kept(logging.Handler):
    """Keeps what is said while it is attached."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture(scope="module")
def complaints() -> _Kept:
    """What the printer complains of while it prints the hostile pack."""
    return _Kept()


@pytest.fixture(scope="module")
def hostile_pack(
    criteria_sets: tuple[CriteriaSet, ...],
    tmp_path_factory: pytest.TempPathFactory,
    complaints: _Kept,
) -> Any:
    region = SampleRegion(workstreams=1, initiatives=1)
    region.plan = hostile(region.plan)
    card = hostile(region.card("2011-09"))
    region.plan["background"]["vision"] = "A long text. " * 1_600
    region.plan["risks"][0]["description"] = "A long risk. " * 1_500
    region.plan["risks"][1]["mitigation"] = LONG_WORD
    source = PackSource(
        organisation_code="Q33",
        organisation_name=HOSTILE,
        round_title=HOSTILE,
        main=rated(card, criteria_sets, region.plan, judgements=[JUDGEMENT]),
        as_of=AS_OF,
        plan=rated(region.plan, criteria_sets),
        cards=[pruned(card)],
        provenance=HOSTILE,
    )
    printer = logging.getLogger("weasyprint")
    printer.addHandler(complaints)
    try:
        return make(pack_content(source), tmp_path_factory.mktemp("hostile"))
    finally:
        printer.removeHandler(complaints)


@pytest.mark.parametrize("text", [SCRIPT, IMAGE, STYLE, TEMPLATE, FORMULA])
def test_markup_templates_and_formulas_come_out_as_typed(hostile_pack: Any, text: str) -> None:
    squeezed = "".join(hostile_pack.text.split())
    assert "".join(text.split()) in squeezed


def test_nothing_of_it_becomes_part_of_the_document(hostile_pack: Any) -> None:
    html = html_of(hostile_pack.content)
    assert "<script" not in html
    assert "<img" not in html
    assert "<link" not in html
    assert "49" not in html.partition("{{7*7}}")[2][:40]


def test_nothing_is_asked_for_from_outside(hostile_pack: Any, complaints: _Kept) -> None:
    assert hostile_pack.pdf  # a pack that asked for anything is refused by `render_pack`
    assert complaints.said == []


def test_marks_that_turn_the_text_and_what_cannot_be_shown_are_seen_but_do_nothing() -> None:
    assert printable(TURNED) == "abc\ufffddcba\ufffd\ufffdx\ufffd"
    assert printable(BROKEN) == "nul\ufffd non\ufffd end"
    assert printable("half \ud800 pair") == "half \ufffd pair"
    assert printable("Ŵales, 中文, عربى\n") == "Ŵales, 中文, عربى\n"


def test_text_after_a_turning_mark_keeps_its_order(hostile_pack: Any) -> None:
    assert "dcba" in hostile_pack.text
    assert "\u202e" not in hostile_pack.text


def test_a_word_too_long_for_its_column_is_broken(hostile_pack: Any) -> None:
    assert LONG_WORD in "".join(hostile_pack.text.split())


def test_a_reason_of_20_000_characters_goes_on_over_pages(hostile_pack: Any) -> None:
    assert hostile_pack.text.count("unbroken story.") >= 1_050


def test_a_very_long_text_of_the_return_is_cut_and_says_where_the_rest_is(
    hostile_pack: Any,
) -> None:
    assert re.search(
        r"\d\d,\d{3} more characters in the plan, under “Vision of quality”", hostile_pack.text
    )
    assert re.search(r"1\d,\d{3} more characters in the return", hostile_pack.text)


def test_letters_beyond_latin_1_come_from_the_extended_font(
    least_source: PackSource, tmp_path: Path
) -> None:
    made = make(pack_content(replace(least_source, organisation_name="Ŵyrfŵl a’r Ťeam")), tmp_path)
    assert "Ŵyrfŵl a’r Ťeam" in made.text
    with pikepdf.open(made.path) as document:
        fonts = {str(font.BaseFont) for font in document.pages[0].Resources.Font.values()}
    assert any("Arimo-Extended" in name for name in fonts)
