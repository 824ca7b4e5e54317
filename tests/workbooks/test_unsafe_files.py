"""Files that are no workbooks, or mean harm: refused in one sentence, quickly, and never a crash."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from itertools import pairwise

import pytest

from qipp_assure.workbooks.package import MAX_UNPACKED, MAX_UPLOAD, open_package
from qipp_assure.workbooks.part_check import MAX_CELLS
from qipp_assure.workbooks.reader import read_workbook
from qipp_assure.workbooks.sheet_cells import read_cells
from tests.workbooks.conftest import faults_of, part, repacked

SHEET = "xl/worksheets/sheet5.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no Excel workbook"),
        (b"name,value\n1,2\n", "is no Excel workbook"),
        (b"PK\x03\x04 and then nothing", "is no Excel workbook"),
        (OLE + b"\0" * 600, "an old Excel file (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "OpenDocument"),
        (zipped({"xl/workbook.bin": b""}), "(.xlsb)"),
        (zipped({"word/document.xml": b"<x/>"}), "is no Excel workbook"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "does not say what it is for"),
        (zipped({"xl/workbook.xml": b"not xml"}), "damaged inside"),
        (zipped({"xl/workbook.xml": b"<x/>"}, zipfile.ZIP_LZMA), "not packed as Excel packs"),
        (zipped({f"xl/{n}.xml": b"" for n in range(1_001)}), "too many entries"),
        (b"x" * (MAX_UPLOAD + 1), "at most 10,485,760 can be taken in"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(data, words):
    (fault,) = faults_of(data)
    assert fault.startswith("the file: ")
    assert words in fault


def test_a_bomb_is_refused_before_it_is_unpacked(plan_file):
    data = repacked(plan_file, {"xl/media/a.bin": b"\0" * (MAX_UNPACKED + 1)})
    assert len(data) < MAX_UPLOAD
    began = time.monotonic()
    (fault,) = faults_of(data)
    assert "at most 52,428,800 can be taken in" in fault
    assert time.monotonic() - began < 1


def test_a_bomb_that_states_a_small_size_gives_no_more_than_it_states(plan_file):
    data = repacked(plan_file, {SHEET: b" " * 30_000_000})
    real, stated = (30_000_000).to_bytes(4, "little"), (50).to_bytes(4, "little")
    assert data.count(real) == 2
    (fault,) = faults_of(data.replace(real, stated))
    assert "a damaged one" in fault


def test_entries_of_one_name_are_refused(plan_file):
    stream = io.BytesIO(plan_file)
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", b"<x/>")
    (fault,) = faults_of(stream.getvalue())
    assert "too many entries" in fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_unexpanded(plan_file, encoding):
    names = "abcdefghijklmnopqrstuvwxyz"
    entities = [
        f"<!ENTITY {name} '" + f"&{before};" * 10 + "'>" for before, name in pairwise(names)
    ]
    bomb = f"""<?xml version="1.0" encoding="{encoding}"?>
        <!DOCTYPE x [<!ENTITY a "aaaa">{"".join(entities)}]><x>&z;</x>""".strip()
    for name in ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", SHEET):
        (fault,) = faults_of(repacked(plan_file, {name: bomb.encode(encoding)}))
        assert "document type declaration" in fault


def test_macros_are_refused(plan_file):
    (fault,) = faults_of(repacked(plan_file, {"xl/vbaProject.bin": b"x"}))
    assert "holds macros" in fault
    types = part(plan_file, "[Content_Types].xml").replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main",
        b"ms-excel.sheet.macroEnabled.main",
    )
    (fault,) = faults_of(repacked(plan_file, {"[Content_Types].xml": types}))
    assert "(.xlsm)" in fault


def test_links_to_other_workbooks_are_not_followed(plan, plan_file):
    reading = read_workbook(
        repacked(plan_file, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    )
    assert reading.document == plan
    assert reading.warnings == ["links to other workbooks were not followed"]


def sheet_of(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def test_far_too_many_cells_are_refused(plan_file):
    rows = "".join(f"<row>{'<c><v>1</v></c>' * 1000}</row>" for _ in range(MAX_CELLS // 1000 + 1))
    (fault,) = faults_of(repacked(plan_file, {SHEET: sheet_of(rows)}))
    assert "more than 400,000 filled cells" in fault


def test_a_cell_at_the_far_end_of_the_sheet_costs_nothing(plan_file):
    began = time.monotonic()
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    faults = faults_of(repacked(plan_file, {SHEET: sheet_of(far)}))
    assert any("the headings are missing" in fault for fault in faults)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="1"><c r="a1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>999999</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1"><v>one</v></c></row>',
    ],
)
def test_cells_that_cannot_be_are_damage(plan_file, cells):
    (fault,) = faults_of(repacked(plan_file, {SHEET: sheet_of(cells)}))
    assert fault.startswith("the file: the workbook is damaged inside")


def test_long_texts_shared_by_many_cells_stay_shared(plan_file):
    """A library that copies the text for every cell needs some 6 GB for this file."""
    strings = part(plan_file, "xl/sharedStrings.xml")
    number = strings.count(b"<si>")
    strings = strings.replace(b"</sst>", b"<si><t>" + b"x" * 32_000 + b"</t></si></sst>")
    cell = f'<c t="s"><v>{number}</v></c>'
    row = f"<row>{cell * 1_000}</row>"
    data = repacked(plan_file, {"xl/sharedStrings.xml": strings, SHEET: sheet_of(row * 200)})
    tracemalloc.start()
    assert faults_of(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000_000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (SHEET, sheet_of("<row>" + "<c><f/></c>" * 16_000 + "</row>"), "headings are missing"),
        (SHEET, sheet_of(f"<row>{'<c><f/></c>' * 10_000}</row>" * 50), "more than 400,000 'f'"),
        (SHEET, sheet_of(f"<row>{'<c/>' * 10_000}</row>" * 101), "more than 1,000,000 'c'"),
        (SHEET, sheet_of('<row><c r="XFD2"/></row>'), "damaged inside"),
        (SHEET, sheet_of('<row><c r="B1"/><c r="A1"/></row>'), "out of order"),
        (SHEET, sheet_of('<row r="2"/><row r="1"/>'), "out of order"),
        (SHEET, sheet_of('<row><x r="XFD1"/></row>'), "stands among the cells"),
        (SHEET, sheet_of("<headerFooter/>"), "before the end of the rows"),
        (SHEET, sheet_of("<a>" * 60 + "</a>" * 60), "nested too deeply"),
        ("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 50_001 + b"</styleSheet>", "50,000 'xf'"),
    ],
)
def test_what_would_cost_the_library_far_more_than_its_size_is_refused(
    plan_file, name, content, words
):
    began = time.monotonic()
    assert any(words in fault for fault in faults_of(repacked(plan_file, {name: content})))
    assert time.monotonic() - began < 20


def test_rows_as_wide_as_the_sheet_are_refused(plan_file):
    rows = "".join(f'<row r="{row}"><c r="XFD{row}"/></row>' for row in range(1, 2_000))
    (fault,) = faults_of(repacked(plan_file, {SHEET: sheet_of(rows)}))
    assert "too wide and too long" in fault


def test_a_merged_range_as_large_as_the_sheet_costs_nothing(plan_file):
    """As a whole workbook openpyxl makes each of its 17 billion cells."""
    merged = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    sheet = part(plan_file, SHEET)
    before, _, after = sheet.partition(b"</sheetData>")
    assert b"mergeCell" not in after
    began = time.monotonic()
    (fault,) = faults_of(repacked(plan_file, {SHEET: before + merged + after}))
    assert "the cells A1:XFD1048576 are merged" in fault
    assert time.monotonic() - began < 5


def test_a_sheet_listed_many_times_is_refused(plan_file):
    book = part(plan_file, "xl/workbook.xml")
    again = b'<sheet name="Again" sheetId="99" r:id="rId5"/></sheets>'
    changed = {"xl/workbook.xml": book.replace(b"</sheets>", again)}
    (fault,) = faults_of(repacked(plan_file, changed))
    assert "a sheet is listed twice" in fault


def test_a_strict_workbook_is_refused_with_what_to_do(plan_file):
    strict = b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'
    (fault,) = faults_of(repacked(plan_file, {"xl/workbook.xml": strict}))
    assert "Strict Open XML" in fault


def test_a_formula_that_gives_an_empty_text_has_a_value(plan_file):
    cells = '<row><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><f>1</f><v></v></c></row>'
    package = open_package(repacked(plan_file, {SHEET: sheet_of(cells)}))
    found = next(s for s in read_cells(package).values() if len(s.formulas) == 2 and not s.rows)
    assert found.formulas == {(1, 1): True, (1, 2): False}


def test_a_workbook_damaged_anywhere_is_a_reading_and_never_a_crash(plan_file):
    names = (
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        *(f"xl/worksheets/sheet{n}.xml" for n in range(1, 28)),
    )
    chance = random.Random(20111)  # noqa: S311 - repeatable damage, not a secret
    for _ in range(150):
        name = chance.choice(names)
        content = bytearray(part(plan_file, name))
        for _ in range(chance.choice((1, 3, 20))):
            place = chance.randrange(len(content))
            match chance.randrange(3):
                case 0:
                    content[place] = chance.randrange(256)
                case 1:
                    del content[place : place + chance.randrange(40)]
                case _:
                    content[place:place] = chance.choice(
                        (b"<", b'"', b"9" * 5_000, b"&#0;", b"<c/>", b'r="', b"\xff", b"E999")
                    )
            content = content or bytearray(b"x")
        reading = read_workbook(repacked(plan_file, {name: bytes(content)}))
        assert (reading.document is None) == bool(reading.faults)


def test_a_zip_damaged_anywhere_is_a_reading_and_never_a_crash(plan_file):
    chance = random.Random(20112)  # noqa: S311 - repeatable damage, not a secret
    for _ in range(100):
        data = bytearray(plan_file)
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.randrange(256)
        tail = chance.randrange(200)
        for _ in range(2):
            data[-1 - tail] = chance.randrange(256)
        reading = read_workbook(bytes(data))
        assert (reading.document is None) == bool(reading.faults)
