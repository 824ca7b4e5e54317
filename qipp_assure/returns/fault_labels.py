"""The place of a fault in people's words: section or entries by name, then the field's label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from qipp_assure.returns.catalogue import Catalogue, FieldSpec, catalogue

WHOLE = "The whole return"
_LONGEST_NAME = 60
_NAMING = ("name", "description", "title", "what", "point_of_delivery", "staff_group", "criterion")
"""Fields by which people know an entry again, the best first."""

_SAYS_NO_KIND = {"Name", "Title", "What is off track"}
"""Labels of such fields that do not say what kind of thing is named; that of the list does."""


def label_of(place: Sequence[str | int], document: Any) -> str:
    """Say where a place of a document is, by the labels of its template's catalogue.

    Args:
        place: names and positions in lists, as in `validation.Fault`.
        document: the return as it stands, however broken; entries are named from it.

    >>> plan = {"template": "plan@2011.1", "initiatives": [{"name": "Stroke", "milestones": [{}]}]}
    >>> label_of(("finance", "challenge_gbp"), plan)
    'Finance: size of the challenge'
    >>> label_of(("initiatives", 0, "milestones", 0, "due"), plan)
    'Initiative ‘Stroke’, milestone 1: due date'
    >>> label_of(("initiatives", 0, "savings", 2, "planned", "2011-04"), plan)
    'Initiative ‘Stroke’, savings line 3: planned saving, gross, April 2011'
    >>> label_of(("region",), plan), label_of((), plan), label_of(("colour",), {})
    ('Region', 'The whole return', 'Colour')
    """
    try:
        known = catalogue(str(document.get("template")))
    except (AttributeError, KeyError):
        known = Catalogue("", (), ())
    holders: list[str] = []
    path, value, rest = "", document, list(place)
    fields = {spec.path: spec for spec in known.fields}
    lists = {spec.path: spec.label for spec in known.lists}
    while rest and f"{path}{rest[0]}" not in fields:
        step = rest.pop(0)
        value = _inside(value, step)
        position = rest.pop(0) if rest and isinstance(rest[0], int) else None
        if isinstance(position, int):
            value = _inside(value, position)
            path += f"{step}[]"
            holders.append(_entry(known, path, value, position))
        else:
            path += str(step)
            holders.append(lists.get(f"{path}[]") or _plain(str(step)))
        path += "."
    where = ", ".join(_small(one) if number else one for number, one in enumerate(holders))
    if not rest:
        return where or WHOLE
    told = _field(fields[f"{path}{rest[0]}"], rest[1:])
    return f"{where}: {_small(told)}" if where else told


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _entry(known: Catalogue, path: str, entry: Any, position: int) -> str:
    """Name an entry of a list: what kind of thing, and its name or (counted from 1) its place."""
    labels = {spec.name: spec.label for spec in known.list_fields(path)}
    naming = next((name for name in _NAMING if name in labels), "")
    kind = labels.get(naming, "")
    if not kind or kind in _SAYS_NO_KIND:
        kind = next((one.label for one in known.lists if one.path == path), _plain(path))
    name = _inside(entry, naming)
    if not isinstance(name, str) or not name.strip():
        return f"{kind} {position + 1}"
    said = " ".join(name.split())
    return f"{kind} ‘{said if len(said) <= _LONGEST_NAME else said[: _LONGEST_NAME - 1] + '…'}’"


def _field(spec: FieldSpec, rest: Sequence[str | int]) -> str:
    periods = [_period(str(step)) for step in rest if isinstance(step, str)]
    return ", ".join([spec.label, *periods])


def _period(text: str) -> str:
    try:
        return f"{date.fromisoformat(f'{text}-01'):%B %Y}"
    except ValueError:
        return text[:_LONGEST_NAME]


def _plain(name: str) -> str:
    words = name.replace("[]", "").rpartition(".")[2].replace("_", " ")[:_LONGEST_NAME]
    return words[:1].upper() + words[1:]


def _small(words: str) -> str:
    """Write a label as it stands inside a sentence: KPI keeps its capitals."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
