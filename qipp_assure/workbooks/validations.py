"""What may be typed into a cell, said by the sheet itself: drop-downs, bounds and hints.

They help while somebody types and are no safeguard: pasting goes round them.  The reader checks
everything again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from qipp_assure.returns.catalogue import FieldSpec
from qipp_assure.returns.values import FIRST_DAY, LAST_DAY, MAX_MONEY, MAX_TEXT
from qipp_assure.workbooks.labels import NO, YES, choice_labels, day_words

_LONGEST_LIST, _LONGEST_TITLE, _LONGEST_MESSAGE = 255, 32, 255
_WAYS = {
    "money": "Whole pounds, such as 1234567.",
    "count": "A whole number.",
    "number": "A number, such as 93.5.",
    "share": "A plain number: 1.5 for 1.5%.",
    "date": "A date, such as 30 June 2011.",
    "yes_no": "Yes or No; nothing where it is not known.",
    "choice": "Choose from the list.",
    "year": "A financial year, such as 2011/12.",
    "codes": "Codes with a semicolon between them.",
}


def way_to_answer(spec: FieldSpec, value_type: str = "") -> str:
    """Say in a few words how a field is filled in: its hint, its unit, its kind."""
    least, most = spec.bounds
    hint = f"{spec.hint}." if spec.hint else ""
    unit = f"Unit: {spec.unit}." if spec.unit and spec.unit != "£" else ""
    way = _WAYS.get(value_type or spec.type, "")
    if spec.max_length == MAX_TEXT:
        way = "At most 20,000 characters."
    elif spec.type == "count" and isinstance(most, int) and most < MAX_MONEY:
        way = f"A whole number from {least} to {most}."
    return " ".join(part for part in (hint, unit, way) if part)


def validation_of(spec: FieldSpec, value_type: str = "", source: str = "") -> dict[str, Any] | None:
    """Give xlsxwriter's description of what a cell takes; None where anything goes unsaid.

    `source` names the range that a drop-down shows, for fields that refer to other rows.
    """
    message = way_to_answer(spec, value_type)
    rule: dict[str, Any] = {
        "ignore_blank": True,
        "error_title": spec.label[:_LONGEST_TITLE],
        "error_message": message[:_LONGEST_MESSAGE],
    }
    least, most = spec.bounds
    match value_type or spec.type:
        case "choice" | "yes_no":
            labels = choice_labels(spec) if spec.choices else (YES, NO)
            if len(",".join(labels)) <= _LONGEST_LIST:
                rule |= {"validate": "list", "source": list(labels)}
        case "money" | "count":
            low = least if isinstance(least, int) else -MAX_MONEY
            high = most if isinstance(most, int) else MAX_MONEY
            rule |= {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
        case "number" | "share":
            rule |= {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -MAX_MONEY,
                "maximum": MAX_MONEY,
            }
        case "date":
            rule |= _between_days(FIRST_DAY, LAST_DAY)
            rule["error_message"] = f"A date from {day_words(FIRST_DAY)} to {day_words(LAST_DAY)}."
        case "id" if source:
            rule |= {"validate": "list", "source": source}
            rule["error_message"] = "Choose from the list; a new entry is first made on its sheet."
    if "validate" not in rule:
        if not spec.hint:
            return None
        rule["validate"] = "any"
    if spec.hint:
        rule["input_title"] = spec.label[:_LONGEST_TITLE]
        rule["input_message"] = message[:_LONGEST_MESSAGE]
    return rule


def chosen_from(source: str, what: str) -> dict[str, Any]:
    """Describe a drop-down of other rows' names."""
    return {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        "error_title": what[:_LONGEST_TITLE],
        "error_message": "Choose from the list; a new entry is first made on its own sheet.",
    }


def _between_days(first: date, last: date) -> dict[str, Any]:
    return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
