"""Sealed history as what a version of the criteria can rate again; it is read and never written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy.orm import Session

from qipp_assure.criteria_engine.compiled.rating import ToRate
from qipp_assure.criteria_engine.faults import nearest
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.ratings.assessing import frozen_inputs
from qipp_assure.ratings.context import inputs_of, loaded
from qipp_assure.ratings.criteria_files import library
from qipp_assure.ratings.models import Basis
from qipp_assure.ratings.queries import (
    find_criteria_version,
    latest_assessment,
    list_criteria_versions,
)
from qipp_assure.rounds.queries import list_rounds
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.queries import list_latest
from qipp_assure.vocabulary import Refused, ReturnKind


class UnknownVersion(Refused):
    """There is no such version of a criteria set, neither published nor among the files."""


def find_version(session: Session, name: str) -> CriteriaSet:
    """Give a version by ``SET@VERSION``: as it was published, else as the criteria folder has it.

    Raises:
        UnknownVersion: there is none.
        CriteriaFaults: its text cannot be read.
    """
    set_id, _, version = name.partition("@")
    published = find_criteria_version(session, set_id, version)
    if published is not None:
        return loaded(published.text, name)
    for one in library().sets:
        if (one.set, one.version) == (set_id, version):
            return one
    known = {f"{one.set_id}@{one.version}" for one in list_criteria_versions(session)}
    known |= {f"{one.set}@{one.version}" for one in library().sets}
    raise UnknownVersion(
        f"there is no criteria version {name[:80]!r} (there are {', '.join(sorted(known))})."
        f"{nearest(name, sorted(known))}"
    )


def list_sealed(session: Session, templates: Collection[str]) -> list[Submission]:
    """List the latest version of every sealed return of some templates, in all rounds.

    Plans first, then report cards, each by region and month; their contents are not read yet.
    """
    return [
        submission
        for round_ in reversed(list_rounds(session))
        for kind in ReturnKind
        for submission in list_latest(session, round_, kind)
        if submission.template in templates
    ]


def read_sealed(session: Session, submissions: Iterable[Submission]) -> Iterator[ToRate]:
    """Read returns one by one, with the inputs that were frozen with the assessment that counts.

    A return that was never assessed is read with its inputs as they stand now.
    """
    for submission in submissions:
        assessment = latest_assessment(session, submission)
        if assessment is None:
            inputs = inputs_of(session, submission, Basis.REVIEWED)
        else:
            inputs = frozen_inputs(session, assessment)
            session.expire(assessment)  # its result is large
        yield ToRate(inputs.facts(), inputs.as_of, inputs.judgements)
        session.expire(submission, ["content"])  # so is this, and nothing reads it again
