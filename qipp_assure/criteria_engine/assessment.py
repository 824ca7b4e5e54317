"""What a rating gives: every subject, area, criterion and check, each with its reason.

`Assessment.to_json()` is the shape of `rate --json`; keys beyond the contract are additive.
Everything is plain and in the order of the facts and of the criteria files, so the same inputs
give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qipp_assure.criteria_engine.wording import RATING_WORDS, sentence
from qipp_assure.vocabulary import Because, Direction, Rating

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rating, why there is none where there is none, and the sentence that explains it.

    `reason` begins with the rating in words and may end with the bands; `said` is what stands
    between, to be quoted beside others.
    `broken` is true when something could not be run on these facts at all: whatever a set says
    of what is undefined, a whole waits for such a part, so that it never comes out better.
    """

    rating: Rating
    because: Because | None
    reason: str
    said: str
    broken: bool = False

    def to_json(self) -> Json:
        """Rating, because, reason."""
        return {
            "rating": self.rating.value,
            "because": self.because.value if self.because else None,
            "reason": self.reason,
        }


def rated_as(rating: Rating, said: str, bands: str = "") -> Outcome:
    """A rating; its reason reads "Amber: 4 of 5 milestones were met on time. Green needs all."."""
    said = sentence(said, capital=False)
    ending = f" {sentence(bands)}" if bands else ""
    return Outcome(rating, None, f"{RATING_WORDS[rating]}: {said}{ending}", said)


def not_rated(because: Because, said: str, *, broken: bool = False) -> Outcome:
    """No rating, with why: "Not rated: there are no open risks."."""
    said = sentence(said, capital=False)
    reason = f"{RATING_WORDS[Rating.NOT_RATED]}: {said}"
    return Outcome(Rating.NOT_RATED, because, reason, said, broken)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list that was counted; `passed` is None when it cannot be judged."""

    id: str
    label: str
    passed: bool | None
    shown: str

    def to_json(self) -> Json:
        """Id, label, passed, shown."""
        return {"id": self.id, "label": self.label, "passed": self.passed, "shown": self.shown}


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that would have been needed; `item` is the label of its item, "" for none."""

    item: str
    field: str
    label: str

    def to_json(self) -> Json:
        """Item, field, label."""
        return {"item": self.item, "field": self.field, "label": self.label}


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One check: `value` is what was measured, in words, and `exact` the same for programs."""

    id: str
    kind: str
    asks: str
    digest: str
    outcome: Outcome
    value: str | None = None
    exact: str | None = None
    items: tuple[Item, ...] = ()
    missing: tuple[Missing, ...] = ()

    def to_json(self) -> Json:
        """One check as JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "asks": self.asks,
            "digest": self.digest,
            **self.outcome.to_json(),
            "value": self.value,
            "exact": self.exact,
            "items": [item.to_json() for item in self.items],
            "missing": [missing.to_json() for missing in self.missing],
        }


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """One criterion; `id` is `area.criterion`.

    Rolled up, it has no checks, and `parts` counts the ratings of the parts it came from.
    """

    set: str
    id: str
    title: str
    area: str
    half: str | None
    outcome: Outcome
    checks: tuple[CheckOutcome, ...]
    parts: tuple[tuple[Rating, int], ...] | None = None

    def to_json(self) -> Json:
        """One criterion as JSON."""
        parts = None if self.parts is None else {r.value: n for r, n in self.parts}
        return {
            "set": self.set,
            "id": self.id,
            "title": self.title,
            "area": self.area,
            "half": self.half,
            **self.outcome.to_json(),
            "parts": parts,
            "checks": [check.to_json() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """An area or a half of one set."""

    set: str
    id: str
    title: str
    outcome: Outcome

    def to_json(self) -> Json:
        """Set, id, title and the outcome."""
        return {"set": self.set, "id": self.id, "title": self.title, **self.outcome.to_json()}


@dataclass(frozen=True, slots=True)
class HalfOutcome:
    """A half of one set, or of all sets together (`set` is then None)."""

    set: str | None
    id: str
    title: str
    outcome: Outcome
    direction: Direction | None

    def to_json(self) -> Json:
        """As a group, with the direction of travel."""
        return {
            "set": self.set,
            "id": self.id,
            "title": self.title,
            **self.outcome.to_json(),
            "direction": self.direction.value if self.direction else None,
        }


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to point out."""

    id: str
    says: str

    def to_json(self) -> Json:
        """Id and what it says."""
        return {"id": self.id, "says": self.says}


@dataclass(frozen=True, slots=True)
class SubjectOutcome:
    """One subject, by all sets that rate it or its parts.

    `overalls` has one entry a set; `overall` is the worst of them.  `halves` has one entry a
    set and half; `card_halves` one a half, the worst of its sets, as the report card shows it.
    """

    kind: str
    id: str
    code: str
    name: str
    parent: tuple[str, str] | None
    overall: Outcome
    direction: Direction | None
    flags: tuple[Flag, ...]
    overalls: tuple[tuple[str, Outcome], ...]
    card_halves: tuple[HalfOutcome, ...]
    halves: tuple[HalfOutcome, ...]
    areas: tuple[GroupOutcome, ...]
    criteria: tuple[CriterionOutcome, ...]

    def to_json(self) -> Json:
        """One subject as JSON."""
        parent = {"kind": self.parent[0], "id": self.parent[1]} if self.parent else None
        overall = self.overall.to_json()
        return {
            "kind": self.kind,
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "parent": parent,
            "overall": overall["rating"],
            "because": overall["because"],
            "reason": overall["reason"],
            "direction": self.direction.value if self.direction else None,
            "flags": [flag.to_json() for flag in self.flags],
            "overalls": [{"set": name, **outcome.to_json()} for name, outcome in self.overalls],
            "card_halves": [half.to_json() for half in self.card_halves],
            "halves": [half.to_json() for half in self.halves],
            "areas": [area.to_json() for area in self.areas],
            "criteria": [criterion.to_json() for criterion in self.criteria],
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that came of rating one return."""

    kind: str
    region: str
    period: str | None
    digest: str
    criteria: tuple[tuple[str, str, str], ...]
    as_of: str
    subjects: tuple[SubjectOutcome, ...]

    def to_json(self) -> Json:
        """The document of `rate --json`.

        The digests of judgements and context are filled in by `returns.bundle`, which knows
        the canonical form.
        """
        named = [{"set": s, "version": v, "digest": d} for s, v, d in self.criteria]
        return {
            "return": {
                "kind": self.kind,
                "region": self.region,
                "period": self.period,
                "digest": self.digest,
            },
            "inputs": {"judgements": None, "context": None},
            "criteria": named,
            "as_of": self.as_of,
            "subjects": [subject.to_json() for subject in self.subjects],
        }
