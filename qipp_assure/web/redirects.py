"""Redirects that stay on this site, whatever an address in a query says."""

from __future__ import annotations

import re

from flask import redirect, request
from werkzeug.wrappers import Response

_LONGEST = 2_000
_HERE = re.compile(r"/(?![/\\])[!-\[\]-~]*\Z")


def is_local(target: str | None) -> bool:
    r"""Whether an address is a path on this site and can be nothing else.

    It must begin with exactly one slash and hold only printable ASCII without backslash: browsers
    drop tabs and line ends and read a backslash as a slash, which makes `/\t/evil` another host.

    >>> [is_local(t) for t in ("/plans?page=2", "//evil", "/\\evil", "/\t/evil", "https://evil")]
    [True, False, False, False, False]
    """
    if not target or len(target) > _LONGEST or not _HERE.match(target):
        return False
    return not target.lower().startswith(("/%09", "/%0a", "/%0d", "/%2f", "/%5c"))


def redirect_back(default: str, parameter: str = "next") -> Response:
    """To the address that the form or query names, if it is on this site; else to `default`."""
    target = request.values.get(parameter)
    return redirect(target if target is not None and is_local(target) else default, code=303)
