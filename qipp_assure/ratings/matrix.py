"""The rating matrix in the shape of the report card: pure, for pages, workbooks and packs alike.

One row a subject; columns are the criteria of each half, then the half's overall rating and its
direction.  Criteria that belong to no half (those of a plan) stand by area.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qipp_assure.vocabulary import Because, Direction, Rating

CriterionKey = tuple[str, str]
"""Set and criterion."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating with why it is none, and its direction where it has one."""

    rating: Rating
    because: Because | None = None
    direction: Direction | None = None

    @classmethod
    def of(cls, part: Mapping[str, Any], key: str = "rating") -> Rated:
        """Read a rating from a part of an assessment's JSON."""
        because, direction = part.get("because"), part.get("direction")
        return cls(
            Rating(part[key]),
            Because(because) if because else None,
            Direction(direction) if direction else None,
        )


UNRATED = Rated(Rating.NOT_RATED)


@dataclass(frozen=True, slots=True)
class RatedSubject:
    """What a row of the matrix is made from."""

    label: str
    overall: Rated
    criteria: Mapping[CriterionKey, Rated]
    halves: Mapping[str, Rated]
    href: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns under one heading; `half` is None for the criteria of an area."""

    title: str
    half: str | None
    columns: tuple[tuple[CriterionKey, str], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table: groups of columns over rows of ratings."""

    groups: tuple[Group, ...]
    rows: tuple[RatedSubject, ...]
    keys: tuple[CriterionKey, ...] = field(init=False)

    def __post_init__(self) -> None:
        keys = tuple(key for group in self.groups for key, _ in group.columns)
        object.__setattr__(self, "keys", keys)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the matrix has to know of a criterion to give it a column."""

    key: CriterionKey
    title: str
    half: str | None
    half_title: str
    area_title: str


def headings_of(subject: Mapping[str, Any]) -> tuple[Heading, ...]:
    """Read the headings from one subject of an assessment's JSON."""
    halves = {half["id"]: half["title"] for half in subject["halves"]}
    areas = {(area["set"], area["id"]): area["title"] for area in subject["areas"]}
    return tuple(
        Heading(
            key=(one["set"], one["id"]),
            title=one["title"],
            half=one["half"],
            half_title=halves.get(one["half"], ""),
            area_title=areas[one["set"], one["area"]],
        )
        for one in subject["criteria"]
    )


def groups_of(headings: Iterable[Heading]) -> tuple[Group, ...]:
    """Put headings together by half, and by area where they belong to no half."""
    found: dict[tuple[str | None, str], list[Heading]] = {}
    for heading in headings:
        name = (heading.half, heading.half_title if heading.half else heading.area_title)
        found.setdefault(name, []).append(heading)
    return tuple(
        Group(title, half, tuple((one.key, _short(one, own)) for one in own))
        for (half, title), own in found.items()
    )


def _short(heading: Heading, group: Sequence[Heading]) -> str:
    """Say the area with a criterion's title where another of the group has the same title."""
    if sum(one.title == heading.title for one in group) == 1:
        return heading.title
    return f"{heading.area_title}: {heading.title[:1].lower()}{heading.title[1:]}"


def rated_subject(
    subject: Mapping[str, Any], href: str | None = None, note: str = ""
) -> RatedSubject:
    """Read a row from one subject of an assessment's JSON."""
    label = " ".join(part for part in (subject["code"], subject["name"]) if part)
    return RatedSubject(
        label=subject["name"] if subject["code"] == subject["id"] else label,
        overall=Rated.of(subject, "overall"),
        criteria={(one["set"], one["id"]): Rated.of(one) for one in subject["criteria"]},
        halves={half["id"]: Rated.of(half) for half in subject["card_halves"]},
        href=href,
        note=note,
    )
