"""Signing in, setting a password, and the one-time tokens of a first sign-in or a reset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from qipp_assure.accounts.models import PasswordToken, Person, TokenPurpose
from qipp_assure.accounts.passwords import (
    check_strength,
    hash_password,
    matches,
    new_token,
    token_digest,
)
from qipp_assure.accounts.queries import clean_email, find_person, get_person, is_email
from qipp_assure.audit.queries import list_events
from qipp_assure.audit.services import record
from qipp_assure.database import Database
from qipp_assure.jobs.services import request_job
from qipp_assure.returns.canonical import digest
from qipp_assure.vocabulary import SYSTEM, Actor, Refused

MAX_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)
TOKEN_LASTS = {
    TokenPurpose.FIRST_SIGN_IN: timedelta(days=7),
    TokenPurpose.RESET: timedelta(hours=2),
}
RESET_PAUSE = timedelta(minutes=1)
PASSWORD_LINK_JOB = "password_link"  # noqa: S105 - the name of a job


class SignInOutcome(StrEnum):
    """How an attempt ended; pages say the same for `WRONG` whatever was wrong."""

    SIGNED_IN = "signed_in"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The outcome of an attempt, with the person if it succeeded."""

    outcome: SignInOutcome
    person: Person | None = None
    locked_until: datetime | None = None


class TokenRefused(Refused):
    """The one-time link is unknown, used or too old."""


def sign_in(database: Database, email: str, password: str, at: datetime | None = None) -> SignIn:
    """Check an e-mail address and a password, count the failures, and lock after ten of them.

    The slow comparison is made outside any transaction, so that guessing keeps no writer waiting.
    An attempt on a locked account fails even with the right password, and does not lengthen it.
    """
    now = at or datetime.now(UTC)
    with database.reading() as session:
        found = find_person(session, email)
        known = (found.id, found.password_hash) if found else None
    right = matches(password, known[1] if known else None)
    with database.writing() as session:
        if known is None:
            return _unknown(session, clean_email(email), now)
        person = get_person(session, known[0])
        if person.locked_until is not None and now < person.locked_until:
            record(session, SYSTEM, "sign_in_failed", "person", person.id, {"locked": True}, now)
            return SignIn(SignInOutcome.LOCKED, locked_until=person.locked_until)
        # The account may have been closed, or the password changed, while it was compared.
        if right and person.active and person.password_hash == known[1]:
            person.failed_sign_ins, person.locked_until = 0, None
            person.last_signed_in_at = now
            record(session, person.actor, "signed_in", "person", person.id, at=now)
            return SignIn(SignInOutcome.SIGNED_IN, person)
        return _failed(session, person, now)


def _unknown(session: Session, typed: str, now: datetime) -> SignIn:
    """Refuse an address without an account just as one with an account would be refused.

    Its failures are counted in the log, so that being locked does not tell who has an account.
    """
    if not is_email(typed):
        # It may be a password in the wrong box, and the log is for good.
        record(session, SYSTEM, "sign_in_failed", "address", "none", {"email": None}, now)
        return SignIn(SignInOutcome.WRONG)
    address = digest(typed.encode("utf-8", "surrogatepass"))
    failures = 0
    for event in list_events(session, "address", address, limit=MAX_FAILURES):
        if event.event == "address_locked":
            until = event.at + LOCKED_FOR
            if now < until:
                return SignIn(SignInOutcome.LOCKED, locked_until=until)
            break
        failures += event.event == "sign_in_failed"
    record(session, SYSTEM, "sign_in_failed", "address", address, {"email": typed}, now)
    if failures + 1 < MAX_FAILURES:
        return SignIn(SignInOutcome.WRONG)
    record(session, SYSTEM, "address_locked", "address", address, {"email": typed}, now)
    return SignIn(SignInOutcome.LOCKED, locked_until=now + LOCKED_FOR)


def _failed(session: Session, person: Person, now: datetime) -> SignIn:
    person.failed_sign_ins += 1
    count = person.failed_sign_ins
    record(session, SYSTEM, "sign_in_failed", "person", person.id, {"failures": count}, now)
    if count < MAX_FAILURES:
        return SignIn(SignInOutcome.WRONG)
    person.failed_sign_ins, person.locked_until = 0, now + LOCKED_FOR
    record(session, SYSTEM, "account_locked", "person", person.id, at=now)
    return SignIn(SignInOutcome.LOCKED, locked_until=person.locked_until)


def set_password(
    session: Session, actor: Actor, person: Person, password: str, at: datetime | None = None
) -> None:
    """Set somebody's password; their other sessions and unused links end.

    Raises:
        WeakPassword: it is too easy to guess.
        Refused: the actor is somebody else.
    """
    if actor.person_id not in (person.id, None):
        raise Refused("Nobody can set another person's password.")
    now = at or datetime.now(UTC)
    check_strength(password, person.email, person.name)
    person.password_hash = hash_password(password)
    person.generation += 1
    person.failed_sign_ins, person.locked_until = 0, None
    _use_up(session, person, now)
    record(session, actor, "password_set", "person", person.id, at=now)


def change_password(database: Database, person_id: int, current: str, new: str) -> Person:
    """Change one's own password, which takes the current one.

    Raises:
        WeakPassword: the new one is too easy to guess.
        Refused: the current one is not right.
    """
    with database.reading() as session:
        held = get_person(session, person_id).password_hash
    if not matches(current, held):
        raise Refused("The current password is not right.")
    with database.writing() as session:
        person = get_person(session, person_id)
        set_password(session, person.actor, person, new)
        return person


def issue_token(
    session: Session, person: Person, purpose: TokenPurpose, at: datetime | None = None
) -> str:
    """Make a one-time token for setting a password, and end the person's earlier ones.

    Returns:
        The token itself, which is kept nowhere: the database holds its SHA-256.
    """
    now = at or datetime.now(UTC)
    token = new_token()
    _use_up(session, person, now)
    session.add(
        PasswordToken(
            person_id=person.id,
            purpose=purpose,
            token_digest=token_digest(token),
            created_at=now,
            expires_at=now + TOKEN_LASTS[purpose],
        )
    )
    record(session, SYSTEM, "password_link_issued", "person", person.id, {"purpose": purpose}, now)
    return token


def find_token(session: Session, token: str, at: datetime | None = None) -> PasswordToken | None:
    """Return a token that can still be used, None if it is unknown, used or too old."""
    now = at or datetime.now(UTC)
    found = session.scalars(
        select(PasswordToken).where(PasswordToken.token_digest == token_digest(token))
    ).first()
    usable = (
        found is not None
        and found.used_at is None
        and now < found.expires_at
        and found.person.active
    )
    return found if usable else None


def set_password_by_token(
    session: Session, token: str, password: str, at: datetime | None = None
) -> Person:
    """Set a password by a one-time token, which is used up by it.

    Raises:
        TokenRefused: the token cannot be used, or not any more.
        WeakPassword: the password is too easy to guess; the token stays good.
    """
    found = find_token(session, token, at)
    if found is None:
        raise TokenRefused("This link has been used or is too old. Ask for a new one.")
    set_password(session, found.person.actor, found.person, password, at)
    return found.person


def request_password_link(
    session: Session, email: str, purpose: TokenPurpose, at: datetime | None = None
) -> None:
    """Ask for a one-time link by mail; says nothing of whether there is such an account.

    The job holds no token: its handler issues one at the moment of sending.  Requests within a
    minute of the last one are passed over.
    """
    now = at or datetime.now(UTC)
    person = find_person(session, email)
    if person is None or not person.active:
        return
    if person.reset_requested_at is not None and now - person.reset_requested_at < RESET_PAUSE:
        return
    person.reset_requested_at = now
    request_job(session, SYSTEM, PASSWORD_LINK_JOB, {"person_id": person.id, "purpose": purpose})
    details = {"purpose": purpose}
    record(session, SYSTEM, "password_link_requested", "person", person.id, details, now)


def _use_up(session: Session, person: Person, now: datetime) -> None:
    session.execute(
        update(PasswordToken)
        .where(PasswordToken.person_id == person.id, PasswordToken.used_at.is_(None))
        .values(used_at=now)
    )
