"""Form fields for the NHS components: what is typed is kept as typed and never lost.

Each is a WTForms field that knows how it is to be shown (`shows_as`, and extras in `look`).
Values come clean (see `intake`); empty text is None.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from flask import request
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import (
    Field,
    FileField,
    Form,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.utils import unset_value
from wtforms.validators import Length, StopValidation, ValidationError

from qipp_assure.web.limits import TEXT_LIMIT_CHARACTERS

LINE_LIMIT_CHARACTERS = 200
PASSWORD_LIMIT_CHARACTERS = 256
POUNDS_LIMIT = 10**13
FIRST_YEAR, LAST_YEAR = 1900, 2100
_DIGITS = re.compile(r"\d{1,20}\Z", re.ASCII)


class Required:
    """Something must be given; the message says what, such as 'Enter your full name'."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        """Stops with the message where nothing is given; what could not be read says why itself."""
        if not field.errors and field.data in (None, "", []):
            raise StopValidation(self.message)


def _stripped(text: str | None) -> str | None:
    return (text.strip() or None) if isinstance(text, str) else text


def _length(limit: int, label: str) -> Length:
    return Length(max=limit, message=f"{label} must be {limit:,} characters or fewer")


class Line(StringField):
    """One line of text; `look`: width (2 to 30), prefix, suffix, autocomplete, inputmode, ..."""

    shows_as: ClassVar[str] = "input"

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        limit: int = LINE_LIMIT_CHARACTERS,
        look: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        rules = [*validators, _length(limit, label)]
        super().__init__(label, rules, filters=[_stripped], **options)
        self.look = look or {}


class Email(Line):
    """An e-mail address, checked for shape only: the letter that is sent proves the rest."""

    _SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+\Z")

    def __init__(
        self, label: str = "Email address", validators: Sequence[Any] = (), **o: Any
    ) -> None:
        look = {"type": "email", "autocomplete": "email", "spellcheck": False, **o.pop("look", {})}
        super().__init__(label, validators, limit=254, look=look, **o)

    def pre_validate(self, _form: Any) -> None:
        """Refuses what cannot be an address."""
        if self.data and not self._SHAPE.match(self.data):
            raise ValidationError("Enter an email address in the form name@example.nhs.uk")


class LongText(StringField):
    """Text of up to 20,000 characters, with a count of those left."""

    shows_as: ClassVar[str] = "character_count"

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        limit: int = TEXT_LIMIT_CHARACTERS,
        look: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        rules = [*validators, _length(limit, label)]
        super().__init__(label, rules, filters=[_stripped], **options)
        self.limit = limit
        self.look = look or {}


class Password(PasswordField):
    """A password, never shown again; `current=False` for a new one."""

    shows_as: ClassVar[str] = "password_input"

    def __init__(
        self, label: str, validators: Sequence[Any] = (), *, current: bool = True, **options: Any
    ) -> None:
        too_long = _length(PASSWORD_LIMIT_CHARACTERS, label)
        super().__init__(label, [*validators, too_long], **options)
        self.look = {"autocomplete": "current-password" if current else "new-password"}


class _Offering(SelectField):
    """What fields with answers to choose from share; answers are pairs of value and words."""

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        choices: Iterable[tuple[str, str]] = (),
        hints: dict[str, str] | None = None,
        look: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, list(validators), choices=dict(choices), **options)
        self.hints = hints or {}
        self.look = look or {}

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Sets the answers that this request offers."""
        self.choices = dict(choices)


class Choice(_Offering):
    """One of a few, as radios; `hints` by value say more about a choice."""

    shows_as: ClassVar[str] = "radios"

    def pre_validate(self, form: Any) -> None:
        """Refuses a value that is not offered, in words a person can act on."""
        if not self.raw_data or self.raw_data[0] == "":
            self.data = None
            return
        try:
            super().pre_validate(form)
        except ValidationError as fault:
            raise StopValidation("Choose one of the answers shown") from fault


class Select(Choice):
    """One of many, as a drop-down list; give `("", "Choose ...")` as the first choice."""

    shows_as: ClassVar[str] = "select"


class Choices(_Offering, SelectMultipleField):
    """Any of several, as checkboxes."""

    shows_as: ClassVar[str] = "checkboxes"

    def pre_validate(self, form: Any) -> None:
        """Refuses values that are not offered."""
        try:
            super().pre_validate(form)
        except ValidationError as fault:
            raise StopValidation("Choose from the answers shown") from fault


class Upload(FileField):
    """A file; `look` may hold `accept`, such as '.xlsx'."""

    shows_as: ClassVar[str] = "file_upload"

    def __init__(
        self,
        label: str,
        validators: Sequence[Any] = (),
        *,
        look: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, list(validators), **options)
        self.look = look or {}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keeps the file, if one was chosen."""
        self.data = next((f for f in valuelist if isinstance(f, FileStorage) and f.filename), None)


class DateBoxes(Field):
    """A date in three boxes: day, month, year; `data` is a date or None."""

    shows_as: ClassVar[str] = "date_input"
    parts = ("day", "month", "year")

    def __init__(self, label: str, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), **options)
        self.typed: dict[str, str] = {}
        self.look: dict[str, Any] = {}

    def process(self, formdata: Any, data: Any = None, *_more: Any, **_named: Any) -> None:
        """Reads the three boxes, keeping what was typed."""
        self.process_errors = []
        given = self.default if data is unset_value else data
        self.data = given() if callable(given) else given
        self.typed = self._boxes_of(self.data)
        if formdata is None or not any(f"{self.name}-{part}" in formdata for part in self.parts):
            return
        self.typed = {p: (formdata.get(f"{self.name}-{p}") or "").strip() for p in self.parts}
        self.raw_data = [text for text in self.typed.values() if text]
        try:
            self.data = self._read()
        except ValueError as fault:
            self.data = None
            self.process_errors.append(str(fault))

    @staticmethod
    def _boxes_of(day: dt.date | None) -> dict[str, str]:
        if day is None:
            return {}
        return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}

    def missing(self) -> list[str]:
        """The boxes left empty, when not all are."""
        return [part for part in self.parts if not self.typed.get(part)]

    def _read(self) -> dt.date | None:
        missing = self.missing()
        if len(missing) == len(self.parts):
            return None
        name = self.label.text
        if missing:
            raise ValueError(f"{name} must include a {' and a '.join(missing)}")
        if not all(_DIGITS.match(text) for text in self.typed.values()):
            raise ValueError(f"{name} must be in numbers, for example 30 6 2011")
        day, month, year = (int(self.typed[part]) for part in self.parts)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"{name} must have a year from {FIRST_YEAR} to {LAST_YEAR}")
        try:
            return dt.date(year, month, day)
        except ValueError as fault:
            raise ValueError(f"{name} must be a real date, for example 30 6 2011") from fault


class Pounds(Field):
    """Whole pounds; commas, spaces and a pound sign may be typed; `data` is an int or None."""

    shows_as: ClassVar[str] = "input"

    def __init__(self, label: str, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), **options)
        self.data: int | None
        self.look = {"prefix": "£", "width": 10, "inputmode": "text", "spellcheck": False}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Reads the number, or says how it should look."""
        text = re.sub(r"[\s,£]", "", valuelist[0]) if valuelist else ""
        if not text:
            self.data = None
            return
        digits = text.replace("−", "-")
        if not _DIGITS.match(digits.removeprefix("-")) or abs(int(digits)) > POUNDS_LIMIT:
            self.data = None
            raise ValueError(f"{self.label.text} must be in whole pounds, for example 1,250,000")
        self.data = int(digits)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}"


def _is_sent() -> bool:
    return request.method == "POST"


class PageForm(Form):
    """A form of a page: it reads what was sent by itself, and `refuse` adds a service's refusal.

    The token against forged forms is checked once for the whole application, before any view.
    """

    def __init__(self, **options: Any) -> None:
        sent = CombinedMultiDict[str, Any]([request.files, request.form]) if _is_sent() else None
        super().__init__(sent, **options)
        self.form_errors: list[str] = []

    def is_sent_and_valid(self) -> bool:
        """Whether the form was sent and everything in it can be taken."""
        return _is_sent() and self.validate()

    def refuse(self, message: str, field: str | None = None) -> None:
        """Adds an error, to a field or to the form as a whole."""
        if field is None:
            self.form_errors.append(message)
        else:
            self[field].errors = [*self[field].errors, message]

    def faults(self) -> Iterator[tuple[Field | None, str]]:
        """Every error of the form with the field it belongs to, in the order of the page."""
        for message in self.form_errors:
            yield None, message
        for field in self:
            for message in field.errors:
                yield field, str(message)
