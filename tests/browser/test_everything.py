"""The page with every component on it, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from qipp_assure.app import create_app
from tests.pages import Pages
from tests.sink import sink


@pytest.fixture
def pages(pages: Pages, settings) -> Pages:
    """The application with the sink in it."""
    pages.app = create_app(settings, pages.database)
    pages.app.register_blueprint(sink)
    return pages


def test_every_component_is_accessible_and_shows_the_focus(
    live, page: Page, check_accessibility: Callable, tab_to: Callable
) -> None:
    live.sign_in(page, "lead")
    page.goto(f"{live.url}/sink")
    check_accessibility(page)
    for place in (
        ".nhsuk-skip-link", "#name", "#words", "#password", "#colour", "#place", "#days",
        "#begins-day", "#begins-year", "#amount", "#file", "text=Save", ".qa-scroll",
    ):  # fmt: skip
        tab_to(page, place)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    check_accessibility(page)
    page.get_by_role("link", name="Enter the first day").click()
    expect(page.locator("#begins-day")).to_be_focused()


def test_the_skip_link_leads_past_the_navigation(live, page: Page) -> None:
    live.sign_in(page, "lead")
    page.goto(f"{live.url}/sink")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()


def test_a_count_of_characters_is_kept(live, page: Page) -> None:
    live.sign_in(page, "lead")
    page.goto(f"{live.url}/sink")
    page.locator("#words").fill("x" * 20_010)
    expect(page.get_by_text("You have 10 characters too many")).to_be_visible()


def test_hostile_text_runs_nothing(live, page: Page) -> None:
    live.sign_in(page, "lead")
    text = "<img src=x onerror=document.title='owned'>"
    page.goto(f"{live.url}/sink?echo={text}")
    page.locator("#name").fill(text)
    page.locator("#words").fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("Error: Kitchen sink – QIPP Assure")
    expect(page.locator("#name")).to_have_value(text)


@pytest.mark.parametrize("kind", ["refused", "stale", "away"])
def test_pages_for_faults(live, page: Page, check_accessibility: Callable, kind: str) -> None:
    page.goto(f"{live.url}/sink/faults/{kind}")
    check_accessibility(page)


def test_what_was_typed_survives_a_session_that_ended(
    live, page: Page, check_accessibility: Callable
) -> None:
    live.sign_in(page, "lead")
    page.goto(f"{live.url}/sink")
    page.locator("#words").fill("An afternoon's work")
    page.locator("#name").fill("Ann")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You need to sign in again")
    check_accessibility(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    live.sign_in(opened.value, "lead")
    page.get_by_role("button", name="Send again what I typed").click()
    page.get_by_role("button", name="Send again what I typed").click()  # now with the new token
    expect(page.locator("#words")).to_have_value("An afternoon's work")
    expect(page.locator("#name")).to_have_value("Ann")
