r"""Reads the worked examples that stand beside a criteria file: facts in, ratings out.

The file `2011.1.examples.yaml` beside `2011.1.yaml`::

    set: implementation
    version: "2011.1"
    about: ...                       (optional) prose for the reader
    as_of: 2011-06-30
    base:                            facts of one sound subject, in words of the schema; every
      leadership.sponsor: A. Sponsor   judged check is judged green
      milestones:
        - {id: m1, due: 2011-05-31, met_on: 2011-05-20}
    examples:                        what differs from the base, by what comes out
      - check: sponsor-named
        green: {}                    as the base stands
        red: {leadership.sponsor: none}
      - check: variance
        green: {actual_to_date_gbp: £9501}
        amber: {actual_to_date_gbp: £9500, says: 5%}
        not_rated:
          - {actual_to_date_gbp: none, because: missing}
          - {planned_to_date_gbp: £0, because: undefined}
      - check: manager-capacity
        red: {judged: red}
        not_rated: {judged: none}
      - criterion: financials.estimate     or `overall: initiative`
        amber: {project_cost_gbp: none}

An example changes fields of the base: a whole list (`milestones: []`), or a field of one item by
its id (`milestones.m1.owner: none`).  `none` is missing; numbers are read from their text.
`subject` says which kind of subject is meant where a set rates several.  `because` and `says`
must also come out: the reason for no rating, and a piece of the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qipp_assure.criteria_engine import values
from qipp_assure.criteria_engine.declared import Fields
from qipp_assure.criteria_engine.faults import CriteriaFaults, FaultList, nearest, shortened
from qipp_assure.criteria_engine.sets import CriteriaSet, Judged
from qipp_assure.criteria_engine.source_text import Entry, Items, Keys, Node, Scalar, read_source
from qipp_assure.criteria_engine.types import (
    Field,
    Kind,
    Record,
    RecordList,
    Schemas,
    TextList,
)
from qipp_assure.criteria_engine.values import NUMERIC
from qipp_assure.vocabulary import Because

RATINGS = ("green", "amber", "red", "not_rated")
_OF = ("check", "criterion", "overall")
_SPECIAL = ("judged", "because", "says")
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One example: of which check, criterion or overall, with which facts, what comes out."""

    of: str
    name: str
    subject: str
    values: Mapping[str, Any]
    judged: str
    rating: str
    because: str
    says: str
    line: int


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """The examples of one version of a set."""

    file: str
    as_of: date
    about: str
    examples: tuple[Example, ...]


def load_examples(
    text: str | bytes, name: str, criteria: CriteriaSet, schemas: Schemas
) -> ExampleFile:
    """Reads the examples of a set.  Raises `CriteriaFaults` with every fault that was found."""
    faults = FaultList(name)
    tree = read_source(text, faults)
    made = None
    if tree is not None:
        record = next(
            one.record for one in schemas[criteria.reads[0]] if one.kind == criteria.rates[0]
        )
        made = _Loader(faults, criteria, record).load(tree)
    if faults.faults or made is None:
        raise CriteriaFaults(faults.faults)
    return made


@dataclass(slots=True)
class _Loader:
    faults: FaultList
    criteria: CriteriaSet
    record: Record
    base: Facts = field(default_factory=dict)

    def load(self, tree: Keys) -> ExampleFile | None:
        known = ("set", "version", "about", "as_of", "base", "examples")
        fields = Fields(tree, "A file of examples", known, self.faults)
        for key, wanted in (("set", self.criteria.set), ("version", self.criteria.version)):
            if fields.text(key, required=True) != wanted:
                self.faults.add(fields.line(key), "set", f"These are examples of another {key}.")
        as_of = self._day(fields.text("as_of", required=True), fields.line("as_of"))
        base = fields.node("base", required=True)
        if isinstance(base, Keys):
            self._change(self.base, base.entries)
        examples = [
            example
            for keys in fields.mappings("examples", required=True)
            for example in self._entry(keys)
        ]
        if as_of is None:
            return None
        return ExampleFile(self.faults.file, as_of, fields.text("about"), tuple(examples))

    def _entry(self, keys: Keys) -> list[Example]:
        """All examples of one check, criterion or overall."""
        of = [name for name in _OF if name in keys.entries]
        fields = Fields(keys, "An example", (*_OF, *RATINGS, "subject", "title"), self.faults)
        if len(of) != 1:
            said = "An example is of one of: check, criterion, overall."
            self.faults.add(keys.line, "missing-key", said)
            return []
        name = fields.text(of[0], required=True)
        self._known(of[0], name, fields.line(of[0]))
        subject = fields.choice("subject", self.criteria.rates, self.criteria.rates[0])
        if of[0] == "overall":
            subject = name
        made = []
        for rating in RATINGS:
            node = fields.node(rating)
            listed = node.nodes if isinstance(node, Items) else [] if node is None else [node]
            for one in listed:
                if not isinstance(one, Keys):
                    said = "An example is what differs from the base, such as {sponsor: none}."
                    self.faults.add(one.line, "shape", said)
                    continue
                made.append(self._example(of[0], name, subject, rating, one))
        return made

    def _example(self, of: str, name: str, subject: str, rating: str, keys: Keys) -> Example:
        said = {
            key: one.node.text
            for key, one in keys.entries.items()
            if key in _SPECIAL and isinstance(one.node, Scalar)
        }
        checks = {"judged": ("green", "amber", "red", "none"), "because": tuple(Because)}
        for key, choices in checks.items():
            if key in said and said[key] not in choices:
                fault = f"'{shortened(said[key])}' is not known.{nearest(said[key], choices)}"
                self.faults.add(keys.entries[key].line, "choice", fault)
        made = _copied(self.base)
        self._change(made, {k: one for k, one in keys.entries.items() if k not in said})
        judged, because = said.get("judged", ""), said.get("because", "")
        return Example(of, name, subject, made, judged, rating, because, said.get("says", ""),
                       keys.line)  # fmt: skip

    def _known(self, of: str, name: str, line: int) -> None:
        names: Sequence[str] = self.criteria.rates
        if of == "check":
            names = [check.id for check in self.criteria.checks()]
        elif of == "criterion":
            names = [criterion.key for criterion in self.criteria.criteria()]
        if name not in names:
            said = f"There is no {of} '{shortened(name)}'.{nearest(name, names)}"
            self.faults.add(line, "unknown-name", said)

    def _change(self, facts: Facts, entries: Mapping[str, Entry]) -> None:
        """Puts fields of the subject, lists, or fields of one item, into facts."""
        for path, entry in entries.items():
            member = self.record.find(path)
            if member is not None:
                _put(facts, path, self._value(member, entry.node))
                continue
            if not self._change_item(facts, path, entry):
                near = nearest(path, self.record.names())
                said = f"There is no '{shortened(path)}'.{near}"
                self.faults.add(entry.line, "unknown-name", said)

    def _change_item(self, facts: Facts, path: str, entry: Entry) -> bool:
        for one in self.record.lists:
            parts = path.removeprefix(f"{one.name}.").split(".", 1)
            if not (path.startswith(f"{one.name}.") and isinstance(one, RecordList)):
                continue
            member = one.record.find(parts[1]) if len(parts) > 1 else None
            items = [item for item in _get(facts, one.name) or () if item.get("id") == parts[0]]
            if member is None or len(items) != 1:
                return False
            _put(items[0], parts[1], self._value(member, entry.node))
            return True
        return False

    def _value(self, member: Field | RecordList | TextList, node: Node) -> Any:
        if isinstance(node, Scalar) and node.text == "none":
            return None
        if isinstance(member, Field):
            return self._plain(member, node)
        if not isinstance(node, Items):
            self.faults.add(node.line, "shape", f"'{member.name}' is a list.")
            return None
        if isinstance(member, TextList):
            return [one.text for one in node.nodes if isinstance(one, Scalar)]
        return [self._item(member.record, one) for one in node.nodes]

    def _item(self, record: Record, node: Node) -> Facts:
        made: Facts = {}
        for path, entry in (node.entries if isinstance(node, Keys) else {}).items():
            member = record.find(path)
            if path == "id" and isinstance(entry.node, Scalar):
                made["id"] = entry.node.text
            elif member is None:
                near = nearest(path, record.names())
                said = f"There is no '{shortened(path)}'.{near}"
                self.faults.add(entry.line, "unknown-name", said)
            else:
                _put(made, path, self._value(member, entry.node))
        return made

    def _plain(self, member: Field, node: Node) -> Any:
        text = node.text if isinstance(node, Scalar) else ""
        if member.type is Kind.YES_NO and text in ("yes", "no"):
            return text == "yes"
        if member.type is Kind.TEXT and text:
            return text
        if member.type is Kind.CHOICE and text in member.choices:
            return text
        if member.type is Kind.DATE:
            return self._day(text, node.line)
        if member.type in NUMERIC:
            literal = values.read_literal(text)
            if literal is not None and (
                literal[1] is member.type or literal[1] in (Kind.COUNT, Kind.NUMBER)
            ):
                return literal[0]
        near = nearest(text, member.choices)
        said = f"'{shortened(text)}' is not {member.type.words}, as '{member.name}' is.{near}"
        self.faults.add(node.line, "type", said)
        return None

    def _day(self, text: str, line: int) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.faults.add(line, "number", f"'{shortened(text)}' is not a date.")
            return None


def judged_checks(criteria: CriteriaSet) -> tuple[str, ...]:
    """Ids of the checks that a person decides."""
    return tuple(check.id for check in criteria.checks() if isinstance(check.body, Judged))


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def _get(facts: Facts, path: str) -> Any:
    found: Any = facts
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _put(facts: Facts, path: str, value: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        facts = facts.setdefault(group, {})
    facts[name] = value
