"""Who may do what, as pure functions of roles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qipp_assure.accounts import policies
from qipp_assure.accounts.queries import NOBODY, Held, RolesOf
from qipp_assure.vocabulary import Role, Tier


def held(role: Role, code: str = "Q30", workstream: str | None = None) -> Held:
    tier = {"DH": Tier.NATIONAL, "5D7": Tier.COMMISSIONER}.get(code, Tier.REGIONAL)
    return Held(role, code, workstream, tier, "Q30" if code == "5D7" else code)


def roles(*each: Held) -> RolesOf:
    return RolesOf(7, frozenset(each))


LEAD = roles(held(Role.REGION_LEAD))
DIRECTOR = roles(held(Role.REGION_DIRECTOR))
WHOLE = roles(held(Role.CONTRIBUTOR))
BY_WORKSTREAM = roles(held(Role.CONTRIBUTOR, "Q30", "w1"))
BY_PCT = roles(held(Role.CONTRIBUTOR, "5D7"))
REVIEWER = roles(held(Role.REVIEWER, "DH"))
APPROVER = roles(held(Role.APPROVER, "DH"))
ANALYST = roles(held(Role.ANALYST, "DH"))
ADMIN = roles(held(Role.ADMIN, "DH"))
REGIONAL_ANALYST = roles(held(Role.ANALYST))

TABLE = {
    #                      edit   submit view   provis. review approve matrix admin
    "lead": (LEAD, "yes yes yes yes no no no no"),
    "director": (DIRECTOR, "no yes yes yes no no no no"),
    "contributor": (WHOLE, "yes no yes yes no no no no"),
    "by workstream": (BY_WORKSTREAM, "no no yes yes no no no no"),
    "of a PCT": (BY_PCT, "no no yes yes no no no no"),
    "reviewer": (REVIEWER, "no no yes yes yes no yes no"),
    "approver": (APPROVER, "no no yes yes no yes yes no"),
    "analyst": (ANALYST, "no no yes no no no yes no"),
    "regional analyst": (REGIONAL_ANALYST, "no no yes no no no no no"),
    "admin": (ADMIN, "no no no no no no no yes"),
    "nobody": (NOBODY, "no no no no no no no no"),
}


def answers(found: RolesOf, code: str) -> str:
    return " ".join(
        "yes" if answer else "no"
        for answer in (
            policies.can_edit_return(found, code),
            policies.can_submit(found, code),
            policies.can_view_region(found, code),
            policies.can_see_provisional(found, code),
            policies.can_review(found, code),
            policies.can_approve(found, code),
            policies.can_see_matrix(found),
            policies.can_administer(found),
        )
    )


@pytest.mark.parametrize("name", TABLE)
def test_what_each_role_may_do_for_its_region(name):
    found, expected = TABLE[name]
    assert answers(found, "Q30") == expected


@pytest.mark.parametrize("name", ["lead", "director", "contributor", "by workstream", "of a PCT"])
def test_a_region_sees_only_itself(name):
    assert answers(TABLE[name][0], "Q31") == "no no no no no no no no"


def test_parts_are_edited_by_those_they_were_given_to():
    edit = policies.can_edit_part
    assert edit(LEAD, "Q30", "5D7", "w1")
    assert edit(BY_WORKSTREAM, "Q30", None, "w1")
    assert not edit(BY_WORKSTREAM, "Q30", None, "w2")
    assert not edit(BY_WORKSTREAM, "Q30", None, None)
    assert not edit(BY_WORKSTREAM, "Q31", None, "w1")
    assert edit(BY_PCT, "Q30", "5D7")
    assert edit(BY_PCT, "Q30", "5D7", "w1")
    assert not edit(BY_PCT, "Q30", "5D8")
    assert not edit(BY_PCT, "Q30")
    assert not edit(BY_PCT, "Q31", "5D7")
    assert not edit(DIRECTOR, "Q30")


def test_nobody_reviews_or_approves_a_body_they_hold_a_role_for():
    for role, can in ((Role.REVIEWER, policies.can_review), (Role.APPROVER, policies.can_approve)):
        central = held(role, "DH")
        assert can(roles(central), "Q30")
        assert not can(roles(central), "Q30", had_a_hand_in=True)
        assert not can(roles(central, held(Role.CONTRIBUTOR, "5D7")), "Q30")
        assert not can(roles(central, held(Role.ANALYST, "Q30")), "Q30")
        assert can(roles(central, held(Role.REGION_LEAD, "Q31")), "Q30")


ANY_HELD = st.builds(
    held,
    st.sampled_from(Role),
    st.sampled_from(["Q30", "Q31", "DH", "5D7"]),
    st.sampled_from([None, "w1"]),
)


@given(st.frozensets(ANY_HELD, max_size=4), ANY_HELD)
def test_no_mixture_of_roles_breaks_the_walls(some, more):
    found, wider = RolesOf(7, some), RolesOf(7, some | {more})
    for code in ("Q30", "Q31"):
        own = [each for each in some if code in (each.organisation_code, each.region_code)]
        if own:
            assert not policies.can_review(found, code)
            assert not policies.can_approve(found, code)
        elif not policies.can_see_matrix(found):
            assert not policies.can_view_region(found, code)
        assert not (policies.can_submit(found, code) and policies.can_review(found, code))
        # Another role never takes away the right to write, to see or to administer.
        for can in (policies.can_edit_return, policies.can_submit, policies.can_view_region):
            assert can(wider, code) >= can(found, code)
    assert policies.can_administer(wider) >= policies.can_administer(found)
