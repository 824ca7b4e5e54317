"""The facts of a return for the criteria engine: its subjects, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from qipp_assure.criteria_engine.facts import Facts, SubjectFacts
from qipp_assure.returns import schemas
from qipp_assure.returns.canonical import digest
from qipp_assure.returns.initiative_facts import InitiativeFacts
from qipp_assure.returns.periods import years_between
from qipp_assure.returns.phasing import phased, total
from qipp_assure.returns.reading import list_of, read_text, read_whole
from qipp_assure.returns.schemas import CARD, PLAN
from qipp_assure.returns.templates import kind_of, upgraded
from qipp_assure.vocabulary import ReturnKind

Values = dict[str, Any]
Documents = Mapping[str, Mapping[str, Any]]


def facts_of(
    document: Mapping[str, Any],
    context: Mapping[str, Any],
    documents: Documents,
    as_of: date,
    *,
    known_digest: str | None = None,
) -> Facts:
    """Read a return as facts.

    `context` is what the return does not hold, and `documents` the returns that the context
    names by digest, such as the baseline plan.  What does not parse reads as missing.  Raises
    KeyError where the template is unknown.
    """
    document = upgraded(dict(document))
    kind = kind_of(str(document.get("template")))
    baseline = documents.get(str(context.get("baseline_plan")))
    found_context = _context_values(
        context, baseline_known=baseline is not None or kind is ReturnKind.PLAN
    )
    if kind is ReturnKind.PLAN:
        subjects = _plan_subjects(document, context, found_context, as_of)
    else:
        plan = upgraded(dict(baseline or {}))
        subjects = _card_subjects(document, plan, context, found_context, as_of)
    return Facts(
        return_kind=kind.value,
        region=str(document.get("region", "")),
        period=read_text(document.get("period")),
        digest=known_digest or digest(document),
        subjects=tuple(subjects),
        template=str(document["template"]),
    )


def _context_values(context: Mapping[str, Any], *, baseline_known: bool) -> Values:
    organisation = context.get("organisation") or {}
    return {
        "challenge_gbp": read_whole(context.get("challenge_gbp")),
        "baseline_known": baseline_known,
        "organisation_tier": read_text(organisation.get("tier")),
        "organisation_kind": read_text(organisation.get("kind")),
        "stage": read_text(context.get("stage")),
    }


def _root_values(template: str, document: Mapping[str, Any], context: Values) -> Values:
    values = schemas.reader(template, "").read(document)
    for name in schemas.top_lists(template):
        reader = schemas.reader(template, f"{name}[]")
        values[name] = [reader.read(item) for item in list_of(document, name)]
    values["context"] = context
    return values


def _plan_subjects(
    document: Mapping[str, Any], context: Mapping[str, Any], found: Values, as_of: date
) -> list[SubjectFacts]:
    root = ("plan", str(document.get("region", "")))
    initiatives = [
        InitiativeFacts(body, None, found, as_of) for body in list_of(document, "initiatives")
    ]
    programme_home = {
        str(item.get("id")): str(item.get("workstream_id"))
        for item in list_of(document, "programmes")
    }
    for initiative in initiatives:
        initiative.workstream_id = programme_home.get(initiative.programme_id, "")
    values = _root_values(PLAN, document, found)
    _add_plan_sums(values, document, initiatives)
    _add_allocation_context(values, document, context)
    for item, body in zip(values["opportunities"], list_of(document, "opportunities"), strict=True):
        own = [one for one in initiatives if one.opportunity_id == body.get("id")]
        item.update(_opportunity_counts(own))
    lines: dict[str, Mapping[str, Any]] = {}
    workstreams = _workstreams(document, lines, initiatives, root, found)
    name = read_text(values["about"]["title"]) or root[1]
    return [
        SubjectFacts("plan", root[1], root[1], name, None, values),
        *workstreams,
        *(one.subject(root) for one in initiatives),
    ]


def _add_plan_sums(
    values: Values, document: Mapping[str, Any], initiatives: list[InitiativeFacts]
) -> None:
    values["planned_total_gbp"] = total(
        line["planned_total_gbp"] for one in initiatives for line in one.values["savings"]
    )
    values["initiative_count"] = len(initiatives)
    about = values["about"]
    first, last = about["first_year"], about["last_year"]
    try:
        values["horizon_years"] = len(years_between(first, last)) if first and last else None
    except ValueError:  # a draft may hold a year that does not parse
        values["horizon_years"] = None
    for name in ("activity_lines", "pay_bill"):
        for item, body in zip(values[name], list_of(document, name), strict=True):
            item["forecast_years"] = len(phased(body, "forecast"))


def _add_allocation_context(
    values: Values, document: Mapping[str, Any], context: Mapping[str, Any]
) -> None:
    published = context.get("allocations") or {}
    listed = {item["organisation_code"] for item in values["allocations"]}
    values["allocation_gaps"] = len(published.keys() - listed) if published else None
    for item, body in zip(values["allocations"], list_of(document, "allocations"), strict=True):
        item["department_gbp"] = read_whole(published.get(item["organisation_code"]))
        item["forecast_years"] = len(phased(body, "forecast"))


def _opportunity_counts(own: list[InitiativeFacts]) -> Values:
    # A transformational initiative may have milestones in place of savings.
    saving = [one for one in own if one.values["savings"] or not one.values["transformational"]]
    return {
        "initiative_count": len(own),
        "milestone_count": sum(len(one.values["milestones"]) for one in own),
        "kpi_count": sum(len(one.values["kpis"]) for one in own),
        "phased": bool(own) and all(_is_phased(one) for one in saving),
    }


def _is_phased(initiative: InitiativeFacts) -> bool:
    lines = initiative.values["savings"]
    return bool(lines) and all(line["planned_total_gbp"] is not None for line in lines)


def _card_subjects(
    document: Mapping[str, Any],
    baseline: Mapping[str, Any],
    context: Mapping[str, Any],
    found: Values,
    as_of: date,
) -> list[SubjectFacts]:
    root = ("region", str(document.get("region", "")))
    name = read_text((context.get("organisation") or {}).get("name")) or root[1]
    tracked = {str(item.get("id")): item for item in list_of(document, "tracker")}
    planned = {str(item.get("id")): item for item in list_of(baseline, "initiatives")}
    programme_home = {
        str(item.get("id")): str(item.get("workstream_id"))
        for item in list_of(baseline, "programmes")
    }
    initiatives = []
    # What the plan promised stays a subject even where the tracker is silent about it.
    for key in dict.fromkeys((*tracked, *planned)):
        one = InitiativeFacts(planned.get(key, {}), tracked.get(key, {}), found, as_of)
        one.workstream_id = one.workstream_id or programme_home.get(one.programme_id, "")
        initiatives.append(one)
    report_lines = list_of(document, "lines")
    lines = {
        str(item.get("workstream_id")): item
        for item in report_lines
        if item.get("kind") == "workstream"
    }
    values = _root_values(CARD, document, found) | _sums(initiatives)
    workstreams = _workstreams(baseline, lines, initiatives, root, found)
    return [
        SubjectFacts("region", root[1], root[1], name, None, values),
        *workstreams,
        *_organisation_lines(report_lines, found),
        *(one.subject(root) for one in initiatives),
    ]


def _organisation_lines(report_lines: list[dict[str, Any]], found: Values) -> list[SubjectFacts]:
    reader = schemas.reader(CARD, "lines[]")
    return [
        SubjectFacts(
            "line",
            str(item.get("id")),
            str(item.get("organisation_code") or ""),
            str(item.get("name") or item.get("id")),
            None,
            reader.read(item) | _sums([]) | {"kpis": [], "risks": [], "context": found},
        )
        for item in report_lines
        if item.get("kind") != "workstream"
    ]


def _sums(initiatives: list[InitiativeFacts]) -> Values:
    return {
        "planned_to_date_gbp": total(one.values["planned_to_date_gbp"] for one in initiatives),
        "actual_to_date_gbp": total(one.values["actual_to_date_gbp"] for one in initiatives),
        "initiative_count": len(initiatives),
    }


def _workstreams(
    plan: Mapping[str, Any],
    lines: Mapping[str, Mapping[str, Any]],
    initiatives: list[InitiativeFacts],
    root: tuple[str, str],
    found: Values,
) -> list[SubjectFacts]:
    """Read each workstream of the plan, of the card's lines and of the tracker, once."""
    planned = {str(item.get("id")): item for item in list_of(plan, "workstreams")}
    homes = [one.workstream_id for one in initiatives if one.workstream_id]
    subjects = []
    for key in dict.fromkeys((*planned, *lines, *homes)):
        own = [one for one in initiatives if one.workstream_id == key]
        body, line = planned.get(key, {}), lines.get(key, {})
        planned_values = schemas.reader(PLAN, "workstreams[]").read(body)
        line_values = schemas.reader(CARD, "lines[]").read(line)
        # The card speaks for its month; the plan answers where the card is silent.
        values = planned_values | {
            name: value or planned_values.get(name) for name, value in line_values.items()
        }
        values |= _sums(own)
        values["kpis"] = [kpi for one in own for kpi in one.values["kpis"]]
        values["risks"] = [risk for one in own for risk in one.values["risks"]]
        values["context"] = found
        name = read_text(body.get("name")) or read_text(line.get("name")) or key
        code = read_text(body.get("code")) or ""
        subjects.append(SubjectFacts("workstream", key, code, name, root, values))
    return subjects
