"""Which templates there are, and how a document of an older one is brought up to a newer.

A document carries its template's name.  Old templates stay readable for good: `UPGRADES` holds,
for each superseded template, the function that turns its documents into the next one's.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from qipp_assure.returns.plan import Plan
from qipp_assure.returns.report_card import ReportCard
from qipp_assure.vocabulary import ReturnKind

Return = Plan | ReportCard

TEMPLATES: MappingProxyType[str, type[Plan | ReportCard]] = MappingProxyType(
    {"plan@2011.1": Plan, "report-card@2011.1": ReportCard}
)
CURRENT: MappingProxyType[ReturnKind, str] = MappingProxyType(
    {ReturnKind.PLAN: "plan@2011.1", ReturnKind.REPORT_CARD: "report-card@2011.1"}
)
UPGRADES: MappingProxyType[str, Callable[[dict[str, Any]], dict[str, Any]]] = MappingProxyType({})


def kind_of(template: str) -> ReturnKind:
    """Tell the kind of return a template is for.

    Raises KeyError with the template's name where there is none of that name.

    >>> kind_of("plan@2011.1")
    <ReturnKind.PLAN: 'plan'>
    """
    if template not in TEMPLATES and template not in UPGRADES:
        raise KeyError(template)
    return ReturnKind(template.partition("@")[0])


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Bring a document up to the newest template of its kind, step by step."""
    while document.get("template") in UPGRADES:
        document = UPGRADES[document["template"]](document)
    return document


def json_schema(kind: ReturnKind) -> dict[str, Any]:
    """Give the JSON Schema of the newest template of a kind of return.

    >>> json_schema(ReturnKind.PLAN)["title"]
    'plan@2011.1'
    """
    template = CURRENT[kind]
    schema = TEMPLATES[template].model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": template}
