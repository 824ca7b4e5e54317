"""What a return begins with: all that is known before anybody has written a word of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qipp_assure.returns.periods import financial_year_of, last_day, months_of
from qipp_assure.returns.phasing import in_year, phased
from qipp_assure.returns.reading import list_of

Document = dict[str, Any]

CLASS_OF_SAVING = (
    "name", "kind", "recurrent", "cash_effect", "driver", "efficiency_area", "spending_area",
    "organisation_code",
)  # fmt: skip
CLASS_OF_KPI = ("name", "kind", "unit", "better_when", "baseline", "target")
KEPT_OF_CARD = ("lines", "exceptions", "risks")
"""What one month's card hands on to the next: it goes on being so until somebody changes it."""


def first_plan(
    head: Mapping[str, Any], years: Sequence[str], bodies: Mapping[str, str]
) -> Document:
    """Begin a plan with its years, and a line of the allocations for each of a region's bodies.

    `bodies` maps codes to names; `head` says which return it is; `years` are the round's.
    """
    about = {"first_year": years[0], "last_year": years[-1]}
    lines = [
        {"id": f"allocation-{code}", "organisation_code": code, "name": name}
        for code, name in bodies.items()
    ]
    return {**head, "about": about, **({"allocations": lines} if lines else {})}


def first_card(
    head: Mapping[str, Any],
    plan: Mapping[str, Any],
    plan_digest: str | None,
    before: Mapping[str, Any],
) -> Document:
    """Begin the card of a month with the plan's initiatives and what last month's card hands on.

    The plan gives the baseline figures, last month's card where things stood; what was measured
    in a month stays in that month.

    Args:
        head: which return it is; its `period` is the month.
        plan: the sealed plan, empty if there is none.
        plan_digest: of that plan.
        before: last month's card, empty if there is none.
    """
    tracked = {str(one.get("id")): one for one in list_of(before, "tracker")}
    programmes = {
        str(one.get("id")): one.get("workstream_id") for one in list_of(plan, "programmes")
    }
    tracker = [
        _tracked(one, tracked.pop(str(one.get("id")), {}), programmes, str(head["period"]))
        for one in list_of(plan, "initiatives")
    ]
    found: Document = {**head, "tracker": [*tracker, *tracked.values()]}
    if plan_digest is not None:
        found["plan_digest"] = plan_digest
    found.update({name: before[name] for name in KEPT_OF_CARD if before.get(name)})
    if not found.get("lines"):
        found["lines"] = [
            {
                "id": f"line-{one['id']}"[:40],
                "kind": "workstream",
                "name": one.get("name"),
                "workstream_id": one["id"],
            }
            for one in list_of(plan, "workstreams")
        ]
    return {name: value for name, value in found.items() if value}


def _tracked(
    planned: Mapping[str, Any],
    before: Mapping[str, Any],
    programmes: Mapping[str, Any],
    month: str,
) -> Document:
    stood = {str(one.get("id")): one for one in list_of(before, "milestones")}
    milestones = [
        {**one, **stood.pop(str(one.get("id")), {})} for one in list_of(planned, "milestones")
    ]
    found = {
        "id": planned.get("id"),
        "code": planned.get("code"),
        "name": planned.get("name"),
        "workstream_id": programmes.get(str(planned.get("programme_id"))),
        "transformational": planned.get("transformational"),
        "milestones": [*milestones, *stood.values()],
        "kpis": [_kpi(one, month) for one in list_of(planned, "kpis")],
        "savings": [_saving(one, month) for one in list_of(planned, "savings")],
        "risks": list_of(before, "risks") or list_of(planned, "risks"),
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def _kpi(planned: Mapping[str, Any], month: str) -> Document:
    trajectory = planned.get("trajectory")
    expected = trajectory.get(month) if isinstance(trajectory, Mapping) else None
    found = {"id": planned.get("id"), **{name: planned.get(name) for name in CLASS_OF_KPI}}
    found["expected"] = expected
    return {name: value for name, value in found.items() if value is not None}


def _saving(planned: Mapping[str, Any], month: str) -> Document:
    """Take a savings line over; a sum is given only where the phasing says it to the month."""
    amounts, forecast = phased(planned, "planned"), phased(planned, "forecast")
    end = last_day(month)
    year = financial_year_of(end)
    of_year = [period for period in amounts if financial_year_of(last_day(period)) == year]
    ended = [period for period in of_year if last_day(period) <= end]
    cut = any(months_of(period)[0] <= month for period in of_year if period not in ended)
    found = {"id": planned.get("id"), **{name: planned.get(name) for name in CLASS_OF_SAVING}}
    found["planned_month_gbp"] = amounts.get(month)
    found["planned_to_date_gbp"] = (
        sum(amounts[one] for one in ended) if of_year and not cut else None
    )
    found["planned_year_gbp"] = in_year(amounts, year) if of_year else None
    found["forecast_year_gbp"] = in_year(forecast, year) if forecast else None
    return {name: value for name, value in found.items() if value is not None}
