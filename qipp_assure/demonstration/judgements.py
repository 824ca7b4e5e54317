"""What reviewers find in the demonstration: a judgement on each judged check, with its reason.

Judgements follow the papers: where the evidence is thin the reviewer says so, and regions whose
papers are less complete are judged less kindly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from qipp_assure.demonstration.wording import load_words, region_settings, rng_for
from qipp_assure.ratings.services import Verdict
from qipp_assure.vocabulary import Because, Rating

Document = Mapping[str, Any]


def judge(
    seed: int, assessment: Document, document: Document, *, leave_out: float = 0.0
) -> list[Verdict]:
    """Judge every check of an assessment on which a judgement is outstanding.

    Args:
        seed: of the demonstration year.
        assessment: as the engine wrote it, of this return or of an earlier card of the region.
        document: the return that is judged.
        leave_out: the share of checks that stay outstanding, so that the review desk has work.
    """
    region = str(document["region"])
    initiatives = {one["id"]: one for one in document.get("initiatives") or ()}
    # Reviewers look at a region's cards anew each quarter.
    period = str(document.get("period", ""))
    quarter = (int(period[5:]) - 4) % 12 // 3 if period else 0
    found: list[Verdict] = []
    managed = _without_open_risks(document)
    for subject, criteria_set, version, check in _outstanding(assessment):
        if check["id"] == "risks-under-control" and subject["id"] in managed:
            continue
        rng = rng_for(seed, region, check["id"], subject["id"], quarter)
        if rng.random() < leave_out:
            continue
        thin = _thin(check["id"], initiatives.get(subject["id"]))
        rating = _rating(rng, region_settings()[region].care, thin=thin)
        reasons = load_words("judgements")[check["id"]][rating.value]
        found.append(
            Verdict(
                criteria_set,
                version,
                check["id"],
                check["digest"],
                subject["kind"],
                subject["id"],
                rating,
                rng.choice(reasons).format(name=subject["name"]),
            )
        )
    return found


def _outstanding(
    assessment: Document,
) -> Iterator[tuple[dict[str, Any], str, str, dict[str, Any]]]:
    versions = {one["set"]: one["version"] for one in assessment["criteria"]}
    for subject in assessment["subjects"]:
        for criterion in subject["criteria"]:
            for check in criterion["checks"]:
                if check["because"] == Because.JUDGEMENT_OUTSTANDING:
                    yield subject, criterion["set"], versions[criterion["set"]], check


def _without_open_risks(document: Document) -> set[str]:
    """Name the tracked initiatives on whose risks nothing is left to judge."""
    return {
        one["id"]
        for one in document.get("tracker") or ()
        if all(risk["status"] in {"closed", "mitigated"} for risk in one.get("risks", ()))
    }


def _thin(check: str, initiative: Document | None) -> bool:
    """Tell whether what an initiative says on a check is too thin to judge kindly."""
    if initiative is None:
        return False
    words = load_words("initiative_sentences")
    says = {
        "manager-capacity": [(initiative.get("leadership") or {}).get("manager_capacity")],
        "assumptions-fit": [initiative.get("financial_assumptions")],
        "brief-sufficient": list((initiative.get("brief") or {}).values()),
        "milestones-fit": [one.get("owner") for one in initiative.get("milestones") or ()],
    }.get(check, [""])
    weak = {None, *words["thin"], *words["manager_capacity_weak"]}
    return any(text in weak for text in says)


def _rating(rng: random.Random, care: float, *, thin: bool) -> Rating:
    if thin:
        return rng.choices((Rating.AMBER, Rating.RED), (55, 45))[0]
    amber = (1.02 - care) * 0.5
    red = (1.0 - care) * 0.08
    return rng.choices((Rating.GREEN, Rating.AMBER, Rating.RED), (1 - amber - red, amber, red))[0]
