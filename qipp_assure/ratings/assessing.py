"""Rating what is kept: drafts for a look, sealed returns for good, and bundles to take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from qipp_assure.criteria_engine.assessment import Assessment as Outcomes
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.ratings.context import criteria_of, find_sealed, inputs_of, inputs_of_draft, loaded
from qipp_assure.ratings.models import Assessment, Basis
from qipp_assure.ratings.queries import (
    criteria_of as criteria_named_by,
)
from qipp_assure.ratings.queries import (
    find_criteria_version,
    latest_assessment,
    read_context,
    read_judgements,
    read_result,
)
from qipp_assure.ratings.services import store_assessment
from qipp_assure.returns.bundle import RatingInputs, assessment_document, build_bundle
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.queries import read_content
from qipp_assure.submissions.services import submit_draft
from qipp_assure.vocabulary import Actor, Refused


@dataclass(frozen=True, slots=True)
class Rated:
    """A return as it was rated: from what, by which sets, and what came of it."""

    inputs: RatingInputs
    sets: tuple[CriteriaSet, ...]
    outcomes: Outcomes

    def result(self) -> dict[str, Any]:
        """Write what came of it as the document that pages show."""
        return assessment_document(self.inputs, self.outcomes)


def rate_draft(session: Session, draft: Draft) -> Rated:
    """Rate a draft as it stands, for its writers to see; nothing is kept."""
    inputs = inputs_of_draft(session, draft)
    sets = criteria_of(session, draft.round, draft.template)
    return Rated(inputs, sets, inputs.assess(sets))


def rate_as_kept(session: Session, assessment: Assessment) -> Rated:
    """Rate a sealed return once more from all that was frozen with an assessment, and no more.

    Raises Refused where something that it was made from is not kept.
    """
    inputs = frozen_inputs(session, assessment)
    sets = _sets_named_by(session, assessment)
    return Rated(inputs, sets, inputs.assess(sets))


def rate_submission(
    session: Session,
    actor: Actor,
    submission: Submission,
    basis: Basis,
    at: datetime | None = None,
) -> Assessment:
    """Rate a sealed return by the criteria of its round and keep the assessment.

    Safe to repeat: the same inputs give back the assessment that is kept already.
    """
    inputs = inputs_of(session, submission, basis)
    sets = criteria_of(session, submission.round, submission.template)
    return store_assessment(
        session,
        actor,
        submission,
        basis=basis,
        as_of=inputs.as_of,
        context=inputs.context,
        judgements=inputs.judgements,
        result=assessment_document(inputs, inputs.assess(sets)),
        at=at,
    )


def submit_return(
    session: Session, actor: Actor, draft: Draft, expected_revision: int | None = None
) -> Submission:
    """Seal a draft and rate what was sealed, in one act; errors as for `submit_draft`."""
    submission = submit_draft(session, actor, draft, expected_revision=expected_revision)
    rate_submission(session, actor, submission, Basis.COMPUTED)
    return submission


def standing_result(
    session: Session, submission: Submission, *, unreleased: bool, computed: bool = True
) -> tuple[Assessment, dict[str, Any]] | None:
    """Give the assessment of a sealed return that somebody may see, with its whole result.

    Args:
        session: to read in.
        submission: that was rated.
        unreleased: whether they may see reviewers' ratings before their release.
        computed: whether they may see computed ratings where nothing is released.
    """
    found = latest_assessment(session, submission) if unreleased else None
    if found is None:
        found = latest_assessment(session, submission, Basis.REVIEWED, released_only=True)
    if found is None and computed:
        found = latest_assessment(session, submission, Basis.COMPUTED)
    return None if found is None else (found, read_result(found))


def frozen_inputs(session: Session, assessment: Assessment) -> RatingInputs:
    """Give what an assessment was made from, criteria apart, as it was frozen with it."""
    submission = assessment.submission
    context = read_context(session, assessment.context_digest)
    baseline = find_sealed(session, submission.organisation, context.get("baseline_plan"))
    documents = {} if baseline is None else {baseline.digest: read_content(baseline)}
    return RatingInputs(
        document=read_content(submission),
        as_of=assessment.as_of,
        context=context,
        documents=documents,
        judgements=tuple(read_judgements(assessment)),
        known_digest=submission.digest,
    )


def bundle_of(session: Session, assessment: Assessment) -> dict[str, Any]:
    """Put an assessment and all that it was made from into one document, for ``export``.

    Raises Refused where something that it was made from is not kept.
    """
    inputs = frozen_inputs(session, assessment)
    return build_bundle(inputs, _sets_named_by(session, assessment), read_result(assessment))


def _sets_named_by(session: Session, assessment: Assessment) -> tuple[CriteriaSet, ...]:
    found = []
    for named in criteria_named_by(assessment):
        version = find_criteria_version(session, named["set"], named["version"])
        if version is None:
            raise Refused(f"{named['set']}@{named['version']} is no longer kept.")
        found.append(loaded(version.text, f"{named['set']}@{named['version']}"))
    return tuple(found)
