"""A draft is parts: each section, each list and each initiative is edited and kept on its own.

`split` takes a document apart and `assemble` puts it together again; neither asks whether the
values can be read, for a draft may hold what does not parse yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Lists whose every item is a part of its own, so that many hands can work on them.
OWN_PARTS = ("initiatives", "tracker")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a draft.

    `kind` is ``section`` (with the name of a top-level field as `key`) or the name of a list of
    `OWN_PARTS` (with the item's id as `key`).  `owner` is the code of the organisation to which
    the part was given, None where it is the region's own.  `position` keeps the order of items.
    """

    kind: str
    key: str
    body: Any
    position: int = 0
    owner: str | None = None


SECTION = "section"


def split(document: dict[str, Any]) -> list[Part]:
    """Take a document apart.

    >>> [(p.kind, p.key) for p in split({"round": "r", "initiatives": [{"id": "a"}]})]
    [('section', 'round'), ('initiatives', 'a')]
    """
    parts: list[Part] = []
    for name, value in document.items():
        if name in OWN_PARTS and isinstance(value, list):
            parts.extend(
                Part(name, str(item["id"]), item, position) for position, item in enumerate(value)
            )
        else:
            parts.append(Part(SECTION, name, value))
    return parts


def assemble(parts: Iterable[Part]) -> dict[str, Any]:
    """Put a document together from its parts, items in the order of their positions.

    >>> assemble(split({"round": "r", "initiatives": [{"id": "a"}]}))
    {'round': 'r', 'initiatives': [{'id': 'a'}]}
    """
    document: dict[str, Any] = {}
    lists: dict[str, list[Part]] = {}
    for part in parts:
        if part.kind == SECTION:
            document[part.key] = part.body
        else:
            lists.setdefault(part.kind, []).append(part)
    for kind, found in lists.items():
        document[kind] = [
            part.body for part in sorted(found, key=lambda part: (part.position, part.key))
        ]
    return document
