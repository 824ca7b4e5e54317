"""The fields that checks use, read once a subject and checked for their types.

Lists become rows of the columns that anything asks for.  A value that is not of its declared
type raises: the reference then rates that subject, check by check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qipp_assure.criteria_engine.compiled.writing import Source
from qipp_assure.criteria_engine.tree import FieldRef, ListRef
from qipp_assure.criteria_engine.types import Kind, TextList
from qipp_assure.criteria_engine.values import UNKNOWN, plain_value

Path = tuple[str, ...]

_EXACT_TYPES = {
    Kind.MONEY: "int", Kind.COUNT: "int", Kind.DAYS: "int", Kind.NUMBER: "int", Kind.SHARE: "int",
    Kind.DATE: "date", Kind.YES_NO: "bool",
}  # fmt: skip
DECIMAL_KINDS = frozenset({Kind.NUMBER, Kind.SHARE})
_TEXTS = frozenset({Kind.TEXT, Kind.CHOICE})


def checked(raw: object, kind: Kind) -> object:
    """A value as the evaluator wants it, None for unknown.  TypeError as `plain_value`."""
    value = plain_value(raw, kind)
    return None if value is UNKNOWN else value


def checked_list(raw: object) -> list[Any] | tuple[Any, ...]:
    """A list.  TypeError for anything else."""
    if not isinstance(raw, list | tuple):
        raise TypeError(f"{type(raw).__name__} where a list was declared")
    return raw


@dataclass(slots=True)
class Rows:
    """What is read of the subject, or of each item of one of its lists.

    `fields` holds (path, kind, whether as it stands); `lists` and `rows` hold paths of lists,
    taken whole or as rows of their own.  Each has the number of its column.  Items of a list of
    texts have no fields.
    """

    are_texts: bool = False
    number: int = 0
    fields: dict[tuple[Path, Kind, bool], int] = field(default_factory=dict)
    lists: dict[Path, int] = field(default_factory=dict)
    rows: dict[Path, tuple[int, Rows]] = field(default_factory=dict)

    def _next(self) -> int:
        self.number += 1
        return self.number - 1

    def field_column(self, ref: FieldRef, *, as_it_stands: bool) -> int:
        """The column of a field; a decimal is left as it stands, or made a fraction."""
        key = (ref.path, ref.kind, as_it_stands and ref.kind in DECIMAL_KINDS)
        if key not in self.fields:
            self.fields[key] = self._next()
        return self.fields[key]

    def list_column(self, ref: ListRef) -> int:
        """The column of a list that is only counted or looked into."""
        if ref.path not in self.lists:
            self.lists[ref.path] = self._next()
        return self.lists[ref.path]

    def rows_column(self, ref: ListRef) -> tuple[int, Rows]:
        """The column of a list that is walked, and what is read of its items."""
        if ref.path not in self.rows:
            self.rows[ref.path] = (self._next(), Rows(isinstance(ref.declared, TextList)))
        return self.rows[ref.path]


@dataclass(slots=True)
class Reader:
    """Writes the lines that read."""

    source: Source

    def write(self, rows: Rows, whole: str, names: str) -> None:
        """Reads all columns of `whole` into the names `names` + number."""
        got: dict[Path, str] = {(): whole}
        for (path, kind, as_it_stands), number in rows.fields.items():
            self._field(self._raw(path, got), f"{names}{number}", kind, as_it_stands=as_it_stands)
        for path, number in rows.lists.items():
            name = f"{names}{number}"
            self.source.line(f"{name} = {self._raw(path, got)}")
            with self.source.inside(f"if type({name}) is not list and {name} is not None:"):
                self.source.line(f"{name} = checked_list({name})")
        for path, (number, below) in rows.rows.items():
            self._rows(self._raw(path, got), f"{names}{number}", below)

    def _raw(self, path: Path, got: dict[Path, str]) -> str:
        """What gives the raw value at a path; groups on the way are got once."""
        if not path:
            return got[()]
        owner = got.get(path[:-1])
        if owner is None:
            owner = got[path[:-1]] = self.source.name("g")
            self.source.line(f"{owner} = {self._raw(path[:-1], got)}")
        absent = f"None if {owner} is None else " if len(path) > 1 else ""
        return f"{absent}{owner}.get({self.source.value(path[-1])})"

    def _field(self, raw: str, name: str, kind: Kind, *, as_it_stands: bool) -> None:
        line, inside = self.source.line, self.source.inside
        line(f"{name} = {raw}")
        again = f"checked({name}, {self.source.value(kind)})"
        if kind in _TEXTS:
            with inside(f"if type({name}) is str:"), inside(f"if not {name} or {name}.isspace():"):
                line(f"{name} = None")
            with inside(f"elif {name} is not None:"):
                line(f"{name} = {again}")
            return
        if as_it_stands:
            again = f"measurable({name}) if type({name}) is Decimal else {again}"
        with inside(f"if type({name}) is not {_EXACT_TYPES[kind]} and {name} is not None:"):
            line(f"{name} = {again}")

    def _rows(self, raw: str, name: str, below: Rows) -> None:
        line, inside = self.source.line, self.source.inside
        item, items, add = (self.source.name(letter) for letter in ("i", "l", "a"))
        line(f"{name} = {items} = {raw}")
        with inside(f"if {items} is not None:"):
            line(f"{name} = []")
            line(f"{add} = {name}.append")
            with inside(f"for {item} in checked_list({items}):"):
                names = self.source.name("y") + "_"
                self.write(below, item, names)
                if not below.number and not below.are_texts:
                    line(f"{item}.get")  # an item without fields is no item
                line(f"{add}(({''.join(f'{names}{n},' for n in range(below.number))}))")
