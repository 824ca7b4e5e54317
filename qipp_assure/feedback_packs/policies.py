"""Who may open which pack: a pack opens to those who may see the ratings in it."""

from __future__ import annotations

from dataclasses import dataclass

from qipp_assure.accounts.policies import (
    can_open_draft,
    can_see_provisional,
    can_see_unreleased,
    can_view_region,
)
from qipp_assure.accounts.queries import RolesOf
from qipp_assure.feedback_packs.models import Standing


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see of a region's ratings beside those that are released."""

    unreleased: bool
    provisional: bool

    def covers(self, standing: Standing) -> bool:
        """Tell whether ratings of this standing may be seen."""
        if standing is Standing.UNRELEASED:
            return self.unreleased
        return standing is Standing.RELEASED or self.provisional


EVERYTHING = Sight(unreleased=True, provisional=True)
"""What the system itself sees."""


def sight_of(roles: RolesOf, organisation_code: str) -> Sight:
    """Tell what somebody may see of a region.

    Reviewers' ratings before their release are for central people, and even of those not for
    one who writes for the region.
    """
    return Sight(
        unreleased=can_see_unreleased(roles) and not can_open_draft(roles, organisation_code),
        provisional=can_see_provisional(roles, organisation_code),
    )


def can_open_pack(roles: RolesOf, organisation_code: str, standing: Standing) -> bool:
    """Tell whether somebody may open a pack of a region's return."""
    seen = can_view_region(roles, organisation_code)
    return seen and sight_of(roles, organisation_code).covers(standing)
