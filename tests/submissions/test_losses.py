"""What putting a document in place of a draft would lose, counted by lasting ids."""

from __future__ import annotations

from qipp_assure.submissions.losses import Loss, find_losses

NOW = {
    "round": "r",
    "finance": {"challenge_gbp": 5, "past_position": "poor"},
    "initiatives": [
        {"id": "a", "name": "A", "milestones": [{"id": "m", "name": "M", "due": "2011-06-30"}]},
        {"id": "b", "name": "B", "code": "B1"},
    ],
}


def test_what_is_the_same_loses_nothing_whatever_its_order():
    turned = {**NOW, "initiatives": NOW["initiatives"][::-1], "background": {"vision": "more"}}
    assert find_losses(NOW, turned) == []
    assert find_losses({}, NOW) == []


def test_changes_and_vanishing_fields_are_counted_part_by_part():
    incoming = {
        "round": "r",
        "finance": {"challenge_gbp": 6},
        "initiatives": [{"id": "a", "name": "A", "milestones": []}],
    }
    assert find_losses(NOW, incoming) == [
        Loss("finance", "", "", changed=1, vanishing=1, whole=False),
        Loss("initiatives", "a", "A", changed=0, vanishing=3, whole=False),
        Loss("initiatives", "b", "B", changed=0, vanishing=3, whole=True),
    ]


def test_what_the_writer_changed_since_taking_it_out_is_no_loss():
    incoming = {**NOW, "finance": {"challenge_gbp": 7}}
    assert find_losses(NOW, incoming, taken_out=NOW) == []


def test_what_somebody_else_changed_meanwhile_is():
    before = {**NOW, "finance": {"challenge_gbp": 4, "past_position": "poor"}}
    incoming = {**NOW, "finance": {"challenge_gbp": 7, "past_position": "good"}}
    assert find_losses(NOW, incoming, taken_out=before) == [
        Loss("finance", "", "", changed=1, vanishing=0, whole=False)
    ]


def test_an_item_that_is_gone_is_always_said():
    incoming = {**NOW, "initiatives": NOW["initiatives"][:1]}
    (loss,) = find_losses(NOW, incoming, taken_out=NOW)
    assert (loss.item_id, loss.whole) == ("b", True)
    bare = [{"id": "a", "name": "A"}, NOW["initiatives"][1]]
    (loss,) = find_losses(NOW, {**NOW, "initiatives": bare}, taken_out=NOW)
    assert (loss.item_id, loss.vanishing, loss.whole) == ("a", 3, False)


def test_a_draft_that_cannot_be_read_yet_is_compared_all_the_same():
    odd = {"finance": "lots", "initiatives": [{"id": "a", "milestones": ["x", {"id": 3}]}]}
    assert find_losses(odd, odd) == []
    assert [loss.part for loss in find_losses(odd, {})] == ["finance", "initiatives"]
