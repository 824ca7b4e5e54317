"""What a document that is put in place of a draft would lose of it; pure.

Fields are compared by lasting ids, never by position.  Where it is known how the draft stood when
the document was taken out, a field that its writer changed on purpose is no loss; one that
somebody else changed meanwhile is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qipp_assure.returns.canonical import pruned
from qipp_assure.returns.parts import OWN_PARTS
from qipp_assure.returns.values import cleaned

Steps = tuple[str, ...]
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Loss:
    """What one part of a draft would lose: fields that change, and fields that vanish.

    `part` is the name of a section, or of a list whose items are parts; then `item_id` and
    `item_name` say which item.  `whole` tells that all of it would vanish.  `by` and `at` say who
    wrote the part last, where that is known.
    """

    part: str
    item_id: str
    item_name: str
    changed: int
    vanishing: int
    whole: bool
    by: str = ""
    at: datetime | None = None

    @property
    def what(self) -> str:
        """Name the part for people."""
        if not self.item_id:
            return self.part.replace("_", " ").capitalize()
        return f"Initiative: {self.item_name or self.item_id}"


def find_losses(
    standing: Mapping[str, Any],
    incoming: Mapping[str, Any],
    taken_out: Mapping[str, Any] | None = None,
) -> list[Loss]:
    """List what the standing document would lose, part by part.

    `taken_out` is how it stood when the incoming one was taken out to be edited.  An item that
    the incoming document lacks is always listed: a row is easily deleted by mistake.
    """
    here = dict(_fields(_plain(standing)))
    there = dict(_fields(_plain(incoming)))
    before = None if taken_out is None else dict(_fields(_plain(taken_out)))
    kept_items = set(_items(there))
    changed: dict[Steps, int] = {}
    vanishing: dict[Steps, int] = {}
    for steps, value in here.items():
        if there.get(steps, _MISSING) == value:
            continue
        own = before is not None and before.get(steps, _MISSING) == value
        if own and set(_items([steps])) <= kept_items:
            continue
        counts = changed if steps in there else vanishing
        counts[_part_of(steps)] = counts.get(_part_of(steps), 0) + 1
    parts = dict.fromkeys(_part_of(steps) for steps in here)
    left = {_part_of(steps) for steps in there}
    return [
        Loss(
            part[0],
            part[1] if len(part) > 1 else "",
            _name_of(here, part),
            changed.get(part, 0),
            vanishing.get(part, 0),
            whole=part not in left,
        )
        for part in parts
        if part in changed or part in vanishing
    ]


def _plain(document: Mapping[str, Any]) -> Any:
    return pruned(cleaned(dict(document)))


def _fields(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Walk the fields of a document; an item of a list is known by its id, marked with '#'."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _fields(inner, (*steps, str(name)))
    elif isinstance(value, list) and value and all(_id_of(item) for item in value):
        for item in value:
            yield from _fields(item, (*steps, f"#{_id_of(item)}"))
    else:
        yield steps, value


def _id_of(item: Any) -> str:
    return str(item["id"]) if isinstance(item, Mapping) and item.get("id") else ""


def _items(fields: Any) -> Iterator[Steps]:
    """Name the items that fields lie in."""
    for steps in fields:
        for length, step in enumerate(steps, start=1):
            if step.startswith("#"):
                yield steps[:length]


def _part_of(steps: Steps) -> Steps:
    if len(steps) > 1 and steps[0] in OWN_PARTS and steps[1].startswith("#"):
        return (steps[0], steps[1].removeprefix("#"))
    return steps[:1]


def _name_of(fields: Mapping[Steps, Any], part: Steps) -> str:
    if len(part) == 1:
        return ""
    return str(fields.get((part[0], f"#{part[1]}", "name"), ""))
