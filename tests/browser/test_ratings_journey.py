"""A plan is sent in, judged, released and read: by its lead, a reviewer and an approver."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.sent_in import SentIn, sound_card, sound_plan
from tests.workbooks.conftest import cell_of

REASON = "Clear enough for a newcomer to follow"


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


def send_the_plan_in(live, page: Page, look: Callable[[Page], None]) -> None:
    """As the region's lead: from signing in to the sealed version."""
    live.sign_in(page, "lead")
    expect(page.get_by_role("heading", level=1)).to_have_text("North East")
    look(page)
    page.get_by_role("link", name="Plan", exact=True).click()
    look(page)
    page.get_by_role("button", name="See the draft's ratings").click()
    expect(page.get_by_text("Provisional: computed from the draft")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Medicines management").first.click()
    page.get_by_role("link", name="Switch to generics").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Switch to generics")
    look(page)
    page.get_by_role("link", name="Plan", exact=True).first.click()
    page.get_by_role("button", name="Submit version 1").click()
    expect(page.get_by_text("Plan submitted: version 1 is sealed and rated.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Ratings of version 1").click()
    expect(page.get_by_text("without reviewers' judgements")).to_be_visible()
    sign_out(page)


def release(live, page: Page, look: Callable[[Page], None]) -> None:
    """As the approver: from the desk to the release."""
    live.sign_in(page, "approver")
    page.get_by_role("link", name="Review", exact=True).click()
    page.get_by_role("link", name="North East").click()
    look(page)
    page.get_by_role("button", name="Release the ratings to the region").click()
    expect(page.get_by_text("The ratings are released")).to_be_visible()
    look(page)
    sign_out(page)


def read_as_the_region(live, page: Page) -> None:
    """As the region's lead: the reviewer's words are there."""
    live.sign_in(page, "lead")
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("link", name="Ratings of version 1").click()
    expect(page.get_by_text("Reviewed, and released to the region.")).to_be_visible()
    expect(page.get_by_text(REASON).first).to_be_visible()


def test_with_a_mouse_and_a_keyboard(
    live, sent_in: SentIn, page: Page, check_accessibility: Callable, tab_to: Callable
) -> None:
    sent_in.draft(sound_plan())
    send_the_plan_in(live, page, check_accessibility)

    live.sign_in(page, "reviewer")
    expect(page.get_by_role("heading", level=1)).to_have_text("National matrix: Plans")
    check_accessibility(page)
    tab_to(page, "main a:has-text('North East')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A plan for the North East")
    tab_to(page, "text=Review this return")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review: Plan")
    check_accessibility(page)
    tab_to(page, "text=A plan for the North East")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A plan for the North East")
    check_accessibility(page)
    tab_to(page, "main input[type=radio]")
    page.keyboard.press("Space")
    tab_to(page, "main button:has-text('Save and go to the next')")
    page.keyboard.press("Enter")
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    check_accessibility(page)
    tab_to(page, ".nhsuk-error-summary a")
    page.keyboard.press("Enter")
    page.keyboard.type(REASON)
    tab_to(page, "main button:has-text('Save and go to the next')")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Judgements on A plan for the North East saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Switch to generics")
    check_accessibility(page)
    sign_out(page)

    release(live, page, check_accessibility)
    read_as_the_region(live, page)
    check_accessibility(page)


def test_without_script(live, sent_in: SentIn, plain_page: Page) -> None:
    page = plain_page
    sent_in.draft(sound_plan())
    send_the_plan_in(live, page, lambda _: None)

    live.sign_in(page, "reviewer")
    page.get_by_role("link", name="North East").click()
    page.get_by_role("link", name="Review this return").click()
    page.get_by_role("link", name="A plan for the North East").click()
    judging = page.locator(".qa-judging").first
    judging.get_by_label("Green").check()
    page.get_by_role("button", name="Save and go to the next").click()
    expect(page.get_by_role("link", name="Give the reason for your rating")).to_be_visible()
    judging.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Save and go to the next").click()
    expect(page.get_by_text("Judgements on A plan for the North East saved.")).to_be_visible()
    page.get_by_role("link", name="National matrix").click()
    page.get_by_label("Returns to show").select_option("2011-06")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing has been rated yet.")).to_be_visible()
    sign_out(page)

    release(live, page, lambda _: None)
    read_as_the_region(live, page)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("lead", "/regions/Q30"),
        ("lead", "/regions/Q30/report-cards/2011-07"),
        ("lead", "/regions/Q30/returns/2/ratings"),
        ("lead", "/regions/Q30/returns/2/ratings/initiative/i1"),
        ("analyst", "/regions/Q30/returns/2/ratings"),
        ("reviewer", "/national?period=2011-06"),
        ("reviewer", "/review?period=2011-06"),
        ("reviewer", "/regions/Q30/returns/2/review/initiative/i1"),
    ],
)
def test_pages_of_a_month(
    live, sent_in: SentIn, page: Page, check_accessibility: Callable, name: str, path: str
) -> None:
    """Sealed cards with a direction, a draft with faults, and nothing released."""
    card = sound_card("2011-06")
    card["tracker"][0]["savings"][0].update(planned_month_gbp=1_000_000, actual_month_gbp=750_000)
    for sent in (sound_card("2011-05"), card):
        sent_in.judge(sent_in.submit(sent), "no-such-check")
    sent_in.draft(sound_card("2011-07", tracker="later", position={"summary": 5}))
    live.sign_in(page, name)
    assert page.goto(live.url + path).status == 200
    check_accessibility(page)


def test_a_workbook_out_and_in_again(
    live, sent_in: SentIn, page: Page, check_accessibility: Callable, tmp_path: Path
) -> None:
    """Filled in by two people: the second is told what the first would lose, and takes it in."""
    sent_in.draft(sound_plan())
    live.sign_in(page, "lead")
    page.goto(f"{live.url}/regions/Q30/plan")
    with page.expect_download() as going:
        page.get_by_role("button", name="Download the workbook").click()
    path = tmp_path / going.value.suggested_filename
    going.value.save_as(path)
    assert path.name == "Q30-plan.xlsx"

    page.get_by_role("button", name="Upload a workbook").click()
    check_accessibility(page)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("link", name="Choose a workbook")).to_be_visible()
    check_accessibility(page)
    page.get_by_label("Workbook").set_input_files(spoiled_workbook(path, tmp_path / "spoiled.xlsx"))
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("cell", name="Milestones!")).to_be_visible()
    check_accessibility(page)

    sent_in.draft(sound_plan(background={"vision": "Written meanwhile"}))
    page.get_by_label("Workbook").set_input_files(path)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This workbook would undo work in the draft"
    )
    check_accessibility(page)
    page.get_by_role("button", name="Take the workbook in").click()
    expect(page.get_by_text("The workbook is in the draft")).to_be_visible()


def spoiled_workbook(source: Path, target: Path) -> Path:
    """The workbook with a date that is none."""
    book = openpyxl.load_workbook(source)
    cell_of(book["Milestones"], "due").value = "next spring"
    book.save(target)
    return target
