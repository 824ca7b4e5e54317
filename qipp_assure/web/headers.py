"""The headers that every answer carries: what a browser may load, keep and show elsewhere."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; frame-src 'none'; img-src 'self'; "
    "object-src 'none'; script-src 'self'; style-src 'self'"
)
"""Scripts and styles come from our own files only: nothing inline, so no nonce is needed."""

_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def register(app: Flask, *, production: bool) -> None:
    """Adds the headers to every answer, error pages included."""

    def add(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if production:
            response.headers.setdefault("Strict-Transport-Security", _STRICT_TRANSPORT)
        if "Cache-Control" not in response.headers and request.endpoint != "web.asset":
            response.headers["Cache-Control"] = "no-store"
        return response

    app.after_request(add)
