"""Who is signed in, as every page needs to know it; the room of accounts says who that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from flask import Flask, current_app, g

from qipp_assure.vocabulary import Actor, Role

_EXTENSION = "qipp_signed_in_loader"


class SignedIn(Protocol):
    """A signed-in person as frame, access and audit see them."""

    @property
    def name(self) -> str:
        """The name to greet them by."""

    @property
    def actor(self) -> Actor:
        """The value that services take and the audit log keeps."""

    def holds(self, *roles: Role) -> bool:
        """Whether they hold any of these roles today, for any organisation."""


Loader = Callable[[], SignedIn | None]


def register_loader(app: Flask, loader: Loader) -> None:
    """Names the function that finds the person behind the request at hand."""
    app.extensions[_EXTENSION] = loader


def current_person() -> SignedIn | None:
    """The person behind this request, looked up once; None when nobody is signed in."""
    if "signed_in" not in g:
        loader = cast("Loader | None", current_app.extensions.get(_EXTENSION))
        g.signed_in = loader() if loader is not None else None
    return cast("SignedIn | None", g.signed_in)


def require_person() -> SignedIn:
    """The signed-in person, in a view whose policy lets nobody else in."""
    person = current_person()
    if person is None:
        raise RuntimeError("a view that needs a person must have a policy that asks for one")
    return person


def forget_person() -> None:
    """Drops what was looked up, after somebody has signed in or out within a request."""
    g.pop("signed_in", None)
