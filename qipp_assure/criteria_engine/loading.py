"""Loads and checks a criteria file: every fault at once, each with its line.

The file::

    set: implementation              id of the set
    version: "2011.1"
    title: Implementation criteria
    rates: initiative                kind of subject, or several: [workstream, line]
    reads: [report-card@2011.1]      templates whose fields it may name
    source: A figure 13              where it comes from; checks and criteria may say their own
    origin: published                published, or own (our own rule)
    about: ...                       (optional) prose for the reader
    parameters:                      (optional) named values for bands and expressions
      tolerance: {value: 5%, source: A figure 13}    later values: see `dated`
    not_rated:                       what an unrated part does to the whole above it:
      nothing_due: ignored             ignored: as though it were not there
      missing: waits                   waits: the whole is rated only if it would be rated the
      undefined: waits                 same however the part comes out
      judgement_outstanding: waits
      does_not_apply: ignored
    criterion_rating: worst          worst, or a table over its checks (see `tables`)
    area_rating: worst               the same over its criteria
    areas:
      - id: financials
        title: Financials
        criteria:
          - id: progress             single within the area; called financials.progress outside
            title: Progress
            half: progress           (optional) one of the halves
            applies: given(plan)     (optional) false: does not apply
            if_not: no plan is at hand (optional) why, in words
            checks: [...]            see `check_loading`; ids single within the set
    halves:                          (optional) halves of the report card, over their criteria
      - {id: progress, title: Progress against plan, rating: worst}
    overall:                         worst, or a table over the areas
      - red: financials is red, or 2 or more areas red
      - amber: any area red or 3 or more areas amber
      - green: otherwise
    roll_up:                         (optional) worst, or a table: how a criterion of a
      - red: 30% or more parts red   workstream or region comes from that of its parts
      - amber: any part not green
      - green: otherwise
    flags:                           (optional)
      - {id: unplanned, when: planned == 0 and actual > 0, says: ...}

`load_set` raises `CriteriaFaults`; `load_file` the same for a file on disk, whose size is looked
at before it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qipp_assure.criteria_engine.check_loading import CheckLoader, load_if_not
from qipp_assure.criteria_engine.declared import Declared, Fields
from qipp_assure.criteria_engine.faults import CriteriaFaults, Fault, FaultList, nearest, shortened
from qipp_assure.criteria_engine.sets import Area, Check, CriteriaSet, Criterion, FlagRule, HalfRule
from qipp_assure.criteria_engine.source_text import (
    MAX_CHARACTERS,
    Keys,
    Scalar,
    read_source,
)
from qipp_assure.criteria_engine.table_loading import load_parameters, load_table
from qipp_assure.criteria_engine.tables import WORDS, Table
from qipp_assure.criteria_engine.types import Record, Schemas
from qipp_assure.vocabulary import Because

_SET_KEYS = (
    *("set", "version", "title", "rates", "reads", "source", "origin", "about", "parameters"),
    *("not_rated", "criterion_rating", "area_rating", "areas", "halves", "overall", "roll_up"),
    "flags",
)
_ORIGINS = ("published", "own")
_MOST_HALVES = 4
_PART_NOUNS = (
    *("part", "parts", "initiative", "initiatives", "workstream", "workstreams"),
    *("line", "lines", "organisation", "organisations"),
)


def load_file(path: Path, schemas: Schemas) -> CriteriaSet:
    """Loads a file.  Raises `CriteriaFaults` for its faults, OSError when it cannot be read."""
    with path.open("rb") as file:
        return load_set(file.read(MAX_CHARACTERS + 1), str(path), schemas)


def load_set(text: str | bytes, name: str, schemas: Schemas) -> CriteriaSet:
    """Loads a criteria set from its text; `name` is the file's name in messages.

    Raises `CriteriaFaults` with every fault that was found, in the order of lines.
    """
    faults = FaultList(name)
    try:
        tree = read_source(text, faults)
        loaded = _SetLoader(Declared(faults), tree, schemas).load() if tree is not None else None
    except RecursionError:
        loaded = None
        faults.add(1, "too-deep", "The file is nested too deeply.")
    if faults.faults or loaded is None:
        raise CriteriaFaults(faults.faults or [Fault(name, 1, "shape", "The file is not whole.")])
    data = text.encode() if isinstance(text, str) else text
    return replace(loaded, digest=hashlib.sha256(data).hexdigest(), text=data.decode(), file=name)


@dataclass(slots=True)
class _SetLoader:
    declared: Declared
    tree: Keys
    schemas: Schemas
    faults: FaultList = field(init=False)
    halves: tuple[str, ...] = ()
    seen: dict[str, int] = field(default_factory=dict)
    most_checks: int = 0

    def __post_init__(self) -> None:
        self.faults = self.declared.faults

    def load(self) -> CriteriaSet:
        fields = Fields(self.tree, "A criteria set", _SET_KEYS, self.faults)
        rates, reads = self._subjects(fields)
        source = fields.text("source", required=True)
        origin = fields.choice("origin", _ORIGINS)
        self.declared.parameters = load_parameters(self.declared, fields)
        listed = fields.mappings("halves")
        if len(listed) > _MOST_HALVES:
            said = f"A set may have {_MOST_HALVES} halves."
            self.faults.add(fields.line("halves"), "too-large", said)
        half_fields = [
            Fields(keys, "A half", ("id", "title", "rating"), self.faults)
            for keys in listed[:_MOST_HALVES]
        ]
        half_ids = [half.identity() for half in half_fields]
        self._single(half_ids, [half.line("id") for half in half_fields], "half")
        self.halves = tuple(half_ids)
        areas = self._areas(fields, source, origin)
        by_half = {h: [c for a in areas for c in a.criteria if c.half == h] for h in half_ids}
        for half in half_fields:
            if by_half.get(identity := half.text("id")) == [] and identity:
                said = f"No criterion belongs to the half '{shortened(identity)}'."
                self.faults.add(half.line("id"), "unused", said)
        halves = tuple(
            HalfRule(
                identity,
                half.text("title", required=True),
                load_table(
                    self.declared,
                    half,
                    "rating",
                    ("criterion", "criteria"),
                    _keys(by_half[identity]),
                    len(by_half[identity]),
                ),
            )
            for identity, half in zip(half_ids, half_fields, strict=True)
        )
        made = CriteriaSet(
            set=fields.identity("set"),
            version=fields.text("version", required=True),
            title=fields.text("title", required=True),
            rates=rates, reads=reads, source=source, origin=origin, about=fields.text("about"),
            waits=self._waits(fields), parameters=self.declared.parameters, areas=areas,
            criterion_rating=load_table(self.declared, fields, "criterion_rating", ("check", "checks"), (), self.most_checks),
            area_rating=load_table(self.declared, fields, "area_rating", ("criterion", "criteria"), (),
                                   max((len(a.criteria) for a in areas), default=0)),
            halves=halves,
            overall=load_table(self.declared, fields, "overall", ("area", "areas"), [a.id for a in areas],
                               len(areas)),
            roll_up=self._roll_up(fields),
            flags=self._flags(fields), digest="", text="", file="",
        )  # fmt: skip
        self._unused(fields)
        return made

    def _subjects(self, fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is rated and read; names must fit every kind in every template."""
        kinds_rated = fields.texts("rates", required=True)
        rates = tuple(kind.text for kind in kinds_rated)
        self._single(rates, [kind.line for kind in kinds_rated], "kind of subject")
        reads: list[str] = []
        records: dict[str, Record] = {}
        for item in fields.texts("reads", required=True):
            reads.append(item.text)
            if item.text not in self.schemas:
                near = nearest(item.text, self.schemas)
                said = f"There is no template '{shortened(item.text)}'.{near}"
                self.faults.add(item.line, "unknown-name", said)
                continue
            kinds = {schema.kind: schema.record for schema in self.schemas[item.text]}
            for kind in kinds_rated:
                if kind.text in kinds:
                    name = item.text if len(rates) == 1 else f"{item.text}, {kind.text}"
                    records[name] = kinds[kind.text]
                    continue
                near = nearest(kind.text, kinds) or f" It has: {', '.join(kinds)}."
                said = f"{item.text} has no subject '{shortened(kind.text)}'.{near}"
                self.faults.add(kind.line, "unknown-name", said)
        self.declared.records = records
        return rates, tuple(reads)

    def _waits(self, fields: Fields) -> dict[Because, bool]:
        node = fields.node("not_rated", required=True)
        if not isinstance(node, Keys):
            if node is not None:
                self.faults.add(fields.line("not_rated"), "shape", "'not_rated' are keys.")
            return {}
        reasons = Fields(node, "'not_rated'", tuple(Because), self.faults)
        return {b: reasons.choice(b, ("ignored", "waits")) == "waits" for b in Because}

    def _areas(self, fields: Fields, source: str, origin: str) -> tuple[Area, ...]:
        areas: list[Area] = []
        lines: list[int] = []
        for keys in fields.mappings("areas", required=True):
            area = Fields(keys, "An area", ("id", "title", "criteria"), self.faults)
            identity = area.identity()
            if identity in WORDS:
                said = f"'{identity}' is a word of decision tables; take another name."
                self.faults.add(area.line("id"), "name", said)
            found = [
                self._criterion(criterion, identity, source, origin)
                for criterion in area.mappings("criteria", required=True)
            ]
            self._single([c.id for c, _ in found], [line for _, line in found], "criterion")
            title = area.text("title", required=True)
            areas.append(Area(identity, title, tuple(c for c, _ in found)))
            lines.append(area.line("id"))
        self._single([area.id for area in areas], lines, "area")
        return tuple(areas)

    def _criterion(self, keys: Keys, area: str, source: str, origin: str) -> tuple[Criterion, int]:
        known = ("id", "title", "half", "applies", "if_not", "source", "origin", "checks")
        fields = Fields(keys, "A criterion", known, self.faults)
        identity = fields.identity()
        half = fields.text("half") or None
        if half is not None and half not in self.halves:
            near = nearest(half, self.halves)
            said = f"There is no half '{shortened(half)}'.{near}"
            self.faults.add(fields.line("half"), "unknown-name", said)
        applies = None
        if condition := fields.text("applies"):
            applies = self.declared.expression(
                condition, fields.line("applies"), self.declared.scopes(), condition=True
            )
        if_not = load_if_not(fields)
        source = fields.text("source") or source
        origin = fields.choice("origin", _ORIGINS, origin or "own")
        loader = CheckLoader(self.declared)
        checks: list[Check] = []
        listed = fields.mappings("checks", required=True)
        self.most_checks = max(self.most_checks, len(listed))
        for check_keys in listed:
            self._note_check(check_keys)
            if self.declared.records and (check := loader.load(check_keys, source, origin)):
                checks.append(check)
        title = fields.text("title", required=True)
        key = f"{area}.{identity}"
        made = Criterion(identity, key, title, half, tuple(checks), applies, if_not, source, origin)
        return made, fields.line("id")

    def _note_check(self, keys: Keys) -> None:
        """Ids of checks are single within the set, since judgements name them alone."""
        entry = keys.entries.get("id")
        if entry is None or not isinstance(entry.node, Scalar):
            return
        identity = entry.node.text
        if identity in self.seen:
            said = (
                f"The check '{shortened(identity)}' stands on line {self.seen[identity]} already."
            )
            self.faults.add(entry.line, "duplicate-id", said)
        self.seen.setdefault(identity, entry.line)

    def _single(self, ids: Sequence[str], lines: Sequence[int], what: str) -> None:
        for number, identity in enumerate(ids):
            if identity and identity in ids[:number]:
                said = f"There are two of the {what} '{shortened(identity)}'."
                self.faults.add(lines[number], "duplicate-id", said)

    def _roll_up(self, fields: Fields) -> Table | None:
        if "roll_up" not in self.tree.entries:
            return None
        return load_table(self.declared, fields, "roll_up", _PART_NOUNS, (), None)

    def _flags(self, fields: Fields) -> tuple[FlagRule, ...]:
        made: list[FlagRule] = []
        lines: list[int] = []
        for keys in fields.mappings("flags"):
            flag = Fields(keys, "A flag", ("id", "when", "says"), self.faults)
            identity, says = flag.identity(), flag.text("says", required=True)
            text = flag.text("when", required=True)
            when = self.declared.expression(
                text, flag.line("when"), self.declared.scopes(), condition=True
            ) if text else None  # fmt: skip
            if when is not None:
                made.append(FlagRule(identity, when, says))
                lines.append(flag.line("id"))
        self._single([flag.id for flag in made], lines, "flag")
        return tuple(made)

    def _unused(self, fields: Fields) -> None:
        node = fields.node("parameters")
        if not isinstance(node, Keys) or self.faults.faults:
            return  # an expression at fault may be the one that uses it
        for name in self.declared.parameters:
            if name not in self.declared.used:
                line = node.entries[name].line
                self.faults.add(line, "unused", f"The parameter '{name}' is used nowhere.")


def _keys(criteria: Sequence[Criterion]) -> list[str]:
    return [criterion.key for criterion in criteria]
