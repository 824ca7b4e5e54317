"""The same checks in other rule languages, on initiatives of which everything is known.

These languages know no unknown, no dates less dates and no decimals, so the facts are put before
them as whole numbers, in the form that each likes best; that is not timed.  A check of items asks
them for two numbers, those that count and those that pass; a check with bands for one condition a
band.  What follows from these is reckoned here, and not counted against them more than a branch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import cel
import celpy
import rule_engine

from benchmarks.rules.by_hand import AMBER, GREEN, NOTHING_DUE, RED, UNDEFINED, share
from benchmarks.rules.checks import COSTS, FRESH, GRACE, KINDS, LEAST, TEN, TOLERANCES
from qipp_assure.criteria_engine.facts import SubjectFacts

Run = Callable[[Any], Any]


@dataclass(frozen=True)
class Language:
    """How a language is used: compiled once, its facts prepared once."""

    name: str
    compiled: Callable[[str], Run]
    prepared: Callable[[Mapping[str, Any]], Any]
    count: str
    every: str
    some: str
    size: str


def languages() -> tuple[Language, ...]:
    """The three, each in its own words: {xs} a list, {x} its item, {c} a condition."""
    in_cel = {
        "count": "size({xs}.filter({x}, {c}))", "every": "size({xs})",
        "some": "{xs}.exists({x}, {c})", "size": "({0} < 0 ? -({0}) : {0})",
    }  # fmt: skip
    environment = celpy.Environment()
    return (
        Language("common-expression-language", lambda text: cel.compile(text).execute,
                 cel.Context, **in_cel),
        Language("cel-python", lambda text: environment.program(environment.compile(text)).evaluate,
                 celpy.json_to_cel, **in_cel),
        Language("rule-engine", lambda text: rule_engine.Rule(_words(text)).evaluate, dict,
                 count="[{x} for {x} in {xs} if {c}].length", every="{xs}.length",
                 some="$any([{c} for {x} in {xs}])", size="$abs({0})"),
    )  # fmt: skip


def _words(text: str) -> str:
    """The operators of CEL in rule-engine's words, and fields of items by key."""
    return text.replace("&&", "and").replace("||", "or").replace("!agreed", "not agreed")


def prepared_facts(subject: SubjectFacts, as_of: date) -> dict[str, Any]:
    """Whole numbers for days and decimals; nothing is missing."""
    return {"as_of": as_of.toordinal(), **_plain(subject.values)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.toordinal()
    return value if isinstance(value, bool | int | str) else int(value * 10)


@dataclass
class Rival:
    """All 120 checks in one language."""

    language: Language

    def __post_init__(self) -> None:
        self.checks = [*self._figures(), *self._answers(), *self._dates(), *self._levels(),
                       *self._owned(), *self._saved(), *self._agreed(), *self._late()]  # fmt: skip

    def rate(self, facts: Any) -> list[int]:
        """One code a check."""
        return [check(facts) for check in self.checks]

    def _banded(self, conditions: Sequence[str]) -> Callable[[Any], int]:
        """(Undefined, green, amber) as conditions, asked in this order."""
        undefined, green, amber = (self.language.compiled(text) for text in conditions)

        def code(facts: Any) -> int:
            if undefined(facts):
                return UNDEFINED
            return GREEN if green(facts) else AMBER if amber(facts) else RED

        return code

    def _yes(self, condition: str, otherwise: int) -> Callable[[Any], int]:
        holds = self.language.compiled(condition)
        return lambda facts: GREEN if holds(facts) else otherwise

    def _items(self, counted: str, passed: str, bands: tuple[int, int]) -> Callable[[Any], int]:
        one, other = self.language.compiled(counted), self.language.compiled(passed)

        def code(facts: Any) -> int:
            total, passing = int(one(facts)), int(other(facts))
            return share(passing, total - passing, *bands) if total else NOTHING_DUE

        return code

    def _count(self, items: str, condition: str) -> str:
        return self.language.count.format(xs=items, x="m", c=condition)

    def _figures(self) -> list[Callable[[Any], int]]:
        found = []
        for green, amber in TOLERANCES:
            for n in TEN:
                away = self.language.size.format(f"(actual_{n} - planned_{n})")
                size = self.language.size.format(f"planned_{n}")
                bands = [f"{away} * 100 < {limit} * {size}" for limit in (green, amber)]
                found.append(self._banded([f"planned_{n} == 0", *bands]))
        for n in TEN:
            short = f"(planned_{n} - actual_{n})"
            bands = [
                f"planned_{n} > 0 && {short} * {times} <= planned_{n}"
                f" || planned_{n} < 0 && {short} * {times} >= planned_{n}"
                for times in (40, 10)
            ]
            found.append(self._banded([f"planned_{n} == 0", *bands]))
        return found

    def _answers(self) -> list[Callable[[Any], int]]:
        given = [self._yes(f'text_{n} != ""', RED) for n in TEN]
        return given + [self._yes(f"as_of - updated_{n} <= 45", AMBER) for n in TEN]

    def _dates(self) -> list[Callable[[Any], int]]:
        due, every = self._count("milestones", "m.due <= as_of"), "milestones"
        on_time = [
            self._items(
                due, self._count(every, f"m.due <= as_of && m.met_on - m.due <= {days}"), (100, 80)
            )
            for days in GRACE
        ]
        total = self.language.every.format(xs=every)
        return on_time + [
            self._items(total, self._count(every, f"as_of - m.updated_on <= {days}"), (80, 50))
            for days in FRESH
        ]

    def _levels(self) -> list[Callable[[Any], int]]:
        return [
            self._items(
                self._count("kpis", f'm.kind == "{kind}"'),
                self._count("kpis", f'm.kind == "{kind}" && m.actual {sign} m.expected'),
                LEAST,
            )
            for sign in (">=", "<=")
            for kind in KINDS
        ]

    def _owned(self) -> list[Callable[[Any], int]]:
        total = self.language.every.format(xs="milestones")
        found = []
        for cost in COSTS:
            count = self._count("milestones", f'm.owner != "" && m.cost > {cost}')
            bands = [f"{count} * 4 >= 3 * {total}", f"{count} * 2 >= {total}"]
            found.append(self._banded([f"{total} == 0", *bands]))
        return found

    def _saved(self) -> list[Callable[[Any], int]]:
        """Summing is not in CEL: it lists what is to be summed."""
        chosen = 'kpis.filter(m, m.kind == "{0}").map(m, m.saving)'
        if self.language.name == "rule-engine":
            chosen = '[m.saving for m in kpis if m.kind == "{0}"]'
        found = []
        for n in TEN:
            planned = self.language.compiled(f"planned_{n}")
            savings = self.language.compiled(chosen.format(KINDS[n % 5]))
            found.append(_saving_code(planned, savings))
        return found

    def _agreed(self) -> list[Callable[[Any], int]]:
        return [
            self._yes(f"agreed_{n} && planned_{n} > {cost} || !agreed_{(n + 1) % 10}", RED)
            for n, cost in enumerate(COSTS)
        ]

    def _late(self) -> list[Callable[[Any], int]]:
        some = self.language.some
        return [
            self._yes(
                some.format(xs="milestones", x="m", c=f'm.cost > {cost} && m.status != "dropped"'),
                RED,
            )
            for cost in COSTS
        ]


def _saving_code(planned: Run, savings: Run) -> Callable[[Any], int]:
    def code(facts: Any) -> int:
        plan = int(planned(facts))
        if plan == 0:
            return UNDEFINED
        total = sum(int(one) for one in savings(facts))
        if plan < 0:
            total, plan = -total, -plan
        return GREEN if total * 5 >= plan else AMBER if total * 10 >= plan else RED

    return code
