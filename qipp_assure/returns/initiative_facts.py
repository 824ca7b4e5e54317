"""The facts of one initiative: the plan's intent, overlaid with the tracker's position."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.returns import derived, schemas
from qipp_assure.returns.derived import Derived
from qipp_assure.returns.reading import list_of
from qipp_assure.returns.schemas import CARD, PLAN

Values = dict[str, Any]

# What describes a KPI or a saving, and may be taken from the plan where the card leaves it out;
# everything else on a card is the month's position, and what is missing there is missing.
_DESCRIBES = frozenset(
    {
        "name",
        "kind",
        "unit",
        "better_when",
        "baseline",
        "target",
        "recurrent",
        "cash_effect",
        "driver",
        "efficiency_area",
        "spending_area",
        "organisation_code",
        "evidence",
        "code",
        "transformational",
    }
)


class InitiativeFacts:
    """One initiative as the engine sees it.

    `planned` is its entry in a plan (empty where the plan is not at hand); `tracked` its entry
    in a card's tracker, None where a plan is being rated, empty where the tracker is silent.
    """

    def __init__(
        self,
        planned: Mapping[str, Any],
        tracked: Mapping[str, Any] | None,
        context: Values,
        as_of: date,
    ) -> None:
        self._as_of = as_of
        self.id = str(planned.get("id") or (tracked or {}).get("id"))
        self.programme_id = str(planned.get("programme_id") or "")
        self.opportunity_id = planned.get("opportunity_id")
        self.workstream_id = str((tracked or {}).get("workstream_id") or "")
        values = schemas.reader(PLAN, "initiatives[]").read(planned)
        position = schemas.reader(CARD, "tracker[]").read(tracked)
        values = position | values if tracked is None else _overlaid(values, position)
        values["milestones"] = self._milestones(planned, tracked)
        values["risks"] = self._risks(planned, tracked)
        values["kpis"] = self._overlaid_list("kpis", planned, tracked, derived.PLAN_KPI)
        values["savings"] = self._overlaid_list("savings", planned, tracked, derived.PLAN_SAVING)
        values["context"] = context
        values["tracked"] = False if tracked is None else (bool(tracked) or None)
        self.values = derived.add_derived(values, planned, derived.INITIATIVE, as_of)

    def subject(self, root: tuple[str, str]) -> SubjectFacts:
        """Give the subject, under its workstream, or under `root` where it has none."""
        parent = ("workstream", self.workstream_id) if self.workstream_id else root
        code = self.values.get("code") or ""
        name = self.values.get("name") or self.id
        return SubjectFacts("initiative", self.id, code, name, parent, self.values)

    def _milestones(
        self, planned: Mapping[str, Any], tracked: Mapping[str, Any] | None
    ) -> list[Values]:
        reader = schemas.reader(PLAN, "initiatives[].milestones[]")
        return [
            derived.add_derived(reader.read(body), body, derived.MILESTONE, self._as_of)
            for body in _by_id(planned, tracked, "milestones").values()
        ]

    def _risks(self, planned: Mapping[str, Any], tracked: Mapping[str, Any] | None) -> list[Values]:
        reader = schemas.reader(PLAN, "risks[]")
        return [reader.read(body) for body in _by_id(planned, tracked, "risks").values()]

    def _overlaid_list(
        self,
        name: str,
        planned: Mapping[str, Any],
        tracked: Mapping[str, Any] | None,
        facts: tuple[Derived, ...],
    ) -> list[Values]:
        """Read KPIs or savings lines of the plan, each overlaid with the tracker's by its id."""
        read_plan = schemas.reader(PLAN, f"initiatives[].{name}[]").read
        read_card = schemas.reader(CARD, f"tracker[].{name}[]").read
        bodies = {str(body.get("id")): body for body in list_of(planned, name)}
        positions = {str(body.get("id")): body for body in list_of(tracked, name)}
        found = []
        for key in dict.fromkeys((*bodies, *positions)):
            body = bodies.get(key, {})
            values = derived.add_derived(read_plan(body), body, facts, self._as_of)
            if tracked is None:
                found.append(read_card({}) | values)
            elif key in positions:
                found.append(_overlaid(values, read_card(positions[key])))
            else:
                found.append(_silent(values, read_card))
        return found


def _by_id(
    planned: Mapping[str, Any], tracked: Mapping[str, Any] | None, name: str
) -> dict[str, dict[str, Any]]:
    """Give the plan's items with the tracker's in their place; none disappears by silence."""
    items = {str(body.get("id")): body for body in list_of(planned, name)}
    return items | {str(body.get("id")): body for body in list_of(tracked, name)}


def _overlaid(values: Values, position: Values) -> Values:
    """Put the card's values over the plan's."""
    return values | {
        name: value
        for name, value in position.items()
        if value is not None or name not in _DESCRIBES or name not in values
    }


def _silent(values: Values, read_card: Callable[[Any], Values]) -> Values:
    """Keep the plan's line although the tracker says nothing of it: its actuals are missing."""
    kept = read_card({}) | values
    for name in ("actual", "actual_to_date_gbp", "actual_month_gbp", "updated_on"):
        if name in kept:
            kept[name] = None
    return kept
