"""A part of the demonstration year loaded, on both databases: sealed, judged, rated, released."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from qipp_assure.accounts.models import Person, RoleGrant
from qipp_assure.accounts.queries import has_demonstration_accounts
from qipp_assure.accounts.sign_in import SignInOutcome, sign_in
from qipp_assure.database import Database
from qipp_assure.demonstration.loading import NotEmpty, load
from qipp_assure.demonstration.plans import ROUND
from qipp_assure.organisations.models import Organisation
from qipp_assure.ratings.assessing import rate_submission
from qipp_assure.ratings.context import criteria_of, inputs_of
from qipp_assure.ratings.models import Assessment, Basis, Judgement, RatingRow, Release
from qipp_assure.ratings.queries import latest_assessment, read_result
from qipp_assure.returns.bundle import assessment_document
from qipp_assure.rounds.queries import allocations_of, get_round
from qipp_assure.submissions.models import Draft, Submission
from qipp_assure.submissions.queries import find_latest, read_content
from qipp_assure.vocabulary import SYSTEM, Because, Rating, ReturnKind, Role

PASSWORD = "heron-teasel-quill-marl-4821"
FIRST, LAST = "2011-04", "2012-03"
PART = ({"Q30", "Q34"}, {FIRST, LAST})


@pytest.fixture(scope="module")
def loaded(year, tmp_path_factory) -> Iterator[Database]:
    """Loaded once for the tests that only read."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('demonstration') / 'part.db'}")
    database.upgrade()
    load(database, PASSWORD, lambda _: None, year.only(*PART))
    yield database
    database.dispose()


def all_of(session, model):
    return session.scalars(select(model)).all()


def test_what_is_loaded_is_sealed_judged_rated_and_released(database, year):
    said: list[str] = []
    counts = load(database, PASSWORD, said.append, year.only(*PART))
    assert (counts.plans, counts.cards, counts.organisations) == (2, 4, len(year.bodies))
    assert len(said) == 1 + 2 + 2
    with database.reading() as session:
        round_ = get_round(session, ROUND)
        sealed = all_of(session, Submission)
        assert len(sealed) == 6
        for submission in sealed:
            code = submission.organisation.code
            document = read_content(submission)
            if submission.kind is ReturnKind.PLAN:
                assert document == year.plans[code]
            else:
                assert document == year.cards[code, submission.period]
            assert document.get("plan_digest", submission.digest) in {
                one.digest for one in sealed if one.kind is ReturnKind.PLAN
            }
            assert latest_assessment(session, submission, Basis.REVIEWED) is not None
            assert latest_assessment(session, submission, Basis.COMPUTED) is not None
        # A draft of each plan stays, for its people to go on with.
        assert len(all_of(session, Draft)) == 2
        released = {
            (one.assessment.submission.organisation.code, one.assessment.submission.period)
            for one in all_of(session, Release)
        }
        assert released == {("Q30", ""), ("Q30", FIRST), ("Q30", LAST), ("Q34", FIRST)}
        region = session.scalars(select(Organisation).where(Organisation.code == "Q30")).one()
        assert allocations_of(session, round_, region) == year.allocations["Q30"].baseline


def test_judgements_are_whole_but_for_the_region_left_to_the_desk(loaded):
    with loaded.reading() as session:
        outstanding = {}
        for submission in all_of(session, Submission):
            found = latest_assessment(session, submission, Basis.REVIEWED)
            outstanding[submission.organisation.code, submission.period] = sum(
                check["because"] == Because.JUDGEMENT_OUTSTANDING
                for subject in read_result(found)["subjects"]
                for criterion in subject["criteria"]
                for check in criterion["checks"]
            )
        assert outstanding["Q30", ""] == outstanding["Q30", LAST] == 0
        assert 0 < outstanding["Q34", ""] < 30
        judgements = all_of(session, Judgement)
        assert {one.rating for one in judgements} == {Rating.RED, Rating.AMBER, Rating.GREEN}
        assert all("{" not in one.reason for one in judgements)
        authors = {
            one.author_id: session.get(Person, one.author_id).email for one in judgements
        }.values()
        assert set(authors) == {"reviewer2@qipp.example"}


def test_rating_again_gives_the_assessment_that_is_kept(loaded):
    with loaded.writing() as session:
        region = session.scalars(select(Organisation).where(Organisation.code == "Q30")).one()
        card = find_latest(session, region, get_round(session, ROUND), ReturnKind.REPORT_CARD, LAST)
        kept = latest_assessment(session, card, Basis.REVIEWED)
        assert rate_submission(session, SYSTEM, card, Basis.REVIEWED).id == kept.id
        inputs = inputs_of(session, card, Basis.REVIEWED)
        again = assessment_document(
            inputs, inputs.assess(criteria_of(session, card.round, card.template))
        )
        assert again == read_result(kept)
        assert session.scalar(select(func.count()).select_from(RatingRow)) > 1_000


def test_ratings_are_a_believable_mixture(loaded):
    with loaded.reading() as session:
        kept = all_of(session, Assessment)
        found = {
            row.rating
            for one in kept
            if one.basis is Basis.REVIEWED
            for row in session.scalars(select(RatingRow).where(RatingRow.assessment_id == one.id))
            if row.subject_kind == "initiative"
        }
        assert found == set(Rating)


def test_there_is_an_account_for_every_role_and_it_opens(loaded):
    with loaded.reading() as session:
        assert {grant.role for grant in all_of(session, RoleGrant)} == set(Role)
        assert has_demonstration_accounts(session)
        assert all(person.is_demonstration for person in all_of(session, Person))
        assert not any(grant.is_pending for grant in all_of(session, RoleGrant))
    signed = sign_in(loaded, "lead.london@qipp.example", PASSWORD)
    assert signed.outcome is SignInOutcome.SIGNED_IN


def test_a_database_that_holds_anything_is_left_as_it_is(loaded, year):
    with pytest.raises(NotEmpty, match="not empty"):
        load(loaded, PASSWORD, lambda _: None, year.only(*PART))


def test_a_load_that_fails_leaves_nothing(database, year):
    def stumble(line: str) -> None:
        if line.startswith("Report cards"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(database, PASSWORD, stumble, year.only(*PART))
    with database.reading() as session:
        for model in (Organisation, Person, Submission, Assessment):
            assert all_of(session, model) == []
