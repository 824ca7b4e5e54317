"""What stands behind the savings of a pack: the plan in brief, and what to know of every total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qipp_assure.returns.phasing import phased
from qipp_assure.returns.reading import list_of, read_whole
from qipp_assure.web import filters

Document = Mapping[str, Any]


def planned_of(line: Document) -> dict[str, int]:
    """What a savings line of a plan is to save, by period."""
    return phased(line, "planned")


def tracked_lines(card: Document | None) -> list[Document]:
    """The savings lines of a report card's tracker."""
    return [line for one in list_of(card, "tracker") for line in list_of(one, "savings")]


def facts_of_plan(plan: Document | None, lines: Sequence[Document]) -> tuple[tuple[str, str], ...]:
    """What the plan sets out to save, against the challenge."""
    if plan is None:
        return ()
    planned = sum(sum(planned_of(line).values()) for line in lines)
    finance = plan.get("finance") if isinstance(plan.get("finance"), Mapping) else {}
    challenge = read_whole(finance.get("challenge_gbp")) if isinstance(finance, Mapping) else None
    facts = [("Planned over the whole plan, gross", _money(planned))]
    if challenge is not None:
        share = f" ({planned * 100 / challenge:.0f}% planned)" if challenge > 0 else ""
        facts.append(("The challenge in the region's own words", _money(challenge) + share))
    one_off = sum(read_whole(line.get("cost_one_off_gbp")) or 0 for line in lines)
    facts.append(("One-off cost to achieve it", _money(one_off)))
    recurrent = sum(read_whole(line.get("cost_recurrent_gbp")) or 0 for line in lines)
    facts.append(("Recurrent cost a year", _money(recurrent)))
    return tuple(facts)


def _money(pounds: int) -> str:
    short, exact = filters.money_short(pounds), filters.money_exact(pounds)
    return exact if short == exact else f"{short} ({exact})"


def caveats_of(lines: Sequence[Document], latest: Document | None) -> tuple[str, ...]:
    """What a reader must know before trusting a total, each with its size."""
    tracked = tracked_lines(latest)

    def amount(line: Document) -> int:
        if tracked:
            return read_whole(line.get("actual_to_date_gbp")) or 0
        return sum(planned_of(line).values())

    counted = tracked or lines
    what = "reported to date" if tracked else "planned"
    asked: list[tuple[str, Callable[[Document], bool]]] = [
        (
            "is not recurrent: it must be found again next year",
            lambda x: x.get("recurrent") is False,
        ),
        ("is on lines that do not say whether they recur", lambda x: x.get("recurrent") is None),
        (
            "avoids cost and releases no cash",
            lambda x: x.get("cash_effect") == "cost_avoiding",
        ),
        ("names no document in evidence", lambda x: not x.get("evidence")),
        ("may be counted by another workstream too", lambda x: x.get("counted_by_other") is True),
        ("may move cost elsewhere", lambda x: x.get("moved_elsewhere") is True),
    ]
    found = []
    for words, holds in asked:
        chosen = [line for line in counted if holds(line)]
        if chosen:
            pounds = _money(sum(amount(line) for line in chosen))
            found.append(f"{pounds} {what}, on {filters.count_of(len(chosen), 'line')}, {words}.")
    if counted:
        found.append(
            "All figures are gross, as the region gave them: costs to achieve are not taken off, "
            "and no total here has been validated."
        )
    return tuple(found)
