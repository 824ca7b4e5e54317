"""Pages that belong to no room: the start, the assets, and whether the program is well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import cast

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    url_for,
)
from flask import redirect as redirect_to
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from qipp_assure.database import DatabaseUnavailable
from qipp_assure.web import access, frame
from qipp_assure.web.sessions import current_database
from qipp_assure.web.signed_in import current_person

blueprint = Blueprint("web", __name__)

_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_CHECKS = "qipp_readiness_checks"
ReadinessCheck = Callable[[], str | None]


def register_readiness(app: Flask, check: ReadinessCheck) -> None:
    """Adds a check to `/readyz`: None when all is well, else what is not."""
    app.extensions.setdefault(_CHECKS, []).append(check)


@blueprint.get("/")
@access.policy("public")
def start() -> AnyResponse | str:
    """To the page where this person begins."""
    person = current_person()
    if person is None:
        return redirect_to(url_for(access.SIGN_IN_ENDPOINT))
    path = frame.start_path(person)
    return redirect_to(path) if path else render_template("web/no_start.jinja")


@blueprint.get("/healthz")
@access.policy("public")
def alive() -> AnyResponse:
    """The process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@access.policy("public")
def ready() -> tuple[AnyResponse, int] | AnyResponse:
    """The database answers and what the rooms check is well; 503 with the reasons otherwise."""
    reasons = _reasons_not_ready()
    if not reasons:
        return jsonify(status="ready")
    answer = jsonify(status="not ready", reasons=reasons)
    answer.headers["Retry-After"] = "5"
    return answer, 503


def _reasons_not_ready() -> list[str]:
    checks = cast("list[ReadinessCheck]", current_app.extensions.get(_CHECKS, []))
    try:
        with current_database().reading() as session:
            session.execute(text("SELECT 1"))
        return [reason for check in checks if (reason := check()) is not None]
    except (DatabaseUnavailable, SQLAlchemyError) as fault:
        structlog.get_logger().error("not_ready", kind=type(fault).__name__)
        return ["the database does not answer"]


@blueprint.get("/assets/<digest>/<path:name>")
@access.policy("public")
def asset(digest: str, name: str) -> Response:
    """A committed stylesheet, script, icon or font, kept for good under its present digest."""
    content = frame.find_asset(name)
    kind = _KINDS.get(PurePosixPath(name).suffix)
    if content is None or kind is None:
        abort(404)
    response = Response(content, content_type=kind)
    if digest == frame.assets_digest():
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
