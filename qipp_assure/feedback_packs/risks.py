"""The risks of a pack and the help that the region wants, the heaviest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qipp_assure.feedback_packs.content import HelpShown, RiskShown
from qipp_assure.feedback_packs.subjects import anchor_of
from qipp_assure.ratings.evidence import cut
from qipp_assure.returns.reading import list_of, read_whole
from qipp_assure.web import filters
from qipp_assure.web.printable import printable

Document = Mapping[str, Any]

REGION = "The region"
SHOWN_OF_INITIATIVES = 18
"""How many risks of initiatives stand in the pack; all of the region's own do."""

_LONG = 700
"""How much of a text stands in a table of risks, in characters."""

_OVER = {"closed"}


def risks_shown(plan: Document | None, card: Document | None) -> tuple[tuple[RiskShown, ...], int]:
    """Give the risks to show and how many more there are.

    The report card speaks for a risk that stands in the plan as well (the same id).
    """
    own: dict[str, RiskShown] = {}
    of_initiatives: dict[tuple[str, str], RiskShown] = {}
    for document, name in ((plan, "initiatives"), (card, "tracker")):
        for body in list_of(document, "risks"):
            own[str(body.get("id"))] = _shown(body, REGION, "")
        for initiative in list_of(document, name):
            key = str(initiative.get("id"))
            place = " ".join(str(initiative.get(part) or "") for part in ("code", "name")).strip()
            for body in list_of(initiative, "risks"):
                of_initiatives[key, str(body.get("id"))] = _shown(
                    body, place, anchor_of("initiative", key)
                )
    ranked = sorted(of_initiatives.values(), key=_weight)
    shown = [*sorted(own.values(), key=_weight), *ranked[:SHOWN_OF_INITIATIVES]]
    return tuple(shown), max(len(ranked) - SHOWN_OF_INITIATIVES, 0)


def _weight(risk: RiskShown) -> tuple[bool, bool, int]:
    return risk.status.lower() in _OVER, not risk.help_wanted, -(risk.score or 0)


def _shown(body: Document, place: str, anchor: str) -> RiskShown:
    likelihood, impact = read_whole(body.get("likelihood")), read_whole(body.get("impact"))
    score = likelihood * impact if likelihood and impact else None
    wanted = ""
    if body.get("help_wanted"):
        wanted = _cut(body.get("help_description")) or "Wanted, without saying what"
    return RiskShown(
        place=printable(place),
        anchor=anchor,
        description=_given(body, "description"),
        consequence=_cut(body.get("consequence")),
        mitigation=_given(body, "mitigation"),
        owner=_given(body, "owner"),
        status=printable(str(body.get("status") or "not given").replace("_", " ").capitalize()),
        score=score,
        scored=f"{likelihood} × {impact} = {score}" if score else filters.NOT_GIVEN,
        help_wanted=wanted,
    )


def _given(body: Document, name: str) -> str:
    return _cut(body.get(name)) or filters.NOT_GIVEN


def _cut(text: object) -> str:
    kept, left = cut(printable(text), _LONG)
    return f"{kept}… ({left:,} more characters in the return)" if left else kept


def help_shown(plan: Document | None, risks: Sequence[RiskShown]) -> tuple[HelpShown, ...]:
    """Give the support that the plan asks for, then the help wanted with risks.

    The same help wanted in several places stands once, with all of them.
    """
    return (*_support(plan), *_with_risks(risks))


def _support(plan: Document | None) -> Iterator[HelpShown]:
    for body in list_of(plan, "support_wanted"):
        by = body.get("needed_by")
        yield HelpShown(
            _given(body, "what"),
            _cut(body.get("why")),
            filters.date(by) if by else filters.NOT_GIVEN,
            "The plan",
        )
    capacity = (plan or {}).get("capacity")
    if isinstance(capacity, Mapping) and capacity.get("support_wanted"):
        wanted, gap = _cut(capacity["support_wanted"]), _cut(capacity.get("gap"))
        yield HelpShown(wanted, gap, filters.NOT_GIVEN, "Skills and capacity")


def _with_risks(risks: Sequence[RiskShown]) -> Iterator[HelpShown]:
    found: dict[str, list[RiskShown]] = {}
    for risk in risks:
        if risk.help_wanted:
            found.setdefault(risk.help_wanted, []).append(risk)
    for wanted, asking in found.items():
        why = _cut("; ".join(dict.fromkeys(risk.description for risk in asking)))
        places = _cut("; ".join(dict.fromkeys(risk.place for risk in asking)))
        yield HelpShown(wanted, why, filters.NOT_GIVEN, places)
