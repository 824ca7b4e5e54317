"""Reads declared keys out of a file's tree, noting each fault with its line.

Shared by the loaders of sets and of checks: unknown keys get the nearest right one, expressions
are checked against the schema of every template that the set reads.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from qipp_assure.criteria_engine.bands import Band, parse_band
from qipp_assure.criteria_engine.expressions import (
    parse_condition,
    parse_expression,
    parse_list,
)
from qipp_assure.criteria_engine.faults import FaultList, nearest, shortened
from qipp_assure.criteria_engine.names import Scope
from qipp_assure.criteria_engine.source_text import Items, Keys, Node, Scalar
from qipp_assure.criteria_engine.spelling import ExpressionFault
from qipp_assure.criteria_engine.tree import (
    ListRef,
    Parameter,
    looks_at_something,
    parameters_of,
)
from qipp_assure.criteria_engine.tree import Node as Tree
from qipp_assure.criteria_engine.types import Kind, Record, RecordList

Made = TypeVar("Made")

_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}?")


@dataclass(slots=True)
class Declared:
    """The file that is being read: its faults, and what its expressions may speak of.

    `records` has the record of each kind of subject that the set rates, in each template: by the
    name of the template, with the kind where there are several.
    """

    faults: FaultList
    records: Mapping[str, Record] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def scopes(self, variable: str = "", source: ListRef | None = None) -> list[tuple[str, Scope]]:
        """The scope of each record, with the items' variable of an `each` when there is one."""
        made = []
        for template, record in self.records.items():
            scope = Scope(record, parameters=self.parameters)
            if source is not None:
                declared = record.find(".".join(source.path))
                if isinstance(declared, RecordList):
                    scope = scope.with_variable(variable, declared)
            made.append((template, scope))
        return made

    def attempt(self, line: int, make: Callable[[], Made]) -> Made | None:
        """What `make` makes, or None with its faults noted."""
        try:
            return make()
        except ExpressionFault as fault:
            for code, message in fault.found:
                self.faults.add(line, code, message)
        return None

    def expression(
        self, text: str, line: int, scopes: Sequence[tuple[str, Scope]], *, condition: bool
    ) -> Tree | None:
        """An expression checked against every record; the tree is that of the first."""
        parse = parse_condition if condition else parse_expression
        made: Tree | None = None
        for number, (template, scope) in enumerate(scopes):
            before = len(self.faults.faults)
            tree = self.attempt(line, partial(parse, text, scope))
            if tree is None:
                if number:
                    self._tell_template(before, template)
                return None
            made = made or tree
        if made is not None:
            self.used |= parameters_of(made)
            if not looks_at_something(made):
                said = "This looks at nothing of the return, so it always comes out the same."
                self.faults.add(line, "constant", said)
        return made

    def list_ref(self, text: str, line: int) -> ListRef | None:
        """A declared list of records, known in every record."""
        made: ListRef | None = None
        for _, scope in self.scopes():
            found = self.attempt(line, partial(parse_list, text, scope))
            if found is None:
                return None
            made = made or found
        return made

    def band(self, text: str, line: int, kind: Kind | None) -> Band | None:
        """A band; `kind` is None for bands of items."""
        made = self.attempt(line, lambda: parse_band(text, kind, self.parameters))
        if made is not None:
            edges = (bound.edge for group in made.bounds for bound in group)
            self.used |= {edge.name for edge in edges if isinstance(edge, Parameter)}
        return made

    def _tell_template(self, before: int, template: str) -> None:
        late = self.faults.faults[before:]
        del self.faults.faults[before:]
        for fault in late:
            self.faults.add(fault.line, fault.code, f"In {template}: {fault.message}")


@dataclass(slots=True)
class Fields:
    """The keys of one mapping, taken one by one; those that nobody knows are faults."""

    keys: Keys
    what: str
    known: tuple[str, ...]
    faults: FaultList

    def __post_init__(self) -> None:
        for key, entry in self.keys.entries.items():
            if key not in self.known and not self.faults.is_full:
                near = nearest(key, self.known)
                said = f"{self.what} has no key '{shortened(key)}'.{near}"
                self.faults.add(entry.line, "unknown-key", said)

    def line(self, key: str) -> int:
        """The line of a key, or of the mapping when the key is not there."""
        entry = self.keys.entries.get(key)
        return entry.line if entry else self.keys.line

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """What stands under a key."""
        entry = self.keys.entries.get(key)
        if entry is None and required:
            said = f"{self.what} needs the key '{key}'."
            self.faults.add(self.keys.line, "missing-key", said)
        return entry.node if entry else None

    def text(self, key: str, *, required: bool = False) -> str:
        """A text, "" when it is not given."""
        node = self.node(key, required=required)
        if node is None:
            return ""
        if not isinstance(node, Scalar) or not node.text:
            self.faults.add(self.line(key), "shape", f"'{key}' is a text.")
            return ""
        return node.text

    def identity(self, key: str = "id") -> str:
        """An id: small letters, digits, - and _, beginning with a letter."""
        text = self.text(key, required=True)
        if text and not _ID.fullmatch(text):
            said = f"'{shortened(text)}' is no id: small letters, digits, - and _ only."
            self.faults.add(self.line(key), "id", said)
        return text

    def choice(self, key: str, choices: Sequence[str], default: str = "") -> str:
        """One of the choices; required when there is no default."""
        text = self.text(key, required=not default) or default
        if text and text not in choices:
            near = nearest(text, choices) or f" It is one of: {', '.join(choices)}."
            self.faults.add(self.line(key), "choice", f"'{shortened(text)}' is not known.{near}")
            return default
        return text

    def texts(self, key: str, *, required: bool = False) -> list[Scalar]:
        """One text or a list of texts."""
        node = self.node(key, required=required)
        if node is None:
            return []
        nodes = node.nodes if isinstance(node, Items) else [node]
        found = [item for item in nodes if isinstance(item, Scalar) and item.text]
        if len(found) != len(nodes) or not nodes:
            self.faults.add(self.line(key), "shape", f"'{key}' is a text or a list of texts.")
        return found

    def mappings(self, key: str, *, required: bool = False) -> list[Keys]:
        """A list of mappings."""
        node = self.node(key, required=required)
        if node is None:
            return []
        nodes = node.nodes if isinstance(node, Items) else []
        found = [item for item in nodes if isinstance(item, Keys)]
        if len(found) != len(nodes) or not nodes:
            self.faults.add(self.line(key), "shape", f"'{key}' is a list of entries with keys.")
        return found

    def sentence(self, key: str, placeholders: Sequence[str] = ("as_of",)) -> str:
        """A piece of a sentence; `{as_of}` and the like are checked."""
        text = self.text(key)
        for name in _PLACEHOLDER.findall(text):
            if name not in placeholders:
                near = nearest(name, placeholders)
                said = f"'{{{shortened(name)}}}' cannot be filled in here.{near}"
                self.faults.add(self.line(key), "placeholder", said)
        return text


def plain(node: Node) -> object:
    """A file's tree as plain values for digests; spaces around signs do not count."""
    if isinstance(node, Scalar):
        return re.sub(r"\s*([-+*/<>=!(),\[\].])\s*", r"\1", node.text)
    if isinstance(node, Items):
        return [plain(item) for item in node.nodes]
    return {key: plain(entry.node) for key, entry in node.entries.items()}


def content_digest(content: object) -> str:
    """SHA-256 of plain values in one canonical form (keys sorted, no spaces)."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
