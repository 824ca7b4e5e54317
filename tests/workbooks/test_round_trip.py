"""What goes out as a workbook and comes back unchanged is the same return, to the last character."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from qipp_assure.returns.canonical import canonical_bytes
from qipp_assure.workbooks.origin import CodeList, Known, Origin
from qipp_assure.workbooks.reader import read_workbook
from qipp_assure.workbooks.writer import write_workbook
from tests.returns.strategies import HOSTILE, canonical, full_document, plans, report_cards
from tests.workbooks.conftest import (
    CARD,
    PLAN,
    answer_of,
    cell_of,
    edited,
    origin_of,
    read_whole,
    written,
)

# No shrinking: it takes minutes for a whole return, and the failing one is printed all the same.
unhurried = settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@unhurried
@given(plans())
def test_a_plan_comes_back_as_it_went_out(document):
    assert canonical_bytes(read_whole(written(document)).document) == canonical_bytes(document)


@unhurried
@given(report_cards())
def test_a_report_card_comes_back_as_it_went_out(document):
    assert canonical_bytes(read_whole(written(document)).document) == canonical_bytes(document)


@pytest.mark.long
@settings(unhurried, max_examples=1_000)
@given(plans())
def test_many_plans_come_back_as_they_went_out(document):
    assert canonical_bytes(read_whole(written(document)).document) == canonical_bytes(document)


@pytest.mark.parametrize("template", [PLAN, CARD])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_in_every_field_comes_back_as_text(template, text):
    document = full_document(template, text, each=1)
    assert read_whole(written(document)).document == document


@pytest.mark.parametrize("template", [PLAN, CARD])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_never_becomes_a_formula_link_or_markup(template, text):
    data = written(full_document(template, text, each=1))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        formulas = {
            formula
            for name in sheets
            for formula in re.findall(rb"<f>(.*?)</f>", archive.read(name))
        }
        links = {name for name in archive.namelist() if "worksheets/_rels" in name}
        for name in archive.namelist():
            openpyxl.xml.functions.fromstring(archive.read(name))
    assert all(re.fullmatch(rb"(SUM|SUBTOTAL)\([0-9A-Z:,]+\)", formula) for formula in formulas)
    assert links == set()


def test_a_text_of_twenty_thousand_characters_comes_back_whole():
    document = full_document(PLAN, "é" * 19_999 + "!", each=1)
    assert read_whole(written(document)).document == document


def test_the_hidden_sheet_says_whose_return_it_is_and_which_export(plan):
    origin = Origin(
        template=PLAN,
        region="Q30",
        region_name="North East & <others>",
        round="2011-12",
        export_id="export-77",
        digest="ab" * 32,
    )
    assert read_whole(write_workbook(plan, origin)).origin == origin


def test_the_baseline_of_a_card_travels_with_it(card, card_file):
    reading = read_whole(card_file)
    assert reading.document["plan_digest"] == card["plan_digest"] == reading.origin.plan_digest
    assert reading.origin.period == "2011-06"


def test_the_data_survive_another_program_that_writes_workbooks(plan, plan_file):
    assert read_whole(edited(plan_file, lambda book: None)).document == plan


def test_a_draft_that_cannot_be_read_yet_goes_out_as_typed_and_is_refused_by_cell():
    document: dict[str, Any] = {
        "template": PLAN,
        "region": "Q30",
        "round": "2011-12",
        "about": "nonsense",
        "finance": {"challenge_gbp": "about £2m", "baseline_year": 2011},
        "allocations": "none",
        "workstreams": [{"id": "w1", "name": None, "target_gbp": 1.5}, "stray"],
        "programmes": [{"id": "p1", "name": "P", "workstream_id": "gone"}],
        "initiatives": [
            {
                "id": "i1",
                "name": "I",
                "milestones": [{"id": "m1", "due": "soon", "status": ["odd"]}],
                "savings": [{"id": "s1", "planned": {"2011-04": "lots", "some day": 3}}],
            }
        ],
    }
    reading = read_workbook(written(document))
    assert reading.document is None
    said = "\n".join(str(fault) for fault in reading.faults)
    for words in (
        "'about £2m'",
        "1.5 has a fraction",
        "'soon' is not a date",
        "odd",
        "'lots'",
        "'gone' is not on the sheet",
        "'some day'",
        "needed and is missing",
    ):
        assert words in said


def test_what_is_known_from_the_plan_can_be_chosen_on_the_card(card):
    known = Known(
        lists={"workstreams": {"outside-1": "Urgent care", "outside-2": "urgent  care"}},
        codes=(CodeList("Efficiency-map area", (("1", "=Procurement"),)),),
    )
    data = write_workbook(card, origin_of(card), known)
    page = openpyxl.load_workbook(io.BytesIO(data))["Lines"]
    shown = [cell.value for row in page.iter_rows(min_row=7) for cell in row if cell.value]
    assert "Urgent care" in shown
    assert "outside-1" not in shown
    assert read_whole(data).document == card


def test_an_item_of_nothing_but_an_id_is_kept():
    document = canonical(
        {
            "template": PLAN,
            "region": "Q30",
            "round": "r",
            "allocations": [{"id": "a"}, {"id": "b"}],
            "initiatives": [{"id": "i", "name": "I", "milestones": [{"id": "m"}]}],
        }
    )
    assert read_whole(written(document)).document == document


def test_a_workbook_saved_by_libreoffice_comes_back_whole():
    """Both files were made once: the document, and its workbook opened and saved by LibreOffice."""
    files = Path(__file__).parent / "files"
    document = json.loads((files / "plan_saved_by_libreoffice.json").read_text("utf-8"))
    reading = read_whole((files / "plan_saved_by_libreoffice.xlsx").read_bytes())
    assert reading.document == document
    assert reading.warnings == []


def test_a_field_that_the_template_gained_since_is_not_missing(plan, plan_file):
    """What stood in no column when the workbook went out may be absent when it comes back."""

    def edit(book):
        facts = book["qipp"]
        for row in facts.iter_rows():
            for cell in row:
                if row[0].value == "columns:Milestones" and cell.value == "transformational":
                    cell.value = "gone"
                if row[0].value == "columns:Plan" and cell.value == "background.vision":
                    cell.value = "gone"
        page = book["Milestones"]
        page.delete_cols(cell_of(page, "transformational").column)
        page = book["Plan"]
        page.delete_rows(answer_of(page, "background.vision").row)

    found = read_whole(edited(plan_file, edit)).document
    assert "vision" not in found["background"]
    assert "transformational" not in found["initiatives"][0]["milestones"][0]
    assert found["initiatives"][0]["risks"] == plan["initiatives"][0]["risks"]
