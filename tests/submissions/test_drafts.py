"""Drafts: many hands at once, nobody's words lost, and a document put in whole or not at all."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from qipp_assure.audit.queries import list_events
from qipp_assure.submissions.drafts import begin_draft, remove_part, replace_draft, save_part
from qipp_assure.submissions.identity import WrongReturn
from qipp_assure.submissions.models import Draft, DraftPart
from qipp_assure.submissions.queries import (
    document_of,
    find_draft,
    find_part,
    had_a_hand_in,
    list_drafts,
    list_parts,
)
from qipp_assure.vocabulary import SYSTEM, NotAllowed, Refused, ReturnKind, Stale

PLAN, CARD = ReturnKind.PLAN, ReturnKind.REPORT_CARD


def begin(session, world, actor=SYSTEM, kind=PLAN, period="", code="Q30"):
    region, round_ = world.region(session, code), world.round(session)
    return begin_draft(session, actor, region, round_, kind, period)


@pytest.fixture
def draft_id(database, world):
    """A draft that holds the world's plan."""
    with database.writing() as session:
        draft = begin(session, world)
        replace_draft(session, SYSTEM, draft, world.plan(), "test")
        return draft.id


def test_a_new_draft_says_which_return_it_is(database, world):
    with database.writing() as session:
        draft = begin(session, world, world.actors["lead"])
        assert document_of(session, draft) == {
            "template": "plan@2011.1",
            "region": "Q30",
            "round": "plans-2011",
        }
        assert begin(session, world, world.actors["lead"]) is draft
        card = begin(session, world, kind=CARD, period="2011-06")
        assert document_of(session, card)["period"] == "2011-06"
        region, round_ = world.region(session), world.round(session)
        assert list_drafts(session, region, round_) == [draft, card]
        assert find_draft(session, region, round_, CARD, "2011-07") is None


@pytest.mark.parametrize(
    ("kind", "period", "code"),
    [(CARD, "2012-04", "Q30"), (CARD, "", "Q30"), (PLAN, "2011-04", "Q30"), (PLAN, "", "DH")],
)
def test_returns_for_which_the_round_has_no_place(database, world, kind, period, code):
    with pytest.raises(Refused), database.writing() as session:
        begin(session, world, kind=kind, period=period, code=code)


@pytest.mark.parametrize("name", ["neighbour", "reviewer", "admin", "director", "contributor"])
def test_only_its_writers_touch_a_draft(database, world, draft_id, name):
    actor = world.actors[name]
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        part = find_part(session, draft, "initiatives", "i1")
        assert part is not None
        with pytest.raises(NotAllowed):
            begin(session, world, actor)
        with pytest.raises(NotAllowed):
            replace_draft(session, actor, draft, world.plan(), "test")
        with pytest.raises(NotAllowed):
            save_part(session, actor, draft, "initiatives", "i1", {}, expected_version=part.version)
        with pytest.raises(NotAllowed):
            remove_part(session, actor, draft, "initiatives", "i1", expected_version=part.version)


def test_a_body_edits_the_share_that_was_given_to_it(database, world, draft_id):
    with database.writing() as session:
        draft, body = session.get_one(Draft, draft_id), {"id": "i9", "name": "Ours"}
        lead, contributor = world.actors["lead"], world.actors["contributor"]
        given_away = save_part(
            session, lead, draft, "initiatives", "i9", body, expected_version=0, owner="5D7"
        )
        body["name"] = "Ours, and better"
        version = given_away.version
        saved = save_part(
            session, contributor, draft, "initiatives", "i9", body, expected_version=version
        )
        assert saved.owner_organisation == "5D7"
        assert saved.saved_by_name == contributor.name
        round_ = world.round(session)
        assert had_a_hand_in(session, contributor.person_id, draft.organisation, round_)
        reviewer = world.actors["reviewer"]
        assert not had_a_hand_in(session, reviewer.person_id, draft.organisation, round_)
        assert not had_a_hand_in(session, None, draft.organisation, round_)


def test_the_document_comes_back_as_it_went_in(database, world, draft_id):
    with database.reading() as session:
        draft = session.get_one(Draft, draft_id)
        assert document_of(session, draft) == world.plan()
        assert {part.kind for part in list_parts(session, draft)} == {"section", "initiatives"}


def test_saving_a_part_raises_version_and_revision(database, world, draft_id):
    lead = world.actors["lead"]
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        before = draft.revision
        part = find_part(session, draft, "section", "workstreams")
        assert part is not None
        body = [{"id": "w1", "name": "Medicines"}, "what does not parse yet\x00", None]
        saved = save_part(
            session, lead, draft, "section", "workstreams", body, expected_version=part.version
        )
        assert draft.revision == before + 1
        assert saved.version == draft.revision
        assert document_of(session, draft)["workstreams"] == body
    with database.reading() as session:
        draft = session.get_one(Draft, draft_id)
        assert document_of(session, draft)["workstreams"] == body
        assert list_events(session, "draft", str(draft_id))[0].event == "part_saved"


def test_no_version_comes_twice(database, world, draft_id):
    """A part that was removed and added again is not the part that somebody still has open."""
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        part = find_part(session, draft, "initiatives", "i1")
        assert part is not None
        seen = part.version
        remove_part(session, SYSTEM, draft, "initiatives", "i1", expected_version=seen)
        assert [each["id"] for each in document_of(session, draft)["initiatives"]] == ["i2"]
        save_part(session, SYSTEM, draft, "initiatives", "i1", {"id": "i1"}, expected_version=0)
        with pytest.raises(Stale):
            save_part(session, SYSTEM, draft, "initiatives", "i1", {}, expected_version=seen)
        with pytest.raises(Stale):
            save_part(session, SYSTEM, draft, "initiatives", "i1", {}, expected_version=0)
        with pytest.raises(Stale):
            remove_part(session, SYSTEM, draft, "initiatives", "i1", expected_version=seen)
        with pytest.raises(Stale):
            save_part(session, SYSTEM, draft, "initiatives", "new", {}, expected_version=3)


def test_two_saving_one_part_at_once(database, world, draft_id):
    """One wins and the other is told, every time; the winner's words stand."""
    for number in range(20):
        with database.reading() as session:
            draft = session.get_one(Draft, draft_id)
            part = find_part(session, draft, "initiatives", "i1")
            assert part is not None
            seen = part.version
        barrier = threading.Barrier(2)
        outcomes: dict[str, str] = {}

        def save(name, seen=seen, barrier=barrier, outcomes=outcomes, number=number):
            barrier.wait()
            try:
                with database.writing() as session:
                    draft = session.get_one(Draft, draft_id)
                    body = {"id": "i1", "name": f"{name} {number}"}
                    save_part(
                        session, SYSTEM, draft, "initiatives", "i1", body, expected_version=seen
                    )
                    outcomes[name] = "saved"
            except Stale:
                outcomes[name] = "stale"

        threads = [threading.Thread(target=save, args=(name,)) for name in ("ann", "bob")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes.values()) == ["saved", "stale"]
        winner = next(name for name, outcome in outcomes.items() if outcome == "saved")
        with database.reading() as session:
            draft = session.get_one(Draft, draft_id)
            assert document_of(session, draft)["initiatives"][0]["name"] == f"{winner} {number}"


def test_replacing_leaves_alone_what_does_not_differ(database, world, draft_id):
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        versions = {part.key: part.version for part in list_parts(session, draft)}
        changed = world.plan()
        changed["initiatives"][0]["name"] = "Switch, faster"
        changed["initiatives"].append({"id": "i3", "name": "New"})
        del changed["programmes"]
        outcome = replace_draft(session, SYSTEM, draft, changed, "workbook plan.xlsx")
        assert (outcome.added, outcome.changed, outcome.removed) == (1, 1, 1)
        assert document_of(session, draft) == changed
        now = {part.key: part.version for part in list_parts(session, draft)}
        assert now["i2"] == versions["i2"]
        assert now["workstreams"] == versions["workstreams"]
        assert now["i1"] == now["i3"] == draft.revision
        again = replace_draft(session, SYSTEM, draft, changed, "the same again")
        assert (again.added, again.changed, again.removed) == (0, 0, 0)


def test_the_order_of_items_is_kept(database, world, draft_id):
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        turned = world.plan()
        turned["initiatives"].reverse()
        assert replace_draft(session, SYSTEM, draft, turned, "test").changed == 0
        assert [each["id"] for each in document_of(session, draft)["initiatives"]] == ["i2", "i1"]


@pytest.mark.parametrize(
    "changed",
    [
        {"region": "Q31"},
        {"round": "plans-2012"},
        {"template": "plan@2012.1"},
        {"period": "2011-06"},
    ],
)
def test_another_regions_document_is_refused_whole(database, world, draft_id, changed):
    def act():
        with database.writing() as session:
            draft = session.get_one(Draft, draft_id)
            replace_draft(session, SYSTEM, draft, world.plan(workstreams=[], **changed), "test")

    with pytest.raises(WrongReturn, match="should be"):
        act()
    with database.reading() as session:
        assert document_of(session, session.get_one(Draft, draft_id)) == world.plan()


@pytest.mark.parametrize(
    "initiatives",
    [
        [{"id": "a"}, {"id": "a"}],
        [{"name": "no id"}],
        ["not an object"],
        [{"id": "x" * 61}],
        [{"id": "a\x00"}],
        [{"id": "../a"}],
        [{"id": "a", "x": float("nan")}],
        [{"id": "a", "x": {1, 2}}],
    ],
)
def test_half_an_import_never_stands(database, world, draft_id, initiatives):
    def act():
        with database.writing() as session:
            draft = session.get_one(Draft, draft_id)
            document = world.plan(workstreams=[], initiatives=initiatives)
            replace_draft(session, SYSTEM, draft, document, "test")

    with pytest.raises(Refused):
        act()
    with database.reading() as session:
        assert document_of(session, session.get_one(Draft, draft_id)) == world.plan()


def test_replacing_what_has_moved_on_is_refused(database, world, draft_id):
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        seen = draft.revision
        replace_draft(session, SYSTEM, draft, world.plan(workstreams=[]), "one")
        with pytest.raises(Stale):
            replace_draft(session, SYSTEM, draft, world.plan(), "two", expected_revision=seen)


def test_what_says_which_return_it_is_stays(database, world, draft_id):
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        part = find_part(session, draft, "section", "region")
        assert part is not None
        version = part.version
        with pytest.raises(Refused, match="cannot be changed"):
            save_part(session, SYSTEM, draft, "section", "region", "Q31", expected_version=version)
        with pytest.raises(Refused, match="cannot be changed"):
            remove_part(session, SYSTEM, draft, "section", "region", expected_version=version)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["background", "finance", "workstreams", "risks"])
ITEMS = st.dictionaries(st.sampled_from(["i1", "i2", "i3", "i4"]), JSON, max_size=4)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.dictionaries(NAMES, JSON, max_size=3), ITEMS), max_size=3))
def test_whatever_is_put_in_comes_out(database, world, documents):
    with database.writing() as session:
        draft = begin(session, world)
        revision = draft.revision
        for sections, found in documents:
            items = [{"id": key, "body": body} for key, body in found.items()]
            document = {**world.plan(), **sections, "initiatives": items}
            replace_draft(session, SYSTEM, draft, document, "test")
            session.expire_all()
            expected = (
                document if items else {k: v for k, v in document.items() if k != "initiatives"}
            )
            assert document_of(session, draft) == expected
            assert draft.revision > revision
            revision = draft.revision


def test_the_database_refuses_two_drafts_of_one_return(database, world, draft_id):
    def twin():
        with database.writing() as session:
            first = session.get_one(Draft, draft_id)
            names = ("kind", "organisation_id", "round_id", "template", "created_at", "changed_at")
            session.add(Draft(**{name: getattr(first, name) for name in names}))

    def plan_with_a_month():
        with database.writing() as session:
            session.get_one(Draft, draft_id).period = "2011-06"

    def part_twice():
        with database.writing() as session:
            first = find_part(session, session.get_one(Draft, draft_id), "initiatives", "i1")
            names = ("draft_id", "kind", "key", "position", "version", "body", "saved_at")
            values = {name: getattr(first, name) for name in names}
            session.add(DraftPart(**values, saved_by_name="x"))

    for act in (twin, plan_with_a_month, part_twice):
        with pytest.raises(IntegrityError):
            act()
