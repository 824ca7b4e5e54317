"""Forms for organisations."""

from __future__ import annotations

from qipp_assure.organisations.models import Organisation
from qipp_assure.organisations.presenters import TIER_WORDS
from qipp_assure.web import fields


def _name() -> fields.Line:
    return fields.Line("Name", [fields.Required("Enter the organisation's name")])


def _first_day() -> fields.DateBoxes:
    return fields.DateBoxes("First day", [fields.Required("Enter the first day")])


def _last_day() -> fields.DateBoxes:
    return fields.DateBoxes("Last day (optional)", description="Leave empty while it exists")


def _answers(organisations: list[Organisation], first: str) -> list[tuple[str, str]]:
    return [("", first), *((o.code, f"{o.code} {o.name}") for o in organisations)]


class AddOrganisationForm(fields.PageForm):
    """Everything that is known of a new organisation."""

    name = _name()
    code = fields.Line(
        "Code",
        [fields.Required("Enter the organisation's code")],
        limit=20,
        description="Capital letters, digits and hyphens, such as Q30. It can never change",
        look={"width": 10},
    )
    kind = fields.Line(
        "Kind",
        [fields.Required("Enter what kind of organisation it is")],
        limit=40,
        description="For example sha, pct, ccg or trust",
        look={"width": 10},
    )
    tier = fields.Choice(
        "Tier",
        [fields.Required("Choose the tier")],
        choices=[(tier.value, words) for tier, words in TIER_WORDS.items()],
    )
    parent = fields.Select("Belongs to (optional)")
    starts_on = _first_day()
    ends_on = _last_day()

    def offer(self, organisations: list[Organisation]) -> None:
        """Fills the list of those it may belong to."""
        self.parent.offer(_answers(organisations, "Nothing above it"))


class EditOrganisationForm(fields.PageForm):
    """What of an organisation may be corrected."""

    name = _name()
    starts_on = _first_day()
    ends_on = _last_day()


class SuccessorForm(fields.PageForm):
    """Who takes over, and from when."""

    successor = fields.Select("Successor", [fields.Required("Choose the successor")])
    on = fields.DateBoxes(
        "From which day", [fields.Required("Enter the day from which the successor answers")]
    )

    def offer(self, organisations: list[Organisation]) -> None:
        """Fills the list of those that may succeed."""
        self.successor.offer(_answers(organisations, "Choose an organisation"))
