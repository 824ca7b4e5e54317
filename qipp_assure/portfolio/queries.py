"""Reading what the pictures show: the national matrix and a region's year."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.ratings.matrix import (
    UNRATED,
    Heading,
    Matrix,
    Rated,
    RatedSubject,
    headings_of,
    matrix_of,
)
from qipp_assure.ratings.models import Assessment, Basis, RatedPart
from qipp_assure.ratings.queries import (
    MatrixRow,
    latest_assessments,
    list_ratings,
    rating_matrix,
    read_result,
)
from qipp_assure.rounds.models import Round
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.queries import list_drafts, list_latest
from qipp_assure.vocabulary import ReturnKind

ROOT_KINDS = ("plan", "region")


@dataclass(frozen=True, slots=True)
class NationalMatrix:
    """All regions side by side; `source` has a row for each of them, in the same order."""

    matrix: Matrix
    source: tuple[MatrixRow, ...]


def national_matrix(
    session: Session,
    round_: Round,
    kind: ReturnKind,
    period: str = "",
    *,
    unreleased: bool,
) -> NationalMatrix:
    """Put all regions' ratings of a plan, or of one month, into one matrix.

    With `unreleased` the latest ratings are shown, released or not; else the released ones only.
    """
    rows = rating_matrix(
        session,
        round_,
        kind,
        period,
        released_only=not unreleased,
        subject_kinds=ROOT_KINDS,
        parts=(RatedPart.OVERALL, RatedPart.HALF, RatedPart.CRITERION),
    )
    assessed = next((row.assessment for row in rows if row.assessment is not None), None)
    headings = _headings(kind, assessed) if assessed is not None else ()
    return NationalMatrix(matrix_of(headings, map(_rated, rows)), tuple(rows))


_HEADINGS: dict[tuple[ReturnKind, str], tuple[Heading, ...]] = {}


def _headings(kind: ReturnKind, assessment: Assessment) -> tuple[Heading, ...]:
    """Read titles, halves and areas of the columns, which stand in any one result.

    A result is large, and its headings follow from the versions of its criteria alone, so they
    are kept by these for as long as the process lives.
    """
    key = (kind, assessment.criteria)
    if key not in _HEADINGS:
        _HEADINGS[key] = headings_of(read_result(assessment)["subjects"][0])
    return _HEADINGS[key]


def _rated(row: MatrixRow) -> RatedSubject:
    overall = UNRATED
    criteria: dict[tuple[str, str], Rated] = {}
    halves: dict[str, Rated] = {}
    for (set_id, part, part_id), cell in row.cells.items():
        rated = Rated(cell.rating, cell.because, cell.direction)
        if part is RatedPart.OVERALL:
            overall = rated
        elif part is RatedPart.HALF:
            halves[part_id] = rated
        else:
            criteria[set_id, part_id] = rated
    if row.submission is None:
        note = "Nothing sent in"
    elif row.assessment is None:
        note = "Not released"
    elif row.assessment.basis is Basis.COMPUTED:
        note = "Computed, not reviewed"
    else:
        note = "Released" if row.is_released else "Reviewed, not released"
    return RatedSubject(row.organisation.name, overall, criteria, halves, note=note)


@dataclass(frozen=True, slots=True)
class MonthOfRegion:
    """One return of a region's year with its ratings, where it has been sent in and rated."""

    kind: ReturnKind
    period: str
    submission: Submission | None
    overall: Rated | None
    halves: dict[str, Rated]
    has_draft: bool


def year_of_region(
    session: Session,
    region: Organisation,
    round_: Round,
    *,
    unreleased: bool,
    computed: bool,
    drafts: bool,
) -> list[MonthOfRegion]:
    """List a region's plan and the months of its round, in a fixed number of queries.

    Args:
        session: to read in.
        region: whose year.
        round_: of which round.
        unreleased: whether ratings that are not released are shown.
        computed: whether computed ratings are shown where nothing is released.
        drafts: whether it is shown what has been begun.
    """
    plans = list_latest(session, round_, ReturnKind.PLAN, organisation=region)
    cards = list_latest(session, round_, ReturnKind.REPORT_CARD, organisation=region)
    ids = [one.id for one in (*plans, *cards)]
    released = latest_assessments(session, ids, Basis.REVIEWED, released_only=True)
    found = latest_assessments(session, ids, Basis.COMPUTED) if computed else {}
    found |= released
    if unreleased:
        found |= latest_assessments(session, ids)
    cells: dict[int, dict[str, Rated]] = {}
    rows = list_ratings(
        session,
        [assessment.id for assessment, _ in found.values()],
        subject_kinds=ROOT_KINDS,
        parts=(RatedPart.OVERALL, RatedPart.HALF),
    )
    for row in rows:
        name = "" if row.part is RatedPart.OVERALL else row.part_id
        cells.setdefault(row.assessment_id, {})[name] = Rated(
            row.rating, row.because, row.direction
        )
    by_period = {one.period: one for one in (*plans, *cards)}
    begun = {one.period for one in list_drafts(session, region, round_)} if drafts else set()
    year = []
    for period in ("", *round_.periods):
        submission = by_period.get(period)
        rated = (
            cells.get(found[submission.id][0].id, {})
            if submission is not None and submission.id in found
            else {}
        )
        year.append(
            MonthOfRegion(
                kind=ReturnKind.REPORT_CARD if period else ReturnKind.PLAN,
                period=period,
                submission=submission,
                overall=rated.get(""),
                halves={name: value for name, value in rated.items() if name},
                has_draft=period in begun,
            )
        )
    return year
