"""Long lists in pages: which page is wanted, and the links to the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request

PER_PAGE = 50
_NUMBER = re.compile(r"[0-9]{1,6}")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list: its items, its number from 1, and how many items there are in all."""

    items: Sequence[Item]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def count(self) -> int:
        """How many pages there are: at least one."""
        return max(1, -(-self.total // self.per_page))


def wanted_page() -> int:
    """The page number that the address asks for; 1 when it asks for none or for nonsense."""
    text = request.args.get("page", "1")
    return max(int(text), 1) if _NUMBER.fullmatch(text) else 1


def page_of(items: Sequence[Item], *, per_page: int = PER_PAGE) -> Page[Item]:
    """The wanted page of a list that is whole already; the last page when past the end."""
    count = max(1, -(-len(items) // per_page))
    number = min(wanted_page(), count)
    start = (number - 1) * per_page
    return Page(items[start : start + per_page], number, len(items), per_page)


def _shown(number: int, count: int) -> list[int]:
    return sorted({1, count, *range(max(1, number - 1), min(count, number + 1) + 1)})


def links(page: Page[Any]) -> dict[str, Any]:
    """The parameters of the NHS pagination component for the view at hand."""
    kept = [(key, text) for key, text in request.args.items(multi=True) if key != "page"]

    def address(number: int) -> str:
        return f"{request.path}?{urlencode([*kept, ('page', number)])}"

    entries: list[dict[str, Any]] = []
    before = 0
    for number in _shown(page.number, page.count):
        if number > before + 1:
            entries.append({"ellipsis": True})
        current = number == page.number
        entries.append({"number": number, "href": address(number), "current": current})
        before = number
    found: dict[str, Any] = {"items": entries}
    if page.number > 1:
        found["previous"] = {"href": address(page.number - 1)}
    if page.number < page.count:
        found["next"] = {"href": address(page.number + 1)}
    return found
