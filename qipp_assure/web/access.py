"""Who may reach a view: every view states exactly one policy, and one without is refused.

A policy is a name (`"public"`, `"signed_in"`, or one that a room has named) or a function of the
person and the values in the address: `can_read_plan(person, code="Q30") -> bool`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from qipp_assure.vocabulary import Role
from qipp_assure.web.signed_in import SignedIn, current_person

PersonCheck = Callable[..., bool]
View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "access_policy"
SIGN_IN_ENDPOINT = "accounts.sign_in"


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule with the name it bears in the access table; `check` is None for a public view."""

    name: str
    check: PersonCheck | None
    needs_person: bool = True


PUBLIC = Policy("public", None, needs_person=False)
SIGNED_IN = Policy("signed_in", None)
_named: dict[str, Policy] = {PUBLIC.name: PUBLIC, SIGNED_IN.name: SIGNED_IN}


def name_policy(name: str, check: PersonCheck, *, needs_person: bool = True) -> Policy:
    """Names a policy for the views of many rooms.

    With `needs_person=False` the check is called with None when nobody is signed in (an API with
    tokens of its own).  A name given twice for another check is an error.
    """
    policy = Policy(name, check, needs_person)
    known = _named.setdefault(name, policy)
    if known != policy:
        raise ValueError(f"the policy {name!r} is named already")
    return policy


def roles(*wanted: Role) -> PersonCheck:
    """A check: the person holds any of these roles today, for any organisation."""

    def holds_role(person: SignedIn, **_values: object) -> bool:
        return person.holds(*wanted)

    holds_role.__name__ = "roles:" + "|".join(wanted)
    return holds_role


def policy(rule: str | PersonCheck) -> Callable[[View], View]:
    """Decorates a view (below the route) with its one policy.

    A name may be given by a room above this view's; `check_names` finds those that nobody gave.
    """
    stated = rule if isinstance(rule, str) else Policy(rule.__name__, rule)

    def decorate(view: View) -> View:
        if hasattr(view, _ATTRIBUTE):
            raise ValueError(f"the view {view.__name__} has a policy already")
        setattr(view, _ATTRIBUTE, stated)
        return view

    return decorate


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy that an endpoint states, if it does."""
    stated = getattr(app.view_functions.get(endpoint), _ATTRIBUTE, None)
    return _named.get(stated) if isinstance(stated, str) else stated


def check_names(app: Flask) -> None:
    """Raises for a view whose policy bears a name that nobody gave; called when all rooms are in."""
    for endpoint, view in app.view_functions.items():
        stated = getattr(view, _ATTRIBUTE, None)
        if isinstance(stated, str) and stated not in _named:
            raise ValueError(f"no policy is named {stated!r}, which {endpoint} asks for")


def table(app: Flask) -> dict[str, str | None]:
    """The access table: each endpoint with the name of its policy, None where it states none."""
    found = {rule.endpoint: policy_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    return {endpoint: p.name if p else None for endpoint, p in sorted(found.items())}


def allows(stated: Policy, person: SignedIn | None, values: Mapping[str, Any]) -> bool:
    """Whether a policy lets a person through to the address with these values."""
    if stated.needs_person and person is None:
        return False
    return stated.check is None or stated.check(person, **values)


def _check_request() -> Response | None:
    if request.endpoint is None:  # no such address or method: the router answers
        return None
    stated = policy_of(current_app, request.endpoint)
    if stated is None:
        structlog.get_logger().error("view_without_policy", endpoint=request.endpoint)
        abort(403)
    person = current_person() if stated is not PUBLIC else None
    if stated.needs_person and person is None:
        return _ask_to_sign_in()
    if not allows(stated, person, request.view_args or {}):
        abort(403)
    return None


def _ask_to_sign_in() -> Response:
    if request.method not in {"GET", "HEAD"}:
        abort(401)  # with what was typed, so that it can be sent again
    target = request.full_path if request.query_string else request.path
    return redirect(url_for(SIGN_IN_ENDPOINT, next=target))


def register(app: Flask) -> None:
    """Puts the check before every request of the application."""
    app.before_request(_check_request)
