"""What people see when something is refused or fails: what went wrong, and what to do now."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus as Status
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from qipp_assure.database import DatabaseUnavailable
from qipp_assure.vocabulary import NotAllowed, Refused, Stale
from qipp_assure.web.limits import SERVICE_NAME

RETRY_AFTER_SECONDS = DatabaseUnavailable.retry_after
_RENDERERS = "qipp_error_renderers"

PAGES: dict[int, tuple[str, tuple[str, ...]]] = {
    400: (
        "Something is wrong with what was sent",
        ("We could not understand the request, so nothing was changed.",
         "Go back, check what you entered and try again."),
    ),
    401: (
        "You need to sign in again",
        ("You have been signed out, so nothing was saved.",
         "Sign in in another tab. Then come back to this page and send what you typed again."),
    ),
    403: (
        "You do not have access to this page",
        ("Your role does not include what this page does.",
         "If you think it should, ask your administrator to look at your roles."),
    ),
    404: (
        "Page not found",
        ("If you typed the web address, check it is correct.",
         "If you pasted it, check you copied all of it. The page may also have been moved."),
    ),
    405: (
        "This page cannot be used that way",
        ("Nothing was changed.", "Go back and use the links and buttons on the page."),
    ),
    409: (
        "Somebody else changed this first",
        ("Nothing you sent was saved over their change.",
         "Go back, reload the page to see the change, and make yours again."),
    ),
    413: (
        "What you sent is too large",
        ("A file can be up to 10 MB and a text up to 20,000 characters. Nothing was kept.",
         "Make the file or the text smaller and send it again."),
    ),
    429: (
        "Too many attempts",
        ("You have tried this too often in a short time.",
         "Wait a few minutes and try again."),
    ),
    500: (
        "There is a problem with the service",
        ("Something went wrong on our side. What you sent may not have been saved.",
         "Try again in a few minutes. If it happens again, tell your administrator."),
    ),
    503: (
        "The service is busy or away",
        ("We could not save or read just now, so nothing was changed.",
         "Wait a few seconds, go back to what you typed, and send it again."),
    ),
}  # fmt: skip


def _is_ours(code: int) -> bool:
    """Whether the fault lies with us: such a page must not need the database."""
    return code >= Status.INTERNAL_SERVER_ERROR


Renderer = Callable[[int, str | None], Response]


def render_under(app: Flask, prefix: str, renderer: Renderer) -> None:
    """Lets a room answer faults below its own path in its own form (an API's problem+json)."""
    app.extensions.setdefault(_RENDERERS, {})[prefix] = renderer


def answer(code: int, message: str | None = None, **more: Any) -> Response:
    """The answer for a status code; `message` is shown in place of the usual first sentence."""
    renderers = cast("dict[str, Renderer]", current_app.extensions.get(_RENDERERS, {}))
    for prefix, renderer in renderers.items():
        if request.path.startswith(prefix):
            return renderer(code, message)
    title, sentences = PAGES.get(
        code, PAGES[Status.INTERNAL_SERVER_ERROR if _is_ours(code) else Status.BAD_REQUEST]
    )
    if message:
        sentences = (message, *sentences[1:])
    page = render_template(
        "web/error.jinja",
        code=code,
        title=title,
        sentences=sentences,
        bare=_is_ours(code),
        reference=g.get("request_id"),
        **{"typed": [], **more},
    )
    response = make_response(page, code)
    if code in {429, 503}:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _sent_from_here() -> bool:
    """Whether the browser says that the form came from one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.host


def _typed() -> list[tuple[str, str]]:
    """What a form held, to be sent again; never passwords, and nothing from another site."""
    if not _sent_from_here():
        return []
    sent = request.form.items(multi=True)
    return [(k, v) for k, v in sent if k != "csrf_token" and not k.startswith("password")]


def _on_http(fault: HTTPException) -> Response:
    if fault.response is not None:
        return cast("Response", fault.response)
    code = fault.code or 500
    if code < Status.BAD_REQUEST:
        return fault.get_response()
    if code == Status.UNAUTHORIZED and request.method == "POST":
        return answer(code, typed=_typed())
    response = answer(code, _own_words(fault))
    if code == Status.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(getattr(fault, "valid_methods", None) or ())
    return response


def _own_words(fault: HTTPException) -> str | None:
    """The message given to abort(), unless it is werkzeug's own text for the code."""
    return None if fault.description == type(fault).description else fault.description


def _on_expired_form(_fault: CSRFError) -> Response:
    message = f"The page was open too long, or {SERVICE_NAME} did not make it. Nothing was changed."
    return answer(400, message, typed=_typed())


def _on_refused(fault: Refused) -> Response:
    code = Status.BAD_REQUEST
    if isinstance(fault, NotAllowed):
        code = Status.FORBIDDEN
    elif isinstance(fault, Stale):
        code = Status.CONFLICT
    return answer(code, str(fault) or None)


def not_found(app: Flask, *refusals: type[Refused]) -> None:
    """Answers refusals of a room that mean 'there is no such thing' with the page for it."""
    for refusal in refusals:
        app.register_error_handler(refusal, lambda _fault: answer(Status.NOT_FOUND))


def _on_database_away(fault: Exception) -> Response:
    structlog.get_logger().error("database_unavailable", kind=type(fault).__name__)
    return answer(503)


def _on_failure(fault: Exception) -> Response:
    if current_app.testing:
        raise fault
    structlog.get_logger().error("unhandled_error", exc_info=fault)
    return answer(500)


def register(app: Flask) -> None:
    """Answers every fault with a page of ours."""
    app.register_error_handler(CSRFError, _on_expired_form)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Refused, _on_refused)
    for fault in (DatabaseUnavailable, OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(fault, _on_database_away)
    app.register_error_handler(Exception, _on_failure)
