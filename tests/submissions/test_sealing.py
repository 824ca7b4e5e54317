"""Submitting: sealed for good, safe to repeat, never half, and never somebody else's return."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from qipp_assure.audit.queries import list_events, verify_chain
from qipp_assure.returns.canonical import canonical_bytes, digest
from qipp_assure.returns.validation import ReturnFaults
from qipp_assure.submissions.drafts import begin_draft, replace_draft, save_part
from qipp_assure.submissions.identity import WrongReturn
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.queries import (
    UnknownSubmission,
    count_submissions,
    faults_of_seal,
    find_export,
    find_latest,
    find_part,
    get_submission,
    had_a_hand_in,
    list_imports,
    list_latest,
    list_versions,
    read_content,
)
from qipp_assure.submissions.services import (
    IncomingFile,
    record_export,
    record_import,
    seal_return,
    submit_draft,
)
from qipp_assure.vocabulary import SYSTEM, NotAllowed, Refused, ReturnKind, Stale

PLAN, CARD = ReturnKind.PLAN, ReturnKind.REPORT_CARD
AT = datetime(2011, 3, 25, 16, 30, tzinfo=UTC)


def seal(session, world, document, actor=SYSTEM, code="Q30"):
    region, round_ = world.region(session, code), world.round(session)
    return seal_return(session, actor, region, round_, document, AT)


@pytest.fixture
def draft_id(database, world):
    with database.writing() as session:
        region, round_ = world.region(session), world.round(session)
        draft = begin_draft(session, SYSTEM, region, round_, PLAN)
        replace_draft(session, SYSTEM, draft, world.plan(), "test")
        return draft.id


def submit(database, draft_id, actor, **options):
    with database.writing() as session:
        return submit_draft(session, actor, session.get_one(Draft, draft_id), **options)


def test_what_is_sealed(database, world, draft_id):
    director = world.actors["director"]
    sealed = submit(database, draft_id, director, at=AT)
    with database.reading() as session:
        found = get_submission(session, sealed.id)
        assert found.content == canonical_bytes(world.plan())
        assert found.digest == digest(world.plan())
        assert (found.version_number, found.supersedes_id) == (1, None)
        assert (found.submitted_by_id, found.submitted_at) == (director.person_id, AT)
        assert read_content(found) == world.plan()
        assert faults_of_seal(found) == []
        event = list_events(session, "submission", str(found.id))[0]
        assert event.event == "plan_submitted"
        assert event.actor_name == director.name
        assert json.loads(event.details)["seal"] == found.seal
        assert had_a_hand_in(session, director.person_id, found.organisation, found.round)
        # The draft stays, to be written on for the next version.
        assert find_part(session, session.get_one(Draft, draft_id), "initiatives", "i1")


def test_submitting_again_gives_the_same_back(database, world, draft_id):
    first = submit(database, draft_id, world.actors["lead"])
    again = submit(database, draft_id, world.actors["director"])
    assert (again.id, again.submitted_by_name) == (first.id, world.actors["lead"].name)
    with database.reading() as session:
        assert len(list_events(session, "submission", str(first.id))) == 1


def test_a_changed_draft_makes_a_new_version(database, world, draft_id):
    first = submit(database, draft_id, SYSTEM)
    with database.writing() as session:
        draft = session.get_one(Draft, draft_id)
        part = find_part(session, draft, "initiatives", "i1")
        assert part is not None
        save_part(
            session,
            SYSTEM,
            draft,
            "initiatives",
            "i1",
            {"id": "i1", "name": "Renamed"},
            expected_version=part.version,
        )
    second = submit(database, draft_id, SYSTEM)
    assert (second.version_number, second.supersedes_id) == (2, first.id)
    with database.reading() as session:
        region, round_ = world.region(session), world.round(session)
        versions = list_versions(session, region, round_, PLAN)
        assert [each.version_number for each in versions] == [2, 1]
        latest = find_latest(session, region, round_, PLAN)
        assert latest is not None
        assert latest.id == second.id
        assert [each.id for each in list_latest(session, round_, PLAN)] == [second.id]


def test_a_draft_with_faults_is_not_sealed(database, world, draft_id):
    def break_it():
        with database.writing() as session:
            draft = session.get_one(Draft, draft_id)
            document = world.plan(
                workstreams=[{"id": "w1", "name": "x"}, {"id": "w1", "name": 7}],
                finance={"challenge_gbp": "about a billion"},
            )
            replace_draft(session, SYSTEM, draft, document, "test")

    break_it()
    with pytest.raises(ReturnFaults) as caught:
        submit(database, draft_id, SYSTEM)
    assert {fault.path for fault in caught.value.faults} >= {"finance.challenge_gbp"}
    with database.reading() as session:
        assert count_submissions(session) == 0


def test_a_draft_that_moved_on_is_not_sealed(database, world, draft_id):
    with pytest.raises(Stale):
        submit(database, draft_id, SYSTEM, expected_revision=1)
    with database.reading() as session:
        revision = session.get_one(Draft, draft_id).revision
    assert submit(database, draft_id, SYSTEM, expected_revision=revision).version_number == 1


@pytest.mark.parametrize("name", ["neighbour", "contributor", "reviewer", "approver", "admin"])
def test_who_cannot_submit(database, world, draft_id, name):
    with pytest.raises(NotAllowed):
        submit(database, draft_id, world.actors[name])
    with pytest.raises(NotAllowed), database.writing() as session:
        seal(session, world, world.plan(), world.actors[name])
    with database.reading() as session:
        assert count_submissions(session) == 0


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"region": "Q31"}, WrongReturn),
        ({"round": "plans-2012"}, WrongReturn),
        ({"period": "2011-06"}, ReturnFaults),
        ({"template": "plan@1999.1"}, ReturnFaults),
        ({"initiatives": [{"name": "no id"}]}, ReturnFaults),
    ],
)
def test_documents_that_are_not_this_return(database, world, changed, refusal):
    with pytest.raises(refusal), database.writing() as session:
        seal(session, world, world.plan(**changed))


def test_cards_by_month(database, world):
    with database.writing() as session:
        for period in ("2011-07", "2011-06"):
            seal(session, world, world.card(period=period))
        seal(session, world, world.card(region="Q31"), code="Q31")
        with pytest.raises(Refused, match="none of the months"):
            seal(session, world, world.card(period="2012-04"))
    with database.reading() as session:
        round_, region = world.round(session), world.region(session)
        found = list_latest(session, round_, CARD)
        assert [(each.organisation.code, each.period) for each in found] == [
            ("Q30", "2011-06"),
            ("Q30", "2011-07"),
            ("Q31", "2011-06"),
        ]
        assert len(list_latest(session, round_, CARD, period="2011-06")) == 2
        assert len(list_latest(session, round_, CARD, organisation=region)) == 2
        with_content = list_latest(session, round_, CARD, period="2011-07", with_content=True)
        assert read_content(with_content[0])["period"] == "2011-07"
        assert faults_of_seal(with_content[0]) == []


def test_the_latest_of_all_regions_takes_one_query(database, world, count_queries):
    with database.writing() as session:
        seal(session, world, world.plan())
        seal(session, world, world.plan(region="Q31"), code="Q31")
    with database.reading() as session:
        round_ = world.round(session)
        with count_queries(database) as counted:
            found = list_latest(session, round_, PLAN, with_content=True)
            assert [each.organisation.name for each in found] == ["North East", "North West"]
            assert all(read_content(each) for each in found)
    assert len(counted) == 1


def at_once(acts):
    """Run acts at the same moment and give back what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            outcomes.append(act())
        except (Refused, ReturnFaults) as refusal:
            outcomes.append(refusal)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == len(acts)
    return outcomes


def test_two_submitting_one_draft_at_once(database, world, draft_id):
    acts = [lambda: submit(database, draft_id, world.actors["lead"]).id] * 2
    for _ in range(10):
        assert len(set(at_once(acts))) == 1
    with database.reading() as session:
        assert count_submissions(session) == 1
        assert verify_chain(session) == []


def test_two_submitting_different_documents_at_once(database, world):
    """Both are kept, one after the other, as versions with one lineage."""

    def act(name):
        with database.writing() as session:
            return seal(session, world, world.plan(workstreams=[{"id": "w1", "name": name}])).id

    documents = [f"{who} {number}" for number in range(5) for who in ("ann", "bob")]
    for first, second in zip(documents[::2], documents[1::2], strict=True):
        plan_names = (first, second)
        at_once([lambda name=name: act(name) for name in plan_names])
    with database.reading() as session:
        versions = list(session.scalars(select(Submission).order_by(Submission.id)))
        assert [each.version_number for each in versions] == list(range(1, 11))
        assert [each.supersedes_id for each in versions[1:]] == [each.id for each in versions[:-1]]


def test_the_seal_tells_what_was_changed(database, world):
    with database.writing() as session:
        made = seal(session, world, world.plan()).id
    with database.reading() as session:
        found = get_submission(session, made)
        assert found.content
        session.expunge_all()
    found.content += b" "
    assert faults_of_seal(found) == ["the content is not what was sealed"]
    found.content = found.content[:-1]
    found.submitted_by_name = "somebody else"
    assert faults_of_seal(found) == ["what is said about the content is not what was sealed"]


def test_a_return_has_one_lineage(database, world):
    def fork():
        with database.writing() as session:
            first = seal(session, world, world.plan())
            second = seal(session, world, world.plan(background={"vision": "Changed"}))
            names = [column.name for column in Submission.__table__.columns if column.name != "id"]
            values = {name: getattr(second, name) for name in names}
            values.update(version_number=3, supersedes_id=first.id, seal="f" * 64)
            session.add(Submission(**values))

    with pytest.raises(IntegrityError):
        fork()


def test_there_is_no_such_submission(database, world):
    with database.reading() as session:
        for number in (0, -1, 7, 10**20):
            with pytest.raises(UnknownSubmission):
                get_submission(session, number)


KILLED = """
import json, sys
from qipp_assure.database import Database
from qipp_assure.organisations.queries import get_by_code
from qipp_assure.rounds.queries import get_round
from qipp_assure.submissions.drafts import replace_draft
from qipp_assure.submissions.models import Draft
from qipp_assure.submissions.services import submit_draft
from qipp_assure.vocabulary import SYSTEM
database = Database(sys.argv[1])
with database.writing() as session:
    draft = session.get(Draft, int(sys.argv[2]))
    document = json.loads(sys.argv[3])
    replace_draft(session, SYSTEM, draft, document, "killed")
    submit_draft(session, SYSTEM, draft)
    print("sealed", flush=True)
    sys.stdin.read()
"""


def test_a_kill_before_the_end_leaves_neither_import_nor_submission(
    database, database_url, world, draft_id
):
    with database.reading() as session:
        before = session.get_one(Draft, draft_id).revision
    changed = json.dumps(world.plan(background={"vision": "Changed"}))
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url, str(draft_id), changed],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"sealed\n"
        process.kill()
    with database.reading() as session:
        assert count_submissions(session) == 0
        assert session.get_one(Draft, draft_id).revision == before
        assert verify_chain(session) == []
    assert submit(database, draft_id, SYSTEM).version_number == 1


def test_what_a_workbook_took_away_is_found_again(database, world, draft_id):
    with database.writing() as session:
        region, round_ = world.region(session), world.round(session)
        draft = session.get_one(Draft, draft_id)
        lead = world.actors["lead"]
        export = record_export(session, lead, region, round_, PLAN, world.plan(), draft=draft)
        revision = draft.revision
        for name in ("neighbour", "admin", "reviewer"):
            with pytest.raises(NotAllowed):
                record_export(session, world.actors[name], region, round_, PLAN, {})
    with database.reading() as session:
        found = find_export(session, export.id)
        assert found is not None
        assert json.loads(found.document) == world.plan()
        assert (found.draft_revision, found.digest) == (revision, digest(world.plan()))
        assert find_export(session, "no such id\x00") is None


def test_what_came_in_is_recorded(database, world):
    file = IncomingFile.of("plan\x00.xlsx", b"PK")
    with database.writing() as session:
        region, lead = world.region(session), world.actors["lead"]
        refused = record_import(session, lead, file, organisation=region, fault_count=3)
        accepted = record_import(session, lead, file, organisation=region, fault_count=0)
        record_import(session, lead, file, organisation=None, fault_count=1)
    with database.reading() as session:
        found = list_imports(session, world.region(session))
        assert [each.id for each in found] == [accepted.id, refused.id]
        assert [each.outcome for each in found] == ["accepted", "refused"]
        assert (found[0].file_name, found[0].size_bytes) == ("plan\ufffd.xlsx", 2)
