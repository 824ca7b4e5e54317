"""What would turn a subject green, as its page says it: the least changes, and whose they are.

Worked out from what the shown ratings were made from and from nothing else, so that nobody learns
from it of a judgement that the ratings on the page do not hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.assessment import Assessment, SubjectOutcome
from qipp_assure.criteria_engine.path_to_green import Change, Path, PathsToGreen
from qipp_assure.ratings.assessing import Rated
from qipp_assure.vocabulary import Because, Rating
from qipp_assure.web.filters import count_of
from qipp_assure.web.filters import date as date_words

MOST = 10
"""Changes, and things that stand in the way, that a page shows; the rest are counted."""

MOST_WORK = 100_000
"""Bound of the sum of the cubes of the sizes of families, which is how the work grows: about a
second for one workstream of 46 initiatives, or for eighty of ten each."""


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One change: where (empty for the subject of the page), what to do, whose it is, by when.

    `not_before` is given where it is possible only later than the ratings' date; `opens` is how
    many checks may come to apply by it.
    """

    place: str
    asks: str
    do: str
    owner: str
    by: date | None
    not_before: date | None
    opens: int

    @property
    def whose(self) -> str:
        """Owner and date, as far as they are known, in a sentence."""
        until = f"by {date_words(self.by)}." if self.by else ""
        if self.owner:
            return f"Owner: {self.owner}, {until}" if until else f"Owner: {self.owner}."
        return until.replace("by", "By", 1)


@dataclass(frozen=True, slots=True)
class WayToGreen:
    """The way in a sentence, its first changes and what stands in the way, with how many more.

    `blocking` is of pairs: where, and what the check asks.
    """

    says: str
    changes: tuple[ChangeShown, ...] = ()
    more_changes: int = 0
    blocking: tuple[tuple[str, str], ...] = ()
    more_blocking: int = 0


def way_to_green(rated: Rated, shown: Mapping[str, Any]) -> WayToGreen | None:
    """Give the way of a subject, as an assessment's JSON shows it; None where there is none.

    That is where it is green, where no criteria apply, and where the sets as they run now rate it
    otherwise than the page shows: a way from other ratings would explain nothing.
    """
    found = next(
        (one for one in rated.outcomes.subjects if (one.kind, one.id) == _key(shown)), None
    )
    if found is None or not may_have_way(shown) or found.overall.rating != shown["overall"]:
        return None
    if _work(rated.outcomes, found) > MOST_WORK:
        return WayToGreen(
            "Too many initiatives stand together here to work out the least changes of them all. "
            "The page of each initiative says what would turn that one green."
        )
    paths = PathsToGreen.of(rated.inputs.facts(), rated.outcomes, rated.sets)
    path = paths.of_subject(found)
    return None if path is None else _way(path, found, rated.outcomes, paths.as_of)


def may_have_way(shown: Mapping[str, Any]) -> bool:
    """Tell whether anything is left to turn green, so that the way is worth working out."""
    return bool(shown["overall"] != Rating.GREEN and shown["because"] != Because.DOES_NOT_APPLY)


def _key(shown: Mapping[str, Any]) -> tuple[str, str]:
    return (shown["kind"], shown["id"])


def _work(outcomes: Assessment, top: SubjectOutcome) -> int:
    """Estimate the work for a subject from the sizes of the families at and below it."""
    sizes = Counter(one.parent for one in outcomes.subjects)
    children: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in outcomes.subjects:
        if one.parent is not None:
            children.setdefault(one.parent, []).append((one.kind, one.id))
    work, waiting, seen = 0, [(top.kind, top.id)], set()
    while waiting:
        key = waiting.pop()
        if key not in seen:  # a hand-made return may hold a ring
            seen.add(key)
            work += sizes[key] ** 3
            waiting.extend(children.get(key, ()))
    return work


def _way(path: Path, subject: SubjectOutcome, outcomes: Assessment, as_of: date) -> WayToGreen:
    names = {
        (one.code or one.name, check.id): (_place(one, subject), check.asks)
        for one in outcomes.subjects
        for criterion in one.criteria
        for check in criterion.checks
    }
    blocking = list(dict.fromkeys(names.get(one, one) for one in path.blocked_by))
    return WayToGreen(
        says=_says(path),
        changes=tuple(_change(one, subject, as_of) for one in path.changes[:MOST]),
        more_changes=max(0, len(path.changes) - MOST),
        blocking=tuple(blocking[:MOST]),
        more_blocking=max(0, len(blocking) - MOST),
    )


def _says(path: Path) -> str:
    number = count_of(len(path.changes), "change")
    if path.reachable:
        least = "one change" if len(path.changes) == 1 else f"{number}, and no fewer"
        return f"It would be green by {least}."
    if path.first_date is None:
        undone = ": what stands in the way can no longer be undone" if path.blocked_by else ""
        return f"No change that is known now would turn it green{undone}."
    return (
        "It cannot be green yet. The first possible date is "
        f"{date_words(path.first_date)}, by {number}."
    )


def _change(change: Change, page: SubjectOutcome, as_of: date) -> ChangeShown:
    outcome, to_do, subject = change.outcome, change.to_do, change.subject
    is_judged = outcome.kind == "judged"  # what to do then says who does it and what is asked
    return ChangeShown(
        place=_place(subject, page),
        asks="" if is_judged else outcome.asks,
        do=to_do.do,
        owner="" if is_judged else to_do.owner,
        by=to_do.by,
        not_before=change.possible_on if change.possible_on > as_of else None,
        opens=len(change.opens),
    )


def _place(subject: Any, page: SubjectOutcome) -> str:
    if (subject.kind, subject.id) == (page.kind, page.id):
        return ""
    return " ".join(part for part in (subject.code, subject.name) if part) or str(subject.id)
