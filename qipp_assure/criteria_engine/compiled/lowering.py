"""Nodes of the typed tree become conditions and quantities of the compiled source.

What needs a loop or a function is worked out in lines before, into names that hold a plain
value, None (unknown) or the mark UNDEFINED.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from qipp_assure.criteria_engine.compiled import gathering, quantities
from qipp_assure.criteria_engine.compiled.conditions import (
    Condition,
    among,
    certain,
    joined,
    of_mark,
    tested,
)
from qipp_assure.criteria_engine.compiled.formulas import Atom, Formula, both, written
from qipp_assure.criteria_engine.compiled.quantities import Quantity
from qipp_assure.criteria_engine.compiled.reading import DECIMAL_KINDS, Rows
from qipp_assure.criteria_engine.compiled.writing import Case, Source
from qipp_assure.criteria_engine.reckoning import CALLS, reckoned
from qipp_assure.criteria_engine.tree import (
    Among,
    Arithmetic,
    AsOf,
    Call,
    Compare,
    Contains,
    FieldRef,
    Gather,
    Given,
    ListRef,
    Literal,
    Logic,
    Negative,
    Node,
    Not,
    Parameter,
)
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.values import NUMERIC, Plain

_LONG = 300
"""A quantity that takes more source than this is worked out before, into a name."""
_INLINE = {"lower": "{0}.lower()", "length": "len({0})", "days_between": "({1} - {0}).days"}
"""Functions short enough to stand where they are used."""


@dataclass(slots=True)
class Lowering:
    """Lowers the nodes of one set; `loops` are the items in reach, "" the subject itself."""

    source: Source
    subject: Rows
    loops: dict[str, tuple[Rows, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.loops = {"": (self.subject, "x")}

    def value(self, node: Node) -> Quantity:
        """A value of any type."""
        found = self._value(node)
        return self.named(found) if found.length > _LONG else found

    def _value(self, node: Node) -> Quantity:
        match node:
            case Literal() | Parameter():
                return self.constant(node.value)
            case AsOf():
                return Quantity("as_of")
            case FieldRef():
                return self._field(node, as_it_stands=False)
            case Negative():
                return quantities.negative(self.value(node.part))
            case Arithmetic():
                return self._arithmetic(node)
            case Call(function="abs"):
                return quantities.absolute(self.value(node.parts[0]))
            case Call(function=function) if function in _INLINE:
                return _inline(function, [self.value(part) for part in node.parts])
            case Call() if node.kind is not Kind.YES_NO:
                return self._called(CALLS[node.function], node.parts)
            case Gather() if node.function not in ("any", "all"):
                return gathering.gathered(self, node)
            case _:
                return self._mark(self.condition(node))

    def constant(self, value: Plain) -> Quantity:
        """A value that is known when the set is compiled."""
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            return Quantity(self.source.value(value))
        return quantities.literal(value)

    def _field(self, ref: FieldRef, *, as_it_stands: bool) -> Quantity:
        rows, names = self.loops[ref.owner]
        name = f"{names}{rows.field_column(ref, as_it_stands=as_it_stands)}"
        return Quantity(name, unknown=(name,))

    def list_name(self, ref: ListRef) -> str:
        """The name that holds a whole list, None when it is missing."""
        rows, names = self.loops[ref.owner]
        return f"{names}{rows.list_column(ref)}"

    def _arithmetic(self, node: Arithmetic) -> Quantity:
        sign = node.operator
        if node.left.kind is Kind.DATE and node.right.kind is not Kind.DATE:
            return self._called(
                lambda day, days: reckoned(sign, day, days), (node.left, node.right)
            )
        left, right = self.value(node.left), self.value(node.right)
        if node.left.kind is Kind.DATE:
            return _inline("days_between", [right, left])
        if sign == "*":
            return quantities.multiplied(left, right)
        if sign != "/":
            return quantities.added(sign, left, right)
        if not right.positive and not right.top.isidentifier():
            right = self.named(right)  # it is written several times
        return quantities.divided(left, right)

    def named(self, quantity: Quantity) -> Quantity:
        """The same under a name of its own, as one number, None or UNDEFINED."""
        name = self.source.name()
        top = quantity.top
        if quantity.bottom != "1":
            top = f"ratio({top}, {quantity.bottom})"
        self._assign(name, top, [quantity])
        undefined = quantity.undefined is not False and Atom(f"{name} is UNDEFINED")
        return Quantity(name, "1", (name,), undefined, "", quantity.positive)

    def _assign(self, name: str, text: str, parts: Sequence[Quantity]) -> None:
        """`name = text` where all parts are plain, else what they are."""
        marked, absent = quantities.undefined(parts), quantities.missing(parts)
        if absent is not False:
            text = f"None if {written(absent)} else {text}"
        if marked is not False:
            text = f"UNDEFINED if {written(marked)} else {text}"
        self.source.line(f"{name} = {text}")

    def whole(self, node: Node) -> Quantity:
        """A value as one number, not as one over another."""
        found = self.value(node)
        return found if found.bottom == "1" else self.named(found)

    def _called(self, function: Callable[..., object], nodes: Sequence[Node]) -> Quantity:
        parts = [self.whole(node) for node in nodes]
        name, called = self.source.name(), self.source.thing(function)
        self._assign(name, f"{called}({', '.join(part.top for part in parts)})", parts)
        return Quantity(name, unknown=(name,), undefined=Atom(f"{name} is UNDEFINED"))

    def _mark(self, condition: Condition) -> Quantity:
        """A condition as a value: True, False, None or UNDEFINED."""
        name = self.source.name()
        cases: list[Case] = [
            (condition.true, [f"{name} = True"]),
            (condition.else_false, [f"{name} = False"]),
        ]
        undefined: Formula = False
        if condition.can_be_undefined:
            cases += [(condition.is_unknown, [f"{name} = None"]), (True, [f"{name} = UNDEFINED"])]
            undefined = Atom(f"{name} is UNDEFINED")
        else:
            cases.append((True, [f"{name} = None"]))
        self.source.decide(cases)
        return Quantity(name, unknown=(name,), undefined=undefined)

    def condition(self, node: Node) -> Condition:
        """A yes or no."""
        match node:
            case FieldRef():
                return of_mark(self._field(node, as_it_stands=False))
            case Literal(value=bool() as value) | Parameter(value=bool() as value):
                return certain(value)
            case Not():
                return self.condition(node.part).turned()
            case Logic():
                return self._logic(node)
            case Compare():
                return self._compare(node.operator, node.left, node.right)
            case Given():
                return certain(both(*(self._is_given(ref) for ref in node.parts)))
            case Among():
                return self._among(node)
            case Contains():
                text, part = self.value(node.text), self.value(node.part)
                return tested(f"{part.top} in {text.top}", text, part)
            case Call(function="starts_with"):
                text, part = (self.value(part) for part in node.parts)
                return tested(f"{text.top}.startswith({part.top})", text, part)
            case Gather():
                return of_mark(gathering.quantified(self, node))
            case _:
                raise TypeError(f"{type(node).__name__} is no yes or no")

    def _logic(self, node: Logic) -> Condition:
        parts = [self.condition(part) for part in node.parts]
        # What may be undefined is worked out before, so that formulas stay short.
        parts = [of_mark(self._mark(p)) if p.can_be_undefined else p for p in parts]
        return joined(node.operator, parts)

    def _compare(self, sign: str, one: Node, other: Node) -> Condition:
        if {one.kind, other.kind} & DECIMAL_KINDS and _stands(one) and _stands(other):
            left, right = self.as_it_stands(one), self.as_it_stands(other)
            return tested(f"{left.top} {sign} {right.top}", left, right)
        return _compared(sign, self.value(one), self.value(other))

    def as_it_stands(self, node: Node) -> Quantity:
        """A number to be compared and nothing else: decimals compare exactly as they are."""
        match node:
            case FieldRef():
                return self._field(node, as_it_stands=True)
            case Literal(value=Fraction() as value) | Parameter(value=Fraction() as value):
                return Quantity(self.source.value(value))
            case _:
                return self.value(node)

    def _is_given(self, ref: FieldRef | ListRef) -> Formula:
        if isinstance(ref, ListRef):
            return Atom(self.list_name(ref))
        return Atom(f"{self._field(ref, as_it_stands=True).top} is None", negated=True)

    def _among(self, node: Among) -> Condition:
        item = self.value(node.item)
        if isinstance(node.options, ListRef):
            name = self.list_name(node.options)
            return tested(f"{item.top} in {name}", item, Quantity(name, unknown=(name,)))
        fixed = tuple(o.value for o in node.options if isinstance(o, Literal | Parameter))
        if node.item.kind not in NUMERIC and len(fixed) == len(node.options):
            return tested(f"{item.top} in {self.source.value(fixed)}", item)
        options = [self.value(option) for option in node.options]
        return among(item, options, [_compared("==", item, option) for option in options])


def _stands(node: Node) -> bool:
    return isinstance(node, FieldRef | Literal | Parameter)


def _compared(sign: str, left: Quantity, right: Quantity) -> Condition:
    return tested(quantities.comparison(sign, left, right), left, right)


def _inline(function: str, parts: Sequence[Quantity]) -> Quantity:
    text = _INLINE[function].format(*(part.top for part in parts))
    unknown = tuple(dict.fromkeys(name for part in parts for name in part.unknown))
    undefined = quantities.undefined(parts)
    return Quantity(text, "1", unknown, undefined, positive=function == "length")
