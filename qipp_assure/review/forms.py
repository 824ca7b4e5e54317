"""The forms of the desk."""

from __future__ import annotations

from typing import Any

from qipp_assure.vocabulary import Rating
from qipp_assure.web import fields
from qipp_assure.web.filters import RATING_WORDS

COLOURS = (Rating.GREEN, Rating.AMBER, Rating.RED)


class JudgementForm(fields.PageForm):
    """One judgement: a rating and the reason that the region will read, or neither."""

    rating = fields.Choice(
        "Rating",
        choices=[(one.value, f"{RATING_WORDS[one][0]} {RATING_WORDS[one][1]}") for one in COLOURS],
        look={"classes": "nhsuk-radios--inline"},
    )
    reason = fields.LongText("Reason", description="The region reads this once it is released.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the reason where there is a rating, and for the rating where there is a reason."""
        sound = bool(super().validate(extra_validators))
        if self.rating.data and not self.reason.data:
            self.refuse("Give the reason for your rating", "reason")
            return False
        if self.reason.data and not self.rating.data:
            self.refuse("Choose the rating that your reason explains", "rating")
            return False
        return sound


class ReleaseForm(fields.PageForm):
    """Nothing but the button."""
