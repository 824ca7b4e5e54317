"""Roles, grants and people in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from qipp_assure.accounts.models import Person, RoleGrant
from qipp_assure.accounts.queries import Held
from qipp_assure.vocabulary import Role
from qipp_assure.web import filters

ROLE_WORDS = {
    Role.CONTRIBUTOR: ("Contributor", "Edits the parts of a return that are given to them"),
    Role.REGION_LEAD: ("Region's QIPP lead", "Writes and submits the region's returns"),
    Role.REGION_DIRECTOR: ("Region's director", "Signs the region's returns off and submits them"),
    Role.REVIEWER: ("Reviewer", "Judges returns of other bodies. A second administrator confirms"),
    Role.APPROVER: ("Approver", "Decides on plans and releases. A second administrator confirms"),
    Role.ANALYST: ("Analyst", "Reads and exports what is released"),
    Role.ADMIN: ("Administrator", "Keeps people, organisations and planning rounds"),
}

CENTRAL = frozenset({Role.REVIEWER, Role.APPROVER, Role.ANALYST, Role.ADMIN})
"""Roles that are held for the national body."""


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role grant as a row of a page."""

    id: int
    role: str
    organisation: str
    workstream: str
    days: str
    state: str
    waits: bool
    can_end: bool
    person_id: int
    person: str
    granted_by: str
    granted_by_id: int | None


def role_name(role: Role) -> str:
    """The name of a role."""
    return ROLE_WORDS[role][0]


def held_words(held: Held) -> str:
    """A role that somebody holds, with its organisation's code."""
    part = f", workstream {held.workstream_id}" if held.workstream_id else ""
    return f"{role_name(held.role)} ({held.organisation_code}{part})"


def grant_row(grant: RoleGrant, on: date) -> GrantRow:
    """A grant in words, as it stands on a day."""
    ended = grant.withdrawn_at is not None or (grant.ends_on is not None and grant.ends_on < on)
    return GrantRow(
        id=grant.id,
        role=role_name(grant.role),
        organisation=f"{grant.organisation.name} ({grant.organisation.code})",
        workstream=grant.workstream_id or "",
        days=_days(grant),
        state=_state(grant, on, ended=ended),
        waits=grant.is_pending and not ended,
        can_end=not ended,
        person_id=grant.person_id,
        person=grant.person.name,
        granted_by=grant.granted_by.name if grant.granted_by else "the system",
        granted_by_id=grant.granted_by_id,
    )


def _days(grant: RoleGrant) -> str:
    first = f"From {filters.date(grant.starts_on)}"
    return f"{first} to {filters.date(grant.ends_on)}" if grant.ends_on else first


def _state(grant: RoleGrant, on: date, *, ended: bool) -> str:
    if grant.withdrawn_at is not None:
        return f"Ended {filters.datetime(grant.withdrawn_at)}"
    if ended:
        return "Ended"
    if grant.is_pending:
        return "Waiting for a second administrator"
    return "Held" if grant.starts_on <= on else "Not yet begun"


def person_state(person: Person) -> str:
    """Whether somebody can sign in, and if not, why."""
    if not person.active:
        return "Closed"
    if is_locked(person):
        return f"Locked until {filters.datetime(person.locked_until)}"
    return "Open" if person.password_hash else "Has not signed in yet"


def is_locked(person: Person) -> bool:
    """Whether too many wrong passwords keep somebody out just now."""
    return person.locked_until is not None and datetime.now(UTC) < person.locked_until
