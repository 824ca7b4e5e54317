"""Loading the demonstration year: returns sealed, judged, rated and released, month after month.

Everything goes through the services that people's own acts go through, in one transaction, so
that a database holds the whole year or nothing of it.  For months that were released only the
reviewed assessment is made; the last month and the plans have their computed one too.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.database import Database
from qipp_assure.demonstration.judgements import judge
from qipp_assure.demonstration.monthly import MONTHS
from qipp_assure.demonstration.setting_up import Place, set_up
from qipp_assure.demonstration.year import DemonstrationYear, build
from qipp_assure.organisations.queries import list_organisations
from qipp_assure.ratings.assessing import rate_submission
from qipp_assure.ratings.models import Basis
from qipp_assure.ratings.queries import read_result
from qipp_assure.ratings.services import record_judgements, release_assessment
from qipp_assure.returns.periods import last_day
from qipp_assure.submissions.drafts import begin_draft, replace_draft
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.services import seal_return, submit_draft
from qipp_assure.vocabulary import Actor, Refused, ReturnKind

Progress = Callable[[str], None]

PLANS_SENT = datetime(2011, 3, 18, 15, 0, tzinfo=UTC)
PLANS_REVIEWED = datetime(2011, 4, 8, 11, 0, tzinfo=UTC)
PLANS_RELEASED = datetime(2011, 4, 21, 16, 0, tzinfo=UTC)
# In this region reviewers have not finished, so that the desk has work, and nothing is released.
UNFINISHED = "Q34"
_LEFT_OPEN = 0.04


class NotEmpty(Refused):
    """The database holds something already."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    organisations: int
    people: int
    plans: int
    cards: int
    judgements: int


@dataclass(slots=True)
class _Loading:
    session: Session
    year: DemonstrationYear
    place: Place
    judgements: int = 0
    judged_on_plans: set[str] = field(default_factory=set)

    def person(self, role: str, region: str = "") -> Actor:
        """Give the actor of a role, in a region where one is named."""
        if region:
            name = self.place.organisations[region].name.lower().replace(" ", "-")
            return self.place.people[f"{role}.{name}"].actor
        return self.place.people[role].actor

    def reviewer(self, region: str) -> Actor:
        """Two reviewers share the regions."""
        return self.person("reviewer" if int(region[1:]) % 2 else "reviewer2")


def load(
    database: Database, password: str, progress: Progress, year: DemonstrationYear | None = None
) -> Loaded:
    """Load the demonstration year into an empty, migrated database, all of it or nothing.

    Args:
        database: the database.
        password: of all accounts of the demonstration.
        progress: is told what is done, a line a step.
        year: what to load; the whole demonstration year by default.

    Raises:
        NotEmpty: there are organisations already.
    """
    with _no_collector(), database.writing() as session:
        if list_organisations(session):
            raise NotEmpty("The database is not empty: the demonstration needs one of its own.")
        if year is None:
            progress("Making up the year: ten plans and 120 report cards")
            year = build()
        progress(f"Adding {len(year.bodies)} organisations and {len(year.people)} people")
        loading = _Loading(session, year, set_up(session, year, password))
        _load_plans(loading, progress)
        _load_cards(loading, progress)
        return Loaded(
            len(year.bodies),
            len(year.people),
            len(year.plans),
            len(year.cards),
            loading.judgements,
        )


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep the garbage collector still: ratings are many small objects and make no cycles.

    It takes a quarter off the time, and the memory stays at some 220 MB.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _load_plans(loading: _Loading, progress: Progress) -> None:
    session, place = loading.session, loading.place
    for number, (code, document) in enumerate(loading.year.plans.items(), start=1):
        region = place.organisations[code]
        progress(f"Plan {number} of {len(loading.year.plans)}: {region.name}, sealed and rated")
        lead = loading.person("lead", code)
        draft = begin_draft(session, lead, region, place.round, ReturnKind.PLAN)
        replace_draft(session, lead, draft, document, "demonstration year")
        sealed = submit_draft(session, loading.person("director", code), draft, at=PLANS_SENT)
        computed = rate_submission(session, lead, sealed, Basis.COMPUTED, PLANS_SENT)
        _judge(loading, sealed, document, read_result(computed), PLANS_REVIEWED)
        _review(loading, sealed, PLANS_REVIEWED, PLANS_RELEASED)


def _load_cards(loading: _Loading, progress: Progress) -> None:
    asked: dict[str, dict[str, Any]] = {}
    months = loading.year.months
    for number, month in enumerate(months, start=1):
        end = last_day(month)
        sent = _at(end + timedelta(days=16))
        day = f"{end:%B %Y}"
        progress(f"Report cards {number} of {len(months)}: {day}, of all regions, sealed and rated")
        sealed = [_seal_card(loading, code, month, sent) for code in loading.year.plans]
        for submission in sealed:
            code = submission.organisation.code
            if month in (months[0], months[-1]):
                by = loading.person("director", code)
                computed = rate_submission(loading.session, by, submission, Basis.COMPUTED, sent)
                asked.setdefault(code, read_result(computed))
        for submission in sealed:
            code = submission.organisation.code
            reviewed = _at(end + timedelta(days=23))
            # What asks for a judgement in April asks for one in later months too.
            _judge(loading, submission, loading.year.cards[code, month], asked[code], reviewed)
            _review(loading, submission, reviewed, _at(end + timedelta(days=27)))
            # Sealed contents are large, and nothing here reads them twice.
        _forget(loading.session, sealed)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC)


def _seal_card(loading: _Loading, code: str, month: str, sent: datetime) -> Submission:
    return seal_return(
        loading.session,
        loading.person("director", code),
        loading.place.organisations[code],
        loading.place.round,
        loading.year.cards[code, month],
        sent,
    )


def _judge(
    loading: _Loading,
    submission: Submission,
    document: dict[str, Any],
    asked: dict[str, Any],
    at: datetime,
) -> None:
    code = submission.organisation.code
    last = submission.kind is ReturnKind.PLAN or submission.period == MONTHS[-1]
    open_ = _LEFT_OPEN if code == UNFINISHED and last else 0.0
    verdicts = judge(loading.year.seed, asked, document, leave_out=open_)
    if submission.kind is ReturnKind.PLAN:
        loading.judged_on_plans.update(verdict.check_id for verdict in verdicts)
    else:  # what was judged on the plan counts for its cards
        verdicts = [one for one in verdicts if one.check_id not in loading.judged_on_plans]
    loading.judgements += record_judgements(
        loading.session, loading.reviewer(code), submission, verdicts, at
    )


def _review(
    loading: _Loading, submission: Submission, reviewed: datetime, released: datetime
) -> None:
    code = submission.organisation.code
    by = loading.reviewer(code)
    assessment = rate_submission(loading.session, by, submission, Basis.REVIEWED, reviewed)
    if code != UNFINISHED or submission.period not in ("", MONTHS[-1]):
        release_assessment(loading.session, loading.person("approver"), assessment, released)


def _forget(session: Session, submissions: Sequence[Submission]) -> None:
    session.flush()
    for submission in submissions:
        session.expire(submission, ["content"])
