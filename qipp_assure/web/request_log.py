"""One line in the log for each request: what was asked for and how it went, and nobody's data."""

from __future__ import annotations

import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.request_began = time.monotonic()


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint in {"web.asset", "web.alive"}:
        return response
    rule = request.url_rule.rule if request.url_rule is not None else None
    structlog.get_logger().info(
        "request",
        request_id=g.get("request_id"),
        method=request.method,
        rule=rule,  # the pattern, not the path: a path can name people
        status=response.status_code,
        milliseconds=round((time.monotonic() - g.get("request_began", time.monotonic())) * 1000),
    )
    return response


def _configure() -> None:
    """One JSON line an event; a traceback holds no values of variables, which may be personal."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def register(app: Flask) -> None:
    """Numbers and logs every request; must be registered before anything that may refuse one."""
    _configure()
    app.before_request(_begin)
    app.after_request(_finish)
