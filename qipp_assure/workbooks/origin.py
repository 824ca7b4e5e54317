"""What a workbook says about itself, on its instructions and on a hidden sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FACTS_SHEET, LISTS_SHEET = "qipp", "qipp lists"
INSTRUCTIONS, CODES = "Instructions", "Codes"
WORKBOOK_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose return a workbook holds, and which export it is.

    `period` is the month of a report card, None for a plan.  `digest` is that of the document as
    it went out; `export_id` names the record in which that document is kept for merging.
    `copy_of` is the number of the sealed version that the workbook is a copy of, if it is one.
    """

    template: str
    region: str
    round: str
    export_id: str
    period: str | None = None
    region_name: str = ""
    digest: str = ""
    plan_digest: str = ""
    exported_at: datetime | None = None
    copy_of: int | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What goes on the hidden sheet and comes back from it."""
        return {
            "workbook": WORKBOOK_VERSION,
            "template": self.template,
            "region": self.region,
            "region_name": self.region_name,
            "round": self.round,
            "period": self.period or "",
            "export_id": self.export_id,
            "digest": self.digest,
            "plan_digest": self.plan_digest,
        }

    @property
    def region_words(self) -> str:
        """Code and name of the region."""
        return f"{self.region} {self.region_name}".strip()


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes with their names, shown for reference on a sheet of their own."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known from outside the return.

    `lists` maps, for each list of another return (such as the plan's workstreams), ids to names
    for the drop-downs.  `codes` are shown for reference.
    """

    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    codes: tuple[CodeList, ...] = ()
