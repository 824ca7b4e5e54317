"""Forms for signing in, passwords, people and their roles."""

from __future__ import annotations

from wtforms import ValidationError
from wtforms.validators import EqualTo

from qipp_assure.accounts.passwords import MIN_LENGTH
from qipp_assure.accounts.presenters import CENTRAL, ROLE_WORDS, role_name
from qipp_assure.organisations.models import Organisation
from qipp_assure.vocabulary import Role, Tier
from qipp_assure.web import fields

_ROLES = [(role.value, name) for role, (name, _) in ROLE_WORDS.items()]
_ROLE_HINTS = {role.value: says for role, (_, says) in ROLE_WORDS.items()}


class SignInForm(fields.PageForm):
    """E-mail address and password."""

    email = fields.Line(
        "Email address",
        [fields.Required("Enter your email address")],
        limit=254,
        look={"type": "email", "autocomplete": "username", "spellcheck": False},
    )
    password = fields.Password("Password", [fields.Required("Enter your password")])


class AskForLinkForm(fields.PageForm):
    """Where to send a link for setting a password."""

    email = fields.Email("Email address", [fields.Required("Enter your email address")])


def _new_password() -> fields.Password:
    return fields.Password(
        "New password",
        [fields.Required("Enter a new password")],
        current=False,
        description=f"At least {MIN_LENGTH} characters. A few words you can remember do well.",
    )


def _new_password_again() -> fields.Password:
    return fields.Password(
        "New password again",
        [
            fields.Required("Enter the new password again"),
            EqualTo("password", "Enter the same new password twice"),
        ],
        current=False,
    )


class SetPasswordForm(fields.PageForm):
    """A new password, typed twice."""

    password = _new_password()
    password_again = _new_password_again()


class ChangePasswordForm(fields.PageForm):
    """One's own password, with the present one."""

    password_now = fields.Password(
        "Your password now", [fields.Required("Enter your password now")]
    )
    password = _new_password()
    password_again = _new_password_again()


class PersonForm(fields.PageForm):
    """Somebody new."""

    name = fields.Line("Full name", [fields.Required("Enter the person's full name")])
    email = fields.Email(
        "Email address",
        [fields.Required("Enter the person's email address")],
        description="We send a link for the first sign-in to this address",
    )


class GrantForm(fields.PageForm):
    """A role for an organisation, from one day to another."""

    role = fields.Choice(
        "Role", [fields.Required("Choose a role")], choices=_ROLES, hints=_ROLE_HINTS
    )
    organisation = fields.Select("Organisation", [fields.Required("Choose an organisation")])
    workstream = fields.Line(
        "Workstream (optional)",
        limit=40,
        description="For a contributor to one workstream: its id in the region's plan",
        look={"width": 20},
    )
    starts_on = fields.DateBoxes("First day", [fields.Required("Enter the first day")])
    ends_on = fields.DateBoxes(
        "Last day (optional)", description="The role ends after this day. Leave empty if not known."
    )
    tiers: dict[str, Tier] = {}

    def offer(self, organisations: list[Organisation]) -> None:
        """Fills the list of organisations."""
        self.tiers = {organisation.code: organisation.tier for organisation in organisations}
        answers = [(o.code, f"{o.code} {o.name}") for o in organisations]
        self.organisation.offer([("", "Choose an organisation"), *answers])

    def validate_organisation(self, field: fields.Select) -> None:
        """Keeps central roles to the national body, and regions' roles out of it."""
        if self.role.data not in set(Role) or field.data not in self.tiers:
            return
        role = Role(self.role.data)
        is_national = self.tiers[field.data] is Tier.NATIONAL
        if role in CENTRAL and not is_national:
            raise ValidationError(f"{role_name(role)} is a role of the national body: choose that")
        if role not in CENTRAL and is_national:
            raise ValidationError(f"{role_name(role)} is not a role of the national body")

    def validate_workstream(self, field: fields.Line) -> None:
        """Allows a workstream for contributors only."""
        if field.data and self.role.data != Role.CONTRIBUTOR:
            raise ValidationError("Only a contributor's role can be for one workstream")


class EndRoleForm(fields.PageForm):
    """When a role ends."""

    when = fields.Choice(
        "When does the role end?",
        [fields.Required("Choose when the role ends")],
        choices=[("now", "At once"), ("later", "After a last day")],
    )
    last_day = fields.DateBoxes("Last day", description="Only if you chose a last day")

    def validate_last_day(self, field: fields.DateBoxes) -> None:
        """Wants a day where one was announced."""
        if self.when.data == "later" and field.data is None and not field.errors:
            raise ValidationError("Enter the last day")


class ConfirmForm(fields.PageForm):
    """Nothing but the button."""
