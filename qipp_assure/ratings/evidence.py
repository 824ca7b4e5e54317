"""What a return says where a check tells its reader to look, shortened, with where the rest is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from qipp_assure.criteria_engine.types import Field, Kind, Record, RecordList, TextList
from qipp_assure.web import filters
from qipp_assure.web.printable import printable


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the return says where a check looks: `rest` is how much is left out, and where it is."""

    label: str
    text: str
    rest: str = ""


ITEMS = 6
"""How many items of a list are shown, where nobody asks for more."""

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
    """Give what the return says at each of a check's paths; places that are silent come last.

    `record` declares the subject's `values`; `where` names the return ("the plan"); a text is cut
    after `at_most` characters and a list after so many `items`.
    """
    found: list[tuple[str, str]] = []
    for member, names in list(_grouped(record, paths)):
        if member is None:
            found.extend(_at(values, record, names[0], items))
        else:
            found.append(_inside(values, member, names, items))
    told = [_shortened(label, text, at_most, where) for label, text in found if text.strip()]
    silent = [label for label, text in found if not text.strip()]
    if silent:
        told.append(Evidence(filters.NOT_GIVEN, printable("; ".join(silent))))
    return tuple(told)


def _shortened(label: str, text: str, at_most: int, where: str) -> Evidence:
    shown, left = cut(printable(text), at_most)
    if not left:
        return Evidence(printable(label), shown)
    rest = f"{left:,} more characters in {where}, under “{label}”"
    return Evidence(printable(label), f"{shown}…", rest)


def cut(text: str, at_most: int) -> tuple[str, int]:
    """Cut a text between words; gives what is kept and how many characters are left out.

    >>> cut("one two three", 9), cut("one", 9), cut("onetwothree", 9)
    (('one two', 6), ('one', 0), ('onetwothr', 2))
    """
    if len(text) <= at_most:
        return text, 0
    words = text[:at_most].rsplit(None, 1)
    kept = words[0] if len(words) > 1 else text[:at_most]
    return kept, len(text) - len(kept)


def _at(
    values: Mapping[str, Any], record: Record, path: str, at_most: int
) -> Iterator[tuple[str, str]]:
    member = record.find(path)
    if member is not None:
        yield _capital(member.label), _member_words(_value(values, path), member, at_most)
        return
    for field in record.fields:
        if field.name.startswith(f"{path}."):
            yield _capital(field.label), _member_words(_value(values, field.name), field, at_most)


def _inside(
    values: Mapping[str, Any], member: RecordList, inner: list[str], at_most: int
) -> tuple[str, str]:
    """Fields of each item of a list, behind the item's name."""
    items = _value(values, member.name) or []
    fields = [member.record.find(name) for name in inner if name not in member.record.label_fields]
    told = []
    for number, item in enumerate(items[:at_most], start=1):
        parts = [
            f"{field.label} {words}"
            for field in fields
            if isinstance(field, Field)
            and (words := value_words(_value(item, field.name), field.type))
        ]
        name = _item_name(item, member.record, number)
        told.append(f"{name} ({', '.join(parts)})" if parts else name)
    return _capital(member.label), _joined(told, len(items))


def _grouped(record: Record, paths: Iterable[str]) -> Iterator[tuple[RecordList | None, list[str]]]:
    """Paths one by one, those into the items of one list together."""
    by_list: dict[str, list[str]] = {}
    for path in paths:
        member = next(
            (
                one
                for one in record.lists
                if isinstance(one, RecordList) and path.startswith(f"{one.name}.")
            ),
            None,
        )
        if member is None:
            yield None, [path]
            continue
        new = member.name not in by_list
        by_list.setdefault(member.name, []).append(path[len(member.name) + 1 :])
        if new:
            yield member, by_list[member.name]


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
