"""The tags of a pack, by pikepdf and by the checks of pdfua; no conformance is claimed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from pdfua import validate

from qipp_assure.feedback_packs.pack import render_pack
from qipp_assure.feedback_packs.presenters import PackSource, pack_content
from qipp_assure.feedback_packs.tagging import finish


@pytest.fixture(scope="module")
def document(made: Any) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(made.pdf)) as opened:
        yield opened


def elements(node: Any) -> Iterator[Any]:
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def of_kind(document: pikepdf.Pdf, *kinds: str) -> list[Any]:
    return [one for one in elements(document.Root.StructTreeRoot) if str(one.S) in kinds]


def test_pdfua_finds_nothing(made: Any) -> None:
    report = validate(str(made.path))
    assert [str(finding.message) for finding in report.findings] == []


def test_the_file_is_marked_titled_and_in_english(document: pikepdf.Pdf) -> None:
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "en-GB"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert str(document.docinfo["/Title"]).startswith("Feedback pack: East Midlands")
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_every_header_cell_says_what_it_is_the_header_of(document: pikepdf.Pdf) -> None:
    scopes = [str(cell.A.Scope) for cell in of_kind(document, "/TH")]
    assert set(scopes) == {"/Column", "/Row"}


def test_every_table_has_header_cells(document: pikepdf.Pdf) -> None:
    tables = of_kind(document, "/Table")
    assert len(tables) > 20
    for table in tables:
        assert any(str(one.S) == "/TH" for one in elements(table))


def test_every_figure_is_told_in_words(document: pikepdf.Pdf, made: Any) -> None:
    figures = of_kind(document, "/Figure")
    assert len(figures) == len(made.content.savings.tables) == 3
    for figure, table in zip(figures, made.content.savings.tables, strict=True):
        assert str(figure.Alt) == f"Chart: {table.title}. {table.chart.description}"


def test_headings_never_skip_a_level(document: pikepdf.Pdf) -> None:
    levels = [int(str(one.S)[2]) for one in of_kind(document, "/H1", "/H2", "/H3", "/H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_all_fonts_are_embedded(document: pikepdf.Pdf) -> None:
    names = set()
    for page in document.pages:
        for font in page.Resources.Font.values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys())
            names.add(str(font.BaseFont).partition("+")[2])
    assert {"Arimo", "Arimo-Bold"} <= names


def bookmarks(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from bookmarks(item.children)


def test_bookmarks_lead_to_each_section_workstream_and_initiative(
    document: pikepdf.Pdf, made: Any
) -> None:
    with document.open_outline() as outline:
        found = set(bookmarks(outline.root))
    assert {"Summary", "Rating matrix", "Risks and help wanted"} <= found
    for group in made.content.region.parts:
        assert group.title in found
        assert {part.title for part in group.parts} <= found


def test_the_same_content_gives_the_same_bytes(least_source: PackSource) -> None:
    first, again = (render_pack(pack_content(least_source)) for _ in range(2))
    assert first == again


def test_a_page_takes_some_tens_of_kilobytes(made: Any) -> None:
    assert len(made.pdf) < 50_000 * len(made.pages)


def test_figures_and_texts_must_match(made: Any) -> None:
    with pytest.raises(ValueError, match="more figures"):
        finish(made.pdf, ["only one"])
    with pytest.raises(ValueError, match="have no figure"):
        finish(made.pdf, ["a", "b", "c", "d"])
