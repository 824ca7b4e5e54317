"""Reading parts of a document as facts, by what the catalogue declares of them.

Facts are read from the JSON itself, not through the models: a sealed return was checked before it
was sealed, and a draft may hold what does not parse yet, which reads as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from qipp_assure.criteria_engine.types import Field, Kind, TextList
from qipp_assure.returns.catalogue import Catalogue, FieldSpec

Reader = Callable[[Any], Any]
_PERCENT = 100


@lru_cache(maxsize=20_000)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=50_000)
def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_day(value: Any) -> date | None:
    """Read a date; None for whatever is no date."""
    return _day(value) if isinstance(value, str) else None


def read_number(value: Any) -> Decimal | None:
    """Read a decimal that travels as text; None for whatever is none."""
    return _decimal(value) if isinstance(value, str) else None


def read_whole(value: Any) -> int | None:
    """Read a whole number, such as money; None for whatever is none (yes and no included)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _read_share(value: Any) -> Decimal | None:
    number = read_number(value)
    return None if number is None else number / _PERCENT


def _read_yes_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def read_text(value: Any) -> str | None:
    """Read a text; None for whatever is none, and for a blank one."""
    return value if isinstance(value, str) and value.strip() else None


def _read_codes(value: Any) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


_KINDS: dict[str, tuple[Kind, Reader]] = {
    "money": (Kind.MONEY, read_whole),
    "count": (Kind.COUNT, read_whole),
    "number": (Kind.NUMBER, read_number),
    "share": (Kind.SHARE, _read_share),
    "date": (Kind.DATE, read_day),
    "yes_no": (Kind.YES_NO, _read_yes_no),
    "choice": (Kind.CHOICE, read_text),
}
_AS_TEXT = {"id", "code", "text", "month", "year", "digest", "template"}


def _kind_and_reader(spec: FieldSpec) -> tuple[Kind, Reader] | None:
    if spec.type in _AS_TEXT:
        return Kind.TEXT, read_text
    if spec.type == "choice":
        choices = frozenset(spec.choices)
        return Kind.CHOICE, lambda value: value if value in choices else None
    return _KINDS.get(spec.type)


def _is_mapping(found: Any) -> bool:
    """As isinstance with Mapping, but at once for a dict, which is asked most often."""
    return type(found) is dict or isinstance(found, Mapping)


class RecordReader:
    """Reads the fields right under one list or section, groups inside it included.

    `members` are what criteria may name.  Phasing is no value of the criteria language: it is
    reached through derived facts only.
    """

    def __init__(self, source: Catalogue, prefix: str) -> None:
        self.members: list[Field | TextList] = []
        self._steps: list[tuple[tuple[str, ...], str, Reader]] = []
        for spec in source.list_fields(prefix) if prefix else _top_level(source):
            name = spec.path[len(prefix) + 1 :] if prefix else spec.path
            *groups, last = name.split(".")
            if spec.type == "codes":
                self.members.append(TextList(name, spec.label.lower()))
                self._steps.append((tuple(groups), last, _read_codes))
            elif found := _kind_and_reader(spec):
                kind, reader = found
                choices = spec.choices if kind is Kind.CHOICE else ()
                self.members.append(Field(name, kind, _in_sentence(spec.label), choices))
                self._steps.append((tuple(groups), last, reader))

    def read(self, body: Any) -> dict[str, Any]:
        """Read one record; whatever does not fit its declaration is missing."""
        source = body if _is_mapping(body) else {}
        values: dict[str, Any] = {}
        for groups, last, reader in self._steps:
            found: Any = source
            target = values
            for group in groups:
                found = found.get(group) if _is_mapping(found) else None
                target = target.setdefault(group, {})
            target[last] = reader(found.get(last)) if _is_mapping(found) else reader(None)
        return values


def _top_level(source: Catalogue) -> list[FieldSpec]:
    return [spec for spec in source.fields if "[]" not in spec.path]


def _in_sentence(label: str) -> str:
    """Write a label as it stands inside a sentence: KPI keeps its capitals.

    >>> _in_sentence("Date met"), _in_sentence("KPI")
    ('date met', 'KPI')
    """
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def list_of(body: Any, name: str) -> list[dict[str, Any]]:
    """Give the items of a list that stands in a document, or nothing where there is none."""
    found = body.get(name) if isinstance(body, Mapping) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
