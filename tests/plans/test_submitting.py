"""A region's lead sends a plan in from its page, and everything that can stand against it."""

from __future__ import annotations

import re

import pytest

from qipp_assure.database import Database
from qipp_assure.submissions.models import Draft
from qipp_assure.submissions.queries import count_submissions, list_parts, list_versions
from qipp_assure.vocabulary import ReturnKind
from tests.pages import Pages, send
from tests.sent_in import SentIn, sound_plan

PLAN = "/regions/Q30/plan"
SUBMIT = f"{PLAN}/submit"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: these tests are about pages."""
    return sqlite_database


def revision_on(page: str) -> str:
    """The revision that a page's form would send."""
    found = re.search(r'name="revision"[^>]*value="(\d+)"', page)
    assert found is not None
    return found[1]


def submit(pages: Pages, name: str = "lead") -> str:
    """Submit as the page offers it; what the page says afterwards."""
    client = pages.visit(name)
    fields = {"revision": revision_on(client.get(PLAN).text)}
    answer = send(client, PLAN, fields, to=SUBMIT)
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


def versions(pages: Pages) -> list[tuple[int, str]]:
    """Number and author of each version of the plan, the latest first."""
    with pages.database.reading() as session:
        found = list_versions(
            session,
            pages.world.region(session),
            pages.world.round(session),
            ReturnKind.PLAN,
        )
        return [(one.version_number, one.submitted_by_name) for one in found]


def test_a_sound_draft_goes_in_and_is_rated(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(sound_plan())
    page = submit(pages)
    assert "Plan submitted: version 1 is sealed and rated." in page
    assert versions(pages) == [(1, "lead@example.nhs.uk")]
    assert "Sent in: version 1 is the same." in page
    assert "Submit version" not in page
    (ratings,) = re.findall(r'href="(/regions/Q30/returns/\d+/ratings)"', page)
    assert "A plan for the North East" in pages.visit("lead").get(ratings).text


def test_a_later_version_stands_beside_the_first(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_plan())
    sent_in.draft(sound_plan(background={"vision": "Another vision."}))
    page = pages.visit("lead").get(PLAN).text
    assert "Changed since version 1 was sent in." in page
    assert "Submit version 2" in page
    submit(pages, "director")
    assert [number for number, _ in versions(pages)] == [2, 1]


def test_a_draft_changed_since_the_page_was_read_is_not_sent(pages: Pages, sent_in: SentIn) -> None:
    sent_in.draft(sound_plan())
    client = pages.visit("lead")
    seen = revision_on(client.get(PLAN).text)
    sent_in.draft(sound_plan(background={"vision": "Changed by a colleague."}))
    answer = send(client, PLAN, {"revision": seen}, to=SUBMIT)
    assert answer.status_code == 409
    assert "The draft has changed since you looked at it" in answer.text
    assert versions(pages) == []


@pytest.mark.parametrize("revision", ["", "soon", "99999999999999999999", "-1"])
def test_a_revision_that_is_none_sends_nothing(
    pages: Pages, sent_in: SentIn, revision: str
) -> None:
    sent_in.draft(sound_plan())
    answer = send(pages.visit("lead"), PLAN, {"revision": revision}, to=SUBMIT)
    assert answer.status_code in {303, 409}
    assert versions(pages) == []


def test_the_same_again_is_said_and_not_sent_twice(pages: Pages, sent_in: SentIn) -> None:
    sent_in.submit(sound_plan())
    client = pages.visit("lead")
    with pages.database.reading() as session:
        revision = session.query(Draft).one().revision
    send(client, "/account/password", {"revision": str(revision)}, to=SUBMIT)
    assert "Version 1 of this return is the same as the draft" in client.get(PLAN).text
    assert len(versions(pages)) == 1


def test_faults_are_listed_by_label_and_path_and_keep_the_draft_back(
    pages: Pages, sent_in: SentIn
) -> None:
    plan = sound_plan()
    plan["initiatives"][0]["name"] = 7
    plan["finance"]["challenge_gbp"] = "about £5m"
    draft = sent_in.draft(plan)
    client = pages.visit("lead")
    page = client.get(PLAN).text
    assert "2 faults must be mended before it can be submitted." in page
    assert "Initiative 1: initiative" in page
    assert "initiatives[0].name" in page
    assert re.search(
        r"Finance: size of the challenge <span[^>]*>finance.challenge_gbp</span>", page
    )
    assert "Submit version" not in page

    answer = send(client, "/account/password", {"revision": "2"}, to=SUBMIT)
    assert "Not submitted: the draft has 2 faults" in client.get(answer.headers["Location"]).text
    assert versions(pages) == []
    ratings = client.get(f"/regions/Q30/drafts/{draft}/ratings")
    assert ratings.status_code == 200
    assert "Provisional: computed from the draft as it stands now." in ratings.text


def test_without_a_draft_there_is_nothing_to_submit(pages: Pages, sent_in: SentIn) -> None:
    client = pages.visit("lead")
    assert "No draft has been begun." in client.get(PLAN).text
    assert "No draft has been begun." not in pages.visit("analyst").get(PLAN).text
    answer = send(client, "/account/password", {"revision": "1"}, to=SUBMIT)
    assert answer.status_code == 404
    with pages.database.reading() as session:
        assert count_submissions(session) == 0


def test_a_template_that_nobody_knows_is_said(pages: Pages, sent_in: SentIn) -> None:
    draft = sent_in.draft(sound_plan())
    with pages.database.writing() as session:
        found = session.get_one(Draft, draft)
        part = next(one for one in list_parts(session, found) if one.key == "template")
        part.body = '"plan@1999.1"'
    page = pages.visit("lead").get(PLAN).text
    assert "is not a template known here" in page
