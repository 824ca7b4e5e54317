"""The reference evaluator: what an expression means, exactly, and nothing clever.

Numbers are integers and fractions.  A missing value is `UNKNOWN`; dividing by nothing is
`UNDEFINED`.  A result other than UNKNOWN holds however the unknowns might be filled in (only
`given` looks at absence itself):

* arithmetic with an undefined part is undefined, else with an unknown part unknown;
* `and` is false when any part is false, `or` true when any part is true (Kleene); otherwise an
  unknown part makes it unknown, and an undefined part undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.reckoning import (
    CALLS,
    collected,
    compared,
    kleene,
    quantified,
    reckoned,
)
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
from qipp_assure.criteria_engine.values import (
    UNDEFINED,
    UNKNOWN,
    Nothing,
    Value,
    plain_value,
)


@dataclass(slots=True)
class Evaluation:
    """Evaluates trees against one subject, or one item of it.

    `owners` maps "" to the subject's values and each variable to its item.  Fields found
    missing are gathered in `missing`, in the order met.
    """

    as_of: date
    owners: Mapping[str, Any]
    missing: dict[FieldRef | ListRef, None] = field(default_factory=dict)

    def inside(self, variable: str, item: object) -> Evaluation:
        """The same, for one item of a list; missing fields are gathered together."""
        return Evaluation(self.as_of, {**self.owners, variable: item}, self.missing)

    def value(self, node: Node) -> Value:
        """The value of a node: plain, UNKNOWN or UNDEFINED."""
        match node:  # the commonest first
            case FieldRef():
                return self._field(node)
            case Compare():
                left, right = self.value(node.left), self.value(node.right)
                nothing = _nothing(left, right)
                return compared(node.operator, left, right) if nothing is None else nothing
            case Logic():
                return kleene(node.operator, (self.value(part) for part in node.parts))
            case Literal() | Parameter():
                return node.value
            case AsOf():
                return self.as_of
            case Not():
                part = self.value(node.part)
                return part if isinstance(part, Nothing) else not part
            case Arithmetic(operator="/"):
                return self._divided(node)
            case Arithmetic():
                left, right = self.value(node.left), self.value(node.right)
                nothing = _nothing(left, right)
                return reckoned(node.operator, left, right) if nothing is None else nothing
            case Negative():
                return self._together(lambda a: -a, (node.part,))
            case Given():
                return all(self._is_given(part) for part in node.parts)
            case Contains():
                return self._together(lambda a, b: b in a, (node.text, node.part))
            case Call():
                return self._together(CALLS[node.function], node.parts)
            case Among():
                return self._among(node)
            case Gather():
                return self._gather(node)

    def items(self, source: ListRef) -> Sequence[Any] | None:
        """The items of a list, or None when the list itself is missing."""
        raw = self._raw(source)
        if raw is None:
            self.missing[source] = None
            return None
        if not isinstance(raw, list | tuple):
            raise TypeError(f"{type(raw).__name__} where a list was declared")
        return raw

    def _raw(self, ref: FieldRef | ListRef) -> Any:
        found = self.owners[ref.owner]
        for step in ref.path:
            if found is None:
                return None
            found = found.get(step)
        return found

    def _field(self, ref: FieldRef) -> Value:
        value = plain_value(self._raw(ref), ref.kind)
        if value is UNKNOWN:
            self.missing[ref] = None
        return value

    def _is_given(self, ref: FieldRef | ListRef) -> bool:
        raw = self._raw(ref)
        if isinstance(ref, ListRef):
            return bool(raw)
        return plain_value(raw, ref.kind) is not UNKNOWN

    def _together(self, work: Callable[..., Value], nodes: Sequence[Node]) -> Value:
        values = [self.value(node) for node in nodes]
        if UNDEFINED in values:
            return UNDEFINED
        return UNKNOWN if UNKNOWN in values else work(*values)

    def _divided(self, node: Arithmetic) -> Value:
        """Nothing divides by nothing, whatever is missing above the line."""
        right = self.value(node.right)
        if right == 0:
            return UNDEFINED
        left = self.value(node.left)
        nothing = _nothing(left, right)
        return reckoned("/", left, right) if nothing is None else nothing

    def _among(self, node: Among) -> Value:
        item = self.value(node.item)
        if isinstance(item, Nothing):
            return item
        if isinstance(node.options, ListRef):
            found = self.items(node.options)
            return UNKNOWN if found is None else item in found
        return kleene("or", (self._same(item, option) for option in node.options))

    def _same(self, item: Value, option: Node) -> Value:
        value = self.value(option)
        return value if isinstance(value, Nothing) else item == value

    def _gather(self, node: Gather) -> Value:
        items = self.items(node.source)
        if items is None:
            return UNKNOWN
        pairs = [self._pair(node, item) for item in items]
        if node.function in ("any", "all"):
            return quantified(node.function, pairs)
        kept = [element for condition, element in pairs if condition is not False]
        conditions = [condition for condition, _ in pairs]
        for mark in (UNKNOWN, UNDEFINED):
            if mark in conditions:
                return mark
        if UNDEFINED in kept:
            return UNDEFINED
        if UNKNOWN in kept:
            return UNKNOWN
        return collected(node.function, kept)

    def _pair(self, node: Gather, item: object) -> tuple[Value, Value]:
        inner = self.inside(node.variable, item)
        condition = True if node.condition is None else inner.value(node.condition)
        if condition is False or node.element is None:
            return condition, True
        return condition, inner.value(node.element)


def _nothing(left: Value, right: Value) -> Nothing | None:
    """UNDEFINED before UNKNOWN, of two values; None when both are plain."""
    if left is UNDEFINED or right is UNDEFINED:
        return UNDEFINED
    return UNKNOWN if left is UNKNOWN or right is UNKNOWN else None
