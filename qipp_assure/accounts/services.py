"""Acts on people and roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from qipp_assure.accounts.models import Person, RoleGrant
from qipp_assure.accounts.policies import SECOND_ADMINISTRATOR, can_administer
from qipp_assure.accounts.queries import (
    RolesOf,
    clean_email,
    find_person,
    is_email,
    roles_of,
    today,
)
from qipp_assure.audit.services import record
from qipp_assure.organisations.models import Organisation
from qipp_assure.vocabulary import Actor, NotAllowed, Refused, Role

_ITEM_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MAX_NAME = 200


def require(
    session: Session,
    actor: Actor,
    allowed: Callable[[RolesOf], bool],
    otherwise: str,
) -> RolesOf:
    """Refuse an actor who has no right to an act today; the system itself may do all.

    Args:
        session: where the roles are read.
        actor: who wants to act.
        allowed: a policy, given the actor's roles.
        otherwise: the sentence for the person who tried.

    Raises:
        NotAllowed: with that sentence.
    """
    roles = roles_of(session, actor.person_id, today())
    if not actor.is_system and not allowed(roles):
        raise NotAllowed(otherwise)
    return roles


def add_person(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    is_demonstration: bool = False,
) -> Person:
    """Add somebody, who has no password until they first sign in.

    Raises:
        Refused: the address is none or is taken, or the name is empty or too long.
        NotAllowed: the actor is no administrator.
    """
    require(session, actor, can_administer, "Only an administrator can add people.")
    email, name = clean_email(email), " ".join(name.split())
    if not is_email(email):
        raise Refused("Enter an e-mail address in the form name@example.nhs.uk.")
    if not name or len(name) > _MAX_NAME:
        raise Refused(f"Enter a name of 1 to {_MAX_NAME} characters.")
    if find_person(session, email) is not None:
        raise Refused(f"There is an account for {email} already.")
    person = Person(
        email=email,
        name=name,
        is_demonstration=is_demonstration,
        created_at=datetime.now(UTC),
    )
    session.add(person)
    session.flush()
    record(session, actor, "person_added", "person", person.id, {"email": email, "name": name})
    return person


def close_account(session: Session, actor: Actor, person: Person) -> None:
    """Close somebody's account: they are signed out and cannot sign in; their history stays.

    Raises:
        Refused: it is the actor's own.
    """
    require(session, actor, can_administer, "Only an administrator can close an account.")
    if person.id == actor.person_id:
        raise Refused("You cannot close your own account.")
    person.active = False
    person.generation += 1
    record(session, actor, "account_closed", "person", person.id)


def reopen_account(session: Session, actor: Actor, person: Person) -> None:
    """Open a closed account again."""
    require(session, actor, can_administer, "Only an administrator can reopen an account.")
    person.active = True
    person.failed_sign_ins, person.locked_until = 0, None
    record(session, actor, "account_reopened", "person", person.id)


def unlock_account(session: Session, actor: Actor, person: Person) -> None:
    """Let somebody sign in again before the wait after wrong passwords is over."""
    require(session, actor, can_administer, "Only an administrator can unlock an account.")
    person.failed_sign_ins, person.locked_until = 0, None
    record(session, actor, "account_unlocked", "person", person.id)


def grant_role(
    session: Session,
    actor: Actor,
    person: Person,
    role: Role,
    organisation: Organisation,
    *,
    starts_on: date,
    ends_on: date | None = None,
    workstream_id: str | None = None,
) -> RoleGrant:
    """Give somebody a role for an organisation, from one day to another (both count).

    Reviewer and approver wait for a second administrator, unless the system itself grants them
    (the first accounts, made at the server's command line).

    Raises:
        Refused: to oneself, with an end before its start, or held already.
        NotAllowed: the actor is no administrator.
    """
    require(session, actor, can_administer, "Only an administrator can grant roles.")
    if person.id == actor.person_id:
        raise Refused("Nobody can grant a role to themselves. Ask another administrator.")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The last day cannot come before the first.")
    if workstream_id is not None and not _ITEM_ID.fullmatch(workstream_id):
        raise Refused("A workstream's id has 1 to 40 letters, digits, hyphens or underscores.")
    same = select(RoleGrant.id).where(
        RoleGrant.person_id == person.id,
        RoleGrant.role == role,
        RoleGrant.organisation_id == organisation.id,
        RoleGrant.workstream_id == workstream_id
        if workstream_id is not None
        else RoleGrant.workstream_id.is_(None),
        RoleGrant.withdrawn_at.is_(None),
        RoleGrant.ends_on.is_(None),
    )
    if session.scalars(same.limit(1)).first() is not None:
        raise Refused(f"{person.name} holds this role for {organisation.name} already.")
    now = datetime.now(UTC)
    waits = role in SECOND_ADMINISTRATOR and not actor.is_system
    grant = RoleGrant(
        person=person,
        role=role,
        organisation=organisation,
        workstream_id=workstream_id,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=actor.person_id,
        granted_at=now,
        confirmed_at=None if waits else now,
    )
    session.add(grant)
    session.flush()
    record(session, actor, "role_granted", "role_grant", grant.id, _details(grant))
    return grant


def confirm_grant(session: Session, actor: Actor, grant: RoleGrant) -> None:
    """Confirm, as the second administrator, that somebody is to review or approve.

    Raises:
        Refused: it does not wait for anybody, or the actor granted it or would hold it.
    """
    require(session, actor, can_administer, "Only an administrator can confirm a role.")
    if not grant.is_pending:
        raise Refused("This role does not wait for confirmation.")
    if actor.person_id in (grant.granted_by_id, grant.person_id):
        raise Refused("Another administrator has to confirm this role.")
    grant.confirmed_by_id = actor.person_id
    grant.confirmed_at = datetime.now(UTC)
    record(session, actor, "role_confirmed", "role_grant", grant.id, _details(grant))


def end_role(
    session: Session, actor: Actor, grant: RoleGrant, last_day: date | None = None
) -> None:
    """End a role: on a day to come, or at once where none is given.

    Raises:
        Refused: it was withdrawn already, or the day lies before its first.
    """
    require(session, actor, can_administer, "Only an administrator can end a role.")
    if grant.withdrawn_at is not None:
        raise Refused("This role has ended already.")
    if last_day is None:
        grant.withdrawn_at = datetime.now(UTC)
    elif last_day < grant.starts_on:
        raise Refused("The last day cannot come before the first.")
    else:
        grant.ends_on = last_day
    record(session, actor, "role_ended", "role_grant", grant.id, _details(grant))


def _details(grant: RoleGrant) -> dict[str, object]:
    return {
        "person": grant.person.email,
        "role": grant.role.value,
        "organisation": grant.organisation.code,
        "workstream": grant.workstream_id,
        "starts_on": grant.starts_on.isoformat(),
        "ends_on": grant.ends_on.isoformat() if grant.ends_on else None,
        "pending": grant.is_pending,
    }
