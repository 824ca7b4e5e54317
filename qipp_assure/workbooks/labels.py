"""What people read in a workbook for the values that documents hold, and the way back.

Choices are shown in plain words ("Not started"), periods as finance officers head their columns
("Apr 2011", "Q1 2011/12").
"""

from __future__ import annotations

from datetime import date

from qipp_assure.returns.catalogue import FieldSpec
from qipp_assure.returns.periods import phased_by
from qipp_assure.vocabulary import InputKind, PhasedBy, SpendingArea

# Where the words are more than the value with its first letter raised.
_SPECIAL: dict[str, str] = {
    SpendingArea.NON_NHS.value: "Non-NHS",
    InputKind.NON_PAY.value: "Non-pay",
    "cash_releasing": "Cash-releasing",
    "cost_avoiding": "Cost-avoiding",
    "workstream": "By workstream",
    "overall": "Overall",
}
# The same value means something else in another field.
_SPECIAL_BY_PATH: dict[tuple[str, str], str] = {
    ("lines[].kind", "workstream"): "Workstream",
}
YES, NO = "Yes", "No"


def choice_label(spec: FieldSpec, value: str) -> str:
    """Give the words for one value of a field with choices.

    >>> from qipp_assure.returns.catalogue import catalogue
    >>> spec = catalogue("plan@2011.1").get_field("initiatives[].milestones[].status")
    >>> choice_label(spec, "not_started")
    'Not started'
    """
    special = _SPECIAL_BY_PATH.get((spec.path, value)) or _SPECIAL.get(value)
    return special or value.replace("_", " ").capitalize()


def choice_labels(spec: FieldSpec) -> tuple[str, ...]:
    """List the words of a field's choices, in the order in which they are declared."""
    return tuple(choice_label(spec, value) for value in spec.choices)


def choice_value(spec: FieldSpec, text: str) -> str | None:
    """Give the value that the words stand for (or that was typed itself); None for neither.

    >>> from qipp_assure.returns.catalogue import catalogue
    >>> spec = catalogue("plan@2011.1").get_field("initiatives[].savings[].spending_area")
    >>> choice_value(spec, "non-nhs"), choice_value(spec, "non_nhs"), choice_value(spec, "NHS")
    ('non_nhs', 'non_nhs', None)
    """
    wanted = plain(text)
    for value in spec.choices:
        if wanted in (plain(choice_label(spec, value)), value):
            return value
    return None


def plain(text: str) -> str:
    """Compare texts as people do: without regard to case and to the spaces around and inside.

    >>> plain("  Acute   Care ")
    'acute care'
    """
    return " ".join(text.split()).casefold()


def period_label(period: str) -> str:
    """Head the column of a period.

    >>> [period_label(p) for p in ("2011-04", "2011/12Q1", "2011/12")]
    ['Apr 2011', 'Q1 2011/12', '2011/12']
    """
    kind = phased_by(period)
    if kind is PhasedBy.MONTH:
        return f"{date(int(period[:4]), int(period[5:]), 1):%b %Y}"
    if kind is PhasedBy.QUARTER:
        return f"{period[7:]} {period[:7]}"
    return period


def month_words(month: str) -> str:
    """Write a month in full.

    >>> month_words("2011-04")
    'April 2011'
    """
    return f"{date(int(month[:4]), int(month[5:]), 1):%B %Y}"


def day_words(day: date) -> str:
    """Write a day in full.

    >>> day_words(date(2011, 6, 30))
    '30 June 2011'
    """
    return f"{day.day} {day:%B %Y}"
