"""What the pages about ratings show, made ready so that templates only place it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from qipp_assure.ratings.matrix import (
    UNRATED,
    Matrix,
    Rated,
    RatedSubject,
    groups_of,
    headings_of,
    rated_subject,
    subjects_of,
)
from qipp_assure.vocabulary import Rating
from qipp_assure.web.filters import direction_tag, rating_tag

Link = Callable[[str, str], str]
"""From kind and id of a subject to the address of its page."""

KIND_WORDS = {
    "plan": "Plan",
    "region": "Region",
    "workstream": "Workstream",
    "line": "Organisation",
    "initiative": "Initiative",
}
_CHILDREN = {"plan": "workstream", "region": "workstream", "workstream": "initiative"}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a matrix as the template writes it: a label, perhaps a link, and cells."""

    label: str
    href: str | None
    note: str
    cells: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class MatrixTable:
    """A matrix as the template writes it."""

    groups: tuple[tuple[str, int], ...]
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]


def matrix_table(matrix: Matrix) -> MatrixTable:
    """Write a matrix as a table of tags; each distinct tag is made once."""
    tags: dict[Rated, Markup] = {}

    def tag(rated: Rated) -> Markup:
        if rated not in tags:
            tags[rated] = rating_tag(rated.rating)
        return tags[rated]

    groups, headings = [], ["Overall"]
    for group in matrix.groups:
        headings.extend(title for _, title in group.columns)
        if group.half:
            headings.extend(("Overall", "Direction"))
        groups.append((group.title, len(group.columns) + (2 if group.half else 0)))
    rows = []
    for row in matrix.rows:
        cells = [tag(row.overall)]
        for group in matrix.groups:
            cells.extend(tag(row.criteria.get(key, UNRATED)) for key, _ in group.columns)
            if group.half:
                half = row.halves.get(group.half, UNRATED)
                cells.extend((tag(half), direction_tag(half.direction)))
        rows.append(TableRow(row.label, row.href, row.note, tuple(cells)))
    return MatrixTable(tuple(groups), tuple(headings), tuple(rows))


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose ratings a page shows, in a sentence, and whether they are provisional."""

    sentence: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """One subject with its criteria by area, its parts, and the way up to the return."""

    subject: Mapping[str, Any]
    heading: str
    kind: str
    way: tuple[tuple[str, str], ...]
    areas: tuple[tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...]], ...]
    table: MatrixTable | None
    children_kind: str
    counts: tuple[tuple[Rating, int], ...]


def find_subject(result: Mapping[str, Any], kind: str, subject_id: str) -> Mapping[str, Any] | None:
    """Find a subject of an assessment's JSON, or None."""
    return next(
        (one for one in result["subjects"] if one["kind"] == kind and one["id"] == subject_id),
        None,
    )


def root_of(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the subject that is the whole return."""
    first: Mapping[str, Any] = result["subjects"][0]
    return first


def subject_page(result: Mapping[str, Any], subject: Mapping[str, Any], link: Link) -> SubjectPage:
    """Make one subject ready to be shown."""
    children = _children(result, subject)
    return SubjectPage(
        subject=subject,
        heading=subject["name"],
        kind=KIND_WORDS[subject["kind"]],
        way=_way(result, subject, link),
        areas=_areas(subject),
        table=_table_of(children, link),
        children_kind=_CHILDREN.get(subject["kind"], ""),
        counts=tuple(
            (rating, sum(1 for one in children if one["overall"] == rating)) for rating in Rating
        ),
    )


def _children(result: Mapping[str, Any], subject: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    home = {"kind": subject["kind"], "id": subject["id"]}
    return [one for one in result["subjects"] if one["parent"] == home]


def _table_of(children: Sequence[Mapping[str, Any]], link: Link) -> MatrixTable | None:
    if not children:
        return None
    headings = dict.fromkeys(heading for child in children for heading in headings_of(child))
    rows: tuple[RatedSubject, ...] = tuple(
        rated_subject(child, link(child["kind"], child["id"])) for child in children
    )
    return matrix_table(Matrix(groups_of(headings), rows))


def _way(
    result: Mapping[str, Any], subject: Mapping[str, Any], link: Link
) -> tuple[tuple[str, str], ...]:
    way: list[tuple[str, str]] = []
    parent = subject["parent"]
    while parent is not None:
        found = find_subject(result, parent["kind"], parent["id"])
        if found is None:
            break
        way.insert(0, (found["name"], link(found["kind"], found["id"])))
        parent = found["parent"]
    return tuple(way)


def _areas(
    subject: Mapping[str, Any],
) -> tuple[tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...]], ...]:
    return tuple(
        (
            area,
            tuple(
                one
                for one in subject["criteria"]
                if one["set"] == area["set"] and one["area"] == area["id"]
            ),
        )
        for area in subject["areas"]
    )


def counts_of(result: Mapping[str, Any], kind: str) -> dict[Rating, int]:
    """Count the subjects of a kind by their overall rating."""
    found = subjects_of(result, kind)
    return {rating: sum(1 for one in found if one["overall"] == rating) for rating in Rating}
