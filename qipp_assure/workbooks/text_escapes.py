"""The escapes by which a workbook writes characters that XML cannot hold, such as ``_x000D_``.

openpyxl leaves them as they are in shared texts, but takes every ``x005F_`` out, so that a text
that really holds ``_x000D_`` could not be told from a carriage return.  A mark within the escape
keeps the library from touching it, until all of them are undone together.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MARK = "\ue000"
_MARKED = f"x005F{_MARK}_"


def guarded_escapes(texts: bytes) -> bytes:
    """Mark the escapes in the part that holds the shared texts."""
    return texts.replace(b"x005F_", _MARKED.encode())


def unescaped(text: str) -> str:
    """Undo the escapes, and the marks.

    >>> unescaped("a_x0041_b_x005F_x0041_"), unescaped(guarded_escapes(b"_x005F_x0041_").decode())
    ('aAb_x0041_', '_x0041_')
    """
    if "x0" not in text and "_x" not in text:
        return text
    plain = text.replace(_MARKED, "x005F_")
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), plain)
