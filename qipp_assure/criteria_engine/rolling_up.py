"""Which subject stands above which, and a criterion of the one above from those below."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qipp_assure.criteria_engine.assessment import CriterionOutcome, Outcome
from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.parts import part
from qipp_assure.criteria_engine.sets import CriteriaSet, Criterion
from qipp_assure.criteria_engine.tables import worst
from qipp_assure.criteria_engine.wholes import rate_whole
from qipp_assure.vocabulary import Rating

_ABOVE = {"initiative": ("workstream", "region", "plan"), "workstream": ("region", "plan")}
"""Kinds that stand above another even when none of these is in the return."""
_PARTS = {"workstream": "initiatives", "region": "workstreams", "plan": "workstreams"}
"""What the parts of a whole are called when there are none to see."""


@dataclass(frozen=True, slots=True)
class Family:
    """The subjects of a return as a tree, by (kind, id)."""

    subjects: tuple[SubjectFacts, ...]
    by_key: Mapping[tuple[str, str], SubjectFacts]
    below: Mapping[tuple[str, str], tuple[SubjectFacts, ...]]

    @classmethod
    def of(cls, subjects: Sequence[SubjectFacts]) -> Family:
        """From the subjects and their parents; a parent that is not there counts as none."""
        by_key = {(subject.kind, subject.id): subject for subject in subjects}
        below: dict[tuple[str, str], tuple[SubjectFacts, ...]] = {}
        for subject in subjects:
            if subject.parent is not None:
                below[subject.parent] = (*below.get(subject.parent, ()), subject)
        return cls(tuple(subjects), by_key, below)

    def children(self, subject: SubjectFacts) -> tuple[SubjectFacts, ...]:
        """The subjects directly below, in the order of the facts."""
        return self.below.get((subject.kind, subject.id), ())

    def ancestors(self, subject: SubjectFacts) -> Iterator[SubjectFacts]:
        """The subjects above, nearest first; a ring of parents ends where it began."""
        seen = {(subject.kind, subject.id)}
        above = subject.parent
        while above is not None and above in self.by_key and above not in seen:
            seen.add(above)
            yield self.by_key[above]
            above = self.by_key[above].parent

    def above(self, below: Collection[str]) -> list[SubjectFacts]:
        """Every subject of a kind that stands above those kinds, lowest first."""
        kinds = {a.kind for s in self.subjects if s.kind in below for a in self.ancestors(s)}
        kinds |= {above for kind in below for above in _ABOVE.get(kind, ())}
        found = [s for s in self.subjects if s.kind in kinds and s.kind not in below]
        depth = {(s.kind, s.id): sum(1 for _ in self.ancestors(s)) for s in found}
        return sorted(found, key=lambda s: -depth[(s.kind, s.id)])


def roll_up(
    criteria: CriteriaSet,
    criterion: Criterion,
    area: str,
    whole: SubjectFacts,
    parts: Sequence[tuple[SubjectFacts, Outcome]],
) -> CriterionOutcome:
    """A criterion of a workstream, region or plan from the same criterion of its parts."""
    found = [
        part(subject.id, subject.code or subject.name, outcome, criteria.waits)
        for subject, outcome in parts
    ]
    kinds = {subject.kind for subject, _ in parts}
    noun = f"{kinds.pop()}s" if len(kinds) == 1 else _PARTS.get(whole.kind, "parts")
    outcome = rate_whole(criteria.roll_up or worst(), found, noun)
    counts = tuple((rating, sum(p.rating is rating for p in found)) for rating in Rating)
    return CriterionOutcome(
        criteria.set, criterion.key, criterion.title, area, criterion.half, outcome, (), counts
    )
