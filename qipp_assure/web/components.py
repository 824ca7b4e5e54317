"""The NHS design system's components for our templates: `nhs.button({...})`.

The port's macros fail under StrictUndefined and end in `.jinja`, which Flask would not escape.
They live in an environment of their own that escapes always; our templates stay strict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import nhsuk_frontend_jinja
from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

_MACROS = {
    "action_link": ("action-link", "actionLink"),
    "back_link": ("back-link", "backLink"),
    "breadcrumb": ("breadcrumb", "breadcrumb"),
    "button": ("button", "button"),
    "card": ("card", "card"),
    "character_count": ("character-count", "characterCount"),
    "checkboxes": ("checkboxes", "checkboxes"),
    "contents_list": ("contents-list", "contentsList"),
    "date_input": ("date-input", "dateInput"),
    "details": ("details", "details"),
    "error_summary": ("error-summary", "errorSummary"),
    "file_upload": ("file-upload", "fileUpload"),
    "footer": ("footer", "footer"),
    "header": ("header", "header"),
    "input": ("input", "input"),
    "inset_text": ("inset-text", "insetText"),
    "notification_banner": ("notification-banner", "notificationBanner"),
    "pagination": ("pagination", "pagination"),
    "panel": ("panel", "panel"),
    "password_input": ("password-input", "passwordInput"),
    "radios": ("radios", "radios"),
    "select": ("select", "select"),
    "skip_link": ("skip-link", "skipLink"),
    "summary_list": ("summary-list", "summaryList"),
    "table": ("tables", "table"),
    "tag": ("tag", "tag"),
    "task_list": ("task-list", "taskList"),
    "textarea": ("textarea", "textarea"),
    "warning_callout": ("warning-callout", "warningCallout"),
}

Macro = Callable[[Mapping[str, Any]], Markup]


class Components:
    """The components by name; each takes the parameters that the NHS service manual lists."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=PackageLoader(nhsuk_frontend_jinja.__name__, "templates"),
            undefined=ChainableUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._loaded: dict[str, Macro] = {}

    def __getattr__(self, name: str) -> Macro:
        if name.startswith("_") or name not in _MACROS:
            raise AttributeError(name)
        if name not in self._loaded:
            folder, macro = _MACROS[name]
            template = self.environment.get_template(f"nhsuk/components/{folder}/macro.jinja")
            self._loaded[name] = cast("Macro", getattr(template.module, macro))
        return self._loaded[name]


nhs = Components()
"""Shared by all applications of a process: it holds no state of theirs."""
