"""What comes in: control characters taken out of it, identifiers in addresses kept in bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import BaseConverter, ValidationError

ROW_ID_LIMIT = 2**31 - 1
"""Row ids are 32-bit integers on PostgreSQL; a larger one cannot exist."""

_LINE_ENDS = re.compile(r"\r\n?")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str) -> str:
    r"""Text as people meant it: one kind of line end, and no character that is not text.

    NUL and the other control characters (but tab and line feed) go, and so do lone surrogates
    and the two code points that are never characters: databases, XML and PDF refuse them.

    >>> clean_text("a\x00b\r\nc\ufffe")
    'ab\nc'
    """
    return _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", text))


class CleanParameters(ImmutableMultiDict[str, Any]):
    """Form fields and query parameters, each already clean; uploaded files pass as they are."""

    def __init__(
        self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None
    ) -> None:
        pairs = MultiDict(mapping or ()).items(multi=True)
        super().__init__(
            [(clean_text(k), clean_text(v) if isinstance(v, str) else v) for k, v in pairs]
        )


class CleanRequest(Request):
    """A request whose fields and parameters are clean before anybody reads them."""

    parameter_storage_class = CleanParameters


class RowIdConverter(BaseConverter):
    """`<int:...>` and `<row:...>` in an address: a row id that can exist; others are not found."""

    regex = r"[0-9]+"

    def to_python(self, value: str) -> int:
        """The number, or no match at all when it is longer than any row id."""
        if len(value) > len(str(ROW_ID_LIMIT)) or int(value) > ROW_ID_LIMIT:
            raise ValidationError
        return int(value)

    def to_url(self, value: int) -> str:
        """The number as digits."""
        return str(value)


class ItemIdConverter(BaseConverter):
    """`<item:...>`: the lasting id of an item in a return."""

    regex = r"[A-Za-z0-9_-]{1,40}"


class CodeConverter(BaseConverter):
    """`<code:...>`: the code of an organisation."""

    regex = r"[A-Z0-9]{1,10}"


class MonthConverter(BaseConverter):
    """`<month:...>`: a month such as 2011-04."""

    regex = r"[0-9]{4}-(?:0[1-9]|1[0-2])"


def register(app: Flask) -> None:
    """Gives an application the clean request and the bounded converters."""
    app.request_class = CleanRequest
    app.url_map.converters.update(
        {
            "int": RowIdConverter,
            "row": RowIdConverter,
            "item": ItemIdConverter,
            "code": CodeConverter,
            "month": MonthConverter,
        }
    )
