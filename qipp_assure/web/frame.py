"""The frame around every page: navigation and start page by registration, and what templates use.

Rooms register; the frame knows none of them.  A link is shown to whoever its function returns it
for, so that navigation never offers what a policy would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, request, url_for
from jinja2 import StrictUndefined

from qipp_assure.web import bridge, charts, filters, pagination
from qipp_assure.web.components import nhs
from qipp_assure.web.limits import SERVICE_NAME
from qipp_assure.web.printable import without_turning_marks
from qipp_assure.web.signed_in import SignedIn, current_person

STATIC = Path(__file__).parent / "static"
_EXTENSION = "qipp_frame"


@dataclass(frozen=True, slots=True)
class Link:
    """A navigation link: `path` is where it goes; pages below it count as within it."""

    label: str
    path: str


LinksFor = Callable[[SignedIn], Iterable[Link]]
StartFor = Callable[[SignedIn], str | None]


class _Frame:
    """What rooms have registered with one application."""

    def __init__(self) -> None:
        self.navigation: list[LinksFor] = []
        self.starts: list[StartFor] = []
        self.notices: list[Callable[[], str | None]] = []
        files = sorted(p for p in STATIC.rglob("*") if p.is_file())
        self.assets = {p.relative_to(STATIC).as_posix(): p.read_bytes() for p in files}
        self.digest = sha256(b"".join(self.assets.values())).hexdigest()[:12]


def _frame() -> _Frame:
    return cast("_Frame", current_app.extensions[_EXTENSION])


def register_navigation(app: Flask, links_for: LinksFor) -> None:
    """Adds links to the header for the people that the function returns them for."""
    app.extensions[_EXTENSION].navigation.append(links_for)


def register_start(app: Flask, start_for: StartFor) -> None:
    """Offers a start page: a path for the people it suits, None for others; first answer wins."""
    app.extensions[_EXTENSION].starts.append(start_for)


def register_notice(app: Flask, notice: Callable[[], str | None]) -> None:
    """A sentence to stand above every page (such as 'demonstration data'), or None."""
    app.extensions[_EXTENSION].notices.append(notice)


def start_path(person: SignedIn) -> str | None:
    """Where this person begins, or None where no room has a start page for them."""
    return next((path for start in _frame().starts if (path := start(person))), None)


def notices() -> list[str]:
    """The sentences above every page."""
    return [sentence for notice in _frame().notices if (sentence := notice())]


def navigation() -> list[dict[str, Any]]:
    """The header's links for whoever is signed in, the one at hand marked as current."""
    person = current_person()
    if person is None:
        return []
    links = [link for links_for in _frame().navigation for link in links_for(person)]
    here = [link for link in links if _is_within(link.path)]
    nearest = max(here, key=lambda link: len(link.path), default=None)
    return [
        {"text": link.label, "href": link.path, "active": link is nearest}
        | ({"current": True} if request.path == link.path else {})
        for link in links
    ]


def _is_within(path: str) -> bool:
    return request.path == path or request.path.startswith(path.rstrip("/") + "/")


def asset(name: str) -> str:
    """The address of a committed asset, with a digest in it so that browsers may keep it."""
    return url_for("web.asset", digest=assets_digest(), name=name)


def assets_digest() -> str:
    """The digest of all committed assets together, as it stands in their addresses."""
    return _frame().digest


def find_asset(name: str) -> bytes | None:
    """A committed asset, held in memory (a megabyte in all): no path of a file is ever asked for."""
    return _frame().assets.get(name)


def _finish_page(response: Response) -> Response:
    """Does to the whole page at once what no heading, cell, title or message may lack."""
    if response.mimetype == "text/html" and not response.direct_passthrough:
        page = response.get_data()
        finished = without_turning_marks(page)
        if finished is not page:
            response.set_data(finished)
    return response


def register(app: Flask) -> None:
    """Sets an application's templates up: strict, escaped, with the components as globals."""
    app.after_request(_finish_page)
    app.extensions[_EXTENSION] = _Frame()
    app.jinja_env.autoescape = True  # whatever a template's name ends in
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update({function.__name__: function for function in filters.NAMED})
    app.jinja_env.globals.update(
        asset=asset,
        charts=charts,
        csrf_input=bridge.csrf_input,
        current_person=current_person,
        error_summary=bridge.error_summary,
        field=bridge.field,
        navigation=navigation,
        nhs=nhs,
        notices=notices,
        page_links=pagination.links,
        service_name=SERVICE_NAME,
    )
