"""Who is signed in behind a request, and the policies of views in terms of their roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import session as cookie

from qipp_assure.accounts.models import Person
from qipp_assure.accounts.policies import can_administer
from qipp_assure.accounts.queries import RolesOf, roles_of, today
from qipp_assure.vocabulary import Actor, Role
from qipp_assure.web import access
from qipp_assure.web.sessions import current_session
from qipp_assure.web.signed_in import forget_person, require_person

LONGEST_SESSION = timedelta(hours=12)
"""However busy somebody is, they sign in again after this."""

_PERSON, _GENERATION, _SINCE = "person_id", "generation", "signed_in_at"


@dataclass(frozen=True, slots=True)
class Account:
    """The signed-in person and what they may do today."""

    id: int
    name: str
    email: str
    roles: RolesOf

    @property
    def actor(self) -> Actor:
        """The person as services take them and the audit log keeps them."""
        return Actor(person_id=self.id, name=self.email)

    def holds(self, *roles: Role) -> bool:
        """Whether they hold any of these roles today, for any organisation."""
        return any(held.role in roles for held in self.roles.held)


def begin_session(person: Person) -> None:
    """Signs somebody in: whatever the cookie held before, of whomever, is gone."""
    cookie.clear()
    cookie[_PERSON] = person.id
    cookie[_GENERATION] = person.generation
    cookie[_SINCE] = int(datetime.now(UTC).timestamp())
    cookie.permanent = True
    forget_person()


def end_session() -> None:
    """Signs whoever it is out."""
    cookie.clear()
    forget_person()


def load_account() -> Account | None:
    """The person behind the cookie, if the account is open and the session has not ended.

    A session ends when the password changes or the account is closed (its generation is then an
    older one), and after twelve hours.
    """
    person_id, since = cookie.get(_PERSON), cookie.get(_SINCE)
    if not isinstance(person_id, int) or not isinstance(since, int):
        return None
    if datetime.now(UTC).timestamp() - since > LONGEST_SESSION.total_seconds():
        return None
    person = current_session().get(Person, person_id)
    if person is None or not person.active or person.generation != cookie.get(_GENERATION):
        return None
    roles = roles_of(current_session(), person.id, today())
    return Account(id=person.id, name=person.name, email=person.email, roles=roles)


def current_account() -> Account:
    """The signed-in person, in a view whose policy lets nobody else in."""
    return cast("Account", require_person())


def by_roles(policy: Callable[..., bool], *names: str) -> Callable[..., bool]:
    """A view's policy made of a policy of roles and values of the address.

    `by_roles(can_view_region, "code")` calls `can_view_region(roles, code)`.
    """

    def allowed(person: Account, **values: Any) -> bool:
        return policy(person.roles, *(values[name] for name in names))

    allowed.__name__ = policy.__name__
    return allowed


ADMINISTRATOR = access.name_policy("administrator", by_roles(can_administer)).name
"""The policy of an administrator's pages, also of rooms below this one."""
