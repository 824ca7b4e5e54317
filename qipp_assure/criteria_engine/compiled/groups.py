"""Criteria, areas, halves and wholes from the codes of their parts, by the tables of the set.

A whole depends on nothing but its table and the codes of its parts, so each combination is
worked out once, by the same functions as in `rating`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qipp_assure.criteria_engine.compiled.codes import OUTCOMES, code_of
from qipp_assure.criteria_engine.parts import part
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.tables import Table, worst
from qipp_assure.criteria_engine.wholes import rate_checks, rate_whole

_MOST_COMBINATIONS = 200_000


@dataclass(frozen=True, slots=True)
class SetRatings:
    """What one set says of one subject, in codes (see `codes`), each in the order of the file.

    `checks` is empty where the criteria were rolled up from the subjects below.
    """

    checks: bytes
    criteria: bytes
    areas: bytes
    halves: bytes
    overall: int


@dataclass(slots=True)
class Groups:
    """The tables of one set; `met` holds the combinations met so far."""

    criteria: CriteriaSet
    met: dict[tuple[str, bytes], int] = field(default_factory=dict)
    checks: list[tuple[str, int, int]] = field(init=False)
    areas: list[tuple[str, int, int]] = field(init=False)
    halves: list[tuple[str, tuple[int, ...]]] = field(init=False)
    names: dict[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        keys = [criterion.key for criterion in self.criteria.criteria()]
        self.names = {one.key: tuple(c.id for c in one.checks) for one in self.criteria.criteria()}
        self.checks = _slices([(key, len(self.names[key])) for key in keys])
        sizes = [(f"area {area.id}", len(area.criteria)) for area in self.criteria.areas]
        self.areas = _slices(sizes)
        for name, first, last in self.areas:
            self.names[name] = tuple(keys[first:last])
        self.halves = []
        for half in self.criteria.halves:
            own = [n for n, one in enumerate(self.criteria.criteria()) if one.half == half.id]
            self.halves.append((f"half {half.id}", tuple(own)))
            self.names[f"half {half.id}"] = tuple(keys[n] for n in own)
        self.names["overall"] = tuple(area.id for area in self.criteria.areas)

    def from_checks(self, checks: bytes) -> SetRatings:
        """A subject from its checks."""
        table, found = self.criteria.criterion_rating, self._code
        criteria = bytes(
            [found(name, table, checks[first:last]) for name, first, last in self.checks]
        )
        return self._above(checks, criteria)

    def from_parts(self, parts: Sequence[SetRatings]) -> SetRatings:
        """A workstream, region or plan from the subjects directly below it."""
        table = self.criteria.roll_up or worst()
        below = [one.criteria for one in parts]
        count = len(self.checks)
        # A roll-up counts its parts and asks none by name: their order is of no account.
        criteria = bytes(
            self._code("", table, bytes(sorted(one[number] for one in below)))
            for number in range(count)
        )
        return self._above(b"", criteria)

    def _above(self, checks: bytes, criteria: bytes) -> SetRatings:
        one, found = self.criteria, self._code
        areas = bytes(
            [found(name, one.area_rating, criteria[first:last]) for name, first, last in self.areas]
        )
        halves = bytes(
            found(name, half.table, bytes(criteria[n] for n in own))
            for (name, own), half in zip(self.halves, one.halves, strict=True)
        )
        overall = found("overall", one.overall, areas)
        return SetRatings(checks, criteria, areas, halves, overall)

    def _code(self, name: str, table: Table, codes: bytes) -> int:
        key = (name, codes)
        found = self.met.get(key)
        if found is None:
            found = self._decided(name, table, codes)
            if len(self.met) < _MOST_COMBINATIONS:
                self.met[key] = found
        return found

    def _decided(self, name: str, table: Table, codes: bytes) -> int:
        names = self.names.get(name) or ("part",) * len(codes)
        waits = self.criteria.waits
        parts = [
            part(one, one, OUTCOMES[code], waits) for one, code in zip(names, codes, strict=True)
        ]
        if table is self.criteria.criterion_rating and name:
            return code_of(rate_checks(table, parts))
        return code_of(rate_whole(table, parts, "parts"))


def _slices(sizes: Sequence[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Where each stands in a row of all."""
    found, first = [], 0
    for name, size in sizes:
        found.append((name, first, first + size))
        first += size
    return found
