"""Signing in: failures are counted, ten of them lock, and links to set a password work once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from qipp_assure.accounts import sign_in as signing
from qipp_assure.accounts.models import PasswordToken, TokenPurpose
from qipp_assure.accounts.passwords import WeakPassword, check_strength, hash_password, matches
from qipp_assure.accounts.services import close_account
from qipp_assure.accounts.sign_in import (
    LOCKED_FOR,
    MAX_FAILURES,
    PASSWORD_LINK_JOB,
    SignInOutcome,
    TokenRefused,
    change_password,
    find_token,
    issue_token,
    request_password_link,
    set_password,
    set_password_by_token,
    sign_in,
)
from qipp_assure.audit.models import AuditEvent
from qipp_assure.jobs.models import Job
from qipp_assure.vocabulary import SYSTEM, Refused

EMAIL = "lead@example.nhs.uk"
PASSWORD = "four small words here"
NOW = datetime(2011, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def signed_up(database, world):
    with database.writing() as session:
        set_password(session, SYSTEM, world.person(session, "lead"), PASSWORD)
    return database


def events(database):
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))


def test_signing_in(signed_up):
    found = sign_in(signed_up, " Lead@Example.NHS.uk ", PASSWORD, NOW)
    assert found.outcome is SignInOutcome.SIGNED_IN
    assert found.person is not None
    assert found.person.last_signed_in_at == NOW
    assert events(signed_up)[-1] == "signed_in"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong"),
        (EMAIL, ""),
        (EMAIL, PASSWORD + "\x00"),
        ("nobody@example.nhs.uk", PASSWORD),
        ("director@example.nhs.uk", PASSWORD),  # has no password yet
        ("nul\x00@example.nhs.uk", "x"),
        ("half\udc80@example.nhs.uk", "half\udc80"),
    ],
)
def test_wrong_is_wrong_whatever_was_wrong(signed_up, email, password):
    assert sign_in(signed_up, email, password, NOW).outcome is SignInOutcome.WRONG
    assert events(signed_up)[-1] == "sign_in_failed"


def test_a_password_in_the_wrong_box_is_not_kept(signed_up):
    sign_in(signed_up, PASSWORD, "", NOW)
    sign_in(signed_up, "Nobody@example.nhs.uk", "", NOW)
    with signed_up.reading() as session:
        latest = select(AuditEvent.details).order_by(AuditEvent.id.desc()).limit(2)
        assert list(session.scalars(latest)) == [
            '{"email":"nobody@example.nhs.uk"}',
            '{"email":null}',
        ]


def test_a_closed_account_cannot_sign_in(signed_up, world):
    with signed_up.writing() as session:
        close_account(session, SYSTEM, world.person(session, "lead"))
    assert sign_in(signed_up, EMAIL, PASSWORD, NOW).outcome is SignInOutcome.WRONG


def test_an_account_without_address_costs_as_much_work(signed_up, monkeypatch):
    tried = []
    monkeypatch.setattr(
        signing, "matches", lambda password, known: tried.append(known) or matches(password, known)
    )
    sign_in(signed_up, "nobody@example.nhs.uk", PASSWORD, NOW)
    assert tried == [None]
    assert not matches(PASSWORD, None)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.nhs.uk"])
def test_being_locked_does_not_tell_who_has_an_account(signed_up, email):
    outcomes = [sign_in(signed_up, email, "wrong", NOW) for _ in range(MAX_FAILURES + 12)]
    assert [one.outcome for one in outcomes[: MAX_FAILURES - 1]] == [SignInOutcome.WRONG] * 9
    assert {one.outcome for one in outcomes[MAX_FAILURES - 1 :]} == {SignInOutcome.LOCKED}
    assert {one.locked_until for one in outcomes[MAX_FAILURES - 1 :]} == {NOW + LOCKED_FOR}
    later = [sign_in(signed_up, email, "wrong", NOW + LOCKED_FOR) for _ in range(MAX_FAILURES)]
    assert [one.outcome for one in later] == [SignInOutcome.WRONG] * 9 + [SignInOutcome.LOCKED]


def test_ten_failures_lock_for_a_quarter_of_an_hour(signed_up):
    for _ in range(MAX_FAILURES - 1):
        assert sign_in(signed_up, EMAIL, "wrong", NOW).outcome is SignInOutcome.WRONG
    locked = sign_in(signed_up, EMAIL, "wrong", NOW)
    assert locked.outcome is SignInOutcome.LOCKED
    assert locked.locked_until == NOW + LOCKED_FOR
    just_before = NOW + LOCKED_FOR - timedelta(seconds=1)
    assert sign_in(signed_up, EMAIL, PASSWORD, just_before).outcome is SignInOutcome.LOCKED
    again = sign_in(signed_up, EMAIL, PASSWORD, NOW + LOCKED_FOR)
    assert again.outcome is SignInOutcome.SIGNED_IN
    assert "account_locked" in events(signed_up)


def test_success_sets_the_count_back(signed_up):
    for _ in range(2):
        for _ in range(MAX_FAILURES - 1):
            sign_in(signed_up, EMAIL, "wrong", NOW)
        assert sign_in(signed_up, EMAIL, PASSWORD, NOW).outcome is SignInOutcome.SIGNED_IN


def test_guesses_made_at_once_are_all_counted(signed_up):
    with ThreadPoolExecutor(8) as pool:
        guesses = range(2 * MAX_FAILURES)
        found = list(pool.map(lambda _: sign_in(signed_up, EMAIL, "wrong", NOW).outcome, guesses))
    assert found.count(SignInOutcome.WRONG) == MAX_FAILURES - 1
    assert sign_in(signed_up, EMAIL, PASSWORD, NOW).outcome is SignInOutcome.LOCKED


def test_a_link_sets_a_password_once(database, world):
    with database.writing() as session:
        person = world.person(session, "director")
        token = issue_token(session, person, TokenPurpose.FIRST_SIGN_IN, NOW)
        before = person.generation
        kept = session.scalars(select(PasswordToken)).one()
        assert token not in (kept.token_digest, str(kept.id))
    with pytest.raises(WeakPassword), database.writing() as session:
        set_password_by_token(session, token, "short", NOW)
    with database.writing() as session:
        changed = set_password_by_token(session, token, PASSWORD, NOW + timedelta(days=6))
        assert changed.generation == before + 1
    with pytest.raises(TokenRefused), database.writing() as session:
        set_password_by_token(session, token, PASSWORD, NOW)
    found = sign_in(database, "director@example.nhs.uk", PASSWORD, NOW)
    assert found.outcome is SignInOutcome.SIGNED_IN


def test_links_that_cannot_be_used(database, world):
    with database.writing() as session:
        person = world.person(session, "director")
        first = issue_token(session, person, TokenPurpose.RESET, NOW)
        second = issue_token(session, person, TokenPurpose.RESET, NOW)
        assert find_token(session, first, NOW) is None  # a newer one was asked for
        assert find_token(session, second, NOW) is not None
        assert find_token(session, second, NOW + timedelta(hours=2)) is None
        assert find_token(session, "unknown", NOW) is None
        assert find_token(session, "half\udc80\x00", NOW) is None
        close_account(session, SYSTEM, person)
        assert find_token(session, second, NOW) is None


def test_asking_for_a_link_tells_nobody_and_keeps_no_secret(database, world):
    with database.writing() as session:
        for email in (EMAIL, "nobody@example.nhs.uk", EMAIL):
            request_password_link(session, email, TokenPurpose.RESET, NOW)
        later = NOW + timedelta(minutes=2)
        request_password_link(session, EMAIL, TokenPurpose.RESET, later)
    with database.reading() as session:
        jobs = list(session.scalars(select(Job)))
        assert [job.kind for job in jobs] == [PASSWORD_LINK_JOB] * 2
        person_id = world.person(session, "lead").id
        assert jobs[0].payload == f'{{"person_id": {person_id}, "purpose": "reset"}}'
        assert session.scalars(select(PasswordToken)).all() == []


def test_changing_ones_own_password(signed_up, world):
    person_id = world.actors["lead"].person_id
    with pytest.raises(Refused, match="current password"):
        change_password(signed_up, person_id, "wrong", "another four small words")
    change_password(signed_up, person_id, PASSWORD, "another four small words")
    found = sign_in(signed_up, EMAIL, "another four small words", NOW)
    assert found.outcome is SignInOutcome.SIGNED_IN
    with pytest.raises(Refused, match="another person"), signed_up.writing() as session:
        set_password(session, world.actors["admin"], world.person(session, "lead"), PASSWORD)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("elevenchars", "at least 12"),
        ("x" * 257, "at most 256"),
        ("ann.smith@example.nhs.uk", "your name"),
        ("Ann-Smith Jones", "your name"),
        ("Password 1234!", "first that anybody"),
        ("Correct Horse Battery Staple", "first that anybody"),
        ("aaaaaaaaaaaaaaa", "first that anybody"),
        ("121212121212", "first that anybody"),
    ],
)
def test_weak_passwords(password, says):
    with pytest.raises(WeakPassword, match=says):
        check_strength(password, "ann.smith@example.nhs.uk", "Ann Smith-Jones")


def test_passwords_of_any_letters():
    for password in ("four small words here", "пароль из четырёх слов", "half\udc80 a surrogate"):
        check_strength(password, "ann@example.nhs.uk", "Ann")
        kept = hash_password(password)
        assert kept.startswith("$argon2id$")
        assert matches(password, kept)
        assert not matches(password + " ", kept)
    assert not matches("x", "not a hash")
