"""The rating matrix in the shape of the report card: pure, for pages, workbooks and packs alike.

One row a subject; columns are the criteria of each half, then the half's overall rating and its
direction.  Criteria that belong to no half (those of a plan) come first, by area.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from qipp_assure.vocabulary import Because, Direction, Half, Rating

CriterionKey = tuple[str, str]
"""Set and criterion."""

OWN_TITLE = "The plan itself"
"""What heads the criteria that belong to no half."""


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
class Column:
    """One criterion as a column, under the heading of its area."""

    key: CriterionKey
    title: str
    area: str


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns under one heading: a half, or (None) what belongs to no half."""

    title: str
    half: str | None
    columns: tuple[Column, ...]

    @property
    def areas(self) -> tuple[tuple[str, tuple[Column, ...]], ...]:
        """The same columns under the headings of their areas."""
        return tuple((area, tuple(own)) for area, own in groupby(self.columns, lambda c: c.area))

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands above each column, where areas have no headings of their own.

        The area is said where another column of the group has the same title.
        """
        titles = Counter(column.title for column in self.columns)
        return tuple(
            f"{column.area}: {column.title[:1].lower()}{column.title[1:]}"
            if titles[column.title] > 1
            else column.title
            for column in self.columns
        )

    @property
    def headed(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Headings with what stands under each, in two lines: half or area, then the columns."""
        if self.half is not None:
            return ((self.title, self.labels),)
        return tuple((area, tuple(one.title for one in own)) for area, own in self.areas)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table: groups of columns over rows of ratings."""

    groups: tuple[Group, ...]
    rows: tuple[RatedSubject, ...]

    def travels(self, group: Group) -> bool:
        """Tell whether any row has a direction in a half; those of a plan have none yet."""
        rated = (row.halves.get(group.half or "") for row in self.rows)
        return any(one is not None and one.direction is not None for one in rated)


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


def matrix_of(headings: Iterable[Heading], rows: Iterable[RatedSubject]) -> Matrix:
    """Put rows under the headings that concern any of them.

    What belongs to no half comes first (a plan's own criteria), then the halves in their order;
    within each the criteria of an area stand together, otherwise in the order of the headings.  A
    column that does not apply to any row is left out, and a half with nothing in it as well.
    """
    found = tuple(rows)
    concerned = [
        heading
        for heading in dict.fromkeys(headings)
        if any(_applies(row.criteria.get(heading.key)) for row in found)
    ]
    halves: tuple[str | None, ...] = (None, *Half)
    groups = (_group(half, [one for one in concerned if one.half == half]) for half in halves)
    return Matrix(tuple(group for group in groups if group.columns), found)


def _applies(rated: Rated | None) -> bool:
    return rated is not None and rated.because is not Because.DOES_NOT_APPLY


def _group(half: str | None, headings: Sequence[Heading]) -> Group:
    areas = list(dict.fromkeys(one.area_title for one in headings))
    ordered = sorted(headings, key=lambda one: areas.index(one.area_title))
    title = next((one.half_title for one in headings), "") if half else OWN_TITLE
    return Group(title, half, tuple(Column(one.key, one.title, one.area_title) for one in ordered))


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
