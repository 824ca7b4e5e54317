"""Which sheets a workbook has, and which field of the return stands where.

A layout is short and explicit and refers to the paths of the catalogue; labels, units, hints,
formats and drop-downs come from there.  A test proves that every field stands in one place, or is
left out with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from qipp_assure.returns.catalogue import Catalogue, FieldSpec, catalogue


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet of questions, one a row: sections, each with a heading and the paths it asks."""

    name: str
    about: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths, from top to bottom."""
        return tuple(path for _, paths in self.sections for path in paths)


@dataclass(frozen=True)
class Table:
    """A sheet with one row for each item of a list, wherever in the return the list stands.

    `of` is the list's path, `columns` the names of fields under it (``brief.objectives`` for one
    in a group).  `spread` is a field that holds a value for each period, laid out to the right.
    `bands` head groups of columns.  `listed` tells whether other sheets refer to its rows: such
    rows have a name for the drop-downs.  `outside` names, for a field that holds the id of
    something in another return, the list of what is known of that.
    """

    name: str
    about: str
    of: str
    columns: tuple[str, ...]
    spread: str = ""
    listed: bool = False
    bands: Mapping[str, str] = field(default_factory=dict)
    outside: Mapping[str, str] = field(default_factory=dict)

    @property
    def parent(self) -> str:
        """The path of the list whose items hold this list; empty for a list of the return."""
        head, _, _ = self.of.removesuffix("[]").rpartition(".")
        return head

    @property
    def key(self) -> str:
        """The name under which a document or item holds the list."""
        return self.of.removesuffix("[]").rpartition(".")[2]

    def path(self, column: str) -> str:
        """The catalogue path of a column."""
        return f"{self.of}.{column}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet of figures by period for the rows of a table: one row an item, a column a period."""

    name: str
    about: str
    of: str
    field: str
    row_heading: str

    @property
    def path(self) -> str:
        """The catalogue path of the figures."""
        return f"{self.of}.{self.field}"


Sheet = Form | Table | Grid


@dataclass(frozen=True)
class Layout:
    """A workbook's sheets in order; `left_out` says why a field stands on none of them."""

    template: str
    title: str
    sheets: tuple[Sheet, ...]
    left_out: Mapping[str, str]

    @property
    def catalogue(self) -> Catalogue:
        """The fields of the template."""
        return catalogue(self.template)

    @cached_property
    def specs(self) -> Mapping[str, FieldSpec]:
        """Fields by path."""
        return MappingProxyType({spec.path: spec for spec in self.catalogue.fields})

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, those of outer lists before those of the lists inside them."""
        found = (sheet for sheet in self.sheets if isinstance(sheet, Table))
        return tuple(sorted(found, key=lambda table: table.of.count("[]")))

    def table_of(self, path: str) -> Table:
        """The table that shows a list."""
        return next(table for table in self.tables if table.of == path)

    def placed(self) -> Iterator[str]:
        """Every path as often as it stands on a sheet."""
        for sheet in self.sheets:
            match sheet:
                case Form():
                    yield from sheet.paths
                case Table():
                    yield sheet.path("id")
                    yield from (sheet.path(column) for column in sheet.columns)
                    if sheet.spread:
                        yield sheet.path(sheet.spread)
                case Grid():
                    yield sheet.path
