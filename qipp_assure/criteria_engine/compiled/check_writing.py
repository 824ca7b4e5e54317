"""One check becomes lines that set its code; see `codes` for the numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from qipp_assure.criteria_engine.bands import Bound
from qipp_assure.criteria_engine.compiled import quantities
from qipp_assure.criteria_engine.compiled.band_writing import write_bands
from qipp_assure.criteria_engine.compiled.codes import code_for
from qipp_assure.criteria_engine.compiled.conditions import Condition, certain
from qipp_assure.criteria_engine.compiled.formulas import Atom, Formula
from qipp_assure.criteria_engine.compiled.item_writing import ItemWriter
from qipp_assure.criteria_engine.compiled.lowering import Lowering
from qipp_assure.criteria_engine.compiled.quantities import Quantity
from qipp_assure.criteria_engine.compiled.reading import DECIMAL_KINDS
from qipp_assure.criteria_engine.compiled.writing import Case
from qipp_assure.criteria_engine.sets import Check, Criterion, Each, Holds, Judged, Measure
from qipp_assure.criteria_engine.tree import AsOf, FieldRef, Node
from qipp_assure.vocabulary import Because, Rating

_MISSING, _UNDEFINED = code_for(Because.MISSING), code_for(Because.UNDEFINED)


@dataclass(slots=True)
class CheckWriter:
    """Writes the checks of a set, one after another; `c` + number holds a code."""

    lowering: Lowering

    def criterion(self, criterion: Criterion, first: int) -> None:
        """All checks of a criterion, of which the first has that number."""
        numbered = list(enumerate(criterion.checks, start=first))

        def write() -> None:
            for number, check in numbered:
                self._check(check, number)

        self._applying(criterion.applies, " = ".join(f"c{n}" for n, _ in numbered), write)

    def _check(self, check: Check, number: int) -> None:
        name = f"c{number}"

        def write() -> None:
            match check.body:
                case Each() as each:
                    ItemWriter(self.lowering, each, name).write(number)
                case Measure() as measure:
                    self._measure(measure, name)
                case Holds() as holds:
                    otherwise = code_for(holds.otherwise)
                    unknown = otherwise if holds.missing_fails else _MISSING
                    condition = self.lowering.condition(holds.condition)
                    green = [f"{name} = {code_for(Rating.GREEN)}"]
                    self._choose(condition, name, green, otherwise, unknown)
                case Judged():
                    outstanding = code_for(Because.JUDGEMENT_OUTSTANDING)
                    key = self.lowering.source.value(check.id)
                    self.lowering.source.line(f"{name} = judged.get({key}, {outstanding})")

        self._applying(check.applies, name, write)

    def _applying(self, applies: Node | None, name: str, write: Callable[[], None]) -> None:
        """What is written inside, where it applies."""
        condition = certain(formula=True) if applies is None else self.lowering.condition(applies)
        self._choose(condition, name, write, code_for(Because.DOES_NOT_APPLY), _MISSING)

    def _choose(
        self,
        condition: Condition,
        name: str,
        holds: Callable[[], None] | list[str],
        fails: int,
        unknown: int,
    ) -> None:
        cases: list[Case] = [(condition.true, holds), (condition.else_false, [f"{name} = {fails}"])]
        if condition.can_be_undefined:
            cases.append((condition.is_unknown, [f"{name} = {unknown}"]))
            unknown = _UNDEFINED
        cases.append((True, [f"{name} = {unknown}"]))
        if callable(holds):
            self.lowering.source.choose(cases)
        else:
            self.lowering.source.decide(cases)

    def _measure(self, body: Measure, name: str) -> None:
        source, node = self.lowering.source, body.expression
        if isinstance(node, FieldRef):
            value = self.lowering.as_it_stands(node)
        else:
            value = self.lowering.value(node)
        undefined = _UNDEFINED if body.undefined is None else code_for(body.undefined)

        def write() -> None:
            measured = Quantity(self._short(value.top), self._short(value.bottom))
            stands = isinstance(node, FieldRef) and node.kind in DECIMAL_KINDS
            write_bands(
                source, body.bands, name, lambda bound: self._holds(bound, measured, stands=stands)
            )

        source.choose(
            [
                (value.undefined, [f"{name} = {undefined}"]),
                (quantities.missing([value]), [f"{name} = {_MISSING}"]),
                (True, write),
            ]
        )

    def _short(self, text: str) -> str:
        """A name for what stands in several bands, worked out where it is known to be plain."""
        if text.isidentifier() or text.isdigit():
            return text
        name = self.lowering.source.name()
        self.lowering.source.line(f"{name} = {text}")
        return name

    def _holds(self, bound: Bound, measured: Quantity, *, stands: bool) -> Formula:
        """A bound over what is measured; a decimal is compared as it stands, not multiplied."""
        if isinstance(bound.edge, AsOf):
            edge = Quantity("as_of")
        elif stands and isinstance(bound.edge.value, Fraction):
            edge = Quantity(self.lowering.source.value(bound.edge.value))
        else:
            edge = self.lowering.constant(bound.edge.value)
        return Atom(quantities.comparison(bound.operator, measured, edge))
