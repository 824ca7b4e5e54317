"""Facts that a return does not state but that follow from it, each declared with its type.

Criteria may name them like any declared field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.types import Field, Kind
from qipp_assure.returns.periods import financial_year_of
from qipp_assure.returns.phasing import (
    due_in_year,
    finest,
    in_year,
    latest_due,
    numbers_by_period,
    phased,
    total,
)
from qipp_assure.vocabulary import KpiKind, PhasedBy

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived fact: how criteria name it, and how it is worked out.

    `work_out` takes the values read so far (nested lists included), the body of the document
    and the date of the rating.
    """

    field: Field
    work_out: Callable[[Values, Mapping[str, Any], date], Any]


def _fact(
    name: str, kind: Kind, label: str, work_out: Callable[[Values, Mapping[str, Any], date], Any]
) -> Derived:
    return Derived(Field(name, kind, label), work_out)


def _days_late(values: Values, _body: Mapping[str, Any], as_of: date) -> int | None:
    due, met_on = values["due"], values["met_on"]
    if due is None:
        return None
    late: int = ((met_on or as_of) - due).days
    return max(late, 0)


def _expected(_values: Values, body: Mapping[str, Any], as_of: date) -> Any:
    trajectory = numbers_by_period(body, "trajectory")
    period = latest_due(trajectory, as_of)
    return None if period is None else trajectory[period]


def _actual(_values: Values, body: Mapping[str, Any], as_of: date) -> Any:
    period = latest_due(numbers_by_period(body, "trajectory"), as_of)
    return None if period is None else numbers_by_period(body, "actuals").get(period)


def _planned_to_date(_values: Values, body: Mapping[str, Any], as_of: date) -> int | None:
    planned = phased(body, "planned")
    return sum(planned[period] for period in due_in_year(planned, as_of)) if planned else None


def _actual_to_date(_values: Values, body: Mapping[str, Any], as_of: date) -> int | None:
    planned, actual = phased(body, "planned"), phased(body, "actual")
    due = set(due_in_year(planned, as_of)) | set(due_in_year(actual, as_of))
    return total(actual.get(period) for period in sorted(due))


def _year_of(name: str) -> Callable[[Values, Mapping[str, Any], date], int | None]:
    def work_out(_values: Values, body: Mapping[str, Any], as_of: date) -> int | None:
        amounts = phased(body, name)
        return in_year(amounts, financial_year_of(as_of)) if amounts else None

    return work_out


def _planned_total(_values: Values, body: Mapping[str, Any], _as_of: date) -> int | None:
    planned = phased(body, "planned")
    return sum(planned.values()) if planned else None


def _phased_within_year(_values: Values, body: Mapping[str, Any], _as_of: date) -> bool:
    return finest(phased(body, "planned")) in {PhasedBy.MONTH, PhasedBy.QUARTER}


MILESTONE = (_fact("days_late", Kind.DAYS, "days late", _days_late),)
PLAN_KPI = (
    _fact("expected", Kind.NUMBER, "value planned by now", _expected),
    _fact("actual", Kind.NUMBER, "latest actual", _actual),
)
PLAN_SAVING = (
    _fact(
        "planned_total_gbp",
        Kind.MONEY,
        "planned saving over the plan",
        _planned_total,
    ),
    _fact("planned_year_gbp", Kind.MONEY, "planned for the year", _year_of("planned")),
    _fact("forecast_year_gbp", Kind.MONEY, "forecast for the year", _year_of("forecast")),
    _fact("planned_to_date_gbp", Kind.MONEY, "planned, year to date", _planned_to_date),
    _fact("actual_to_date_gbp", Kind.MONEY, "actual, year to date", _actual_to_date),
    _fact("phased_within_year", Kind.YES_NO, "phased by month or quarter", _phased_within_year),
)


def _sum_of(name: str) -> Callable[[Values, Mapping[str, Any], date], int | None]:
    return lambda values, _body, _as_of: total(line[name] for line in values["savings"])


_BRIEF_AREAS = ("objectives", "scope", "benefits", "approach", "dependencies")
_MEASURED_KINDS = frozenset({KpiKind.QUALITY, KpiKind.ACTIVITY, KpiKind.WORKFORCE})


def _brief_areas(values: Values, _body: Mapping[str, Any], _as_of: date) -> int:
    return sum(values["brief"][area] is not None for area in _BRIEF_AREAS)


def _kpi_kinds(values: Values, _body: Mapping[str, Any], _as_of: date) -> int | None:
    """Count the kinds that have a KPI; unknown where a KPI of no stated kind could add one."""
    kinds = {kpi["kind"] for kpi in values["kpis"]}
    found = len(kinds & _MEASURED_KINDS)
    return None if None in kinds and found < len(_MEASURED_KINDS) else found


# Of an initiative, by plan and by card alike.
INITIATIVE = (
    _fact(
        "in_plan",
        Kind.YES_NO,
        "it stands in the plan at hand",
        lambda _values, body, _as_of: bool(body),
    ),
    _fact("brief_areas", Kind.COUNT, "areas of the brief filled in, of five", _brief_areas),
    _fact("kpi_kinds", Kind.COUNT, "kinds of KPI, of quality, activity, workforce", _kpi_kinds),
    _fact("planned_year_gbp", Kind.MONEY, "planned for the year", _sum_of("planned_year_gbp")),
    _fact("forecast_year_gbp", Kind.MONEY, "forecast for the year", _sum_of("forecast_year_gbp")),
    _fact(
        "planned_to_date_gbp", Kind.MONEY, "planned, year to date", _sum_of("planned_to_date_gbp")
    ),
    _fact("actual_to_date_gbp", Kind.MONEY, "actual, year to date", _sum_of("actual_to_date_gbp")),
)


def fields_of(derived: tuple[Derived, ...]) -> tuple[Field, ...]:
    """Give what criteria may name of derived facts."""
    return tuple(fact.field for fact in derived)


def add_derived(
    values: Values, body: Mapping[str, Any], derived: tuple[Derived, ...], as_of: date
) -> Values:
    """Work out derived facts and put them beside what was read."""
    for fact in derived:
        values[fact.field.name] = fact.work_out(values, body, as_of)
    return values
