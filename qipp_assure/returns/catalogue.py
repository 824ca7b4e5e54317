"""The catalogue of fields: everything that a return declares, derived from its models.

The JSON Schema, the layouts of pages and worksheets, and the names that criteria may use all
refer to these paths.  A path joins names with dots, and ``[]`` stands for "each item of":
``initiatives[].milestones[].due``.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from qipp_assure.returns.templates import TEMPLATES
from qipp_assure.returns.values import Declared, Mark

CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a return.

    `type` is one of id, code, text, money, count, number, share, date, yes_no, choice, month,
    year, digest, codes (a list of codes), phasing and phasing_by_year (a map from period to the
    type in `of`).  `bounds` are the least and greatest value allowed.  `long` marks text of more
    than one line.
    """

    path: str
    label: str
    hint: str
    type: str
    of: str
    unit: str
    required: bool
    choices: tuple[str, ...]
    bounds: tuple[int | date | None, int | date | None]
    max_length: int | None
    refers_to: str
    long: bool

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class ListSpec:
    """One list of a return, such as ``initiatives[].milestones[]``."""

    path: str
    label: str


@dataclass(frozen=True)
class Catalogue:
    """All fields and lists of one template, in the order in which they are declared."""

    template: str
    fields: tuple[FieldSpec, ...]
    lists: tuple[ListSpec, ...]

    def get_field(self, path: str) -> FieldSpec:
        """Give the field at a path; raises KeyError where none is declared."""
        for spec in self.fields:
            if spec.path == path:
                return spec
        raise KeyError(path)

    def list_fields(self, prefix: str) -> tuple[FieldSpec, ...]:
        """Give the fields right under a list or section, groups inside it included."""
        return tuple(
            spec
            for spec in self.fields
            if spec.path.startswith(prefix + ".") and "[]" not in spec.path[len(prefix) :]
        )


@cache
def catalogue(template: str) -> Catalogue:
    """Derive the catalogue of a template; raises KeyError where there is none of that name.

    >>> spec = catalogue("plan@2011.1").get_field("initiatives[].milestones[].due")
    >>> spec.label, spec.type, spec.required
    ('Due date', 'date', False)
    """
    found = list(_walk(TEMPLATES[template], ""))
    return Catalogue(
        template,
        tuple(spec for spec in found if isinstance(spec, FieldSpec)),
        tuple(spec for spec in found if isinstance(spec, ListSpec)),
    )


def _walk(model: type[BaseModel], prefix: str) -> Iterator[FieldSpec | ListSpec]:
    for name, info in model.model_fields.items():
        path = f"{prefix}{name}"
        inner, marks, choices = _unwrap(info)
        if isinstance(inner, type) and issubclass(inner, Declared):
            if get_origin(info.annotation) is list:
                yield ListSpec(f"{path}[]", info.title or name)
                yield from _walk(inner, f"{path}[].")
            else:
                yield from _walk(inner, f"{path}.")
        else:
            yield _spec(path, info, marks, choices)


def _unwrap(info: FieldInfo) -> tuple[Any, list[Any], tuple[str, ...]]:
    """Take the optional, annotated and list layers off a field's type."""
    marks: list[Any] = list(info.metadata)
    inner: Any = info.annotation
    while True:
        origin = get_origin(inner)
        if origin is Annotated:
            inner, *more = get_args(inner)
            marks.extend(more)
        elif origin in (Union, types.UnionType):
            inner = next(part for part in get_args(inner) if part is not type(None))
        elif origin is list:
            inner = get_args(inner)[0]
        else:
            break
    if get_origin(inner) is Literal:
        return inner, marks, tuple(get_args(inner))
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return inner, marks, tuple(member.value for member in inner)
    return inner, marks, ()


def _spec(path: str, info: FieldInfo, marks: list[Any], choices: tuple[str, ...]) -> FieldSpec:
    # The outermost mark is the field's own: a list of codes is `codes`, though each is a `code`.
    mark = next((part for part in marks if isinstance(part, Mark)), Mark(CHOICE))
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    least: Any = None
    most: Any = None
    longest: int | None = None
    for part in marks:
        for piece in _pieces(part):
            if isinstance(piece, annotated_types.Ge):
                least = piece.ge
            elif isinstance(piece, annotated_types.Le):
                most = piece.le
            elif longest is None and getattr(piece, "max_length", None):
                longest = piece.max_length
    return FieldSpec(
        path=path,
        label=info.title or path,
        hint=info.description or "",
        type=mark.type,
        of=mark.of if mark.type.startswith("phasing") else "",
        unit=str(extra.get("unit", "")),
        required=info.is_required(),
        choices=choices,
        bounds=(least, most),
        max_length=longest,
        refers_to=str(extra.get("refers_to", "")),
        long=mark.of == "long",
    )


def _pieces(part: Any) -> list[Any]:
    return [part, *part.metadata] if isinstance(part, FieldInfo) else [part]
