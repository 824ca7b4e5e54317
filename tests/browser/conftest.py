"""Journeys through the running application in a real browser.

``live`` serves the application over the small world; ``page`` (from the root) has script,
``plain_page`` has none.  ``check_accessibility(page)`` fails on anything that axe-core finds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from qipp_assure.database import Database
from tests.pages import PASSWORD, Pages

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """
async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.flatMap((violation) => violation.nodes.map(
    (node) => `${violation.id}: ${violation.help}: ${node.html} ${node.failureSummary}`
  ));
}
"""
TWICE = """
() => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}
"""
NARROW = {"width": 320, "height": 700}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One kind of database: journeys are about pages."""
    return sqlite_database


class Live:
    """The running application: its address, and its people."""

    def __init__(self, pages: Pages, port: int) -> None:
        self.pages = pages
        self.url = f"http://127.0.0.1:{port}"

    def sign_in(self, page: Page, name: str) -> None:
        """Sign somebody of the world in, through the page."""
        page.goto(f"{self.url}/login")
        page.get_by_label("Email address").fill(f"{name}@example.nhs.uk")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def live(pages: Pages) -> Iterator[Live]:
    """The application of the test, served until the test ends."""
    server = make_server("127.0.0.1", 0, pages.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Live(pages, server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def check_accessibility() -> Callable[[Page], None]:
    """Fails on what axe-core finds, on ids given twice, and on a page wider than a small screen."""

    def check(page: Page) -> None:
        page.evaluate(AXE)
        assert page.evaluate(TWICE) == []
        assert page.evaluate(RUN_AXE) == []
        usual = page.viewport_size
        page.set_viewport_size(NARROW)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], f"{page.url} is {width} pixels wide on a small screen"
        assert page.evaluate(RUN_AXE) == []
        if usual is not None:
            page.set_viewport_size(usual)

    return check


@pytest.fixture
def tab_to() -> Callable[[Page, str], None]:
    """Moves the keyboard's focus forward to the element of a CSS selector, as a person would."""

    def move(page: Page, selector: str) -> None:
        wanted = page.locator(selector).first
        for _ in range(120):
            page.keyboard.press("Tab")
            if wanted.evaluate("(element) => element === document.activeElement"):
                outline = wanted.evaluate(
                    "(element) => { const s = getComputedStyle(element);"
                    " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
                )
                assert outline, f"nothing shows that {selector} has the focus"
                return
        raise AssertionError(f"{selector} cannot be reached with the Tab key")

    return move
