"""Which figures of the demonstration year were published, with their source, and which are invented.

Pages show this, so that nobody takes an invented figure for a published one.
"""

from __future__ import annotations

from dataclasses import dataclass

_SOURCES = {
    "A": "National Audit Office, Delivering efficiency savings in the NHS, September 2011",
    "B": "National Audit Office, Progress in making NHS efficiency savings, December 2012",
}


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A published figure of the demonstration year, and where it was published."""

    what: str
    figure: str
    source: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was published and what is invented; `note` is the sentence for a banner."""

    note: str
    published: tuple[PublishedFigure, ...]
    invented: tuple[str, ...]


def _published(what: str, figure: str, source: str, place: str) -> PublishedFigure:
    return PublishedFigure(what, figure, f"{_SOURCES[source]}, {place}")


PROVENANCE = Provenance(
    note=(
        "Demonstration data. Regional and national totals are published figures; organisations "
        "below the regions, people, initiatives and all that is said of them are invented."
    ),
    published=(
        _published("Savings identified over four years", "£17.4bn", "A", "paragraph 3.10"),
        _published("Challenge of all regions together", "£16.4bn", "A", "paragraph 3.10"),
        _published("Each region's share of the savings", "4.9% to 15.5%", "A", "figure 1"),
        _published("Savings as a share of each budget", "16.2% to 24.7%", "A", "figure 1"),
        _published("Timing of the total by year", "32%, 25%, 22%, 21%", "B", "figure 2"),
        _published("Forecast savings, 2011-12", "£5.90bn", "B", "figure 3"),
        _published("Reported savings, 2011-12", "£5.82bn", "B", "figure 3"),
        _published("Savings by spending area, 2011-12", "ten areas", "B", "figure 3"),
        _published("Delivery in the East Midlands", "77% of forecast", "B", "figure 4"),
        _published("Delivery in London", "110% of forecast", "B", "figure 4"),
        _published("Regions above their forecast", "five of ten", "B", "paragraph 2.3"),
        _published("Savings that are not recurrent", "9%, up to £520m", "B", "paragraph 2.12"),
        _published("Savings called cash-releasing", "88%", "B", "paragraph 2.5"),
        _published("Who drives the savings", "40%, 40%, 20%", "A", "paragraph 1.6"),
        _published("Medicines management in all regions", "ten of ten", "A", "paragraph 3.11"),
        _published("Primary care trusts in all", "151", "A", "on who does what"),
        _published("National workstreams", "fourteen", "A", "as listed in 2011"),
        _published("Waiting-time standards", "five with a share", "A", "paragraph 4.9"),
    ),
    invented=(
        (
            "Primary care trusts and providers: names, codes, number by region, and allocations "
            "(a region's allocations add up to a budget derived from the two published shares)"
        ),
        "All people and their addresses",
        "Workstreams other than medicines management, programmes and initiatives",
        "How each region's savings are split by spending area, initiative, line and month",
        "Delivery by region, except for the East Midlands and London",
        "Milestones, KPIs, risks, activity, pay bill, engagement and every text",
        "Costs to achieve the savings",
        "Judgements of reviewers, and all ratings that come of them",
    ),
)
