"""The typed tree of a checked expression: all that an evaluator ever sees.

It is rebuilt from checked nodes only; nothing of Python's own syntax tree is kept.  Each node
knows the type of its value.  The reference evaluator walks it; a compiled form can be made from
the same tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qipp_assure.criteria_engine.types import Kind, RecordList, TextList
from qipp_assure.criteria_engine.values import Plain


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the file."""

    value: Plain
    kind: Kind


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day on which the return is rated."""

    kind: Kind = Kind.DATE


@dataclass(frozen=True, slots=True)
class LaterValue:
    """What a parameter is from a day on, and where that comes from."""

    start: date
    value: Plain
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value of the set.

    `later` are the values that it takes from later days on, in order; put in force for a day (see
    `dated`) it has none, and `since` is the day from which its value holds, None for always.
    """

    name: str
    value: Plain
    kind: Kind
    since: date | None = None
    later: tuple[LaterValue, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A declared field; `owner` is the item's variable, or "" for the subject itself.

    An empty path is the item itself, where a list of texts is walked.
    """

    owner: str
    path: tuple[str, ...]
    kind: Kind
    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRef:
    """A declared list."""

    owner: str
    path: tuple[str, ...]
    declared: RecordList | TextList


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`."""

    part: Node
    kind: Kind = Kind.YES_NO


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b and ...` or `a or b or ...`."""

    operator: str
    parts: tuple[Node, ...]
    kind: Kind = Kind.YES_NO


@dataclass(frozen=True, slots=True)
class Compare:
    """`a < b` and its like; a chain is a Logic of these."""

    operator: str
    left: Node
    right: Node
    kind: Kind = Kind.YES_NO


@dataclass(frozen=True, slots=True)
class Among:
    """`x in [a, b]`, or `x in some_list`."""

    item: Node
    options: tuple[Node, ...] | ListRef
    kind: Kind = Kind.YES_NO


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b`, `a - b`, `a * b`, `a / b`."""

    operator: str
    left: Node
    right: Node
    kind: Kind


@dataclass(frozen=True, slots=True)
class Negative:
    """`-a`."""

    part: Node
    kind: Kind


@dataclass(frozen=True, slots=True)
class Given:
    """`given(a, b)`: all of them are there.  Always true or false."""

    parts: tuple[FieldRef | ListRef, ...]
    kind: Kind = Kind.YES_NO


@dataclass(frozen=True, slots=True)
class Call:
    """A named function of single values."""

    function: str
    parts: tuple[Node, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Contains:
    """`contains(list, x)` is `Among`; this one is of text in text."""

    text: Node
    part: Node
    kind: Kind = Kind.YES_NO


@dataclass(frozen=True, slots=True)
class Gather:
    """`sum(x.a for x in xs if c)`: a function over the items of a list for which `c` holds.

    `element` is None only for `count(xs)` and `count(x for x in xs if c)`.
    """

    function: str
    source: ListRef
    variable: str
    condition: Node | None
    element: Node | None
    kind: Kind


Node = (
    Literal
    | AsOf
    | Parameter
    | FieldRef
    | Not
    | Logic
    | Compare
    | Among
    | Arithmetic
    | Negative
    | Given
    | Call
    | Contains
    | Gather
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, for walks that look for something."""
    match node:
        case Literal() | AsOf() | Parameter() | FieldRef() | Given():
            return ()
        case Not() | Negative():
            return (node.part,)
        case Logic() | Call():
            return node.parts
        case Compare() | Arithmetic():
            return (node.left, node.right)
        case Contains():
            return (node.text, node.part)
        case Among():
            return (node.item, *(node.options if isinstance(node.options, tuple) else ()))
        case Gather():
            return tuple(n for n in (node.condition, node.element) if n is not None)


def parameters_of(node: Node) -> frozenset[str]:
    """Names of the set's parameters that an expression uses."""
    below = frozenset[str]().union(*(parameters_of(child) for child in children(node)))
    return below | {node.name} if isinstance(node, Parameter) else below


def refs_of(node: Node) -> frozenset[FieldRef | ListRef]:
    """The fields and lists that an expression looks at."""
    match node:
        case FieldRef():
            return frozenset({node})
        case Given():
            return frozenset(node.parts)
        case Gather():
            own = frozenset[FieldRef | ListRef]({node.source})
        case Among(options=ListRef() as options):
            own = frozenset[FieldRef | ListRef]({options})
        case _:
            own = frozenset()
    return own.union(*(refs_of(child) for child in children(node)))


def looks_at_something(node: Node) -> bool:
    """Whether an expression looks at a field, a list or the day; otherwise it never changes."""
    return (
        isinstance(node, AsOf)
        or bool(refs_of(node))
        or any(looks_at_something(child) for child in children(node))
    )
