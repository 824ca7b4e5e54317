"""Direction of travel: a rating against last month's, from `context["previous_ratings"]`.

An entry is `{"kind", "code" (or "id"), "halves": {"development": "amber"}, "overall": "amber"}`.
A half of one set may stand there as "set/half"; without it, the half of the whole card is taken.
A return of no month, such as a plan, has no month before it and so no direction at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.tables import COLOURS
from qipp_assure.vocabulary import Direction, Rating


def direction_of(before: Rating | None, now: Rating) -> Direction | None:
    """None when there is no rating now; new when there was none before.

    >>> direction_of(Rating.RED, Rating.AMBER), direction_of(None, Rating.RED)
    (<Direction.IMPROVING: 'improving'>, <Direction.NEW: 'new'>)
    """
    if now not in COLOURS:
        return None
    if before not in COLOURS:
        return Direction.NEW
    change = COLOURS.index(now) - COLOURS.index(before)
    if change == 0:
        return Direction.STEADY
    return Direction.IMPROVING if change > 0 else Direction.WORSENING


@dataclass(frozen=True, slots=True)
class PreviousRatings:
    """Last month's entries by (kind, id) and (kind, code), for a return `of_a_month`."""

    entries: Mapping[tuple[str, str], Mapping[str, Any]]
    of_a_month: bool

    @classmethod
    def of(cls, context: Mapping[str, Any], period: str | None) -> PreviousRatings:
        """From the context document; without previous ratings everything in a month is new."""
        entries: dict[tuple[str, str], Mapping[str, Any]] = {}
        stated = context.get("previous_ratings")
        for entry in stated if isinstance(stated, list | tuple) else ():
            if not isinstance(entry, Mapping):
                continue  # a hand-made context: what is no entry says nothing
            for name in ("code", "id"):
                if entry.get(name):
                    entries[(str(entry.get("kind")), str(entry[name]))] = entry
        return cls(entries, bool(period))

    def _entry(self, subject: SubjectFacts) -> Mapping[str, Any]:
        for name in (subject.id, subject.code):
            if name and (entry := self.entries.get((subject.kind, name))):
                return entry
        return {}

    def direction(self, subject: SubjectFacts, key: str, now: Rating) -> Direction | None:
        """The direction of what the entry holds under a key, such as `overall`."""
        return self._travel(self._entry(subject).get(key), now)

    def half(
        self, subject: SubjectFacts, half: str, now: Rating, criteria_set: str | None
    ) -> Direction | None:
        """The direction of a half, of one set or of the whole card."""
        halves = self._entry(subject).get("halves")
        halves = halves if isinstance(halves, Mapping) else {}
        own = halves.get(f"{criteria_set}/{half}") if criteria_set else None
        return self._travel(own or halves.get(half), now)

    def _travel(self, before: Any, now: Rating) -> Direction | None:
        return direction_of(_rating(before), now) if self.of_a_month else None


def _rating(text: Any) -> Rating | None:
    return next((colour for colour in COLOURS if colour.value == text), None)
