"""What criteria may speak of: the record of each kind of subject, with how it is read.

An initiative has one shape, whether it stands in a plan or in a report card's tracker, so that
one criteria set reads both; what a template does not hold is missing there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from types import MappingProxyType

from qipp_assure.criteria_engine.types import (
    Field,
    Kind,
    Record,
    RecordList,
    SubjectSchema,
    TextList,
)
from qipp_assure.returns import derived
from qipp_assure.returns.catalogue import catalogue
from qipp_assure.returns.reading import RecordReader

PLAN, CARD = "plan@2011.1", "report-card@2011.1"
Member = Field | TextList

CONTEXT = (
    Field("context.challenge_gbp", Kind.MONEY, "the Department's estimate of the challenge"),
    Field("context.baseline_known", Kind.YES_NO, "the plan behind the figures is at hand"),
    Field("context.organisation_tier", Kind.TEXT, "tier of the organisation"),
    Field("context.organisation_kind", Kind.TEXT, "kind of the organisation"),
    Field("context.stage", Kind.TEXT, "stage of the round"),
)


@cache
def reader(template: str, prefix: str) -> RecordReader:
    """Give the reader of one list or section of a template."""
    return RecordReader(catalogue(template), prefix)


def _merged(*members: Iterable[Member]) -> tuple[list[Field], list[TextList]]:
    """Put declarations together by name; the first of a name stands."""
    found: dict[str, Member] = {}
    for member in (member for part in members for member in part):
        found.setdefault(member.name, member)
    fields = [member for member in found.values() if isinstance(member, Field)]
    return fields, [member for member in found.values() if isinstance(member, TextList)]


def _record(
    name: str,
    labels: tuple[str, ...],
    *members: Iterable[Member],
    lists: tuple[RecordList, ...] = (),
) -> Record:
    fields, text_lists = _merged(*members)
    return Record(name, labels, tuple(fields), (*lists, *text_lists))


MILESTONE = _record(
    "milestone",
    ("name",),
    reader(PLAN, "initiatives[].milestones[]").members,
    derived.fields_of(derived.MILESTONE),
)
KPI = _record(
    "KPI",
    ("name",),
    reader(PLAN, "initiatives[].kpis[]").members,
    reader(CARD, "tracker[].kpis[]").members,
    derived.fields_of(derived.PLAN_KPI),
)
SAVING = _record(
    "savings line",
    ("name",),
    reader(PLAN, "initiatives[].savings[]").members,
    reader(CARD, "tracker[].savings[]").members,
    derived.fields_of(derived.PLAN_SAVING),
)
RISK = _record("risk", ("description",), reader(PLAN, "risks[]").members)

_MILESTONES = RecordList("milestones", "milestones", MILESTONE)
_KPIS = RecordList("kpis", "KPIs", KPI)
_SAVINGS = RecordList("savings", "savings lines", SAVING)
_RISKS = RecordList("risks", "risks", RISK)

# Yes on a card that reports on the initiative; no on a plan, which reports nothing; unknown on a
# card that is silent about what its plan promised.
TRACKED = Field("tracked", Kind.YES_NO, "the month's entry in the tracker")

INITIATIVE = _record(
    "initiative",
    ("code", "name"),
    reader(PLAN, "initiatives[]").members,
    reader(CARD, "tracker[]").members,
    derived.fields_of(derived.INITIATIVE),
    (TRACKED,),
    CONTEXT,
    lists=(_MILESTONES, _KPIS, _SAVINGS, _RISKS),
)

WORKSTREAM_SUMS = (
    Field("planned_to_date_gbp", Kind.MONEY, "planned, year to date"),
    Field("actual_to_date_gbp", Kind.MONEY, "actual, year to date"),
    Field("initiative_count", Kind.COUNT, "initiatives"),
)
WORKSTREAM = _record(
    "workstream",
    ("code", "name"),
    reader(PLAN, "workstreams[]").members,
    reader(CARD, "lines[]").members,
    WORKSTREAM_SUMS,
    CONTEXT,
    lists=(_KPIS, _RISKS),
)

OPPORTUNITY_COUNTS = (
    Field("initiative_count", Kind.COUNT, "initiatives that carry it out"),
    Field("milestone_count", Kind.COUNT, "milestones"),
    Field("kpi_count", Kind.COUNT, "KPIs or plans to get them"),
    Field("phased", Kind.YES_NO, "savings phased in time"),
)
ALLOCATION_CONTEXT = (
    Field("department_gbp", Kind.MONEY, "the Department's figure"),
    Field("forecast_years", Kind.COUNT, "years forecast"),
)
ACTIVITY_YEARS = (Field("forecast_years", Kind.COUNT, "years forecast"),)
_EXTRA: MappingProxyType[str, tuple[Field, ...]] = MappingProxyType(
    {
        "opportunities": OPPORTUNITY_COUNTS,
        "allocations": ALLOCATION_CONTEXT,
        "activity_lines": ACTIVITY_YEARS,
        "pay_bill": ACTIVITY_YEARS,
    }
)
_LABELS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "allocations": ("name", "organisation_code"),
        "activity_lines": ("organisation_code", "point_of_delivery"),
        "pay_bill": ("staff_group",),
        "partner_engagements": ("who", "group"),
        "risks": ("description",),
        "organisation_shares": ("name", "organisation_code"),
        "support_wanted": ("what",),
        "self_assessments": ("criterion",),
        "exceptions": ("what",),
        "best_practice": ("title",),
    }
)
_OWN_SUBJECTS = {"initiatives", "tracker", "lines"}


def top_lists(template: str) -> tuple[str, ...]:
    """Name the lists of a template that belong to its root subject."""
    return tuple(
        spec.path.removesuffix("[]")
        for spec in catalogue(template).lists
        if spec.path.count("[]") == 1 and spec.path.removesuffix("[]") not in _OWN_SUBJECTS
    )


def _root(template: str, kind: str, derived_fields: tuple[Field, ...]) -> Record:
    lists = tuple(
        RecordList(
            name,
            name.replace("_", " "),
            _record(
                name,
                _LABELS.get(name, ("name",)),
                reader(template, f"{name}[]").members,
                _EXTRA.get(name, ()),
            ),
        )
        for name in top_lists(template)
    )
    return _record(
        kind, ("region",), reader(template, "").members, derived_fields, CONTEXT, lists=lists
    )


PLAN_SUMS = (
    Field("planned_total_gbp", Kind.MONEY, "planned savings of all initiatives over the plan"),
    Field("initiative_count", Kind.COUNT, "initiatives"),
    Field("horizon_years", Kind.COUNT, "years that the plan covers"),
    Field("allocation_gaps", Kind.COUNT, "commissioners of the Department's list left out"),
)


@cache
def schemas() -> dict[str, tuple[SubjectSchema, ...]]:
    """Give, by template, the subjects that its facts hold and what may be said of them."""
    initiative = SubjectSchema("initiative", INITIATIVE)
    workstream = SubjectSchema("workstream", WORKSTREAM)
    return {
        PLAN: (SubjectSchema("plan", _root(PLAN, "plan", PLAN_SUMS)), workstream, initiative),
        CARD: (
            SubjectSchema("region", _root(CARD, "region", WORKSTREAM_SUMS)),
            workstream,
            SubjectSchema("line", WORKSTREAM),
            initiative,
        ),
    }
