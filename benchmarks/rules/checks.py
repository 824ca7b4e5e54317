"""The 120 checks as a criteria set: eleven families, each varied so that no two are alike."""

from __future__ import annotations

from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.types import Field, Kind, Record, RecordList, SubjectSchema

TEN = range(10)
TOLERANCES = ((5, 10), (3, 8))
GRACE = (0, 1, 3, 5, 7, 10, 14, 21, 28, 35)
FRESH = (30, 35, 40, 45, 50, 60, 75, 90, 92, 120)
KINDS = ("quality", "cost", "activity", "workforce", "access")
LEAST = (90, 60)
COSTS = (0, 100, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 7_500, 9_000)

MILESTONE = Record("milestone", ("id",), (
    Field("due", Kind.DATE, "due"), Field("met_on", Kind.DATE, "met on"),
    Field("updated_on", Kind.DATE, "updated on"), Field("owner", Kind.TEXT, "owner"),
    Field("cost", Kind.MONEY, "cost"), Field("status", Kind.TEXT, "status"),
))  # fmt: skip
KPI = Record("KPI", ("id",), (
    Field("kind", Kind.TEXT, "kind"), Field("actual", Kind.NUMBER, "actual"),
    Field("expected", Kind.NUMBER, "expected"), Field("saving", Kind.MONEY, "saving"),
))  # fmt: skip
_FIELDS = {
    "planned": Kind.MONEY, "actual": Kind.MONEY, "text": Kind.TEXT, "updated": Kind.DATE,
    "agreed": Kind.YES_NO,
}  # fmt: skip
INITIATIVE = Record(
    "initiative",
    ("id",),
    tuple(Field(f"{name}_{n}", kind, f"{name} {n}") for name, kind in _FIELDS.items() for n in TEN),
    (RecordList("milestones", "milestones", MILESTONE), RecordList("kpis", "KPIs", KPI)),
)
SCHEMAS = {"card@1": (SubjectSchema("initiative", INITIATIVE),)}

HEAD = """\
set: benchmark
version: "1"
title: Benchmark
rates: initiative
reads: [card@1]
source: our own
origin: own
not_rated:
  nothing_due: ignored
  missing: waits
  undefined: ignored
  judgement_outstanding: waits
  does_not_apply: ignored
criterion_rating: worst
area_rating: worst
overall: worst
areas:
  - id: everything
    title: Everything
    criteria:
"""


def families() -> dict[str, list[dict[str, str]]]:
    """The checks of each family, as keys of the criteria file."""
    plan = "(planned_{0} - actual_{0}) / planned_{0}"
    return {
        "variance": [
            {"measure": f"abs(actual_{n} - planned_{n}) / abs(planned_{n})",
             "green": f"under {green}%", "amber": f"under {amber}%"}
            for green, amber in TOLERANCES for n in TEN
        ],
        "shortfall": [
            {"measure": plan.format(n), "green": "at most 2.5%", "amber": "at most 10%"}
            for n in TEN
        ],
        "given": [{"holds": f"given(text_{n})", "otherwise": "red"} for n in TEN],
        "fresh": [{"holds": f"as_of - updated_{n} <= 45 days", "otherwise": "amber"} for n in TEN],
        "on-time": [
            {"each": "milestones as m", "where": "m.due <= as_of",
             "holds": f"given(m.met_on) and m.met_on - m.due <= {days} days",
             "green": "all", "amber": "at least 80%"}
            for days in GRACE
        ],
        "current": [
            {"each": "milestones as m", "holds": f"as_of - m.updated_on <= {days} days",
             "green": "at least 80%", "amber": "at least 50%"}
            for days in FRESH
        ],
        "kpis": [
            {"each": "kpis as k", "where": f"given(k.expected) and k.kind == '{kind}'",
             "holds": f"k.actual {sign} k.expected", "green": "at least 90%",
             "amber": f"at least {least}%"}
            for sign, least in ((">=", LEAST[1]), ("<=", LEAST[1])) for kind in KINDS
        ],
        "owned": [
            {"measure": f"count(m for m in milestones if given(m.owner) and m.cost > £{cost})"
             " / count(milestones)", "green": "at least 75%", "amber": "at least 50%"}
            for cost in COSTS
        ],
        "saved": [
            {"measure": f"sum(k.saving for k in kpis if k.kind == '{KINDS[n % 5]}') / planned_{n}",
             "green": "at least 20%", "amber": "at least 10%"}
            for n in TEN
        ],
        "agreed": [
            {"holds": f"agreed_{n} and planned_{n} > £{cost} or not agreed_{(n + 1) % 10}",
             "otherwise": "red"}
            for n, cost in enumerate(COSTS)
        ],
        "late": [
            {"holds": f"any(m.cost > £{cost} and m.status != 'dropped' for m in milestones)",
             "otherwise": "red"}
            for cost in COSTS
        ],
    }  # fmt: skip


def file_text() -> str:
    """The whole criteria file."""
    lines = [HEAD]
    for family, checks in families().items():
        lines.append(f"      - id: {family}\n        title: {family}\n        checks:\n")
        for number, keys in enumerate(checks):
            lines.append(
                f"          - id: {family}-{number}\n            asks: {family} {number}\n"
            )
            lines += [f'            {key}: "{text}"\n' for key, text in keys.items()]
    return "".join(lines)


def criteria() -> CriteriaSet:
    """The set."""
    return load_set(file_text(), "benchmark.yaml", SCHEMAS)
