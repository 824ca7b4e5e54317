"""Text as a page can carry it: marks that turn the direction of what follows do nothing."""

from __future__ import annotations

import re

_MARKS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNPRINTABLE = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_MARKS}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# The same marks as UTF-8: a page without them, as nearly all are, need not be decoded.
_MAY_TURN = re.compile(b"\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
# User text is escaped, so that no text of a person's can look like one of these controls.
_CONTROL_OR_MARK = re.compile(
    f'(<textarea\\b.*?</textarea>|\\bvalue="[^"]*")|[{_MARKS}]', re.DOTALL
)

SHOWN_INSTEAD = "\ufffd"


def printable(text: object) -> str:
    """Give a text as a page can carry it.

    What no page can show, and marks that turn the direction of what follows, become U+FFFD, so
    that one sees that something stood there; everything else stays as it was typed.

    >>> printable("a" + chr(0) + "b" + chr(0x202E) + "c"), printable(None), printable("<b>")
    ('a�b�c', '', '<b>')
    """
    return "" if text is None else _UNPRINTABLE.sub(SHOWN_INSTEAD, str(text))


def without_turning_marks(page: bytes) -> bytes:
    """Show the marks of a whole HTML page that turn the direction of what follows as U+FFFD.

    Form controls keep them: a browser shows each by itself, and what somebody typed must come
    back as it was when the form is sent again.

    >>> mark = chr(0x202E)
    >>> page = f'<h1>a{mark}b</h1><input value="a{mark}b">'
    >>> without_turning_marks(page.encode()).decode() == f'<h1>a�b</h1><input value="a{mark}b">'
    True
    """
    if not _MAY_TURN.search(page):
        return page
    turned = _CONTROL_OR_MARK.sub(lambda found: found[1] or SHOWN_INSTEAD, page.decode())
    return turned.encode()
