"""Who may do what: pure functions of the roles that a person holds on the day.

``organisation_code`` is always the code of the region whose return it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from qipp_assure.accounts.queries import Held, RolesOf
from qipp_assure.vocabulary import Role, Tier

WRITERS = frozenset({Role.CONTRIBUTOR, Role.REGION_LEAD, Role.REGION_DIRECTOR})
"""Roles by which somebody belongs to a body and has a hand in what it sends."""

SECOND_ADMINISTRATOR = frozenset({Role.REVIEWER, Role.APPROVER})
"""Roles that one administrator alone cannot give."""


def _for_body(roles: RolesOf, organisation_code: str) -> Iterable[Held]:
    """Yield roles held for a region or for a body that belongs to it."""
    return (
        held
        for held in roles.held
        if organisation_code in (held.organisation_code, held.region_code)
    )


def _has(roles: RolesOf, organisation_code: str, *wanted: Role) -> bool:
    return any(
        held.role in wanted and held.organisation_code == organisation_code for held in roles.held
    )


def _central(roles: RolesOf, *wanted: Role) -> bool:
    return any(held.role in wanted and held.tier is Tier.NATIONAL for held in roles.held)


def belongs_to(roles: RolesOf, organisation_code: str) -> bool:
    """Tell whether a person holds any role for a region or for a body of it."""
    return any(True for _ in _for_body(roles, organisation_code))


def can_edit_return(roles: RolesOf, organisation_code: str) -> bool:
    """Tell whether somebody may work on the whole of a region's draft (import included)."""
    return _has(roles, organisation_code, Role.REGION_LEAD) or any(
        held.role is Role.CONTRIBUTOR
        and held.organisation_code == organisation_code
        and held.workstream_id is None
        for held in roles.held
    )


def can_edit_part(
    roles: RolesOf,
    organisation_code: str,
    owner_code: str | None = None,
    workstream_id: str | None = None,
) -> bool:
    """Tell whether somebody may edit one part of a region's draft.

    Args:
        roles: theirs.
        organisation_code: the region's.
        owner_code: the body whose share the part is, None where it is the region's own.
        workstream_id: the workstream that the part belongs to, if to one.
    """
    if can_edit_return(roles, organisation_code):
        return True
    return any(
        held.role is Role.CONTRIBUTOR
        and (
            (
                workstream_id is not None
                and held.organisation_code == organisation_code
                and held.workstream_id == workstream_id
            )
            or (
                owner_code is not None
                and held.organisation_code == owner_code
                and held.workstream_id in (None, workstream_id)
            )
        )
        for held in _for_body(roles, organisation_code)
    )


def can_open_draft(roles: RolesOf, organisation_code: str) -> bool:
    """Tell whether somebody may see a region's unfinished draft: its own people only."""
    return any(held.role in WRITERS for held in _for_body(roles, organisation_code))


def can_submit(roles: RolesOf, organisation_code: str) -> bool:
    """Tell whether somebody may submit a region's return."""
    return _has(roles, organisation_code, Role.REGION_LEAD, Role.REGION_DIRECTOR)


def can_view_region(roles: RolesOf, organisation_code: str) -> bool:
    """Tell whether somebody may open a region's sealed returns and released ratings."""
    own = any(held.role is not Role.ADMIN for held in _for_body(roles, organisation_code))
    return own or can_see_matrix(roles)


def can_see_provisional(roles: RolesOf, organisation_code: str) -> bool:
    """Tell whether somebody may see computed ratings before they are released."""
    return can_open_draft(roles, organisation_code) or can_see_unreleased(roles)


def can_see_unreleased(roles: RolesOf) -> bool:
    """Tell whether somebody may see reviewers' ratings and words before their release."""
    return _central(roles, Role.REVIEWER, Role.APPROVER)


def can_review(roles: RolesOf, organisation_code: str, *, had_a_hand_in: bool = False) -> bool:
    """Tell whether somebody may record judgements on a region's return.

    Nobody reviews a return of a body they hold a role for, or one they had a hand in.
    """
    return (
        _central(roles, Role.REVIEWER)
        and not belongs_to(roles, organisation_code)
        and not had_a_hand_in
    )


def can_approve(roles: RolesOf, organisation_code: str, *, had_a_hand_in: bool = False) -> bool:
    """Tell whether somebody may release ratings; `had_a_hand_in` covers writing and reviewing."""
    return (
        _central(roles, Role.APPROVER)
        and not belongs_to(roles, organisation_code)
        and not had_a_hand_in
    )


def can_publish_criteria(roles: RolesOf) -> bool:
    """Tell whether somebody may publish a version of a criteria set."""
    return _central(roles, Role.APPROVER)


def can_see_matrix(roles: RolesOf) -> bool:
    """Tell whether somebody may see all regions side by side."""
    return _central(roles, Role.REVIEWER, Role.APPROVER, Role.ANALYST)


def can_administer(roles: RolesOf) -> bool:
    """Tell whether somebody keeps people, organisations and rounds."""
    return _central(roles, Role.ADMIN)
