"""The value types of the criteria language and the shape of what criteria may speak of.

A *schema* says which names an expression may use.  It is declared by whoever makes the facts
(`returns.facts`) and read by the loader, which refuses a file whose names or types do not fit.

Python values, by type (None always means missing, which is unknown):

======== ==========================================================
money    int, whole pounds (in expressions also a Fraction)
count    int
number   int, Decimal or Fraction; never a float
share    Decimal or Fraction, 5% is 1/20
date     datetime.date
days     int
text     str
yes_no   bool
choice   str, one of the choices
======== ==========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a single value."""

    MONEY = "money"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"
    DAYS = "days"
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"

    @property
    def words(self) -> str:
        """The type as a person would say it."""
        return _WORDS[self]


_WORDS = {
    Kind.MONEY: "money",
    Kind.COUNT: "a count",
    Kind.NUMBER: "a number",
    Kind.SHARE: "a share",
    Kind.DATE: "a date",
    Kind.DAYS: "days",
    Kind.TEXT: "text",
    Kind.YES_NO: "yes or no",
    Kind.CHOICE: "a choice",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A single value.

    `name` may have dots, for a group that is one record: `brief.objectives` is found in the
    facts at `values["brief"]["objectives"]`.  `label` is what a director reads, in lower case
    ("date met").  `choices` belong to `Kind.CHOICE` and to nothing else.
    """

    name: str
    type: Kind
    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextList:
    """A list of texts, for `in`, `contains(...)`, `count(...)` and `given(...)`."""

    name: str
    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of records, for `each: NAME as x` and `count(x for x in NAME if ...)`.

    `name` may have dots, as a field's.  Lists inside the records are allowed.
    """

    name: str
    label: str
    record: Record


@dataclass(frozen=True, slots=True)
class Record:
    """What one thing of a list, or one subject, holds.

    `label_fields` are tried in order to name an item in a sentence ("M3", "New clinic"); the
    first that is given is taken, then `id`, then its number in the list.
    """

    name: str
    label_fields: tuple[str, ...]
    fields: tuple[Field, ...]
    lists: tuple[RecordList | TextList, ...] = ()

    def find(self, path: str) -> Field | RecordList | TextList | None:
        """The field or list of that dotted name, or None."""
        for member in (*self.fields, *self.lists):
            if member.name == path:
                return member
        return None

    def names(self) -> tuple[str, ...]:
        """Every dotted name, in the order of declaration."""
        return tuple(member.name for member in (*self.fields, *self.lists))


@dataclass(frozen=True, slots=True)
class SubjectSchema:
    """What is known of one kind of subject: plan, workstream, initiative, line or region.

    What the return itself does not hold stands in the ordinary group `context.`
    (`context.challenge_gbp`).  `as_of`, a date, is always there and is not declared.
    """

    kind: str
    record: Record


Schemas = Mapping[str, tuple[SubjectSchema, ...]]
"""By template (`report-card@2011.1`): the subjects that its facts hold."""
