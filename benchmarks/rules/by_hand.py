"""The same checks as a programmer would write them: loops, no engine, no check of types.

Codes as in `criteria_engine.compiled.codes`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.rules.checks import COSTS, FRESH, GRACE, KINDS, TEN, TOLERANCES

GREEN, AMBER, RED, NOTHING_DUE, MISSING, UNDEFINED = range(6)
Values = dict[str, Any]

PAIRS = [(f"planned_{n}", f"actual_{n}") for n in TEN]
VARIANCES = [(*pair, *tolerance) for tolerance in TOLERANCES for pair in PAIRS]
TEXTS = [f"text_{n}" for n in TEN]
UPDATES = [f"updated_{n}" for n in TEN]
SAVINGS = [(f"planned_{n}", KINDS[n % 5]) for n in TEN]
AGREEMENTS = [
    (f"agreed_{n}", f"planned_{n}", cost, f"agreed_{(n + 1) % 10}") for n, cost in enumerate(COSTS)
]


def rate(values: Values, as_of: date) -> bytes:
    """One byte a check."""
    codes: list[int] = []
    add = codes.append
    figures(values, add)
    answers(values, as_of, add)
    milestones = values.get("milestones")
    kpis = values.get("kpis")
    dates(milestones, as_of, add)
    levels(kpis, add)
    owned(milestones, add)
    saved(values, kpis, add)
    agreed(values, add)
    late(milestones, add)
    return bytes(codes)


def figures(values: Values, add: Callable[[int], None]) -> None:
    """Variance and shortfall."""
    get = values.get
    for planned_name, actual_name, green, amber in VARIANCES:
        planned, actual = get(planned_name), get(actual_name)
        if planned == 0:
            add(UNDEFINED)
        elif planned is None or actual is None:
            add(MISSING)
        else:
            away, size = abs(actual - planned) * 100, abs(planned)
            add(GREEN if away < green * size else AMBER if away < amber * size else RED)
    for planned_name, actual_name in PAIRS:
        planned, actual = get(planned_name), get(actual_name)
        if planned == 0:
            add(UNDEFINED)
        elif planned is None or actual is None:
            add(MISSING)
        else:
            short = planned - actual
            if planned < 0:
                short, planned = -short, -planned
            add(GREEN if short * 40 <= planned else AMBER if short * 10 <= planned else RED)


def answers(values: Values, as_of: date, add: Callable[[int], None]) -> None:
    """What is given, and what is fresh."""
    get = values.get
    for name in TEXTS:
        text = get(name)
        add(RED if text is None or not text.strip() else GREEN)
    for name in UPDATES:
        updated = get(name)
        if updated is None:
            add(MISSING)
        else:
            add(GREEN if (as_of - updated).days <= 45 else AMBER)  # noqa: PLR2004 - the bound as the file has it, as a hand would write it


def share(passed: int, failed: int, green: int, amber: int) -> int:
    """A rating by the share that pass."""
    scaled, total = passed * 100, passed + failed
    if scaled >= green * total:
        return GREEN
    return AMBER if scaled >= amber * total else RED


def filled(counts: tuple[int, int, int, int, int, int], green: int, amber: int) -> int:
    """A rating only if the best and the worst filling agree."""
    passed, failed, open_, maybe_passed, maybe_failed, anything = counts
    if passed + failed + open_ == 0:
        return MISSING if maybe_passed + maybe_failed + anything else NOTHING_DUE
    worst = share(passed, failed + open_ + maybe_failed + anything, green, amber)
    best = share(passed + open_ + maybe_passed + anything, failed, green, amber)
    return worst if worst == best else MISSING


def dates(milestones: list[Values] | None, as_of: date, add: Callable[[int], None]) -> None:
    """Milestones met on time, and milestones looked after."""
    for days in GRACE:
        if milestones is None:
            add(MISSING)
            continue
        passed = failed = open_ = maybe_passed = maybe_failed = anything = 0
        for milestone in milestones:
            due = milestone.get("due")
            met = milestone.get("met_on")
            if due is None:
                if met is None:
                    maybe_failed += 1
                else:
                    anything += 1
            elif due <= as_of:
                if met is not None and (met - due).days <= days:
                    passed += 1
                else:
                    failed += 1
        if maybe_failed or anything:
            counts = (passed, failed, open_, maybe_passed, maybe_failed, anything)
            add(filled(counts, 100, 80))
        else:
            add(share(passed, failed, 100, 80) if passed + failed else NOTHING_DUE)
    for days in FRESH:
        if milestones is None:
            add(MISSING)
            continue
        passed = failed = open_ = 0
        for milestone in milestones:
            updated = milestone.get("updated_on")
            if updated is None:
                open_ += 1
            elif (as_of - updated).days <= days:
                passed += 1
            else:
                failed += 1
        if open_:
            add(filled((passed, failed, open_, 0, 0, 0), 80, 50))
        else:
            add(share(passed, failed, 80, 50) if passed + failed else NOTHING_DUE)


def levels(kpis: list[Values] | None, add: Callable[[int], None]) -> None:
    """KPIs at the level expected, either way."""
    for higher in (True, False):
        for kind in KINDS:
            if kpis is None:
                add(MISSING)
                continue
            counts = count_levels(kpis, kind, higher=higher)
            if counts[2:] != (0, 0, 0, 0):
                add(filled(counts, 90, 60))
            else:
                passed, failed = counts[:2]
                add(share(passed, failed, 90, 60) if passed + failed else NOTHING_DUE)


def count_levels(
    kpis: list[Values], kind: str, *, higher: bool
) -> tuple[int, int, int, int, int, int]:
    """KPIs of a kind that pass, fail, or cannot be told."""
    passed = failed = open_ = maybe_passed = maybe_failed = anything = 0
    for kpi in kpis:
        expected = kpi.get("expected")
        if expected is None:
            continue
        of_kind = kpi.get("kind")
        if of_kind is not None and of_kind != kind:
            continue
        actual = kpi.get("actual")
        if actual is None:
            if of_kind is None:
                anything += 1
            else:
                open_ += 1
            continue
        if actual >= expected if higher else actual <= expected:
            if of_kind is None:
                maybe_passed += 1
            else:
                passed += 1
        elif of_kind is None:
            maybe_failed += 1
        else:
            failed += 1
    return passed, failed, open_, maybe_passed, maybe_failed, anything


def owned(milestones: list[Values] | None, add: Callable[[int], None]) -> None:
    """The share of milestones that cost more than so much and have an owner."""
    for least in COSTS:
        if milestones is None:
            add(MISSING)
            continue
        total = len(milestones)
        if total == 0:
            add(UNDEFINED)
            continue
        count = 0
        for milestone in milestones:
            owner = milestone.get("owner")
            if owner is None or not owner.strip():
                continue
            cost = milestone.get("cost")
            if cost is None:
                add(MISSING)
                break
            if cost > least:
                count += 1
        else:
            add(GREEN if count * 4 >= 3 * total else AMBER if count * 2 >= total else RED)


def saved(values: Values, kpis: list[Values] | None, add: Callable[[int], None]) -> None:
    """Savings of one kind of KPI against the plan."""
    for name, kind in SAVINGS:
        planned = values.get(name)
        if planned == 0:
            add(UNDEFINED)
            continue
        if planned is None or kpis is None:
            add(MISSING)
            continue
        total: int | None = 0
        for kpi in kpis:
            of_kind = kpi.get("kind")
            if of_kind is None:
                total = None
                break
            if of_kind == kind:
                saving = kpi.get("saving")
                if saving is None:
                    total = None
                    break
                total += saving
        if total is None:
            add(MISSING)
            continue
        if planned < 0:
            total, planned = -total, -planned
        add(GREEN if total * 5 >= planned else AMBER if total * 10 >= planned else RED)


def agreed(values: Values, add: Callable[[int], None]) -> None:
    """Agreed and large enough, or the next not agreed."""
    get = values.get
    for name, planned_name, cost, next_name in AGREEMENTS:
        one, planned, other = get(name), get(planned_name), get(next_name)
        if other is False or (one and planned is not None and planned > cost):
            add(GREEN)
        elif other and (one is False or (planned is not None and planned <= cost)):
            add(RED)
        else:
            add(MISSING)


def late(milestones: list[Values] | None, add: Callable[[int], None]) -> None:
    """Any milestone that costs more than so much and was not dropped."""
    for least in COSTS:
        if milestones is None:
            add(MISSING)
            continue
        found = RED
        for milestone in milestones:
            cost, status = milestone.get("cost"), milestone.get("status")
            if (cost is not None and cost <= least) or status == "dropped":
                continue
            if cost is None or status is None:
                found = MISSING
            else:
                found = GREEN
                break
        add(found)
