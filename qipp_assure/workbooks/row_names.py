"""The names under which drop-downs show the rows of other sheets: readable, and each only once.

They are made afresh for every workbook and are no part of the return; inside a workbook they tie
rows together, the lasting ids stay hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qipp_assure.workbooks.labels import plain
from qipp_assure.workbooks.sheets import Layout, Table

_LONGEST = 80


@dataclass(frozen=True)
class RowNames:
    """Names by list and id, and the other way round."""

    by_id: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, list_path: str, item_id: Any) -> str | None:
        """Name the item of a list; None for an id that is not there."""
        return self.by_id.get(list_path, {}).get(str(item_id))


def name_rows(layout: Layout, document: Mapping[str, Any]) -> RowNames:
    """Name all items that other sheets refer to."""
    names = RowNames()
    for table in layout.tables:
        if table.listed:
            taken: set[str] = set()
            found: dict[str, str] = {}
            label = next(spec.label for spec in layout.catalogue.lists if spec.path == table.of)
            for number, (parent, item) in enumerate(each_item(document, table), start=1):
                before = names.of(table.parent, parent.get("id")) if table.parent else None
                own = _own_name(item) or f"{label} {number}"
                name = _once(f"{before}: {own}" if before else own, taken)
                found.setdefault(str(item.get("id")), name)
            names.by_id[table.of] = found
    return names


def each_item(
    document: Mapping[str, Any], table: Table
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Walk the items that a table shows, each with the item (or return) that holds it.

    A draft may hold anything at all: what is not a list of objects has no rows.
    """
    parents: list[Mapping[str, Any]] = [document]
    if table.parent:
        parents = list(_objects(document.get(table.parent.removesuffix("[]"))))
    for parent in parents:
        for item in _objects(parent.get(table.key)):
            yield parent, item


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def _own_name(item: Mapping[str, Any]) -> str:
    """Code and name as one line."""
    parts = [str(item[key]) for key in ("code", "name") if item.get(key)]
    line = " ".join(" ".join(parts).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _once(name: str, taken: set[str]) -> str:
    number, found = 1, name
    while plain(found) in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(plain(found))
    return found
