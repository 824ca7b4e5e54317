"""What is kept of ratings: judgements by the right people, assessments whole, releases once."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from qipp_assure.accounts.services import grant_role
from qipp_assure.ratings.models import (
    Assessment,
    Basis,
    FrozenContext,
    Judgement,
    RatedPart,
    RatingRow,
    Release,
)
from qipp_assure.ratings.queries import (
    count_ratings,
    criteria_of,
    current_judgements,
    has_judged,
    is_released,
    judgements_document,
    judgements_on,
    latest_assessment,
    list_criteria_versions,
    list_judgements,
    list_ratings,
    rating_matrix,
    ratings_for_direction,
    read_context,
    read_judgements,
    read_result,
)
from qipp_assure.ratings.rows import rows_of
from qipp_assure.ratings.services import (
    MAX_REASON,
    publish_criteria_version,
    record_judgements,
    release_assessment,
    store_assessment,
)
from qipp_assure.returns.canonical import digest
from qipp_assure.submissions.models import Submission
from qipp_assure.submissions.services import seal_return
from qipp_assure.vocabulary import SYSTEM, NotAllowed, Rating, Refused, ReturnKind, Role
from tests.ratings.sample import RESULT_CRITERIA_TEXT, judge, sample_result, verdict

AT = datetime(2011, 4, 28, 12, 0, tzinfo=UTC)
CONTEXT = {"challenge_gbp": 1_000_000_000, "allocations": {"5D7": 500_000_000}}
FIELDS = {
    *("set", "version", "check", "check_digest", "subject_kind", "subject_id"),
    *("rating", "reason", "by", "at"),
}
CRITERIA = digest(RESULT_CRITERIA_TEXT.encode())


@pytest.fixture
def sealed(database, world):
    """The id of a sealed plan of the North East, by published criteria."""
    with database.writing() as session:
        publish(session)
        region, round_ = world.region(session), world.round(session)
        director = world.actors["director"]
        return seal_return(session, director, region, round_, world.plan()).id


def publish(session, actor=SYSTEM, **changed):
    values = {"set_id": "plan", "version": "2011.1", "text": RESULT_CRITERIA_TEXT, **changed}
    return publish_criteria_version(session, actor, **values)


def store(session, submission, **changed):
    values = {
        "basis": Basis.REVIEWED,
        "as_of": date(2011, 4, 28),
        "context": CONTEXT,
        "judgements": judgements_document(current_judgements(session, submission.id)),
        "result": sample_result(CRITERIA),
        **changed,
    }
    return store_assessment(session, SYSTEM, submission, **values)


def test_a_published_version_never_changes(database, world):
    with database.writing() as session:
        first = publish(session, world.actors["approver"])
        assert first.digest == CRITERIA
        assert publish(session).id == first.id
        with pytest.raises(Refused, match="new version number"):
            publish(session, text=RESULT_CRITERIA_TEXT + "# softer\n")
        publish(session, version="2011.2", text=RESULT_CRITERIA_TEXT + "# softer\n")
        for name in ("reviewer", "admin", "lead", "analyst"):
            with pytest.raises(NotAllowed):
                publish(session, world.actors[name], version="2011.3")
        found = list_criteria_versions(session)
        assert [each.version for each in found] == ["2011.1", "2011.2"]
        assert found[0].text == RESULT_CRITERIA_TEXT


def test_the_last_judgement_counts_and_the_first_stays(database, world, sealed):
    reviewer = world.actors["reviewer"]
    with database.writing() as session:
        submission = session.get_one(Submission, sealed)
        judge(session, reviewer, submission, rating=Rating.AMBER, reason="Vague.")
        judge(session, reviewer, submission)
        judge(session, reviewer, submission, subject_id="i1", subject_kind="initiative")
        counting = current_judgements(session, sealed)
        assert [(each.subject_id, each.rating) for each in counting] == [
            ("Q30", Rating.GREEN),
            ("i1", Rating.GREEN),
        ]
        assert len(list_judgements(session, sealed)) == 3
        assert has_judged(session, reviewer.person_id, submission.organisation, submission.round)
        assert not has_judged(session, 999, submission.organisation, submission.round)
        (first, _) = judgements_document(counting)
        assert first["by"] == reviewer.name
        assert set(first) == FIELDS


def test_a_cards_own_judgement_comes_before_the_plans(database, world, sealed):
    reviewer = world.actors["reviewer"]
    with database.writing() as session:
        plan = session.get_one(Submission, sealed)
        region, round_ = world.region(session), world.round(session)
        card = seal_return(session, SYSTEM, region, round_, world.card())
        judge(session, reviewer, card, reason="On the card.")
        judge(session, reviewer, plan, reason="On the plan.", rating=Rating.RED)
        judge(session, reviewer, plan, reason="Only on the plan.", subject_id="i1")
        found = {each["reason"] for each in judgements_on(session, [plan, card])}
        assert found == {"On the card.", "Only on the plan."}


@pytest.mark.parametrize("name", ["lead", "director", "neighbour", "approver", "analyst", "admin"])
def test_who_cannot_judge(database, world, sealed, name):
    with pytest.raises(NotAllowed), database.writing() as session:
        judge(session, world.actors[name], session.get_one(Submission, sealed))


def test_nobody_judges_a_region_they_hold_a_role_for(database, world, sealed):
    with database.writing() as session:
        person, body = world.person(session, "reviewer"), world.region(session, "5D7")
        start = date(2011, 4, 1)
        grant_role(session, SYSTEM, person, Role.CONTRIBUTOR, body, starts_on=start)
    with pytest.raises(NotAllowed), database.writing() as session:
        judge(session, world.actors["reviewer"], session.get_one(Submission, sealed))


def test_nobody_judges_what_they_sent_even_when_they_left(database, world, sealed):
    with database.writing() as session:
        director, body = world.person(session, "director"), world.region(session, "DH")
        start = date(2011, 4, 1)
        grant_role(session, SYSTEM, director, Role.REVIEWER, body, starts_on=start)
        for grant in world.grants(session, "director"):
            if grant.role is Role.REGION_DIRECTOR:
                grant.withdrawn_at = AT
    with pytest.raises(NotAllowed), database.writing() as session:
        judge(session, director.actor, session.get_one(Submission, sealed))


@pytest.mark.parametrize(
    "changed",
    [
        {"rating": Rating.NOT_RATED},
        {"reason": " \n"},
        {"reason": "x" * (MAX_REASON + 1)},
        {"subject_id": "x" * 41},
        {"check_id": "x" * 201},
    ],
)
def test_one_bad_judgement_and_none_is_kept(database, world, sealed, changed):
    def act():
        with database.writing() as session:
            submission = session.get_one(Submission, sealed)
            both = [verdict(), verdict(**changed)]
            record_judgements(session, world.actors["reviewer"], submission, both)

    with pytest.raises(Refused):
        act()
    with database.reading() as session:
        assert list_judgements(session, sealed) == []


@pytest.mark.parametrize("changed", [{"rating": Rating.NOT_RATED}, {"reason": "  "}])
def test_the_database_refuses_them_too(database, world, sealed, changed):
    def act():
        with database.writing() as session:
            values = {
                "submission_id": sealed,
                "set_id": "plan",
                "version": "2011.1",
                "check_id": "c",
                "check_digest": "a" * 64,
                "subject_kind": "plan",
                "subject_id": "Q30",
                "rating": Rating.GREEN,
                "reason": "Good.",
                "author_name": "x",
                "at": AT,
                **changed,
            }
            session.add(Judgement(**values))

    with pytest.raises(IntegrityError):
        act()


def test_an_assessment_is_kept_with_all_that_it_rests_on(database, world, sealed):
    with database.writing() as session:
        submission = session.get_one(Submission, sealed)
        judge(session, world.actors["reviewer"], submission)
        made = store(session, submission).id
    with database.reading() as session:
        found = session.get_one(Assessment, made)
        assert read_context(session, found.context_digest) == CONTEXT
        assert found.context_digest == digest(CONTEXT)
        assert read_result(found) == sample_result(CRITERIA)
        assert digest(found.result) == found.result_digest
        assert digest(found.judgements) == found.judgements_digest
        assert read_judgements(found)[0]["reason"] == "The vision is clear."
        assert criteria_of(found) == [{"set": "plan", "version": "2011.1", "digest": CRITERIA}]
        rows = list_ratings(session, [made])
        assert [(row.subject_id, row.part.value, row.rating.value) for row in rows] == [
            ("Q30", "overall", "amber"),
            ("Q30", "half", "amber"),
            ("Q30", "area", "amber"),
            ("Q30", "criterion", "not_rated"),
            ("i1", "overall", "green"),
        ]
        assert rows[3].title == "Vision <script>\ufffd"
        assert rows[4].parent_id == "w1"
        assert [row.id for row in list_ratings(session, [made], subject_kinds=["initiative"])] == [
            rows[4].id
        ]
        again = list(rows_of(read_result(found)))
        assert [row["rating"] for row in again] == [row.rating for row in rows]
        with pytest.raises(KeyError):
            read_context(session, "0" * 64)


def test_the_same_assessment_is_kept_once(database, world, sealed):
    with database.writing() as session:
        submission = session.get_one(Submission, sealed)
        first = store(session, submission)
        assert store(session, submission) is first
        rows = count_ratings(session)
        second = store(session, submission, result=sample_result(CRITERIA, "red"))
        assert second.id != first.id
        assert count_ratings(session) == 2 * rows
        assert store(session, submission).id not in (first.id, second.id)  # what changed back
        assert store(session, submission, basis=Basis.COMPUTED).id != first.id
        contexts = session.scalar(select(func.count()).select_from(FrozenContext))
        assert contexts == 1


def test_criteria_that_were_never_published_rate_nothing(database, world, sealed):
    with database.writing() as session:
        submission = session.get_one(Submission, sealed)
        with pytest.raises(Refused, match="not published"):
            store(session, submission, result=sample_result("0" * 64))
        wrong = sample_result(CRITERIA)
        wrong["criteria"][0]["version"] = "1999.1"
        with pytest.raises(Refused, match="not published"):
            store(session, submission, result=wrong)


def test_which_assessment_counts(database, world, sealed):
    with database.writing() as session:
        submission = session.get_one(Submission, sealed)
        assert latest_assessment(session, submission) is None
        computed = store(session, submission, basis=Basis.COMPUTED)
        assert latest_assessment(session, submission) is computed
        reviewed = store(session, submission)
        later = store(
            session, submission, basis=Basis.COMPUTED, result=sample_result(CRITERIA, "red")
        )
        assert latest_assessment(session, submission) is reviewed
        assert latest_assessment(session, submission, Basis.COMPUTED) is later
        assert latest_assessment(session, submission, released_only=True) is None
        release_assessment(session, world.actors["approver"], reviewed)
        newer = store(session, submission, result=sample_result(CRITERIA, "green"))
        assert latest_assessment(session, submission) is newer
        assert latest_assessment(session, submission, released_only=True) is reviewed
        assert is_released(session, reviewed)
        assert not is_released(session, newer)


def test_releasing(database, world, sealed):
    approver, reviewer = world.actors["approver"], world.actors["reviewer"]
    with database.writing() as session:
        submission = session.get_one(Submission, sealed)
        judge(session, reviewer, submission)
        reviewed = store(session, submission)
        computed = store(session, submission, basis=Basis.COMPUTED)
        for name in ("reviewer", "lead", "analyst", "admin"):
            with pytest.raises(NotAllowed):
                release_assessment(session, world.actors[name], reviewed)
        with pytest.raises(Refused, match="reviewers' judgements"):
            release_assessment(session, approver, computed)
        released = release_assessment(session, approver, reviewed)
        assert release_assessment(session, approver, reviewed) is released
        assert session.scalar(select(func.count()).select_from(Release)) == 1


def test_nobody_releases_what_they_reviewed(database, world, sealed):
    with database.writing() as session:
        both, body = world.person(session, "reviewer"), world.region(session, "DH")
        start = date(2011, 4, 1)
        grant_role(session, SYSTEM, both, Role.APPROVER, body, starts_on=start)
        submission = session.get_one(Submission, sealed)
        judge(session, both.actor, submission)
        assessment = store(session, submission)
        with pytest.raises(NotAllowed, match="neither wrote nor reviewed"):
            release_assessment(session, both.actor, assessment)


def test_two_releasing_at_once(database, world, sealed):
    with database.writing() as session:
        made = store(session, session.get_one(Submission, sealed)).id
    found = []

    def act():
        with database.writing() as session:
            assessment = session.get_one(Assessment, made)
            found.append(release_assessment(session, world.actors["approver"], assessment).id)

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_the_matrix_takes_four_queries_however_large(database, world, sealed, count_queries):
    with database.writing() as session:
        store(session, session.get_one(Submission, sealed))
    with database.reading() as session:
        round_ = world.round(session)
        with count_queries(database) as counted:
            first, second = rating_matrix(session, round_, ReturnKind.PLAN)
        assert len(counted) == 4
        assert (first.organisation.code, second.organisation.code) == ("Q30", "Q31")
        assert second.submission is None
        assert second.cells == {}
        assert first.cells["", RatedPart.OVERALL, ""].rating is Rating.AMBER
        assert first.cells["plan", RatedPart.AREA, "background"].title == "Background"
        assert len(first.cells) == 4
        released = rating_matrix(session, round_, ReturnKind.PLAN, released_only=True)
        assert released[0].assessment is None
        assert released[0].submission is not None


def test_direction_is_taken_from_what_was_kept(database, world, sealed):
    with database.writing() as session:
        assessment = store(session, session.get_one(Submission, sealed))
        assert ratings_for_direction(session, assessment) == [
            {"kind": "region", "id": "Q30", "halves": {"progress": "amber"}, "overall": "amber"},
            {"kind": "initiative", "id": "i1", "halves": {}, "overall": "green"},
        ]


@pytest.mark.parametrize(
    "changed", [{"because": None}, {"rating": Rating.GREEN}, {"assessment_id": 999}]
)
def test_the_database_refuses_impossible_ratings(database, world, sealed, changed):
    with database.writing() as session:
        made = store(session, session.get_one(Submission, sealed)).id
    with database.reading() as session:
        row = list_ratings(session, [made], parts=[RatedPart.CRITERION])[0]
    names = [column.name for column in RatingRow.__table__.columns if column.name != "id"]
    values = {**{name: getattr(row, name) for name in names}, **changed}

    def act():
        with database.writing() as session:
            session.add(RatingRow(**values))

    with pytest.raises(IntegrityError):
        act()
