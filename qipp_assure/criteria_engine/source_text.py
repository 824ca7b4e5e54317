r"""Reads the YAML of a criteria file into texts with line numbers, and nothing more.

Every scalar stays the text it was written as ("numbers in a file are read from their text"),
so that 5.00% is never a float and `no` never turns into False.  Duplicate keys, anchors,
aliases and tags are faults; size and depth are capped before anything is built, so a hostile
file is refused at once.

>>> faults = FaultList("x.yaml")
>>> tree = read_source("set: trial\nversion: 1.10\n", faults)
>>> tree.entries["version"].node.text, tree.entries["version"].line
('1.10', 2)
>>> read_source("a: 1\na: 2", faults) and str(faults.faults[0])
"x.yaml:2: The key 'a' stands here twice; it is first on line 1."
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from qipp_assure.criteria_engine.faults import FaultList, shortened

MAX_CHARACTERS = 200_000
MAX_DEPTH = 20
MAX_EVENTS = 12_000


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: list[Node]
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a key, and the line of the key."""

    line: int
    node: Node


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping, in the order of the file."""

    entries: dict[str, Entry]
    line: int


Node = Scalar | Items | Keys


class _Refused(Exception):
    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line, self.code, self.message = line, code, message


@dataclass(slots=True)
class _Reader:
    events: list[yaml.Event] = field(default_factory=list)
    at: int = 0

    def next(self) -> yaml.Event:
        event = self.events[self.at]
        self.at += 1
        return event


def read_source(text: str | bytes, faults: FaultList) -> Keys | None:
    """The file as a tree of texts, or None when it cannot be read (the fault is noted)."""
    try:
        return _read(_decoded(text), faults)
    except _Refused as refused:
        faults.add(refused.line, refused.code, refused.message)
    return None


def _decoded(text: str | bytes) -> str:
    if len(text) > MAX_CHARACTERS:
        raise _Refused(
            1, "too-large", f"The file is too large: more than {MAX_CHARACTERS:,} characters."
        )
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise _Refused(line, "encoding", "The file is not UTF-8 text; save it as UTF-8.") from error


def _read(text: str, faults: FaultList) -> Keys:
    reader = _Reader(_events(text))
    root = reader.next()
    if not isinstance(root, yaml.MappingStartEvent):
        raise _Refused(_line(root), "shape", "A criteria file is a list of keys, such as 'set: x'.")
    return _mapping(reader, root, faults)


def _events(text: str) -> list[yaml.Event]:
    """The parser's events of the one document, checked for what is not allowed at all."""
    events: list[yaml.Event] = []
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            _refuse_forbidden(event)
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
            if depth > MAX_DEPTH:
                raise _Refused(_line(event), "too-deep", "Lists and keys are nested too deeply.")
            if documents > 1:
                raise _Refused(_line(event), "shape", "A criteria file is one document, not two.")
            if len(events) > MAX_EVENTS:
                raise _Refused(_line(event), "too-large", "The file holds too many entries.")
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                events.append(event)
    except yaml.YAMLError as error:
        raise _refusal(error, text) from error
    if not events:
        raise _Refused(1, "shape", "The file is empty.")
    return events


def _refusal(error: yaml.YAMLError, text: str) -> _Refused:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        said = getattr(error, "problem", None) or "this cannot be read"
        return _Refused(mark.line + 1, "yaml", f"Not readable as YAML: {said}.")
    position = int(getattr(error, "position", 0))
    line = text[:position].count("\n") + 1
    return _Refused(line, "encoding", "The file holds a character that text may not hold.")


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark is not None else 1


def _refuse_forbidden(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _Refused(_line(event), "anchor", "Anchors and aliases (& and *) are not allowed.")
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise _Refused(_line(event), "tag", f"Tags are not allowed: {shortened(str(tag))}.")


def _node(reader: _Reader, faults: FaultList) -> Node:
    event = reader.next()
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(reader, event, faults)
    if isinstance(event, yaml.SequenceStartEvent):
        nodes: list[Node] = []
        while not isinstance(reader.events[reader.at], yaml.SequenceEndEvent):
            nodes.append(_node(reader, faults))
        reader.next()
        return Items(nodes, _line(event))
    return Scalar(" ".join(str(getattr(event, "value", "")).split()), _line(event))


def _mapping(reader: _Reader, start: yaml.Event, faults: FaultList) -> Keys:
    entries: dict[str, Entry] = {}
    while not isinstance(reader.events[reader.at], yaml.MappingEndEvent):
        key_event = reader.next()
        line = _line(key_event)
        if not isinstance(key_event, yaml.ScalarEvent):
            raise _Refused(line, "shape", "A key is a single word, not a list.")
        key = str(key_event.value)
        node = _node(reader, faults)
        if key in entries:
            first = entries[key].line
            said = f"The key '{shortened(key)}' stands here twice; it is first on line {first}."
            faults.add(line, "duplicate-key", said)
        else:
            entries[key] = Entry(line, node)
    reader.next()
    return Keys(entries, _line(start))
