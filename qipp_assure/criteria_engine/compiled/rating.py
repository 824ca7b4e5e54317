"""Ratings only, of many returns: each subject by each set, in a few bytes.

`rate_many` gives the ratings that `rating.rate` gives, without a word of why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qipp_assure.criteria_engine.compiled.codes import OUTCOMES, code_for, code_of
from qipp_assure.criteria_engine.compiled.compilation import CompiledSet, compiled
from qipp_assure.criteria_engine.compiled.groups import Groups, SetRatings
from qipp_assure.criteria_engine.dated import in_force
from qipp_assure.criteria_engine.facts import Facts
from qipp_assure.criteria_engine.judgements import Judgement, Judgements
from qipp_assure.criteria_engine.parts import part
from qipp_assure.criteria_engine.rating import reads
from qipp_assure.criteria_engine.rolling_up import Family
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.tables import worst
from qipp_assure.criteria_engine.wholes import rate_whole
from qipp_assure.vocabulary import Because

Key = tuple[str, str]
_NO_SET = code_for(Because.DOES_NOT_APPLY)


@dataclass(frozen=True, slots=True)
class ToRate:
    """One return, the day it is rated on, and the judgements on it."""

    facts: Facts
    as_of: date
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnRatings:
    """The ratings of one return, by subject (kind, id).

    `by_set` has one entry for each set that reads the return, in the order given; a subject
    that a set does not rate is not in it.  `overall` is the worst of the sets, in codes.
    """

    digest: str
    as_of: date
    sets: tuple[CriteriaSet, ...]
    by_set: tuple[Mapping[Key, SetRatings], ...]
    overall: Mapping[Key, int]


def rate_many(
    criteria: Iterable[CriteriaSet], returns: Iterable[ToRate]
) -> Iterator[ReturnRatings]:
    """Rates returns one after another, by the sets that read them."""
    sets = tuple(criteria)
    raters: dict[tuple[date | None, ...], Rater] = {}  # by the days from which values hold
    for one in returns:
        today = tuple(in_force(criterion_set, one.as_of) for criterion_set in sets)
        starts = tuple(criterion_set.in_force_from for criterion_set in today)
        if starts not in raters:
            raters[starts] = Rater(today)
        yield raters[starts].rate(one)


@dataclass(slots=True)
class Rater:
    """Rates by the same sets, as they are in force on the days of the returns, again and again.

    What it met before, it need not work out.
    """

    criteria: tuple[CriteriaSet, ...]
    sets: tuple[tuple[CompiledSet, Groups], ...] = field(init=False)
    worst_met: dict[tuple[tuple[int, int], ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sets = tuple((compiled(one), Groups(one)) for one in self.criteria)

    def rate(self, one: ToRate) -> ReturnRatings:
        """All subjects of one return."""
        facts = one.facts
        numbers = [n for n, c in enumerate(self.criteria) if reads(c, facts)]
        family = Family.of(facts.subjects)
        by_set = tuple(self._by_set(n, one, family) for n in numbers)
        overall = {
            key: self._worst(tuple((n, found[key].overall)
                             for n, found in zip(numbers, by_set, strict=True) if key in found))
            for key in family.by_key
        }  # fmt: skip
        sets = tuple(self.criteria[n] for n in numbers)
        return ReturnRatings(facts.digest, one.as_of, sets, by_set, overall)

    def _by_set(self, number: int, one: ToRate, family: Family) -> dict[Key, SetRatings]:
        rating, groups = self.sets[number]
        criteria = self.criteria[number]
        judged: dict[Key, dict[str, Judgement]] = {}
        for (check, kind, subject_id), entry in Judgements.of(
            one.judgements, criteria
        ).found.items():
            judged.setdefault((kind, subject_id), {})[check] = entry
        made: dict[Key, SetRatings] = {}
        for subject in family.subjects:
            if subject.kind in criteria.rates:
                key = (subject.kind, subject.id)
                made[key] = groups.from_checks(
                    rating.codes(subject, one.as_of, judged.get(key, {}))
                )
        if criteria.roll_up is not None:
            for subject in family.above(criteria.rates):
                below = [(child.kind, child.id) for child in family.children(subject)]
                parts = [made[key] for key in below if key in made]
                made[subject.kind, subject.id] = groups.from_parts(parts)
        return made

    def _worst(self, overalls: Sequence[tuple[int, int]]) -> int:
        """The worst of the sets, as in `rating`: (number of the set, code) each."""
        if len(overalls) <= 1:
            return overalls[0][1] if overalls else _NO_SET
        key = tuple(overalls)
        if key not in self.worst_met:
            parts = [
                part(str(n), str(n), OUTCOMES[code], self.criteria[n].waits) for n, code in overalls
            ]
            self.worst_met[key] = code_of(rate_whole(worst(), parts, "sets"))
        return self.worst_met[key]
