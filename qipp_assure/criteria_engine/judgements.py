"""Finds the judgement that belongs to a check on a subject.

A judgement holds for the set and version it was made under, and only while the content of the
check is the same, digest for digest.  A hand-made file may leave the digest out, and the kind of
subject too: it is then the first kind that the set rates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qipp_assure.criteria_engine.facts import SubjectFacts
from qipp_assure.criteria_engine.sets import Check, CriteriaSet
from qipp_assure.criteria_engine.tables import COLOURS

Judgement = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judgements:
    """The judgements of one set, by check, subject kind and subject id."""

    found: Mapping[tuple[str, str, str], Judgement]

    @classmethod
    def of(cls, judgements: Iterable[Judgement], criteria: CriteriaSet) -> Judgements:
        """Those that hold; of several on the same check and subject the latest, by `at`."""
        digests = {check.id: check.digest for check in criteria.checks()}
        found: dict[tuple[str, str, str], Judgement] = {}
        entries: Iterable[object] = judgements  # hand-made files hold what they will
        for one in entries:
            if not isinstance(one, Mapping) or not _holds(one, criteria, digests):
                continue
            kind = str(one.get("subject_kind") or criteria.rates[0])
            key = (str(one.get("check")), kind, str(one.get("subject_id")))
            before = found.get(key)
            if before is None or str(one.get("at") or "") >= str(before.get("at") or ""):
                found[key] = one
        return cls(found)

    def for_subject(self, subject: SubjectFacts) -> Callable[[Check], Judgement | None]:
        """A function that finds the judgement of a check on this subject."""
        return lambda check: self.found.get((check.id, subject.kind, subject.id))


def _holds(one: Judgement, criteria: CriteriaSet, digests: Mapping[str, str]) -> bool:
    if one.get("set") != criteria.set or one.get("version") != criteria.version:
        return False
    digest = digests.get(str(one.get("check")))
    stated = one.get("check_digest")
    return digest is not None and stated in (None, "", digest) and one.get("rating") in COLOURS
