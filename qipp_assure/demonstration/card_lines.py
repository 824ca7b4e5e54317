"""What stands on a report card beside the tracker: lines, exceptions, best practice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from qipp_assure.demonstration.initiatives import InitiativeStory
from qipp_assure.demonstration.outline import RegionOutline
from qipp_assure.demonstration.published import national_workstreams
from qipp_assure.demonstration.wording import load_words, person, rng_for, sentence

Document = dict[str, Any]
_NEAR = 0.05
_FAR = 0.1
_MOST_SHORT = 0.5
_MOST_EXCEPTIONS = 10
_ORGANISATION_LINES = 3


def gap_to_plan(tracked: Document) -> float | None:
    """Savings to date against plan, as a share of the plan; None where it cannot be known."""
    lines = tracked["savings"]
    planned = sum(line["planned_to_date_gbp"] for line in lines)
    if planned == 0 or any(line["actual_to_date_gbp"] is None for line in lines):
        return None
    return float(sum(line["actual_to_date_gbp"] for line in lines) / planned - 1)


def report_lines(
    rng: random.Random, region: RegionOutline, plan: Document, tracker: Sequence[Document]
) -> list[Document]:
    """Write a line for each workstream and for a few organisations, with the region's own view."""
    national = {entry.code: entry.name.lower() for entry in national_workstreams()}
    planned = {entry["id"]: entry for entry in plan["workstreams"]}
    found: list[Document] = []
    for workstream in region.workstreams:
        gaps = [gap_to_plan(one) for one in tracker if one["workstream_id"] == workstream.key]
        names = " and ".join(national[code] for code in workstream.national)
        found.append(
            {
                "id": f"ln-{workstream.key}",
                "kind": "workstream",
                "name": workstream.name,
                "workstream_id": workstream.key,
                "regional_alignment": planned[workstream.key]["regional_alignment"],
                "national_workstreams": list(workstream.national),
                "national_alignment": f"In step with the national work on {names}.",
                "own_development_rating": rng.choices(("green", "amber"), (4, 1))[0],
                "own_development_direction": "steady",
                "own_progress_rating": _own_view(gaps),
                "own_progress_direction": rng.choices(
                    ("steady", "improving", "worsening"), (5, 3, 2)
                )[0],
                "comment": _comment(gaps),
            }
        )
    for number, body in enumerate(region.bodies[:: len(region.bodies) // _ORGANISATION_LINES]):
        found.append(
            {
                "id": f"ln-org{number + 1}",
                "kind": "organisation",
                "name": body.name,
                "organisation_code": body.code,
                "own_progress_rating": rng.choices(("green", "amber"), (2, 1))[0],
                "own_progress_direction": "steady",
                "comment": "Share of the plan reviewed with the accountable officer this month.",
            }
        )
    return found


def _own_view(gaps: Sequence[float | None]) -> str:
    """Regions are a little kinder to themselves than the criteria are."""
    known = [gap for gap in gaps if gap is not None]
    if not known:
        return "not_rated"
    short = sum(gap < -_FAR for gap in known) / len(known)
    return "red" if short > _MOST_SHORT else "amber" if short > 0 else "green"


def _comment(gaps: Sequence[float | None]) -> str:
    known = [gap for gap in gaps if gap is not None]
    near = sum(abs(gap) < _NEAR for gap in known)
    if not known:
        return "No figures yet."
    silent = len(gaps) - len(known)
    text = f"{near} of {len(known)} initiatives with figures are within 5% of plan."
    return text + (f" Without figures: {silent}." if silent else "")


def exceptions(
    rng: random.Random, stories: Sequence[InitiativeStory], tracker: Sequence[Document], end: date
) -> list[Document]:
    """Report what is furthest below plan, with cause, action and a date."""
    words = load_words("plan_sentences")
    short = [
        (gap, story, tracked)
        for story, tracked in zip(stories, tracker, strict=True)
        if (gap := gap_to_plan(tracked)) is not None and gap <= -_FAR
    ]
    short.sort(key=lambda entry: (entry[0], entry[2]["id"]))
    found: list[Document] = []
    for gap, story, tracked in short[:_MOST_EXCEPTIONS]:
        place = story.outline.place
        back = end + timedelta(days=rng.randrange(60, 150))
        found.append(
            {
                "id": f"ex-{tracked['id']}",
                "initiative_id": tracked["id"],
                "what": f"{story.outline.wording.name}: savings to date {-gap:.0%} below plan.",
                "cause": sentence(rng, words["causes"], place=place),
                "action": sentence(rng, words["actions"], place=place),
                "owner": story.outline.manager,
                "back_on_track": back.isoformat(),
            }
        )
    return found


def best_practice(seed: int, code: str, index: int) -> list[Document]:
    """Share an example or two each quarter, scored as the evidence collection scores."""
    rng = rng_for(seed, code, "practice", index // 3)
    examples = rng.sample(load_words("plan_sentences")["best_practice"], rng.randint(1, 2))
    return [
        {
            "id": f"bp-q{index // 3 + 1}-{number}",
            "title": title,
            "description": done + ".",
            "contact": person(rng),
            **{
                f"{name}_score": rng.randint(2, 5)
                for name in ("savings", "quality", "evidence", "implementation")
            },
        }
        for number, (title, done) in enumerate(examples, start=1)
    ]
