"""Writing the sheets of questions: label, answer, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qipp_assure.workbooks.book_styles import LINE_HEIGHT, height_of
from qipp_assure.workbooks.cell_values import to_cell
from qipp_assure.workbooks.columns import KEY_PREFIX, heading_of
from qipp_assure.workbooks.sheet_writer import A4, SheetWriter
from qipp_assure.workbooks.sheets import Form, Layout
from qipp_assure.workbooks.validations import validation_of, way_to_answer

PATH_KEY, ANSWER_KEY = "=path", "=answer"
_KEY_ROW, _HEADING_ROW, _FIRST_ROW = 2, 3, 4
_LABEL, _ANSWER, _NOTE = 1, 2, 3
_WIDTHS = {_LABEL: 36, _ANSWER: 90, _NOTE: 44}
_ROOM_TO_WRITE = 54.0


def write_form(page: SheetWriter, layout: Layout, form: Form, document: Mapping[str, Any]) -> None:
    """Write a sheet of questions with the answers that are there."""
    styles, sheet = page.styles, page.page
    page.head(form.name, form.about)
    sheet.set_column(0, 0, None, styles.locked, {"hidden": True})
    for place, width in _WIDTHS.items():
        sheet.set_column(place, place, width, styles.locked)
    sheet.set_row(_KEY_ROW, None, styles.locked, {"hidden": True})
    page.text(_KEY_ROW, 0, KEY_PREFIX + PATH_KEY, styles.locked)
    page.text(_KEY_ROW, _ANSWER, KEY_PREFIX + ANSWER_KEY, styles.locked)
    for place, words in ((_LABEL, "Question"), (_ANSWER, "Answer"), (_NOTE, "How to answer")):
        page.text(_HEADING_ROW, place, words, styles.heading())
    row = _FIRST_ROW
    for heading, paths in form.sections:
        for place in (_LABEL, _ANSWER, _NOTE):
            page.text(row, place, heading if place == _LABEL else "", styles.section)
        row += 1
        for path in paths:
            _write_question(page, layout, path, row, document)
            row += 1
    sheet.freeze_panes(_FIRST_ROW, 2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8&A&R&8Page &P of &N")
    sheet.repeat_rows(_HEADING_ROW)
    page.protect(rows_may_change=False)


def _write_question(
    page: SheetWriter, layout: Layout, path: str, row: int, document: Mapping[str, Any]
) -> None:
    spec = layout.specs[path]
    value: Any = document
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    content = to_cell(spec, value)
    texts = {
        _LABEL: heading_of(spec),
        _ANSWER: content if isinstance(content, str) else "",
        _NOTE: way_to_answer(spec),
    }
    least = _ROOM_TO_WRITE if spec.long else LINE_HEIGHT
    height = height_of(((text, _WIDTHS[place]) for place, text in texts.items()), least=least)
    page.page.set_row(row, height, page.styles.locked)
    page.text(row, 0, KEY_PREFIX + path, page.styles.locked)
    page.text(row, _LABEL, texts[_LABEL], page.styles.strong)
    style = page.styles.answer(spec.type)
    page.content(row, _ANSWER, "" if content is None else content, style)
    page.text(row, _NOTE, texts[_NOTE], page.styles.wrapped_note)
    rule = validation_of(spec)
    if rule is not None:
        page.page.data_validation(row, _ANSWER, row, _ANSWER, rule)
