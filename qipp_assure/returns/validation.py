"""Reading a return: every fault at once, each with its place and what would be right.

A return that can be read is one whose every value is of its declared type, whose ids are unique,
whose references point at something, and whose phasing counts no month twice.  Whether it is any
good is for the criteria.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from qipp_assure.returns.catalogue import catalogue
from qipp_assure.returns.fault_labels import label_of
from qipp_assure.returns.periods import months_of, phased_by
from qipp_assure.returns.plan import Plan
from qipp_assure.returns.templates import TEMPLATES, Return, upgraded
from qipp_assure.returns.values import cleaned

MAX_BYTES = 10_000_000
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a document.

    `place` is the way there: names and positions in lists; `label` says it in people's words,
    where the document is known.
    """

    place: Place
    message: str
    label: str = field(default="", compare=False)

    @property
    def path(self) -> str:
        """The place as one text, such as ``initiatives[3].milestones[0].due``."""
        text = ""
        for step in self.place:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text or "(the whole return)"

    def __str__(self) -> str:
        """Say the place and what is wrong there."""
        return f"{self.path}: {self.message}"


class ReturnFaults(Exception):
    """A return that cannot be read; `faults` holds all that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:20]))
        self.faults = faults


def parse_json(data: bytes, most: int = MAX_BYTES) -> Any:
    """Read JSON strictly: UTF-8, no name twice, no NaN; raises ReturnFaults with one fault."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                message = f"the name {name[:60]!r} stands twice in one object"
                raise ReturnFaults([Fault((), message)])
            found[name] = value
        return found

    def refuse(text: str) -> None:
        raise ReturnFaults([Fault((), f"{text} is not a number that JSON allows")])

    if len(data) > most:
        raise ReturnFaults([Fault((), f"larger than {most:,} bytes")])
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=unique, parse_constant=refuse)
    except UnicodeDecodeError as error:
        raise ReturnFaults([Fault((), f"not UTF-8 text at byte {error.start}")]) from None
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        raise ReturnFaults([Fault((), message)]) from None
    except RecursionError:
        raise ReturnFaults([Fault((), "nested too deeply to be a return")]) from None
    except ValueError as error:  # a number of more digits than Python reads
        raise ReturnFaults([Fault((), f"not JSON: {str(error)[:100]}")]) from None


def read_return(data: bytes | Mapping[str, Any]) -> Return:
    """Read a return, of whatever template, as its newest template's model.

    Raises ReturnFaults with every fault found, each with its label.
    """
    document = parse_json(data) if isinstance(data, bytes) else data
    if not isinstance(document, Mapping):
        raise ReturnFaults([Fault((), "a return is one JSON object")])
    document = upgraded(dict(document))
    try:
        return _read_newest(document)
    except ReturnFaults as error:
        told = [replace(one, label=label_of(one.place, document)) for one in error.faults]
        raise ReturnFaults(told) from None


def _read_newest(document: dict[str, Any]) -> Return:
    model = TEMPLATES.get(str(document.get("template")))
    if model is None:
        known = ", ".join(TEMPLATES)
        message = f"unknown template {str(document.get('template'))[:60]!r}; known are {known}"
        raise ReturnFaults([Fault(("template",), message)])
    try:
        # JSON mode, so that dates and choices are read from text and nothing else is coerced.
        found = model.model_validate_json(json.dumps(cleaned(document)))
    except ValidationError as error:
        raise ReturnFaults([_fault(detail) for detail in error.errors()]) from None
    except ValueError as error:
        raise ReturnFaults([Fault((), str(error)[:200])]) from None
    faults = [*_id_faults(found), *_reference_faults(found), *_phasing_faults(found)]
    if faults:
        raise ReturnFaults(faults)
    return found


_WANTED = {
    "missing": "is needed and is missing",
    "extra_forbidden": "is not a field of this template",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number, without a fraction",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "list_type": "must be a list",
    "dict_type": "must be a map from period to value",
    "model_type": "must be an object with named fields",
    "date_from_datetime_parsing": "must be a date such as 2011-06-30",
    "date_parsing": "must be a date such as 2011-06-30",
    "date_type": "must be a date such as 2011-06-30",
}


def _fault(detail: Any) -> Fault:
    place: Place = tuple(part for part in detail["loc"] if part != "[key]")
    message = _WANTED.get(detail["type"])
    if message is None:
        text = str(detail["msg"]).removeprefix("Value error, ")
        message = text[0].lower() + text[1:]
    return Fault(place, message)


def each_list(found: Return) -> Iterator[tuple[str, Place, list[Any]]]:
    """Walk all lists of items: catalogue path, place, and the items."""

    def walk(value: Any, path: str, place: Place) -> Iterator[tuple[str, Place, list[Any]]]:
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if f"{path}{name}[]" in list_paths:
                yield f"{path}{name}[]", (*place, name), inner
                for index, item in enumerate(inner):
                    yield from walk(item, f"{path}{name}[].", (*place, name, index))

    list_paths = {spec.path for spec in catalogue(found.template).lists}
    return walk(found, "", ())


def _id_faults(found: Return) -> Iterator[Fault]:
    seen: dict[tuple[str, str], Place] = {}
    for path, place, entries in each_list(found):
        for index, item in enumerate(entries):
            here: Place = (*place, index, "id")
            first = seen.setdefault((path, item.id), here)
            if first != here:
                where = Fault(first, "").path
                yield Fault(here, f"the id {item.id!r} stands already at {where}")


def _reference_faults(found: Return) -> Iterator[Fault]:
    targets: dict[str, set[str]] = {}
    lists = list(each_list(found))
    for path, _, entries in lists:
        if path.count("[]") == 1:
            targets[path.removesuffix("[]")] = {item.id for item in entries}
    references = {spec.path: spec for spec in catalogue(found.template).fields if spec.refers_to}
    for path, place, entries in lists:
        for spec in references.values():
            if spec.path.rpartition(".")[0] != path:
                continue
            for index, item in enumerate(entries):
                value = getattr(item, spec.name)
                if value is not None and value not in targets[spec.refers_to]:
                    message = f"{value!r} is not the id of anything under {spec.refers_to}"
                    yield Fault((*place, index, spec.name), message)


def _phasing_faults(found: Return) -> Iterator[Fault]:
    if not isinstance(found, Plan):
        return
    for number, initiative in enumerate(found.initiatives):
        for index, line in enumerate(initiative.savings):
            place: Place = ("initiatives", number, "savings", index)
            for name in ("planned", "forecast", "actual"):
                yield from _counted_twice((*place, name), getattr(line, name))
            for period in line.planned:
                if line.phased_by is not None and phased_by(period) is not line.phased_by:
                    message = f"the line is phased by {line.phased_by}, and {period} is not one"
                    yield Fault((*place, "planned", period), message)
    for number, trajectory in enumerate(found.trajectories):
        yield from _counted_twice(("trajectories", number, "points"), trajectory.points)


def _counted_twice(place: Place, phasing: Mapping[str, Any]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for period in sorted(phasing):
        for month in months_of(period):
            if month in seen:
                message = f"the month {month} is in {seen[month]} and again in {period}"
                yield Fault((*place, period), message)
                break
            seen[month] = period
