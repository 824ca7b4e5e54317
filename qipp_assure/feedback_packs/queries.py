"""Reading packs, and what one would be made from for somebody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qipp_assure.database import find_row
from qipp_assure.feedback_packs.models import Pack, Standing
from qipp_assure.ratings.context import find_sealed
from qipp_assure.ratings.models import Assessment, Basis
from qipp_assure.ratings.queries import is_released, latest_assessment, read_context
from qipp_assure.returns.canonical import digest
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.queries import list_latest
from qipp_assure.vocabulary import Refused, ReturnKind

FORMAT = "qipp-assure-pack@1"
"""Changes when packs are laid out anew, so that old ones are not taken for it."""


class UnknownPack(Refused):
    """There is no such pack."""


@dataclass(frozen=True, slots=True)
class PackParts:
    """What a pack is made from: assessments of a return and of the plan behind it, and cards."""

    submission: Submission
    assessment: Assessment
    plan: Assessment | None
    cards: tuple[Submission, ...]
    standing: Standing

    @property
    def key(self) -> str:
        """The digest of all of it: two packs of one key say the same."""
        return digest(
            {
                "format": FORMAT,
                "assessment": [self.assessment.id, self.assessment.result_digest],
                "plan": [self.plan.id, self.plan.result_digest] if self.plan else None,
                "cards": [card.digest for card in self.cards],
                "standing": self.standing.value,
            }
        )


def find_parts(
    session: Session, submission: Submission, *, unreleased: bool, provisional: bool
) -> PackParts | None:
    """Find what a pack of a sealed return is made from, for somebody who sees so much.

    None where there is no rating of it that they may see.
    """
    main = _standing(session, submission, unreleased=unreleased, provisional=provisional)
    if main is None:
        return None
    assessment, standing = main
    plan: Assessment | None = None
    cards: tuple[Submission, ...] = ()
    if submission.kind is ReturnKind.REPORT_CARD:
        stated = read_context(session, assessment.context_digest).get("baseline_plan")
        baseline = find_sealed(session, submission.organisation, stated)
        found = baseline and _standing(
            session, baseline, unreleased=unreleased, provisional=provisional
        )
        if found:
            plan = found[0]
            standing = min(standing, found[1], key=list(Standing).index)
        cards = _cards(session, submission)
    return PackParts(submission, assessment, plan, cards, standing)


def _standing(
    session: Session, submission: Submission, *, unreleased: bool, provisional: bool
) -> tuple[Assessment, Standing] | None:
    found = latest_assessment(session, submission) if unreleased else None
    if found is None:
        found = latest_assessment(session, submission, Basis.REVIEWED, released_only=True)
    if found is None and provisional:
        found = latest_assessment(session, submission, Basis.COMPUTED)
    if found is None:
        return None
    if found.basis is Basis.COMPUTED:
        return found, Standing.PROVISIONAL
    return found, Standing.RELEASED if is_released(session, found) else Standing.UNRELEASED


def _cards(session: Session, submission: Submission) -> tuple[Submission, ...]:
    """The region's report cards up to the month of this one, which stands for its month."""
    earlier = list_latest(
        session, submission.round, ReturnKind.REPORT_CARD, organisation=submission.organisation
    )
    return (*(card for card in earlier if card.period < submission.period), submission)


def find_pack(session: Session, key: str) -> Pack | None:
    """Return the latest pack made from just these parts, or None."""
    return session.scalars(
        select(Pack).where(Pack.key == key).order_by(Pack.id.desc()).limit(1)
    ).first()


def get_pack(session: Session, pack_id: int) -> Pack:
    """Return a pack by id.

    Raises:
        UnknownPack: there is none.
    """
    found = find_row(session, Pack, pack_id)
    if found is None:
        raise UnknownPack("There is no such pack.")
    return found
