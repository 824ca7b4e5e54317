"""Which layout a template has.  A workbook of a template that is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qipp_assure.workbooks.plan_sheets import PLAN
from qipp_assure.workbooks.report_card_sheets import REPORT_CARD
from qipp_assure.workbooks.sheets import Layout

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {layout.template: layout for layout in (PLAN, REPORT_CARD)}
)
