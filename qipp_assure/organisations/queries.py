"""Finding organisations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from qipp_assure.organisations.models import Organisation, Succession
from qipp_assure.vocabulary import Refused, Tier


class UnknownOrganisation(Refused):
    """There is no organisation of that code."""


def find_by_code(session: Session, code: str) -> Organisation | None:
    """Return the organisation of a code, or None."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.code == code)
        .options(joinedload(Organisation.parent))
    ).first()


def get_by_code(session: Session, code: str) -> Organisation:
    """Return the organisation of a code.

    Raises:
        UnknownOrganisation: there is none.
    """
    found = find_by_code(session, code)
    if found is None:
        raise UnknownOrganisation(f"There is no organisation with the code {code[:20]!r}.")
    return found


def list_organisations(session: Session) -> list[Organisation]:
    """Return all organisations in the order of tier and code."""
    return list(
        session.scalars(
            select(Organisation)
            .options(joinedload(Organisation.parent))
            .order_by(Organisation.tier, Organisation.code)
        )
    )


def list_regions(session: Session, on: date | None = None) -> list[Organisation]:
    """Return the regions in the order of their codes; those that exist on a day, if one is given."""
    query = select(Organisation).where(Organisation.tier == Tier.REGIONAL)
    if on is not None:
        query = query.where(
            Organisation.starts_on <= on,
            or_(Organisation.ends_on.is_(None), Organisation.ends_on >= on),
        )
    return list(session.scalars(query.order_by(Organisation.code)))


def list_children(session: Session, parent: Organisation) -> list[Organisation]:
    """Return the bodies that belong to an organisation, in the order of their codes."""
    return list(
        session.scalars(
            select(Organisation)
            .where(Organisation.parent_id == parent.id)
            .order_by(Organisation.code)
        )
    )


def list_successors(session: Session, predecessor: Organisation) -> list[Organisation]:
    """Return the organisations that took over from one, in the order of their codes."""
    return list(
        session.scalars(
            select(Organisation)
            .join(Succession, Succession.successor_id == Organisation.id)
            .where(Succession.predecessor_id == predecessor.id)
            .order_by(Organisation.code)
        )
    )
