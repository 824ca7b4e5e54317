"""The subjects of an assessment as a tree to be shown: region, workstreams, initiatives, lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qipp_assure.criteria_engine import sets
from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.criteria_engine.sets import CriteriaSet
from qipp_assure.criteria_engine.types import Record
from qipp_assure.feedback_packs.rated import (
    AreaShown,
    CheckShown,
    CriterionShown,
    HalfShown,
    Judged,
    SubjectShown,
)
from qipp_assure.ratings.evidence import Evidence, evidence_for
from qipp_assure.returns import schemas
from qipp_assure.vocabulary import Because, Direction, Rating
from qipp_assure.web.printable import printable

LONG = 420
"""How much of a text is shown in evidence for a region's criteria, in characters."""

SHORT = 120
"""The same for an initiative's, of which there are many."""

Json = Mapping[str, Any]
Key = tuple[str, str]


def judged(body: Json, rating: str = "rating") -> Judged:
    """Read a rating out of an assessment."""
    because = body.get("because")
    return Judged(
        Rating(body[rating]),
        Because(because) if because else None,
        printable(body.get("reason")),
    )


def anchor_of(kind: str, key: str) -> str:
    """Name a subject's place in the pack."""
    return f"{kind}-{re.sub(r'[^A-Za-z0-9_-]', '-', key)}"


def subject_tree(
    assessment: Json, facts: Facts | None, criteria: Sequence[CriteriaSet], where: str
) -> tuple[SubjectShown, ...]:
    """Show the subjects of one assessment, each under its parent.

    `facts` and `criteria` are what it was made from: where they are not at hand, checks stand
    without what the return says in evidence.  `where` names the return ("the plan").
    """
    return _Tree(assessment, facts, criteria, where).tops()


class _Tree:
    def __init__(
        self,
        assessment: Json,
        facts: Facts | None,
        criteria: Sequence[CriteriaSet],
        where: str,
    ) -> None:
        self._bodies: dict[Key, Json] = {
            (body["kind"], body["id"]): body for body in assessment["subjects"]
        }
        self._children: dict[Key | None, list[Key]] = {}
        for key, body in self._bodies.items():
            parent = body.get("parent")
            above = (parent["kind"], parent["id"]) if parent else None
            known = above if above in self._bodies and above != key else None
            self._children.setdefault(known, []).append(key)
        subjects = facts.subjects if facts else ()
        self._facts = {(one.kind, one.id): one for one in subjects}
        self._records = _records(facts.template) if facts else {}
        self._paths = {
            (one.set, check.id): check.body.evidence
            for one in criteria
            for check in one.checks()
            if isinstance(check.body, sets.Judged)
        }
        self._where = where

    def tops(self) -> tuple[SubjectShown, ...]:
        return tuple(self._shown(key) for key in self._children.get(None, []))

    def _shown(self, key: Key) -> SubjectShown:
        body = self._bodies[key]
        criteria = [self._criterion(one, key) for one in body["criteria"]]
        return SubjectShown(
            kind=body["kind"],
            id=body["id"],
            code=printable(body["code"]),
            name=printable(body["name"]) or printable(body["id"]),
            anchor=anchor_of(*key),
            judged=judged(body, "overall"),
            flags=tuple(printable(flag["says"]) for flag in body["flags"]),
            halves=tuple(_half(one) for one in body.get("card_halves") or body["halves"]),
            areas=tuple(_areas(body["areas"], criteria)),
            parts=tuple(self._shown(child) for child in self._children.get(key, [])),
        )

    def _criterion(self, body: Json, subject: Key) -> CriterionShown:
        return CriterionShown(
            set=body["set"],
            key=body["id"],
            title=printable(body["title"]),
            area=body["area"],
            half=body.get("half"),
            judged=judged(body),
            checks=tuple(self._check(body["set"], check, subject) for check in body["checks"]),
        )

    def _check(self, criteria_set: str, body: Json, subject: Key) -> CheckShown:
        mark = judged(body)
        return CheckShown(
            body["id"],
            printable(body["asks"]),
            mark,
            by_person=body.get("kind") == "judged",
            evidence=self._evidence((criteria_set, body["id"]), mark, subject),
        )

    def _evidence(self, check: Key, mark: Judged, subject: Key) -> tuple[Evidence, ...]:
        """What the return says; of the many initiatives only where it is red or still to judge."""
        facts: SubjectFacts | None = self._facts.get(subject)
        record: Record | None = self._records.get(subject[0])
        of_many = subject[0] == "initiative"
        if facts is None or record is None or mark.because is Because.DOES_NOT_APPLY:
            return ()
        if of_many and mark.rating in {Rating.GREEN, Rating.AMBER}:
            return ()
        at_most = SHORT if of_many else LONG
        return evidence_for(facts.values, record, self._paths.get(check, ()), at_most, self._where)


def _records(template: str) -> dict[str, Record]:
    return {one.kind: one.record for one in schemas.schemas().get(template, ())}


def _half(body: Json) -> HalfShown:
    direction = body.get("direction")
    return HalfShown(
        body["id"],
        printable(body["title"]),
        judged(body),
        Direction(direction) if direction else None,
    )


def _areas(bodies: Iterable[Json], criteria: Sequence[CriterionShown]) -> Iterable[AreaShown]:
    """Group criteria by their areas; none is lost though its area be not listed."""
    titles = {(body["set"], body["id"]): body for body in bodies}
    grouped: dict[tuple[str, str], list[CriterionShown]] = {key: [] for key in titles}
    for criterion in criteria:
        grouped.setdefault((criterion.set, criterion.area), []).append(criterion)
    for key, found in grouped.items():
        body = titles.get(key)
        mark = judged(body) if body else Judged(Rating.NOT_RATED)
        title = printable(body["title"]) if body else key[1]
        if found:
            yield AreaShown(key[0], title, mark, tuple(found))
