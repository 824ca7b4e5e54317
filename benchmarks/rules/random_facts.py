"""Random initiatives, one field in ten missing, many figures on the edge of a band."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from benchmarks.rules.checks import KINDS, TEN
from qipp_assure.criteria_engine.facts import SubjectFacts

AS_OF = date(2011, 6, 30)


def subjects(number: int, seed: int, missing: float) -> list[SubjectFacts]:
    """So many initiatives; `missing` is the share of fields that are not there."""
    chance = random.Random(seed)  # noqa: S311 - random cases, no secrets
    return [
        SubjectFacts("initiative", f"I{n}", "", "", None, _values(chance, missing))
        for n in range(number)
    ]


def _values(chance: random.Random, missing: float) -> dict[str, Any]:
    def maybe(value: Any) -> Any:
        return value if chance.random() >= missing else None

    def day(back: int, on: int) -> date:
        return AS_OF + timedelta(chance.randint(-back, on))

    values: dict[str, Any] = {}
    for n in TEN:
        planned = chance.choice(
            (0, 100, 2_000, 40_000, 1_000_000, -5_000, chance.randint(1, 10**6))
        )
        away = abs(planned) * chance.choice((0, 2, 3, 5, 8, 10, 25)) // 100
        values[f"planned_{n}"] = maybe(planned)
        values[f"actual_{n}"] = maybe(planned + chance.choice((away, -away, 1 - away)))
        values[f"text_{n}"] = maybe(chance.choice(("Set out in the plan", "Yes")))
        values[f"updated_{n}"] = maybe(day(60, 0))
        values[f"agreed_{n}"] = maybe(chance.random() < 0.6)  # noqa: PLR2004 - any share will do
    values["milestones"] = [
        {
            "due": maybe(day(200, 200)), "met_on": maybe(day(180, 0)),
            "updated_on": maybe(day(100, 0)), "owner": maybe("A. Person"),
            "cost": maybe(chance.randint(0, 10_000)),
            "status": maybe(chance.choice(("open", "done", "dropped"))),
        }
        for _ in range(chance.randint(0, 8))
    ]  # fmt: skip
    values["kpis"] = [
        {
            "kind": maybe(chance.choice(KINDS)), "saving": maybe(chance.randint(0, 200_000)),
            "actual": maybe(Decimal(chance.randint(800, 1_000)) / 10),
            "expected": maybe(Decimal(chance.randint(800, 1_000)) / 10),
        }
        for _ in range(chance.randint(1, 6))
    ]  # fmt: skip
    return values
