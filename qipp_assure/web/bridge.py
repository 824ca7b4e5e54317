"""Turns form fields into NHS components, and a form's errors into the error summary."""

from __future__ import annotations

from typing import Any

from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import Field

from qipp_assure.web.components import Macro, nhs
from qipp_assure.web.fields import DateBoxes, PageForm

_LISTS = {"radios", "checkboxes"}
_GROUPS = {*_LISTS, "date_input"}


def csrf_input() -> Markup:
    """The hidden token that every POST form must hold."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def field(item: Field, *, heading: bool = False, size: str | None = None, **look: Any) -> Markup:
    """A form field as its NHS component: label or legend, hint, error and what was typed.

    `heading` makes the label the page's h1; `size` is s, m, l or xl; `look` overrides or adds
    parameters of the component.
    """
    shows_as: str = getattr(item, "shows_as", "input")
    parameters: dict[str, Any] = {"name": item.name}
    if shows_as not in _LISTS:  # there the first answer bears the id, so that errors lead to it
        parameters["id"] = item.id
    title: dict[str, Any] = {"text": item.label.text}
    if heading:
        title |= {"isPageHeading": True, "size": size or "l"}
    elif size:
        title["size"] = size
    if item.description:
        parameters["hint"] = {"text": item.description}
    if item.errors:
        parameters["errorMessage"] = {"text": str(item.errors[0])}
    if shows_as in _GROUPS:
        parameters["fieldset"] = {"legend": {"size": "s", **title}}
    else:
        parameters["label"] = title
    parameters |= _filled_in(item, shows_as)
    component: Macro = getattr(nhs, shows_as)
    return component({**parameters, **_extras(item), **look})


def _filled_in(item: Any, shows_as: str) -> dict[str, Any]:
    if shows_as == "date_input":
        return {"items": _boxes(item)}
    if shows_as in _LISTS:
        return {"idPrefix": item.id, "items": _answers(item, "checked")}
    if shows_as == "select":
        return {"items": _answers(item, "selected")}
    if shows_as == "character_count":
        return {"value": item.data or "", "maxlength": item.limit, "threshold": 75, "rows": 6}
    if shows_as in {"password_input", "file_upload"}:
        return {}
    return {"value": item._value()}  # noqa: SLF001 - WTForms' own name for what a field shows


def _answers(item: Any, mark: str) -> list[dict[str, Any]]:
    answers = []
    for choice in item.iter_choices():
        answer: dict[str, Any] = {"value": choice.value, "text": choice.label}
        answer[mark] = bool(choice.selected)
        if hint := item.hints.get(choice.value):
            answer["hint"] = {"text": hint}
        answers.append(answer)
    return answers


def _boxes(item: DateBoxes) -> list[dict[str, Any]]:
    wrong = item.missing() if item.typed and item.errors else []
    return [
        {
            "id": f"{item.id}-{part}",
            "name": f"{item.name}-{part}",
            "label": part.capitalize(),
            "value": item.typed.get(part, ""),
            "width": 4 if part == "year" else 2,
            **({"error": part in wrong} if wrong and len(wrong) < len(item.parts) else {}),
        }
        for part in item.parts
    ]


def _extras(item: Any) -> dict[str, Any]:
    look = dict(getattr(item, "look", {}))
    if accept := look.pop("accept", None):
        look["attributes"] = {"accept": accept}
    return look


def _first_input(item: Field) -> str:
    if not isinstance(item, DateBoxes):
        return item.id
    missing = item.missing()
    part = missing[0] if item.typed and missing else "day"
    return f"{item.id}-{part}"


def error_summary(*forms: PageForm) -> Markup:
    """The box at the head of a page that lists every error, each linked to its field."""
    errors = [
        {"text": message, **({"href": f"#{_first_input(item)}"} if item is not None else {})}
        for form in forms
        for item, message in form.faults()
    ]
    if not errors:
        return Markup()
    return nhs.error_summary({"titleText": "There is a problem", "errorList": errors})
