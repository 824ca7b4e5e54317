"""The rating matrix in the shape of the report card: one row a workstream, two halves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from qipp_assure.feedback_packs.content import (
    Column,
    Matrix,
    MatrixHalf,
    MatrixRow,
)
from qipp_assure.feedback_packs.rated import CriterionShown, SubjectShown
from qipp_assure.vocabulary import Half

HALF_TITLES = {Half.DEVELOPMENT: "Plan development", Half.PROGRESS: "Progress against plan"}


def matrix_of(region: SubjectShown, lines: Sequence[SubjectShown] = ()) -> Matrix:
    """Lay out the region's own row, then its workstreams, then lines that anything rates.

    The columns are the criteria that belong to a half, under their areas, in the order of the
    criteria files; a half that nothing belongs to is left out.
    """
    workstreams = [part for part in region.parts if part.kind == "workstream"]
    subjects = [region, *workstreams, *(line for line in lines if line.areas)]
    halves = [half for half in (_half(name, subjects) for name in Half) if half.columns]
    return Matrix(tuple(halves), tuple(_row(subject, halves) for subject in subjects))


def _criteria(subject: SubjectShown) -> Iterable[tuple[str, CriterionShown]]:
    for area in subject.areas:
        for criterion in area.criteria:
            yield area.title, criterion


def _half(half: Half, subjects: Sequence[SubjectShown]) -> MatrixHalf:
    found: dict[tuple[str, str], Column] = {}
    areas: dict[str, int] = {}
    for subject in subjects:
        for area, criterion in _criteria(subject):
            if criterion.half == half.value:
                areas.setdefault(area, len(areas))
                column = Column(criterion.set, criterion.key, area, criterion.title)
                found.setdefault((criterion.set, criterion.key), column)
    columns = sorted(found.values(), key=lambda column: areas[column.area])
    groups = tuple((area, tuple(part)) for area, part in groupby(columns, lambda c: c.area))
    return MatrixHalf(half.value, HALF_TITLES[half], tuple(columns), groups)


def _row(subject: SubjectShown, halves: Sequence[MatrixHalf]) -> MatrixRow:
    marks = {(one.set, one.key): one.judged for _, one in _criteria(subject)}
    return MatrixRow(
        title=subject.title,
        anchor=subject.anchor,
        cells=tuple(
            tuple(marks.get((column.set, column.key)) for column in half.columns) for half in halves
        ),
        halves=tuple(subject.half(half.id) for half in halves),
        overall=subject.judged,
    )
