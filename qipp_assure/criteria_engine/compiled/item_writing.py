"""A check of items becomes a loop that counts them, and bands over the counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from qipp_assure.criteria_engine.bands import Bound, Edge, item_test
from qipp_assure.criteria_engine.compiled import quantities
from qipp_assure.criteria_engine.compiled.band_writing import write_bands
from qipp_assure.criteria_engine.compiled.codes import code_for
from qipp_assure.criteria_engine.compiled.conditions import Condition, certain
from qipp_assure.criteria_engine.compiled.formulas import Atom, Formula, both
from qipp_assure.criteria_engine.compiled.gathering import each_row, rows_name
from qipp_assure.criteria_engine.compiled.lowering import Lowering
from qipp_assure.criteria_engine.compiled.quantities import Quantity
from qipp_assure.criteria_engine.compiled.writing import Case
from qipp_assure.criteria_engine.fillings import Tally, same_for_all_items
from qipp_assure.criteria_engine.sets import Each
from qipp_assure.vocabulary import Because, Rating

_MISSING = code_for(Because.MISSING)
_MOST_TALLIES = 10_000
TALLIES = ("passed", "failed", "open", "maybe_passed", "maybe_failed", "anything")
"""Names of the counts in the compiled source, as `Tally` has them."""


class Unsettled(dict[tuple[int, ...], int]):
    """By tally, the code of a check of items some of which are unknown; each is worked out once.

    The code is -1 when it depends on the unknowns.  `names` are the counts of the tally.
    """

    def __init__(self, body: Each, names: Sequence[str]) -> None:
        super().__init__()
        self.body, self.names = body, tuple(names)

    def __missing__(self, counts: tuple[int, ...]) -> int:
        tally = Tally(**dict(zip(self.names, counts, strict=True)))
        straight = all(band.is_straight for band in self.body.bands.given)
        result = same_for_all_items(tally, self._rate, straight=straight)
        code = -1 if result is None else code_for(result)
        if len(self) < _MOST_TALLIES:
            self[counts] = code
        return code

    def _rate(self, passed: int, failed: int) -> Rating | Because:
        if passed + failed == 0:
            return self.body.none or Because.NOTHING_DUE
        return self.body.bands.rate(item_test(passed, failed, _edge))


def _edge(edge: Edge) -> int | Fraction:
    value = getattr(edge, "value", None)
    if not isinstance(value, int | Fraction):
        raise TypeError("items are judged by a share or a number")  # the loader sees to that
    return value


@dataclass(slots=True)
class ItemWriter:
    """Writes one check of items, whose code goes to `name`."""

    lowering: Lowering
    body: Each
    name: str
    used: list[str] = field(default_factory=lambda: list(TALLIES[:2]))

    def write(self, number: int) -> None:
        """The whole check; `number` is its place in the set."""
        source, body = self.lowering.source, self.body
        absent = code_for(Rating.RED) if body.missing_fails else _MISSING
        with source.inside(f"if {rows_name(self.lowering, body.source)} is None:"):
            source.line(f"{self.name} = {absent}")
        with source.inside("else:"):
            can_be_undefined = self.count()
            otherwise = f"reference({number}, subject, as_of)" if can_be_undefined else _MISSING
            cases: list[Case] = []
            if unknown := self.used[2:]:
                unsettled = source.thing(Unsettled(body, self.used))
                lines = [
                    f"{self.name} = {unsettled}[{', '.join(self.used)}]",
                    # Only the reference tells whether an undefined item lacks a field as well.
                    f"if {self.name} < 0: {self.name} = {otherwise}",
                ]
                cases.append((Atom(" or ".join(unknown)), lines))
            none = code_for(body.none or Because.NOTHING_DUE)
            cases += [
                (Atom("passed + failed == 0"), [f"{self.name} = {none}"]),
                (True, lambda: write_bands(source, body.bands, self.name, _bound_holds)),
            ]
            source.choose(cases)

    def count(self) -> bool:
        """The loop that counts; true when an item can be undefined."""
        source, body = self.lowering.source, self.body
        source.line(lambda: f"{' = '.join(self.used)} = 0")
        with each_row(self.lowering, body.source, body.variable):
            if (show := body.show) is not None:
                # Read and checked with the rest, as the reference does, though not shown here.
                source.discarded(lambda: self.lowering.value(show))
            where = certain(formula=True)
            if body.where is not None:
                where = self.lowering.condition(body.where)
            holds = self.lowering.condition(body.holds)
            source.decide(self._cases(where, holds))
        return where.can_be_undefined or holds.can_be_undefined

    def _cases(self, where: Condition, holds: Condition) -> list[Case]:
        """What an item is, by whether it counts and whether it passes."""
        return [
            (where.false, ["pass"]),
            (both(where.true, holds.true), ["passed += 1"]),
            (both(where.true, holds.false), ["failed += 1"]),
            (both(where.true, self._fails(holds)), ["failed += 1"]),
            (where.true, lambda: self._add("open")),
            (self._fails(where), ["failed += 1"]),
            (holds.true, lambda: self._add("maybe_passed")),
            (holds.false, lambda: self._add("maybe_failed")),
            (self._fails(holds), ["failed += 1"]),
            (True, lambda: self._add("anything")),
        ]

    def _fails(self, condition: Condition) -> Formula:
        """Whether an unknown condition fails its item."""
        if not self.body.missing_fails:
            return False
        return condition.is_unknown

    def _add(self, tally: str) -> None:
        if tally not in self.used:
            self.used.append(tally)
        self.lowering.source.line(f"{tally} += 1")


def _bound_holds(bound: Bound) -> Formula:
    """A bound over the counts; shares are multiplied across."""
    edge = quantities.literal(_edge(bound.edge))
    measured = (
        Quantity("passed", "(passed + failed)") if bound.of == "share" else Quantity(bound.of)
    )
    return Atom(quantities.comparison(bound.operator, measured, edge))
