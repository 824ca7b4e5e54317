"""The names that an expression may use, and what each of them means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from qipp_assure.criteria_engine import functions
from qipp_assure.criteria_engine.faults import nearest, shortened
from qipp_assure.criteria_engine.spelling import ExpressionFault
from qipp_assure.criteria_engine.tree import AsOf, FieldRef, ListRef, Literal, Node, Parameter
from qipp_assure.criteria_engine.types import Field, Kind, Record, RecordList, TextList

_WORDS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use: the subject's, its items' and the parameters."""

    record: Record
    variables: Mapping[str, RecordList | TextList] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def with_variable(self, name: str, source: RecordList | TextList) -> Scope:
        """The scope inside `for name in source`; a name that hides another is a fault."""
        taken = {path.split(".")[0] for path in self.record.names()}
        if name in taken | set(self.variables) | set(self.parameters) | {"as_of", "yes", "no"}:
            raise ExpressionFault("name", f"'{name}' already means something else; take another.")
        if name in functions.NAMES:
            raise ExpressionFault("name", f"'{name}' is a function; take another name.")
        return replace(self, variables={**self.variables, name: source})


def look_up(parts: Sequence[str], scope: Scope) -> Node | ListRef:
    """What a dotted name means; a fault with the nearest right name when it means nothing."""
    name = ".".join(parts)
    first = parts[0]
    if len(parts) == 1 and first == "as_of":
        return AsOf()
    if len(parts) == 1 and first in _WORDS:
        return Literal(_WORDS[first], Kind.YES_NO)
    if len(parts) == 1 and first in scope.parameters:
        return scope.parameters[first]
    owner, record, path = "", scope.record, list(parts)
    if first in scope.variables:
        source = scope.variables[first]
        if isinstance(source, TextList):
            if len(parts) > 1:
                raise ExpressionFault("unknown-name", f"'{first}' is a text; it has no fields.")
            return FieldRef(first, (), Kind.TEXT, source.label, source.choices)
        owner, record, path = first, source.record, list(parts[1:])
    found = record.find(".".join(path)) if path else None
    if isinstance(found, Field):
        return FieldRef(owner, tuple(path), found.type, found.label, found.choices)
    if found is not None:
        return ListRef(owner, tuple(path), found)
    if not path:
        raise ExpressionFault("type", f"'{first}' is a whole item; name one of its fields.")
    prefix = f"{owner}." if owner else ""
    known = [prefix + known for known in record.names()]
    if not owner:
        known += [*scope.variables, *scope.parameters, "as_of", *functions.NAMES]
    raise ExpressionFault("unknown-name", f"There is no '{shortened(name)}'.{nearest(name, known)}")


def check_choices(left: Node, right: Node) -> None:
    """A text compared with a choice must be one that the field can have."""
    for one, other in ((left, right), (right, left)):
        if isinstance(other, FieldRef):
            check_choice(one, other.choices)


def check_choice(node: Node, choices: Sequence[str]) -> None:
    """A literal must be one of the choices, where there are any."""
    if choices and isinstance(node, Literal) and node.value not in choices:
        value = str(node.value)
        known = nearest(value, choices) or f" It is one of: {', '.join(choices)}."
        raise ExpressionFault("unknown-choice", f"There is no choice '{shortened(value)}'.{known}")
