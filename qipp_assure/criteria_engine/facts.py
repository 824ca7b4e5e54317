"""What the engine rates: the facts of one return, as plain values.

Made from a sealed return and its context by `returns.facts`; kept by digest and read often,
so the values are plain dicts, lists and scalars that a compiled condition can index at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """One thing that is rated.

    `kind` is plan, workstream, initiative, line or region; `id` its lasting id; `code` what
    people call it by for short (may be empty); `parent` the (kind, id) that it rolls up to.
    `values` follows the `SubjectSchema` of its kind: groups are nested dicts, lists are lists
    of dicts (or of texts), None or an absent key is missing.
    """

    kind: str
    id: str
    code: str
    name: str
    parent: tuple[str, str] | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """All subjects of one return.

    `return_kind` is `plan` or `report-card`; `template`, where given, is the full template
    (`report-card@2011.1`) and must then be among those a criteria set reads.
    """

    return_kind: str
    region: str
    period: str | None
    digest: str
    subjects: tuple[SubjectFacts, ...]
    template: str = ""
