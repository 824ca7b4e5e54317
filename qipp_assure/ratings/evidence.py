"""What a return says where a check tells its reader to look, shortened, with where the rest is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qipp_assure.criteria_engine.types import Field, Kind, Record, RecordList, TextList
from qipp_assure.web import filters

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def printable(text: object) -> str:
    """Give a text as a page can carry it.

    What no page can show, and marks that turn the direction of what follows, become U+FFFD, so
    that one sees that something stood there; everything else stays as it was typed.

    >>> printable("a" + chr(0) + "b" + chr(0x202E) + "c"), printable(None), printable("<b>")
    ('a�b�c', '', '<b>')
    """
    return "" if text is None else _UNPRINTABLE.sub("\ufffd", str(text))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the return says where a check looks: `rest` is how much is left out, and where it is."""

    label: str
    text: str
    rest: str = ""


LONG = 420
"""How much of a text is shown for a region's criteria, in characters."""

SHORT = 150
"""The same for an initiative's, of which there are many."""

ITEMS = 6
"""How many items of a list are shown."""

_PERCENT = 100


def evidence_for(
    values: Mapping[str, Any],
    record: Record,
    paths: Iterable[str],
    at_most: int,
    where: str,
    *,
    items: int = ITEMS,
) -> tuple[Evidence, ...]:
    """Give what the return says at each of a check's paths; a silent place says so.

    `record` declares the subject's `values`; `where` names the return ("the plan"); a text is cut
    after `at_most` characters and a list after so many `items`.
    """
    found = (pair for path in paths for pair in _at(values, record, path, items))
    return tuple(_shortened(label, text, at_most, where) for label, text in found)


def _shortened(label: str, text: str, at_most: int, where: str) -> Evidence:
    whole = " ".join(printable(text).split(" "))
    if not whole.strip():
        return Evidence(printable(label), filters.NOT_GIVEN)
    if len(whole) <= at_most:
        return Evidence(printable(label), whole)
    cut = whole[:at_most].rsplit(None, 1)[0] or whole[:at_most]
    rest = f"{len(whole) - len(cut):,} more characters in {where}, under “{label}”"
    return Evidence(printable(label), f"{cut}…", rest)


def _at(
    values: Mapping[str, Any], record: Record, path: str, at_most: int
) -> Iterator[tuple[str, str]]:
    member = record.find(path)
    if member is not None:
        yield _capital(member.label), _member_words(_value(values, path), member, at_most)
        return
    grouped = [field for field in record.fields if field.name.startswith(f"{path}.")]
    if grouped:
        for field in grouped:
            value = _value(values, field.name)
            yield _capital(field.label), _member_words(value, field, at_most)
        return
    for member in record.lists:
        inner = path.removeprefix(f"{member.name}.")
        if isinstance(member, RecordList) and inner != path:
            yield _inside(values, member, inner, at_most)
            return


def _inside(
    values: Mapping[str, Any], member: RecordList, inner: str, at_most: int
) -> tuple[str, str]:
    """One field of each item of a list, behind the item's name."""
    items = list(_value(values, member.name) or [])
    field = member.record.find(inner)
    label = f"{_capital(member.label)}: {field.label if field else inner}"
    parts = []
    for number, item in enumerate(items[:at_most], start=1):
        name = _item_name(item, member.record, number)
        found = _at(item, member.record, inner, at_most)
        told = " ".join(text for _, text in found if text) or "not given"
        parts.append(told if told == name else f"{name}: {told}")
    return label, _joined(parts, len(items))


def _member_words(value: Any, member: Field | RecordList | TextList, at_most: int) -> str:
    if isinstance(member, Field):
        return value_words(value, member.type)
    items = value or []
    if isinstance(member, RecordList):
        names = [
            _item_name(item, member.record, number)
            for number, item in enumerate(items[:at_most], start=1)
        ]
        return _joined(names, len(items))
    return _joined([str(item) for item in items[:at_most]], len(items))


def _joined(parts: list[str], number: int) -> str:
    more = f";\nand {number - len(parts)} more" if number > len(parts) else ""
    return ";\n".join(parts) + more  # a page that keeps line ends shows a list


def _item_name(item: Mapping[str, Any], record: Record, number: int) -> str:
    for name in record.label_fields:
        if found := _value(item, name):
            return str(found)
    return f"number {number}"


def value_words(value: Any, kind: Kind) -> str:
    """Write a value of the facts as people read it; nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return filters.date(value)
    if kind is Kind.MONEY:
        return filters.money_exact(int(value))
    if kind is Kind.SHARE:
        return f"{Decimal(value) * _PERCENT:f}%"
    if kind is Kind.CHOICE:
        return _capital(str(value).replace("_", " "))
    return str(value)


def _value(values: Mapping[str, Any], path: str) -> Any:
    found: Any = values
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
