"""An assessment's result as flat rows: pure, so that `verify` can make them again and compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qipp_assure.ratings.models import RatedPart
from qipp_assure.vocabulary import Because, Direction, Rating

_LISTS = (
    ("card_halves", RatedPart.HALF),
    ("areas", RatedPart.AREA),
    ("criteria", RatedPart.CRITERION),
)


def rows_of(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield one row, without its assessment, for every rating that a result holds.

    Args:
        result: what ``Assessment.to_json()`` of the engine gives.
    """
    position = 0
    for subject in result["subjects"]:
        about = {
            "subject_kind": subject["kind"],
            "subject_id": str(subject["id"]),
            "subject_code": str(subject.get("code") or ""),
            "subject_name": str(subject.get("name") or ""),
            "parent_id": (subject.get("parent") or {}).get("id"),
        }
        overall = {**subject, "rating": subject["overall"], "title": ""}
        yield {**about, **_rated(overall, RatedPart.OVERALL, position), "set_id": "", "part_id": ""}
        position += 1
        for name, part in _LISTS:
            for each in subject.get(name, ()):
                yield {**about, **_rated(each, part, position)}
                position += 1


def _rated(each: Mapping[str, Any], part: RatedPart, position: int) -> dict[str, Any]:
    because, direction = each.get("because"), each.get("direction")
    return {
        "position": position,
        "part": part,
        "set_id": each.get("set") or "",
        "part_id": str(each["id"]),
        "title": str(each.get("title") or ""),
        "rating": Rating(each["rating"]),
        "because": Because(because) if because else None,
        "direction": Direction(direction) if direction else None,
        "reason": str(each.get("reason") or ""),
    }
