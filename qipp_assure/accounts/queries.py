"""Finding people and what they may do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from qipp_assure.accounts.models import MAX_EMAIL, Person, RoleGrant
from qipp_assure.database import find_row
from qipp_assure.organisations.models import Organisation
from qipp_assure.vocabulary import Refused, Role, Tier

_EMAIL = re.compile(
    r"[^@\s,;<>\"\x00-\x1f\x7f]+@[^@\s,;<>\"\x00-\x1f\x7f]+\.[^@\s,;<>\"\x00-\x1f\x7f]+"
)


class UnknownPerson(Refused):
    """There is no such person."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role held for an organisation, and where it helps for one workstream of it."""

    role: Role
    organisation_code: str
    workstream_id: str | None = None
    tier: Tier = Tier.REGIONAL
    region_code: str | None = None
    """The region that the organisation belongs to (itself, for a region)."""


@dataclass(frozen=True, slots=True)
class RolesOf:
    """The roles that one person holds on one day; nothing else decides what they may do."""

    person_id: int | None
    held: frozenset[Held] = frozenset()


NOBODY = RolesOf(person_id=None)


def clean_email(text: str) -> str:
    """Give an e-mail address in the one form in which it is kept and looked up."""
    return text.strip().lower()


def is_email(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address."""
    return len(text) <= MAX_EMAIL and _EMAIL.fullmatch(text) is not None


def find_person(session: Session, email: str) -> Person | None:
    """Return the person of an e-mail address, or None."""
    return session.scalars(select(Person).where(Person.email == clean_email(email))).first()


def get_person(session: Session, person_id: int) -> Person:
    """Return a person by id.

    Raises:
        UnknownPerson: there is none.
    """
    found = find_row(session, Person, person_id)
    if found is None:
        raise UnknownPerson("There is no such person.")
    return found


def list_people(session: Session) -> list[Person]:
    """Return everybody, in the order of their names."""
    return list(session.scalars(select(Person).order_by(Person.name, Person.id)))


def search_people(session: Session, words: str) -> list[Person]:
    """Return those with some text in their name or address, in the order of names; all for none."""
    query = select(Person).order_by(Person.name, Person.id)
    for word in words.lower().split():
        query = query.where(
            or_(
                func.lower(Person.name).contains(word, autoescape=True),
                Person.email.contains(word, autoescape=True),
            )
        )
    return list(session.scalars(query))


def list_grants(
    session: Session, *, person: Person | None = None, organisation: Organisation | None = None
) -> list[RoleGrant]:
    """Return grants with their person and organisation, the latest first."""
    query = (
        select(RoleGrant)
        .options(
            joinedload(RoleGrant.person),
            joinedload(RoleGrant.granted_by),
            joinedload(RoleGrant.organisation).joinedload(Organisation.parent),
        )
        .order_by(RoleGrant.id.desc())
    )
    if person is not None:
        query = query.where(RoleGrant.person_id == person.id)
    if organisation is not None:
        query = query.where(RoleGrant.organisation_id == organisation.id)
    return list(session.scalars(query))


def list_pending_grants(session: Session) -> list[RoleGrant]:
    """Return the grants that wait for a second administrator."""
    return [grant for grant in list_grants(session) if grant.is_pending]


def roles_of(session: Session, person_id: int | None, on: date) -> RolesOf:
    """Return what a person holds on a day, in one query; nothing for a closed account."""
    if person_id is None:
        return NOBODY
    grants = session.scalars(
        select(RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .options(joinedload(RoleGrant.organisation).joinedload(Organisation.parent))
        .where(
            RoleGrant.person_id == person_id,
            Person.active.is_(True),
            RoleGrant.confirmed_at.is_not(None),
            RoleGrant.withdrawn_at.is_(None),
            RoleGrant.starts_on <= on,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
        )
    )
    return RolesOf(
        person_id,
        frozenset(
            Held(
                role=grant.role,
                organisation_code=grant.organisation.code,
                workstream_id=grant.workstream_id,
                tier=grant.organisation.tier,
                region_code=grant.organisation.region_code,
            )
            for grant in grants
        ),
    )


def has_demonstration_accounts(session: Session) -> bool:
    """Tell whether accounts with published passwords are open (production refuses to start)."""
    query = select(Person.id).where(Person.is_demonstration.is_(True), Person.active.is_(True))
    return session.scalars(query.limit(1)).first() is not None


def today() -> date:
    """Return the day in the United Kingdom, by which roles begin and end."""
    return datetime.now(ZoneInfo("Europe/London")).date()
