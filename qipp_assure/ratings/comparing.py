"""What another version of a set would move: returns rated by two versions, and nothing kept.

Pure.  The compact ratings say what differs; sentences are made of those returns alone in which
something does.  A rating moves where its colour is another, or why there is none; what only one
of the versions has (a check that is new, say) has nothing to move from and is named apart.
Ratings are those of the set by itself, whatever other sets say of the same subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, tee
from typing import Any

from qipp_assure.criteria_engine.assessment import CheckOutcome, Outcome, SubjectOutcome
from qipp_assure.criteria_engine.compiled.codes import OUTCOMES
from qipp_assure.criteria_engine.compiled.groups import SetRatings
from qipp_assure.criteria_engine.compiled.rating import ReturnRatings, ToRate, rate_many
from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.judgements import Judgement
from qipp_assure.criteria_engine.rating import rate, reads
from qipp_assure.criteria_engine.sets import CriteriaSet


class Part(StrEnum):
    """What of a subject a rating is about."""

    CHECK = "check"
    CRITERION = "criterion"
    AREA = "area"
    HALF = "half"
    OVERALL = "overall"


Place = tuple[Part, str]
"""A rating within a set: its kind and id; the overall rating has the id ""."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One rating that would be another; for a check `checks` has its full trace, both ways."""

    facts: Facts
    subject: SubjectFacts
    place: Place
    title: str
    criterion: str
    before: Outcome
    after: Outcome
    checks: tuple[CheckOutcome, CheckOutcome] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return, subject, part, from and to."""
        facts, subject = self.facts, self.subject
        before, after = self.checks or (self.before, self.after)
        return {
            "return": {
                "kind": facts.return_kind,
                "region": facts.region,
                "period": facts.period,
                "digest": facts.digest,
            },
            "subject": {
                "kind": subject.kind,
                "id": subject.id,
                "code": subject.code,
                "name": subject.name,
            },
            "part": self.place[0].value,
            "id": self.place[1],
            "title": self.title,
            "criterion": self.criterion or None,
            "from": before.to_json(),
            "to": after.to_json(),
        }


@dataclass(slots=True)
class Count:
    """How many ratings of a criterion would move: those of its checks, and its own."""

    title: str
    checks: int = 0
    criteria: int = 0


def places(one: CriteriaSet) -> tuple[Place, ...]:
    """Every rating that a set gives a subject, in the order of its compact ratings."""
    return (
        *((Part.CHECK, check.id) for check in one.checks()),
        *_places_above_checks(one),
    )


def _places_above_checks(one: CriteriaSet) -> tuple[Place, ...]:
    return (
        *((Part.CRITERION, criterion.key) for criterion in one.criteria()),
        *((Part.AREA, area.id) for area in one.areas),
        *((Part.HALF, half.id) for half in one.halves),
        (Part.OVERALL, ""),
    )


def only_in(one: CriteriaSet, other: CriteriaSet) -> list[Place]:
    """What one version rates that the other does not have."""
    known = set(places(other))
    return [place for place in places(one) if place not in known]


def carried(judgements: Iterable[Judgement], criteria: CriteriaSet) -> tuple[Judgement, ...]:
    """Judgements as they count under a version: those on checks of the same digest.

    They are said anew to be of that version; under whichever they were made, the check was the
    same.  A judgement that does not say its check's digest counts under its own version only.
    """
    digests = {check.id: check.digest for check in criteria.checks()}
    return tuple(
        {**one, "version": criteria.version}
        for one in judgements
        if one.get("set") == criteria.set
        and (
            digests.get(str(one.get("check"))) == one.get("check_digest")
            if one.get("check_digest")
            else one.get("version") == criteria.version
        )
    )


def find_moved(a: CriteriaSet, b: CriteriaSet, returns: Iterable[ToRate]) -> Iterator[Moved]:
    """Yield every rating that version `b` gives otherwise than version `a`.

    In the order of the returns, their subjects and the file.  Returns that one of the two
    versions does not read are passed over.  Returns are taken one at a time, and let go.
    """
    both = (one for one in returns if reads(a, one.facts) and reads(b, one.facts))
    shown, first, second = tee(both, 3)
    before = rate_many([a], (_under(one, a) for one in first))
    after = rate_many([b], (_under(one, b) for one in second))
    for one, old, new in zip(shown, before, after, strict=True):
        found = list(_differences(one, old, new))
        if found:
            yield from _explained(one, a, b, found)


def _under(one: ToRate, criteria: CriteriaSet) -> ToRate:
    return replace(one, judgements=carried(one.judgements, criteria))


Difference = tuple[SubjectFacts, Place]


def _differences(one: ToRate, old: ReturnRatings, new: ReturnRatings) -> Iterator[Difference]:
    for subject in one.facts.subjects:
        key = (subject.kind, subject.id)
        before, after = old.by_set[0].get(key), new.by_set[0].get(key)
        if before is None or after is None:
            continue
        was = _by_place(old.sets[0], before)
        for place, code in _by_place(new.sets[0], after).items():
            if (
                place in was
                and was[place] != code
                and _differ(OUTCOMES[was[place]], OUTCOMES[code])
            ):
                yield subject, place


def _by_place(one: CriteriaSet, found: SetRatings) -> Mapping[Place, int]:
    named = places(one) if found.checks else _places_above_checks(one)
    codes = chain(found.checks, found.criteria, found.areas, found.halves, (found.overall,))
    return dict(zip(named, codes, strict=True))


def _differ(before: Outcome, after: Outcome) -> bool:
    return (before.rating, before.because) != (after.rating, after.because)


@dataclass(frozen=True, slots=True)
class _Said:
    """One rating of a full rating: what it is called, its criterion, and its words."""

    title: str
    criterion: str
    outcome: Outcome
    check: CheckOutcome | None = None


def _explained(
    one: ToRate, a: CriteriaSet, b: CriteriaSet, found: Iterable[Difference]
) -> Iterator[Moved]:
    """Give the words of both versions to what differs in a return."""
    said = []
    for criteria in (a, b):
        judged = carried(one.judgements, criteria)
        full = rate(one.facts, judged, {}, [criteria], one.as_of)
        said.append({(each.kind, each.id): _said(each) for each in full.subjects})
    for subject, place in found:
        before, after = (by_subject[subject.kind, subject.id][place] for by_subject in said)
        traces = (before.check, after.check) if before.check and after.check else None
        yield Moved(
            one.facts, subject, place, after.title, after.criterion,
            before.outcome, after.outcome, traces,
        )  # fmt: skip


def _said(subject: SubjectOutcome) -> dict[Place, _Said]:
    found: dict[Place, _Said] = {}
    for criterion in subject.criteria:
        for check in criterion.checks:
            found[Part.CHECK, check.id] = _Said(check.asks, criterion.id, check.outcome, check)
        found[Part.CRITERION, criterion.id] = _Said(
            criterion.title, criterion.id, criterion.outcome
        )
    for area in subject.areas:
        found[Part.AREA, area.id] = _Said(area.title, "", area.outcome)
    for half in subject.halves:
        found[Part.HALF, half.id] = _Said(half.title, "", half.outcome)
    for _, outcome in subject.overalls:
        found[Part.OVERALL, ""] = _Said("Overall", "", outcome)
    return found


def count_by_criterion(criteria: CriteriaSet, moved: Iterable[Moved]) -> dict[str, Count]:
    """Count what moved for each criterion of a version, in the order of its file.

    Criteria of which nothing moved are in it too, with nothing counted.
    """
    found = {one.key: Count(one.title) for one in criteria.criteria()}
    for one in moved:
        if one.place[0] is Part.CHECK:
            found[one.criterion].checks += 1
        elif one.place[0] is Part.CRITERION:
            found[one.criterion].criteria += 1
    return found
