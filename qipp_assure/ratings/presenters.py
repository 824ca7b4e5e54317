"""What the pages about ratings show, made ready so that templates only place it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qipp_assure.ratings.matrix import (
    headings_of,
    matrix_of,
    rated_subject,
)
from qipp_assure.ratings.matrix_table import MatrixTable, matrix_table
from qipp_assure.vocabulary import Because, Rating
from qipp_assure.web.filters import count_of

Link = Callable[[str, str], str]
"""From kind and id of a subject to the address of its page."""

KIND_WORDS = {
    "plan": "Plan",
    "region": "Region",
    "workstream": "Workstream",
    "line": "Organisation",
    "initiative": "Initiative",
}
_CHILDREN = {"plan": "workstream", "region": "workstream", "workstream": "initiative"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose ratings a page shows, in a sentence, and whether they are provisional."""

    sentence: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """A criterion: what stands open, and what is folded away because nobody need look at it.

    `reason` is empty where one of the open checks says the same.
    """

    criterion: Mapping[str, Any]
    reason: str
    open_checks: tuple[Mapping[str, Any], ...]
    folded_checks: tuple[Mapping[str, Any], ...]

    @property
    def folded_words(self) -> str:
        """What is folded away, such as ``3 checks are green``."""
        green = sum(1 for one in self.folded_checks if one["rating"] == Rating.GREEN)
        beside = len(self.folded_checks) - green
        said = []
        if green:
            said.append(f"{count_of(green, 'check')} {'is' if green == 1 else 'are'} green")
        if beside:
            verb = "does" if beside == 1 else "do"
            said.append(f"{count_of(beside, 'check')} {verb} not apply")
        return " and ".join(said)


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An area with the criteria that apply, and the titles of those that do not."""

    area: Mapping[str, Any]
    criteria: tuple[CriterionShown, ...]
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """One subject with its criteria by area, its parts, and the way up to the return.

    `counts` says how many of its criteria have each rating, those that do not apply left out.
    """

    subject: Mapping[str, Any]
    heading: str
    kind: str
    way: tuple[tuple[str, str], ...]
    halves: tuple[Mapping[str, Any], ...]
    areas: tuple[AreaShown, ...]
    table: MatrixTable | None
    children_kind: str
    counts: tuple[tuple[Rating, int], ...]


def find_subject(result: Mapping[str, Any], kind: str, subject_id: str) -> Mapping[str, Any] | None:
    """Find a subject of an assessment's JSON, or None."""
    return next(
        (one for one in result["subjects"] if one["kind"] == kind and one["id"] == subject_id),
        None,
    )


def root_of(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the subject that is the whole return."""
    first: Mapping[str, Any] = result["subjects"][0]
    return first


def subject_page(result: Mapping[str, Any], subject: Mapping[str, Any], link: Link) -> SubjectPage:
    """Make one subject ready to be shown."""
    children = _children(result, subject)
    applying = [one for one in subject["criteria"] if _applies(one)]
    return SubjectPage(
        subject=subject,
        heading=subject["name"] or subject["code"] or subject["id"],
        kind=KIND_WORDS[subject["kind"]],
        way=_way(result, subject, link),
        halves=tuple(half for half in subject["card_halves"] if _applies(half)),
        areas=tuple(_area(area, subject) for area in subject["areas"]),
        table=_table_of(children, link),
        children_kind=_CHILDREN.get(subject["kind"], ""),
        counts=tuple(
            (rating, number)
            for rating in Rating
            if (number := sum(1 for one in applying if one["rating"] == rating))
        ),
    )


def _children(result: Mapping[str, Any], subject: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    home = {"kind": subject["kind"], "id": subject["id"]}
    return [one for one in result["subjects"] if one["parent"] == home]


def _table_of(children: Sequence[Mapping[str, Any]], link: Link) -> MatrixTable | None:
    if not children:
        return None
    headings = (heading for child in children for heading in headings_of(child))
    rows = (rated_subject(child, link(child["kind"], child["id"])) for child in children)
    return matrix_table(matrix_of(headings, rows))


def _way(
    result: Mapping[str, Any], subject: Mapping[str, Any], link: Link
) -> tuple[tuple[str, str], ...]:
    way: list[tuple[str, str]] = []
    parent = subject["parent"]
    while parent is not None:
        found = find_subject(result, parent["kind"], parent["id"])
        if found is None:
            break
        way.insert(0, (found["name"], link(found["kind"], found["id"])))
        parent = found["parent"]
    return tuple(way)


def _area(area: Mapping[str, Any], subject: Mapping[str, Any]) -> AreaShown:
    own = [
        one
        for one in subject["criteria"]
        if one["set"] == area["set"] and one["area"] == area["id"]
    ]
    return AreaShown(
        area=area,
        criteria=tuple(_criterion(one) for one in own if _applies(one)),
        beside=tuple(one["title"] for one in own if not _applies(one)),
    )


def _criterion(one: Mapping[str, Any]) -> CriterionShown:
    folded = [check for check in one["checks"] if _is_folded(check)]
    shown = [check for check in one["checks"] if check not in folded]
    said = any(check["reason"] == one["reason"] for check in shown)
    return CriterionShown(one, "" if said else one["reason"], tuple(shown), tuple(folded))


def _is_folded(check: Mapping[str, Any]) -> bool:
    """Fold what is as it should be; a reviewer's words stand open whatever they say."""
    if not _applies(check):
        return True
    return bool(check["rating"] == Rating.GREEN and check["kind"] != "judged")


def _applies(part: Mapping[str, Any]) -> bool:
    return bool(part["because"] != Because.DOES_NOT_APPLY)
