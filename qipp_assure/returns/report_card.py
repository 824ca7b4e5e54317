"""The region's monthly report card, template ``report-card@2011.1``.

It holds the month's position: the tracker by initiative with the baseline figures it is judged
against, a line for each workstream or organisation, exceptions, best practice and the risk log,
and the digest of the plan that the baseline came from.  Source: A 4.2-4.5 and figure 12.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from qipp_assure.returns.initiative import Risk, TrackedInitiative
from qipp_assure.returns.values import (
    Code,
    Codes,
    Day,
    Declared,
    Item,
    ItemId,
    Line,
    Mark,
    Money,
    Month,
    Score,
    Text,
    field,
    items,
    needed,
)
from qipp_assure.vocabulary import Direction, Rating

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Mark("digest")]


class Position(Declared):
    """The month in the region's own words."""

    summary: Text | None = field("The month in brief")
    figures_as_at: Day | None = field("Figures as at")
    reinvested_gbp: Money | None = field("Savings reinvested, year to date", unit="£")
    reinvestment: Text | None = field("What savings were reinvested in")


class ReportLine(Item):
    """One line of the card: a workstream, or a local health economy, PCT or provider."""

    kind: Literal["workstream", "organisation"] = needed("Line for")
    name: Line = needed("Name")
    workstream_id: ItemId | None = field("Workstream", "Id of the plan's workstream")
    organisation_code: Code | None = field("Organisation code")
    regional_alignment: Text | None = field("Alignment with the regional plan")
    national_workstreams: Codes = field("National workstreams", default=[])
    national_alignment: Text | None = field("Alignment with national workstreams")
    own_development_rating: Rating | None = field("Own rating, plan development")
    own_development_direction: Direction | None = field("Own direction, plan development")
    own_progress_rating: Rating | None = field("Own rating, progress against plan")
    own_progress_direction: Direction | None = field("Own direction, progress against plan")
    comment: Text | None = field("Comment")


class ExceptionReport(Item):
    """What is off track, why, and what is done about it."""

    initiative_id: ItemId | None = field("Initiative", refers_to="tracker")
    what: Text | None = field("What is off track")
    cause: Text | None = field("Cause")
    action: Text | None = field("Action")
    owner: Line | None = field("Owner")
    back_on_track: Day | None = field("Back on track by")


class BestPractice(Item):
    """An example worth sharing, scored as the evidence collection scores."""

    title: Line | None = field("Title")
    description: Text | None = field("What was done")
    contact: Line | None = field("Contact")
    savings_score: Score | None = field("Savings", "1 to 5")
    quality_score: Score | None = field("Quality", "1 to 5")
    evidence_score: Score | None = field("Evidence", "1 to 5")
    implementation_score: Score | None = field("Implementation", "1 to 5")


class ReportCard(Declared):
    """A region's report card for one month."""

    template: Annotated[Literal["report-card@2011.1"], Mark("template")] = needed("Template")
    region: Code = needed("Region", "Organisation code")
    round: Code = needed("Planning round")
    period: Month = needed("Month")
    plan_digest: Digest | None = field("Baseline plan", "SHA-256 of the sealed plan")
    position: Position = field("The month", default=Position())
    tracker: list[TrackedInitiative] = items("Implementation tracker")
    lines: list[ReportLine] = items("Report lines")
    exceptions: list[ExceptionReport] = items("Exceptions")
    best_practice: list[BestPractice] = items("Best practice")
    risks: list[Risk] = items("Risk log")
