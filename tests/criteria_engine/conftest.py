"""A small world of its own for the engine: one template, three kinds of subject."""

from __future__ import annotations

from datetime import date

import pytest

from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.loading import load_set
from qipp_assure.criteria_engine.rating import rate
from qipp_assure.criteria_engine.types import (
    Field,
    Kind,
    Record,
    RecordList,
    SubjectSchema,
    TextList,
)

AS_OF = date(2011, 6, 30)

MILESTONE = Record(
    "milestone",
    ("code", "name"),
    (
        Field("id", Kind.TEXT, "id"),
        Field("code", Kind.TEXT, "code"),
        Field("due", Kind.DATE, "due date"),
        Field("met_on", Kind.DATE, "date met"),
        Field("status", Kind.CHOICE, "status", ("open", "done")),
        Field("ok", Kind.YES_NO, "ok"),
        Field("counts", Kind.YES_NO, "counts"),
    ),
)
INITIATIVE = Record(
    "initiative",
    ("code", "name"),
    (
        Field("planned_gbp", Kind.MONEY, "planned savings to date"),
        Field("actual_gbp", Kind.MONEY, "actual savings to date"),
        Field("staff", Kind.COUNT, "staff"),
        Field("level", Kind.NUMBER, "level"),
        Field("growth", Kind.SHARE, "growth"),
        Field("brief.objectives", Kind.TEXT, "objectives"),
        Field("sponsor", Kind.TEXT, "sponsor"),
        Field("due", Kind.DATE, "due date"),
        Field("a", Kind.YES_NO, "a"),
        Field("b", Kind.YES_NO, "b"),
        Field("c", Kind.YES_NO, "c"),
        Field("context.challenge_gbp", Kind.MONEY, "challenge"),
    ),
    (
        RecordList("milestones", "milestones", MILESTONE),
        TextList("workstreams", "national workstreams", ("medicines", "procurement")),
    ),
)
GROUP = Record("workstream", ("code",), (Field("name", Kind.TEXT, "name"),))
SCHEMAS = {
    "card@1": (
        SubjectSchema("initiative", INITIATIVE),
        SubjectSchema("workstream", GROUP),
        SubjectSchema("region", GROUP),
    )
}

HEAD = """\
set: {name}
version: "1"
title: A trial
rates: initiative
reads: [card@1]
source: our own
origin: own
{parameters}not_rated:
  nothing_due: ignored
  missing: waits
  undefined: waits
  judgement_outstanding: {outstanding}
  does_not_apply: ignored
criterion_rating: worst
area_rating: worst
overall: {overall}
{extra}areas:
  - id: area
    title: Area
    criteria:
      - id: criterion
        title: Criterion
        {criterion}checks:
"""


def set_text(
    *checks,
    name="trial",
    parameters="",
    outstanding="waits",
    overall="worst",
    extra="",
    criterion="",
):
    """The file of a set with one criterion and these checks (each a YAML block)."""
    if "halves:" in extra and "half:" not in criterion:
        criterion = f"half: progress\n        {criterion}"
    head = HEAD.format(
        name=name,
        parameters=parameters,
        outstanding=outstanding,
        overall=overall,
        extra=extra,
        criterion=criterion,
    )
    blocks = []
    for check in checks:
        lines = check.strip().splitlines()
        blocks.append(
            "\n".join([f"          - {lines[0]}", *(f"            {x}" for x in lines[1:])])
        )
    return head + "\n".join(blocks) + "\n"


def make_set(*checks, **words):
    return load_set(set_text(*checks, **words), "trial.yaml", SCHEMAS)


def initiative(identity="I1", parent=None, **values):
    return SubjectFacts("initiative", identity, identity, f"Initiative {identity}", parent, values)


def facts_of(*subjects):
    return Facts("card", "Q30", "2011-06", "d" * 64, tuple(subjects), "card@1")


def check_of(criteria, judgements=(), **values):
    """The first check's outcome on one initiative with these values, as JSON."""
    facts = facts_of(initiative(**values))
    found = rate(facts, judgements, {}, [criteria], AS_OF).to_json()
    return found["subjects"][0]["criteria"][0]["checks"][0]


@pytest.fixture(scope="session")
def world():
    """The functions above, for tests that are imported by path."""
    import sys

    return sys.modules[__name__]
