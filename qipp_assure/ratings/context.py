"""What a return does not hold, put together for its rating, and the criteria of its round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from qipp_assure.accounts.queries import today
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.organisations.models import Organisation
from qipp_assure.ratings.models import Basis, CriteriaVersion
from qipp_assure.ratings.queries import (
    judgements_on,
    latest_assessment,
    ratings_for_direction,
)
from qipp_assure.returns.bundle import RatingInputs, date_of_rating
from qipp_assure.returns.periods import previous_month
from qipp_assure.returns.schemas import schemas
from qipp_assure.rounds.models import Round
from qipp_assure.rounds.queries import (
    allocations_of,
    find_challenge,
    list_criteria,
    list_workstreams,
)
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.queries import document_of, find_latest, list_latest, read_content
from qipp_assure.vocabulary import Refused, ReturnKind

_UK = ZoneInfo("Europe/London")


class UnpublishedCriteria(Refused):
    """A round names a version of a criteria set that was never published."""


def criteria_of(session: Session, round_: Round, template: str) -> tuple[CriteriaSet, ...]:
    """Give the versions that a round rates returns of a template by, in the round's order.

    Raises UnpublishedCriteria where one of them was never published.
    """
    found = []
    for pinned in list_criteria(session, round_):
        text = session.scalar(
            select(CriteriaVersion.text).where(
                CriteriaVersion.set_id == pinned.set_id, CriteriaVersion.version == pinned.version
            )
        )
        if text is None:
            raise UnpublishedCriteria(
                f"{round_.title} rates by {pinned.set_id}@{pinned.version}, "
                "which was never published."
            )
        found.append(loaded(text, f"{pinned.set_id}@{pinned.version}"))
    return tuple(one for one in found if template in one.reads)


@lru_cache(maxsize=32)
def loaded(text: str, name: str) -> CriteriaSet:
    """Load a published version, once a process."""
    return load_set(text, name, schemas())


def inputs_of_draft(session: Session, draft: Draft, on: date | None = None) -> RatingInputs:
    """Put together what a draft is rated from: as it stands, without reviewers' judgements."""
    document = document_of(session, draft)
    context, documents = context_of(
        session, draft.organisation, draft.round, document, basis=Basis.COMPUTED
    )
    return RatingInputs(
        document=document,
        as_of=date_of_rating(document, on or today()),
        context=context,
        documents=documents,
    )


def inputs_of(session: Session, submission: Submission, basis: Basis) -> RatingInputs:
    """Put together what a sealed return is rated from.

    With `Basis.REVIEWED` the reviewers' judgements on it count.  For a report card those on its
    baseline plan and on the cards of earlier months count too, until somebody judges anew: they
    say by whom and when they were made.
    """
    document = read_content(submission)
    context, documents = context_of(
        session, submission.organisation, submission.round, document, basis=basis
    )
    judged: tuple[Mapping[str, Any], ...] = ()
    if basis is Basis.REVIEWED:
        judged = judgements_on(session, _judged_before(session, submission, context))
    return RatingInputs(
        document=document,
        as_of=date_of_rating(document, submission.submitted_at.astimezone(_UK).date()),
        context=context,
        documents=documents,
        judgements=judged,
        known_digest=submission.digest,
    )


def _judged_before(
    session: Session, submission: Submission, context: Mapping[str, Any]
) -> list[Submission]:
    """List the returns whose judgements count, those that count least first."""
    if submission.kind is ReturnKind.PLAN:
        return [submission]
    region, round_ = submission.organisation, submission.round
    baseline = find_sealed(session, region, context["baseline_plan"])
    cards = list_latest(session, round_, ReturnKind.REPORT_CARD, organisation=region)
    earlier = [card for card in cards if card.period < submission.period]
    return [*([baseline] if baseline else []), *earlier, submission]


def context_of(
    session: Session,
    organisation: Organisation,
    round_: Round,
    document: Mapping[str, Any],
    *,
    basis: Basis,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the context of a return, and by digest the documents that the context names."""
    context: dict[str, Any] = {
        "organisation": {
            "code": organisation.code,
            "name": organisation.name,
            "kind": organisation.kind,
            "tier": organisation.tier.value,
        },
        "allocations": allocations_of(session, round_, organisation),
        "challenge_gbp": find_challenge(session, round_, organisation),
        "national_workstreams": [one.code for one in list_workstreams(session, round_)],
        "baseline_plan": None,
        "previous_card": None,
        "previous_ratings": [],
    }
    documents: dict[str, Any] = {}
    if document.get("template") != round_.report_card_template:
        return context, documents
    baseline = _baseline(session, organisation, round_, document)
    if baseline is not None:
        context["baseline_plan"] = baseline.digest
        documents[baseline.digest] = read_content(baseline)
    previous = find_latest(
        session,
        organisation,
        round_,
        ReturnKind.REPORT_CARD,
        previous_month(str(document.get("period"))),
    )
    if previous is not None:
        context["previous_card"] = previous.digest
        found = latest_assessment(session, previous, basis)
        context["previous_ratings"] = ratings_for_direction(session, found) if found else []
    return context, documents


def _baseline(
    session: Session, organisation: Organisation, round_: Round, document: Mapping[str, Any]
) -> Submission | None:
    """Find the plan that a card says its figures come from; the latest, where it says none."""
    stated = document.get("plan_digest")
    if isinstance(stated, str):
        return find_sealed(session, organisation, stated)
    latest = find_latest(session, organisation, round_, ReturnKind.PLAN)
    return None if latest is None else find_sealed(session, organisation, latest.digest)


def find_sealed(
    session: Session, organisation: Organisation, content_digest: str | None
) -> Submission | None:
    """Return a region's sealed return by the digest of its content, or None."""
    if content_digest is None:
        return None
    return session.scalars(
        select(Submission)
        .where(Submission.organisation_id == organisation.id, Submission.digest == content_digest)
        .order_by(Submission.id.desc())
        .options(undefer(Submission.content))
        .limit(1)
    ).first()
