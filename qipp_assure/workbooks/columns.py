"""The columns of a sheet: the same list serves writing, and finding them again when reading.

Each column has a machine key, which stands in a hidden row above the heading: a column that was
moved or renamed is still known by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qipp_assure.returns.catalogue import FieldSpec
from qipp_assure.returns.periods import months_of, phased_by, years_between
from qipp_assure.vocabulary import PhasedBy
from qipp_assure.workbooks.labels import period_label
from qipp_assure.workbooks.sheets import Grid, Layout, Table

KEY_PREFIX = "qipp:"
ID, LISTED, PARENT, ROW, TOTAL = "id", "=listed", "=parent", "=row", "=total"
DEFAULT_YEARS = ("2011/12", "2014/15")
MAX_YEARS_SHOWN = 8
_FINENESS = {PhasedBy.MONTH: 0, PhasedBy.QUARTER: 1, PhasedBy.YEAR: 2}
_BAND_OF_PERIODS = {
    PhasedBy.MONTH: "by month",
    PhasedBy.QUARTER: "by quarter",
    PhasedBy.YEAR: "by year",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, heading, the field it shows (if any) and the period (if one)."""

    key: str
    heading: str
    spec: FieldSpec | None = None
    period: str = ""
    band: str = ""

    @property
    def value_type(self) -> str:
        """The type of a cell: that of the field, or of its figures where these are by period."""
        if self.spec is None:
            return "text"
        return self.spec.of if self.period else self.spec.type


def period_key(name: str, period: str) -> str:
    """The machine key of a column that holds one period of a field."""
    return f"{name}|{period}"


def heading_of(spec: FieldSpec) -> str:
    """The words over a column: label, unit, and whether it is needed."""
    unit = f", {spec.unit}" if spec.unit else ""
    return f"{spec.label}{unit}{' (needed)' if spec.required else ''}"


def table_columns(layout: Layout, table: Table, periods: Iterable[str] = ()) -> tuple[Column, ...]:
    """List the columns of a table from left to right; the hidden id comes first."""
    found = [Column(ID, "Id: leave as it is")]
    if table.listed:
        found.append(Column(LISTED, "Listed as"))
    if table.parent:
        label = next(spec.label for spec in layout.catalogue.lists if spec.path == table.parent)
        found.append(Column(PARENT, f"{_singular(layout, table.parent, label)} (needed)"))
    for name in table.columns:
        spec = layout.specs[table.path(name)]
        group, _, _ = name.rpartition(".")
        found.append(Column(name, heading_of(spec), spec, band=table.bands.get(group, "")))
    if table.spread:
        found.extend(_period_columns(layout.specs[table.path(table.spread)], periods))
    return tuple(found)


def grid_columns(layout: Layout, grid: Grid, periods: Iterable[str]) -> tuple[Column, ...]:
    """List the columns of a grid: the row's name, the total of money, and the periods."""
    spec = layout.specs[grid.path]
    found = [Column(ROW, f"{grid.row_heading} (needed)")]
    if spec.of == "money":
        found.append(Column(TOTAL, "Total"))
    return (*found, *_period_columns(spec, periods))


def _period_columns(spec: FieldSpec, periods: Iterable[str]) -> Iterator[Column]:
    unit = f", {spec.unit}" if spec.unit else ""
    for period in periods:
        kind = phased_by(period)
        band = f"{spec.label}{unit}, {_BAND_OF_PERIODS[kind]}" if kind is not None else spec.label
        yield Column(period_key(spec.name, period), period_label(period), spec, period, band)


def _singular(layout: Layout, path: str, label: str) -> str:
    """Name one item of a list as the list itself does: by the label of its name."""
    spec = layout.specs.get(f"{path}.name")
    return spec.label if spec is not None else label


def periods_shown(
    document: Mapping[str, Any], spec: FieldSpec, maps: Iterable[Any]
) -> tuple[str, ...]:
    """Choose the periods that get a column: the plan's years, and whatever is filled in already.

    Months come first, then quarters, then years; `maps` are the field's values in all items.
    """
    about = document.get("about")
    about = about if isinstance(about, Mapping) else {}
    first, last = sorted(
        _year(about.get(name), default)
        for name, default in zip(("first_year", "last_year"), DEFAULT_YEARS, strict=True)
    )
    years = years_between(first, last)[:MAX_YEARS_SHOWN]
    periods = set(years)
    if spec.type == "phasing":
        for year in years:
            periods.update(months_of(year))
            periods.update(f"{year}Q{number}" for number in range(1, 5))
    for found in maps:
        if isinstance(found, Mapping):
            periods.update(str(period) for period in found)
    return tuple(sorted(periods, key=_place_of_period))


def _year(value: Any, default: str) -> str:
    return value if isinstance(value, str) and phased_by(value) is PhasedBy.YEAR else default


def _place_of_period(period: str) -> tuple[int, str]:
    kind = phased_by(period)
    return (_FINENESS[kind] if kind is not None else len(_FINENESS), period)
