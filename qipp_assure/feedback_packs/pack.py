"""Lays a pack out: content in, the bytes of a tagged PDF out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qipp_assure.feedback_packs.content import FiguresTable, PackContent, RiskShown
from qipp_assure.feedback_packs.printing import Printed, print_document
from qipp_assure.feedback_packs.rated import (
    AreaShown,
    CriterionShown,
    Judged,
    SubjectShown,
)
from qipp_assure.feedback_packs.tagging import finish
from qipp_assure.ratings.matrix import Group, Matrix
from qipp_assure.vocabulary import Because, Half, Rating
from qipp_assure.web import charts, filters

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "feedback_packs"
DRAFT = "Draft: not yet decided"
MEANINGS = (
    (
        Rating.GREEN,
        "What is asked for is there. For published criteria the mark is the published one.",
    ),
    (Rating.AMBER, "Part of what is asked for is there, or it is a little way off."),
    (Rating.RED, "What is asked for is not there, or it is far off."),
    (Rating.NOT_RATED, "Nothing can be said yet, or nothing is due. The reason stands beside it."),
)
TITLES = {
    "summary": "Summary",
    "matrix": "Rating matrix",
    "savings": "Savings: planned, forecast and actual",
    "risks": "Risks and help wanted",
    "plan": "The plan, criterion by criterion",
    "region": "The region, criterion by criterion",
    "workstreams": "Workstreams and initiatives",
    "appendix": "Appendix: criteria, digests and how to read them",
}
HALF_TITLES = {Half.DEVELOPMENT: "Plan development", Half.PROGRESS: "Progress against plan"}
_WIDE_MM, _NAME_MM, _MOST_MM = 277.0, 36.0, 17.0
_WORDS_MM = 9.5  # what "Not rated" takes on one line
_NARROW = (
    ".matrix td { white-space: normal; padding: 0.15mm; }"
    ".matrix tbody th { font-size: 6.8pt; padding: 0.15mm 1mm; }"
    ".matrix td.not-rated { font-size: 5.6pt; }"
    ".matrix td.not-rated .symbol { display: inline; font-size: 5.6pt; }"
)
"""Of a matrix with the plan's own criteria beside: two lines a cell, so that it takes one page."""

_FLAGS, _FLAGGED = 5, 3
_ORDER = {Rating.RED: 0, Rating.AMBER: 1, Rating.NOT_RATED: 2, Rating.GREEN: 3}


def render_pack(content: PackContent) -> bytes:
    """Make the PDF of a pack.

    Raises `printing.PrinterMissing` where WeasyPrint cannot be loaded, and RuntimeError where
    the document asked for anything from outside, which none of ours does.
    """
    printed = print_pack(content)
    if printed.refused:
        raise RuntimeError(f"a pack asked for {', '.join(printed.refused[:3])}")
    return finish(printed.pdf, [_alternative(table) for table in content.savings.tables])


def print_pack(content: PackContent) -> Printed:
    """Lay a pack out without the finishing of its tags."""
    css = (TEMPLATES / "pack.css").read_text(encoding="utf-8")
    return print_document(html_of(content), css + _matrix_widths(content), content.identifier)


def html_of(content: PackContent) -> str:
    """The document that is laid out."""
    return (
        _environment()
        .get_template("pack.jinja")
        .render(
            pack=content,
            standing=content.decision.outcome if content.decision else DRAFT,
            titles=TITLES | {"region": _region_title(content)},
            sections=list(_sections(content)),
            groups=content.region.parts + content.lines,
            summary_areas=_summary_areas(content),
            tallies=list(_tallies(content)),
            flags_by_words=list(_flags(content)),
            risk_groups=list(_risk_groups(content.risks)),
            charts=[_chart(one, number) for number, one in enumerate(content.savings.tables)],
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (filters.date, filters.money_exact, filters.count_of, short, grouped, by_half):
        environment.filters[function.__name__] = function
    environment.globals.update(
        ratings=list(Rating),
        rating_words=filters.RATING_WORDS,
        because_words=filters.BECAUSE_WORDS,
        direction_words=filters.DIRECTION_WORDS,
        meanings=MEANINGS,
        width_of=_width,
    )
    return environment


def short(text: str, length: int) -> str:
    """A text cut at a length, for headings that run along the page.

    >>> short("Medicines management", 12), short("Estates", 12)
    ('Medicines…', 'Estates')
    """
    if len(text) <= length:
        return text
    return (text[: length - 1].rsplit(None, 1)[0] or text[: length - 1]) + "…"


def grouped(criterion: CriterionShown) -> list[tuple[Judged | None, str]]:
    """What a criterion and its checks say, by rating, what pulls down first.

    The criterion's own reason comes first, without a mark, where the checks do not say it.
    """
    found: dict[tuple[Rating, Because | None], list[str]] = {}
    for check in sorted(criterion.checks, key=lambda one: _ORDER[one.judged.rating]):
        judged = check.judged
        said = judged.reason
        if judged.because is Because.DOES_NOT_APPLY:
            said = f"{check.asks}: {said}"
        found.setdefault((judged.rating, judged.because), []).append(said)
    told = [(Judged(*key), " ".join(said)) for key, said in found.items()]
    if any(criterion.judged.reason in said for _, said in told):
        return list(told)
    return [(None, criterion.judged.reason), *told]


def by_half(subject: SubjectShown) -> list[tuple[str, list[CriterionShown]]]:
    """The criteria of a subject under its halves; those that belong to none come last."""
    found: dict[str | None, list[CriterionShown]] = {half.value: [] for half in Half}
    for area in subject.areas:
        for criterion in area.criteria:
            found.setdefault(criterion.half, []).append(criterion)
    titles: dict[str | None, str] = {half.value: title for half, title in HALF_TITLES.items()}
    return [
        (titles.get(half, "Criteria"), criteria) for half, criteria in found.items() if criteria
    ]


def _sections(content: PackContent) -> Iterator[tuple[str, str]]:
    for key in ("summary", "matrix", "savings", "risks"):
        yield key, TITLES[key]
    if content.plan:
        yield content.plan.anchor, TITLES["plan"]
    yield content.region.anchor, _region_title(content)
    yield "workstreams", TITLES["workstreams"]
    yield "appendix", TITLES["appendix"]


def _region_title(content: PackContent) -> str:
    """A plan's own pack is about the plan; a card's is about the region in that month."""
    return TITLES["plan" if content.region.kind == "plan" else "region"]


def _summary_areas(content: PackContent) -> list[tuple[str, tuple[AreaShown, ...]]]:
    of_plan = [("Of the plan", content.plan.areas)] if content.plan else []
    return [*of_plan, (f"Of {content.what[:1].lower()}{content.what[1:]}", content.region.areas)]


def _tallies(content: PackContent) -> Iterator[tuple[str, dict[Rating, int]]]:
    subjects = content.subjects
    for label, kind in (
        ("Workstreams", "workstream"),
        ("Initiatives", "initiative"),
        ("Lines", "line"),
    ):
        found = [one.judged.rating for one in subjects if one.kind == kind]
        if found:
            yield label, {rating: found.count(rating) for rating in Rating}
    tops: list[SubjectShown] = [*([content.plan] if content.plan else []), content.region]
    criteria = [one.judged.rating for top in tops for area in top.areas for one in area.criteria]
    yield "Criteria of the region", {rating: criteria.count(rating) for rating in Rating}


def _flags(content: PackContent) -> Iterator[tuple[str, str]]:
    by_words: dict[str, list[str]] = {}
    for title, _, says in content.flags:
        by_words.setdefault(says, []).append(short(title, 40))
    for says, titles in list(by_words.items())[:_FLAGS]:
        more = len(titles) - _FLAGGED
        yield says, ", ".join(titles[:_FLAGGED]) + (f" and {more} more" if more > 0 else "")
    if (left := len(by_words) - _FLAGS) > 0:
        yield "And other flags beside the subjects", filters.count_of(left, "kind")


def _risk_groups(risks: Iterable[RiskShown]) -> Iterator[tuple[str, list[RiskShown]]]:
    found = list(risks)
    for title, chosen in (
        ("Risks of the region", [risk for risk in found if not risk.anchor]),
        ("Risks of initiatives, the heaviest first", [risk for risk in found if risk.anchor]),
    ):
        if chosen:
            yield title, chosen


def _chart(table: FiguresTable, number: int) -> Markup:
    """The same drawing as on the web: periods stand along the page, names down it."""
    draw = charts.savings_by_name if table.by_name else charts.savings_over_time
    return draw(table.chart, f"chart-{number}")


def _alternative(table: FiguresTable) -> str:
    return f"Chart: {table.chart.title}. {table.chart.description}"


def _matrix_widths(content: PackContent) -> str:
    """Style of the matrix: its columns share what the names leave of the landscape page."""
    matrix = content.matrix
    cells = sum(_width(matrix, group) for group in matrix.groups) + 1
    cell = min((_WIDE_MM - _NAME_MM) / cells, _MOST_MM)
    name = _WIDE_MM - cell * cells
    style = f"col.cell {{ width: {cell:.2f}mm; }} col.name {{ width: {name:.2f}mm; }}"
    return style if cell >= _WORDS_MM else f"{style} {_NARROW}"


def _width(matrix: Matrix, group: Group) -> int:
    """How many columns a group takes with those of its half as a whole."""
    return len(group.columns) + (1 + matrix.travels(group) if group.half else 0)
