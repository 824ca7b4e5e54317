"""An administrator adds a person and gives a role; the person signs in for the first time."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qipp_assure.accounts.letters import password_link_handler
from qipp_assure.accounts.sign_in import PASSWORD_LINK_JOB
from qipp_assure.jobs.worker import work_once
from qipp_assure.mail.mailer import FileMailer
from tests.pages import PASSWORD

ANN = "ann@example.nhs.uk"
NEW = "another five plain words"


def deliver(live, folder: Path) -> str:
    """Does the waiting job and returns the address in the letter."""
    handler = password_link_handler(live.pages.database, FileMailer(folder), live.url)
    assert work_once(live.pages.database, {PASSWORD_LINK_JOB: handler})
    (file,) = folder.glob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    found = re.search(rf"{live.url}/password/\S+", letter.get_content())
    assert found is not None
    return found[0]


class Keyboard:
    """Somebody who uses the keyboard alone, and looks at every page they come to."""

    def __init__(self, page: Page, tab_to: Callable, look: Callable) -> None:
        self.page = page
        self.tab_to = tab_to
        self.look = look

    def follow(self, selector: str) -> None:
        self.tab_to(self.page, selector)
        self.page.keyboard.press("Enter")

    def fill_in(self, **fields: str) -> None:
        for name, text in fields.items():
            self.tab_to(self.page, f"#{name}")
            self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def arrives(self, title: str) -> None:
        expect(self.page).to_have_title(f"{title} – QIPP Assure")
        self.look(self.page)


@pytest.fixture
def keyboard(page: Page, tab_to: Callable, check_accessibility: Callable) -> Keyboard:
    """Somebody before the page."""
    return Keyboard(page, tab_to, check_accessibility)


def add_ann(hands: Keyboard) -> None:
    page = hands.page
    hands.follow("text=Add a person")
    hands.fill_in(name="Ann Other")
    hands.arrives("Error: Add a person")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    hands.follow(".nhsuk-error-summary a")
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type(ANN)
    page.keyboard.press("Enter")
    hands.arrives("Ann Other")


def give_her_a_role(hands: Keyboard) -> None:
    page = hands.page
    hands.follow("text=Give a role")
    hands.arrives("Give Ann Other a role")
    hands.tab_to(page, "#role")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Region's QIPP lead")).to_be_checked()
    hands.tab_to(page, "#organisation")
    page.keyboard.type("Q31")
    hands.follow("text=Give the role")
    hands.arrives("Ann Other")
    expect(page.get_by_role("cell", name="North West (Q31)", exact=True)).to_be_visible()


def test_by_keyboard(live, keyboard: Keyboard, tmp_path: Path) -> None:
    page = keyboard.page
    page.goto(live.url)
    keyboard.arrives("Sign in")
    keyboard.fill_in(email="admin@example.nhs.uk", password=PASSWORD)
    keyboard.arrives("People")
    add_ann(keyboard)
    give_her_a_role(keyboard)
    keyboard.follow("a[href$='/end']")
    keyboard.arrives("End a role of Ann Other")
    keyboard.follow("text=Sign out")
    keyboard.arrives("Sign in")

    page.goto(deliver(live, tmp_path / "mail"))
    keyboard.arrives("Choose a password")
    keyboard.fill_in(password=NEW, password_again=NEW)
    keyboard.arrives("Sign in")
    expect(page.get_by_text("Your password is set. Sign in with it.")).to_be_visible()
    keyboard.fill_in(email=ANN, password=NEW)
    expect(page).not_to_have_title(re.compile("Sign in"))
    page.goto(f"{live.url}/account")
    keyboard.arrives("Your account")
    expect(page.get_by_role("cell", name="North West (Q31)", exact=True)).to_be_visible()
    page.goto(f"{live.url}/people/")
    keyboard.arrives("You do not have access to this page")


def test_without_script(live, plain_page: Page, tmp_path: Path) -> None:
    page = plain_page
    live.sign_in(page, "admin")
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Full name").fill("Ann Other")
    page.get_by_label("Email address").fill(ANN)
    page.get_by_role("button", name="Add the person").click()
    page.get_by_role("button", name="Give a role").click()
    page.get_by_label("Contributor").check()
    page.get_by_label("Organisation", exact=True).select_option("5D7")
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_role("cell", name="Newcastle PCT (5D7)", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(deliver(live, tmp_path / "mail"))
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password again").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_label("Email address").fill(ANN)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Ann Other").click()
    expect(page.get_by_role("cell", name="Newcastle PCT (5D7)", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/",
        "/organisations/new",
        "/organisations/2",
        "/organisations/2/edit",
        "/organisations/2/successors/new",
        "/people/roles/waiting",
        "/account/password",
        "/nowhere",
    ],
)
def test_the_administrators_other_pages(
    live, page: Page, check_accessibility: Callable, path: str
) -> None:
    live.sign_in(page, "admin")
    page.goto(live.url + path)
    check_accessibility(page)


@pytest.mark.parametrize("path", ["/forgotten-password", "/first-sign-in", "/password/none"])
def test_the_pages_before_signing_in(
    live, page: Page, check_accessibility: Callable, path: str
) -> None:
    page.goto(live.url + path)
    check_accessibility(page)


def test_the_check_finds_what_it_should(live, page: Page, check_accessibility: Callable) -> None:
    page.goto(f"{live.url}/login")
    page.evaluate("document.querySelector('label').remove()")
    with pytest.raises(AssertionError, match="label"):
        check_accessibility(page)
