"""Reading rounds and the Department's figures for them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from qipp_assure.organisations.models import Organisation
from qipp_assure.rounds.models import (
    Allocation,
    Round,
    RoundCriteria,
    RoundRegion,
    RoundWorkstream,
)
from qipp_assure.vocabulary import Refused


class UnknownRound(Refused):
    """There is no round of that code."""


def find_round(session: Session, code: str) -> Round | None:
    """Return the round of a code, or None."""
    return session.scalars(select(Round).where(Round.code == code)).first()


def get_round(session: Session, code: str) -> Round:
    """Return the round of a code.

    Raises:
        UnknownRound: there is none.
    """
    found = find_round(session, code)
    if found is None:
        raise UnknownRound(f"There is no planning round with the code {code[:40]!r}.")
    return found


def list_rounds(session: Session) -> list[Round]:
    """Return all rounds, the latest first."""
    return list(session.scalars(select(Round).order_by(Round.opens_on.desc(), Round.code)))


def find_current_round(session: Session, on: date) -> Round | None:
    """Return the round open on a day; else the last that opened before it; else any, or None."""
    rounds = list_rounds(session)
    for found in rounds:
        if found.opens_on <= on <= found.closes_on:
            return found
    return next((found for found in rounds if found.opens_on <= on), rounds[-1] if rounds else None)


def list_round_regions(session: Session, round_: Round) -> list[Organisation]:
    """Return the regions that take part in a round, in the order of their codes."""
    return list(
        session.scalars(
            select(Organisation)
            .join(RoundRegion, RoundRegion.organisation_id == Organisation.id)
            .where(RoundRegion.round_id == round_.id)
            .order_by(Organisation.code)
        )
    )


def takes_part(session: Session, round_: Round, organisation: Organisation) -> bool:
    """Tell whether a region takes part in a round."""
    return session.get(RoundRegion, (round_.id, organisation.id)) is not None


def find_challenge(session: Session, round_: Round, organisation: Organisation) -> int | None:
    """Return the Department's estimate of a region's challenge in pounds, None if not given."""
    found = session.get(RoundRegion, (round_.id, organisation.id))
    return found.challenge_gbp if found else None


def allocations_of(session: Session, round_: Round, region: Organisation) -> dict[str, int]:
    """Return the Department's allocations in pounds to a region and its bodies, by their codes."""
    rows = session.execute(
        select(Organisation.code, Allocation.amount_gbp)
        .join(Allocation, Allocation.organisation_id == Organisation.id)
        .where(
            Allocation.round_id == round_.id,
            or_(Organisation.parent_id == region.id, Organisation.id == region.id),
        )
        .order_by(Organisation.code)
    )
    return {row.code: row.amount_gbp for row in rows}


def list_workstreams(session: Session, round_: Round) -> list[RoundWorkstream]:
    """Return the national workstreams of a round, in their published order."""
    return list(
        session.scalars(
            select(RoundWorkstream)
            .where(RoundWorkstream.round_id == round_.id)
            .order_by(RoundWorkstream.position)
        )
    )


def list_criteria(session: Session, round_: Round) -> list[RoundCriteria]:
    """Return the criteria sets that a round rates by, each with its version, in order."""
    return list(
        session.scalars(
            select(RoundCriteria)
            .where(RoundCriteria.round_id == round_.id)
            .order_by(RoundCriteria.position)
        )
    )
