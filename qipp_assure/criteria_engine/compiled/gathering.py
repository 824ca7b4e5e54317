"""`any`, `all`, `count`, `sum`, `share`, `min` and `max` become loops.

Items were read and checked before, so a loop may end as soon as its value is settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qipp_assure.criteria_engine.compiled.conditions import Condition, certain
from qipp_assure.criteria_engine.compiled.formulas import (
    Atom,
    Formula,
    both,
    either,
    opposite,
    written,
)
from qipp_assure.criteria_engine.compiled.quantities import Quantity, missing
from qipp_assure.criteria_engine.tree import Gather, ListRef, Node
from qipp_assure.criteria_engine.types import Kind

if TYPE_CHECKING:  # the two lower each other's nodes
    from qipp_assure.criteria_engine.compiled.lowering import Lowering
    from qipp_assure.criteria_engine.compiled.writing import Case

# Why the whole has no plain value; of several the highest counts, as in the reference.
_CONDITION_UNKNOWN, _CONDITION_UNDEFINED, _ELEMENT_UNDEFINED, _ELEMENT_UNKNOWN = 8, 4, 2, 1


def rows_name(lowering: Lowering, source: ListRef) -> str:
    """The name that holds the rows of a list, None when the list is missing."""
    rows, names = lowering.loops[source.owner]
    return f"{names}{rows.rows_column(source)[0]}"


@contextmanager
def each_row(lowering: Lowering, source: ListRef, variable: str) -> Iterator[None]:
    """Lines inside a loop over the rows of a list."""
    owner, _ = lowering.loops[source.owner]
    _, below = owner.rows_column(source)
    rows, names = rows_name(lowering, source), lowering.source.name("r") + "_"

    def header() -> str:
        columns = "".join(f"{names}{number}, " for number in range(below.number)) or "_ "
        return f"for {columns}in {rows}:"

    outside = dict(lowering.loops)
    with lowering.source.inside(header):
        lowering.loops[variable] = (below, names)
        yield
    lowering.loops = outside


def _condition(lowering: Lowering, node: Node | None) -> Condition:
    return certain(formula=True) if node is None else lowering.condition(node)


def quantified(lowering: Lowering, node: Gather) -> Quantity:
    """`any` or `all`: a name that holds True, False, None or UNDEFINED."""
    source, settles = lowering.source, node.function == "any"
    name = source.name()
    source.line(f"{name} = None")
    with source.inside(f"if {rows_name(lowering, node.source)} is not None:"):
        source.line(f"{name} = {not settles}")
        with each_row(lowering, node.source, node.variable):
            condition = _condition(lowering, node.condition)
            element = _condition(lowering, node.element)
            decides = element if settles else element.turned()
            unknown: Formula = True
            undefined: Formula = False
            if condition.can_be_undefined or element.can_be_undefined:
                unknown = either(condition.is_unknown, element.is_unknown)
                undefined = Atom(f"{name} is UNDEFINED")
            source.decide(
                [
                    (both(condition.true, decides.true), [f"{name} = {settles}", "break"]),
                    (either(condition.false, decides.false), ["pass"]),
                    (unknown, [f"{name} = None"]),
                    (Atom(f"{name} is None", negated=True), [f"{name} = UNDEFINED"]),
                ]
            )
    return Quantity(name, unknown=(name,), undefined=undefined)


def gathered(lowering: Lowering, node: Gather) -> Quantity:
    """`count`, `sum`, `share`, `min` or `max`."""
    if node.condition is None and node.element is None:
        name = lowering.list_name(node.source)
        return Quantity(f"len({name})", unknown=(name,), positive=True)
    source = lowering.source
    name, counted, marks = source.name(), source.name("n"), source.name("u")
    least, share = node.function in ("min", "max"), node.function == "share"
    source.line(f"{name} = None")
    with source.inside(f"if {rows_name(lowering, node.source)} is not None:"):
        source.line(f"{counted} = {marks} = 0" if share else f"{marks} = 0")
        source.line(f"{name} = {'UNDEFINED' if least else 0}")
        with each_row(lowering, node.source, node.variable):
            condition = _condition(lowering, node.condition)
            undefined, unknown, lines = _element(lowering, node, name, counted)
            first = both(condition.true, opposite(undefined), opposite(unknown))
            cases: list[Case] = [(first, lines), (condition.false, ["pass"])]
            marked = condition.can_be_undefined or undefined is not False
            if marked:
                cases += [
                    (condition.is_unknown, [f"{marks} |= {_CONDITION_UNKNOWN}"]),
                    (opposite(condition.true), [f"{marks} |= {_CONDITION_UNDEFINED}"]),
                    (undefined, [f"{marks} |= {_ELEMENT_UNDEFINED}"]),
                    (True, [f"{marks} |= {_ELEMENT_UNKNOWN}"]),
                ]
            source.decide([*cases, (True, [f"{name} = None", "break"])])
        if share:
            with source.inside(f"if {counted} == 0 and {name} is not None:"):
                source.line(f"{name} = UNDEFINED")
        if marked:
            unknown_marks = f"{marks} >= {_CONDITION_UNKNOWN} or {marks} == {_ELEMENT_UNKNOWN}"
            with source.inside(f"if {marks}:"):
                source.line(f"{name} = None if {unknown_marks} else UNDEFINED")
    mark = (least or share or marked) and Atom(f"{name} is UNDEFINED")
    positive = share or node.function == "count"
    return Quantity(name, counted if share else "1", (name,), mark, positive=positive)


def _element(
    lowering: Lowering, node: Gather, name: str, counted: str
) -> tuple[Formula, Formula, list[str]]:
    """When the element is undefined and when unknown; else, what is done with it."""
    if node.element is None:
        return False, False, [f"{name} += 1"]
    if node.element.kind is Kind.YES_NO:
        element = lowering.condition(node.element)
        settled = either(element.true, element.false)
        undefined = both(opposite(settled), opposite(element.is_unknown))
        return (
            undefined,
            opposite(settled),
            [
                f"{counted} += 1",
                f"if {written(element.true)}: {name} += 1",
            ],
        )
    found = lowering.whole(node.element)
    if node.function == "sum":
        lines = [f"{name} += {found.top}"]
    else:
        sign = "<" if node.function == "min" else ">"
        lines = [f"if {name} is UNDEFINED or {found.top} {sign} {name}: {name} = {found.top}"]
    return found.undefined, missing([found]), lines
