"""Subjects, criteria and checks as a pack shows them: plain frozen values.

All text in here has been through `web.printable`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qipp_assure.ratings.evidence import Evidence
from qipp_assure.vocabulary import Because, Direction, Rating


@dataclass(frozen=True, slots=True)
class Judged:
    """A rating as it is shown: why it is not rated, where it is not, and the sentence."""

    rating: Rating
    because: Because | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One expectation."""

    id: str
    asks: str
    judged: Judged
    by_person: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """One criterion with its checks; a rolled-up one has none."""

    set: str
    key: str
    title: str
    area: str
    half: str | None
    judged: Judged
    checks: tuple[CheckShown, ...] = ()

    @property
    def told(self) -> frozenset[str]:
        """The reasons that the checks tell already."""
        return frozenset(check.judged.reason for check in self.checks)

    @property
    def length(self) -> int:
        """How many characters it takes to tell the checks with their evidence."""
        return len(self.judged.reason) + sum(
            len(check.asks)
            + len(check.judged.reason)
            + sum(len(item.label) + len(item.text) + len(item.rest) for item in check.evidence)
            for check in self.checks
        )


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An area of one set with its criteria."""

    set: str
    title: str
    judged: Judged
    criteria: tuple[CriterionShown, ...]


@dataclass(frozen=True, slots=True)
class HalfShown:
    """One half of the report card."""

    id: str
    title: str
    judged: Judged
    direction: Direction | None


@dataclass(frozen=True, slots=True)
class SubjectShown:
    """Something rated: region, plan, workstream, initiative or line; `anchor` is its place."""

    kind: str
    id: str
    code: str
    name: str
    anchor: str
    judged: Judged
    flags: tuple[str, ...]
    halves: tuple[HalfShown, ...]
    areas: tuple[AreaShown, ...]
    particulars: tuple[tuple[str, str], ...] = ()
    parts: tuple[SubjectShown, ...] = ()

    @property
    def title(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}" if self.code and self.code != self.name else self.name

    @property
    def counts(self) -> tuple[tuple[Rating, int], ...]:
        """How many of the parts stand at each rating."""
        return tuple(
            (rating, sum(part.judged.rating is rating for part in self.parts)) for rating in Rating
        )

    def whole(self) -> Iterator[SubjectShown]:
        """This subject and everything under it."""
        yield self
        for part in self.parts:
            yield from part.whole()

    def half(self, name: str) -> HalfShown | None:
        """One half, where the subject has it."""
        return next((half for half in self.halves if half.id == name), None)
