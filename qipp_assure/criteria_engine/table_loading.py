"""Reads the decision tables and the parameters of a criteria file; see `loading`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qipp_assure.criteria_engine import functions, values
from qipp_assure.criteria_engine.declared import Declared, Fields
from qipp_assure.criteria_engine.faults import nearest, shortened
from qipp_assure.criteria_engine.source_text import (
    Items,
    Keys,
    Scalar,
)
from qipp_assure.criteria_engine.table_proof import table_faults
from qipp_assure.criteria_engine.tables import COLOURS, Rule, Table, parse_rule, table_of, worst
from qipp_assure.criteria_engine.tree import LaterValue, Parameter
from qipp_assure.criteria_engine.types import Kind
from qipp_assure.criteria_engine.values import Plain

_LIMIT = "not better than "
_DAY = re.compile(values.DATE_PATTERN, re.ASCII)
_MOST_RULES = 20


def load_table(
    declared: Declared,
    fields: Fields,
    key: str,
    nouns: Sequence[str],
    names: Sequence[str],
    parts: int | None,
) -> Table:
    """`worst`, or a table of rules; with faults noted, `worst` stands in for it.

    `parts` is how many parts there are at most, None where there may be any number.
    """
    node = fields.node(key, required=True)
    if isinstance(node, Scalar) and node.text == "worst":
        return worst()
    unique = False
    if isinstance(node, Keys):
        table = Fields(node, f"The table '{key}'", ("hit", "rules"), declared.faults)
        unique = table.choice("hit", ("first", "unique")) == "unique"
        node = table.node("rules", required=True)
    if not isinstance(node, Items):
        if node is not None:
            said = f"'{key}' is 'worst' or a list of rules."
            declared.faults.add(fields.line(key), "shape", said)
        return worst()
    if len(node.nodes) > _MOST_RULES:
        declared.faults.add(node.line, "table", f"A table may have {_MOST_RULES} rules.")
        return worst()
    rules = [_rule(declared, item, nouns, names) for item in node.nodes]
    given = [rule for rule in rules if rule is not None]
    if len(given) < len(rules):
        return worst()
    made = declared.attempt(node.line, lambda: table_of(given, is_unique=unique))
    if made is None:
        return worst()
    for fault in table_faults(made, given, parts) if parts != 0 else ():
        line = node.line if fault.rule is None else node.nodes[fault.rule].line
        declared.faults.add(line, fault.code, fault.message)
    return made


def _rule(
    declared: Declared, node: Keys | Items | Scalar, nouns: Sequence[str], names: Sequence[str]
) -> Rule | None:
    entries = node.entries if isinstance(node, Keys) else {}
    if len(entries) != 1:
        declared.faults.add(node.line, "table", "A rule is one line, such as 'red: any red'.")
        return None
    [(lead, entry)] = entries.items()
    is_limit = lead.startswith(_LIMIT)
    colour = lead.removeprefix(_LIMIT)
    ratings = {rating.value: rating for rating in COLOURS}
    if colour not in ratings or not isinstance(entry.node, Scalar):
        near = nearest(colour, ratings)
        said = f"A rule gives red, amber or green, not '{shortened(colour)}'.{near}"
        declared.faults.add(entry.line, "table", said)
        return None
    text = entry.node.text
    groups = declared.attempt(entry.line, lambda: parse_rule(text, nouns, names))
    return None if groups is None else Rule(ratings[colour], text, groups, is_limit)


def load_parameters(declared: Declared, fields: Fields) -> dict[str, Parameter]:
    """The named values of a set, each with its source."""
    node = fields.node("parameters")
    made: dict[str, Parameter] = {}
    if node is None:
        return made
    if not isinstance(node, Keys):
        declared.faults.add(fields.line("parameters"), "shape", "'parameters' are keys.")
        return made
    taken = {p.split(".")[0] for r in declared.records.values() for p in r.names()}
    taken |= {*functions.NAMES, "as_of", "yes", "no", "all", "none"}
    for name, entry in node.entries.items():
        if not name.isascii() or not name.isidentifier() or "_" in (name[0], name[-1]):
            declared.faults.add(entry.line, "id", f"'{shortened(name)}' cannot be a name.")
        elif name in taken:
            declared.faults.add(entry.line, "name", f"'{name}' already means something else.")
        elif not isinstance(entry.node, Keys):
            said = "A parameter has a 'value' and a 'source'."
            declared.faults.add(entry.line, "shape", said)
        elif parameter := _parameter(declared, name, entry.node):
            made[name] = parameter
    return made


def _parameter(declared: Declared, name: str, keys: Keys) -> Parameter | None:
    known = ("value", "source", "about", "later")
    fields = Fields(keys, "A parameter", known, declared.faults)
    fields.text("source", required=True)
    found = _value(declared, fields)
    if found is None:
        return None
    value, kind = found
    later: list[LaterValue] = []
    for entry in fields.mappings("later"):
        made = _later(declared, entry, kind)
        if made is None:
            continue
        before = later[-1] if later else None
        if before is not None and made.start <= before.start:
            said = "Later values stand in the order of their dates."
            declared.faults.add(entry.line, "order", said)
        elif made.value == (before.value if before else value):
            declared.faults.add(entry.line, "unused", "This later value changes nothing.")
        else:
            later.append(made)
    return Parameter(name, value, kind, None, tuple(later))


def _later(declared: Declared, keys: Keys, kind: Kind) -> LaterValue | None:
    known = ("from", "value", "source", "about")
    fields = Fields(keys, "A later value", known, declared.faults)
    source = fields.text("source", required=True)
    text = fields.text("from", required=True)
    try:
        start = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        start = None
    if text and start is None:
        declared.faults.add(fields.line("from"), "number", "'from' is a date, such as 2012-04-01.")
    found = _value(declared, fields)
    if found is None or start is None:
        return None
    value, own = found
    if own is not kind:
        said = f"A later value is of the same type: {kind.words}, not {own.words}."
        declared.faults.add(fields.line("value"), "type", said)
        return None
    return LaterValue(start, value, source)


def _value(declared: Declared, fields: Fields) -> tuple[Plain, Kind] | None:
    text = fields.text("value", required=True)
    try:
        literal = values.read_literal(text)
    except values.LiteralFault as error:
        declared.faults.add(fields.line("value"), "number", str(error))
        return None
    return (literal or (text, Kind.TEXT)) if text else None
