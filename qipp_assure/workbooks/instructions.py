"""The first sheet of a workbook: whose it is, how to fill it in, what is refused; and the codes."""

from __future__ import annotations

from collections.abc import Sequence

from qipp_assure.workbooks.book_styles import height_of
from qipp_assure.workbooks.labels import day_words, month_words
from qipp_assure.workbooks.origin import CODES, INSTRUCTIONS, CodeList, Origin
from qipp_assure.workbooks.sheet_writer import A4, SheetWriter
from qipp_assure.workbooks.sheets import Layout

REGION_ROW, TEMPLATE_ROW, ROUND_ROW, PERIOD_ROW = 3, 4, 5, 6
FACTS_COLUMN = 2
_WORDS_WIDTH = 110

_HOW = """
White cells are for you. Headings are protected, without a password, so that nothing is overwritten by mistake.
New entry: use the first empty row under the others, or insert a row. You can sort, filter and delete rows. Each row carries a hidden id by which it is known again, so copy its cells rather than the whole row.
Where a row belongs to another (a milestone to its initiative), choose that one from the list. A new initiative, KPI or savings line comes into the lists once its 'Listed as' is filled in.
Money is in whole pounds: 1234567, not 1.2m. Dates can be typed as 30 June 2011. Leave empty what is not known: empty is not nought.
Phasing: fill in months, quarters or years, as the line is phased, and no month twice.
Deleting a row deletes the entry. Deleting a sheet or a column is refused, for it is nearly always a mistake.
""".strip().splitlines()
_REFUSED = """
Formulas that were never worked out (a formula with a value is taken as that value), error values such as #REF!, and merged cells among the entries.
Fractions of a pound, percentages typed with %, and dates that can be read in two ways, such as 05/06/2011.
More than 2,000 rows on a sheet, texts of more than 20,000 characters, files of more than 10 MB.
A workbook of another region, round or month, of an older template, with macros or with a password.
""".strip().splitlines()

_COPY = (
    "This is what was sealed and sent in; the sealed version itself never changes. "
    "Uploading the workbook changes the draft only."
)


def write_instructions(
    page: SheetWriter, layout: Layout, origin: Origin, title: str, *, has_codes: bool
) -> None:
    """Write the sheet that opens first."""
    styles, sheet = page.styles, page.page
    page.head(INSTRUCTIONS, "")
    page.text(0, 1, title, styles.title)
    sheet.set_column(0, 0, None, styles.locked, {"hidden": True})
    sheet.set_column(1, 1, 24, styles.locked)
    sheet.set_column(2, 2, _WORDS_WIDTH, styles.locked)
    facts = [
        (REGION_ROW, "Region", origin.region_words),
        (TEMPLATE_ROW, "Template", origin.template),
        (ROUND_ROW, "Planning round", origin.round),
        (PERIOD_ROW, "Month", month_words(origin.period) if origin.period else "(whole plan)"),
        (PERIOD_ROW + 1, "Export", origin.export_id),
    ]
    if origin.exported_at:
        facts.append((PERIOD_ROW + 2, "Downloaded on", day_words(origin.exported_at.date())))
    if origin.copy_of is not None:
        facts.append((PERIOD_ROW + 3, f"Copy of version {origin.copy_of}", _COPY))
    for row, name, value in facts:
        page.text(row, 1, name, styles.strong)
        page.text(row, FACTS_COLUMN, value, styles.words)
    row = facts[-1][0] + 2
    row = _list(page, row, "How to fill it in", _HOW)
    row = _list(page, row, "What is refused, each with its sheet and cell", _REFUSED)
    page.text(row, 1, "The sheets", styles.section)
    page.text(row, 2, "", styles.section)
    sheets = [(sheet.name, sheet.about) for sheet in layout.sheets]
    if has_codes:
        sheets.append((CODES, "Codes and their names, to look up."))
    for place, (name, about) in enumerate(sheets, start=row + 1):
        sheet.write_url(place, 1, f"internal:'{name}'!B1", styles.link, name)
        page.text(place, 2, about, styles.words)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    page.protect(rows_may_change=False)
    sheet.activate()


def _list(page: SheetWriter, row: int, heading: str, lines: Sequence[str]) -> int:
    page.text(row, 1, heading, page.styles.section)
    page.text(row, 2, "", page.styles.section)
    for number, line in enumerate(lines, start=1):
        page.page.set_row(row + number, height_of([(line, _WORDS_WIDTH)]), page.styles.locked)
        page.text(row + number, 1, f"{number}.", page.styles.words)
        page.text(row + number, 2, line, page.styles.words)
    return row + len(lines) + 2


def write_codes(page: SheetWriter, lists: Sequence[CodeList]) -> None:
    """Write the sheet of codes: for each list two columns side by side."""
    page.head(CODES, "Codes and their names, to look up; nothing here is read.")
    page.page.set_column(0, 0, None, page.styles.locked, {"hidden": True})
    for number, codes in enumerate(lists):
        place = 1 + 3 * number
        page.page.set_column(place, place, 28, page.styles.words)
        page.page.set_column(place + 1, place + 1, 48, page.styles.words)
        page.text(3, place, codes.title, page.styles.heading())
        page.text(3, place + 1, "Name", page.styles.heading())
        for row, (code, name) in enumerate(codes.rows, start=4):
            page.text(row, place, code, page.styles.words)
            page.text(row, place + 1, name, page.styles.words)
    page.page.freeze_panes(4, 0)
    page.page.set_landscape()
    page.page.set_paper(A4)
    page.page.fit_to_pages(1, 0)
    page.protect(rows_may_change=False)
