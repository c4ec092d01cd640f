"""The pages of sending in a real browser: nothing sideways, nothing that axe finds, no error; a post is moved by mouse and by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Workspace
from tests.support.browsing import PASSWORD
from tests.support.stocked import put, standing, stocked
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk

WIDTHS = (390, 768, 1366, 1440)
AXE = "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})).violations.map(each => each.id + ' ' + each.nodes[0].html)"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    one, wrong = context.new_page(), list[str]()
    one.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    one.on("pageerror", lambda error: wrong.append(str(error)))
    one.goto(f"{address}/sign-in")
    one.fill("[name=name]", "zhou")
    one.fill("[name=password]", PASSWORD)
    one.click("button[type=submit]")
    one.wait_for_url(f"{address}/")
    yield one
    context.close()
    assert wrong == []


def test_every_page_fits_and_nothing_is_found_in_it(
    page: Page, address: str, workspace: Workspace, desk: Desk, axe: str
) -> None:
    doubt = stocked(
        workspace,
        desk,
        "一篇标题很长的稿件清晨六点出发集中执行兑现民生权益",
        State.UNKNOWN,
        attempt=1,
        reason="没有回音",
    )
    other = stocked(workspace, desk, "two")
    paths = (
        "/",
        "/deliveries?state=all",
        f"/deliveries/{other.id}",
        f"/deliveries/{other.id}/time",
        f"/deliveries/{doubt.id}/doubt",
        "/calendar/2026-03",
        "/calendar/2026-W10",
        "/calendar/list",
        "/posts/two/withdraw",
        "/posts/two/correct",
    )
    for path in paths:
        page.goto(address + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        page.evaluate(axe)
        assert page.evaluate(AXE) == [], path


def due(desk: Desk, number: int) -> str:
    return f"{standing(desk, number).due_at.astimezone(desk.zone):%Y-%m-%d %H:%M}"


def test_a_post_is_moved_by_keyboard_by_mouse_and_back(
    page: Page, address: str, workspace: Workspace, desk: Desk
) -> None:
    it = stocked(workspace, desk, "one")
    page.goto(f"{address}/calendar/2026-03")
    chip = f".cal .chip[data-delivery='{it.id}']"
    page.focus(chip)
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    assert "3月6日" in page.inner_text("#lift-said")
    page.keyboard.press("Escape")
    page.focus(chip)
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".moved")
    assert due(desk, it.id) == "2026-03-12 09:00"
    page.click("text=移回去")
    page.wait_for_url("**moved**")
    assert due(desk, it.id) == "2026-03-05 09:00"
    chip_box = page.locator(chip).bounding_box()
    goal = page.locator(".day[data-day='2026-03-18']").bounding_box()
    assert chip_box is not None
    assert goal is not None
    page.mouse.move(chip_box["x"] + 20, chip_box["y"] + 10)
    page.mouse.down()
    page.mouse.move(goal["x"] + 40, goal["y"] + 40, steps=6)
    assert page.inner_text(".drop").startswith("3月18日")
    with page.expect_navigation():
        page.mouse.up()
    assert due(desk, it.id) == "2026-03-18 09:00"


def test_an_open_page_shows_what_has_moved(page: Page, address: str, workspace: Workspace, desk: Desk) -> None:
    it = stocked(workspace, desk, "one")
    page.goto(f"{address}/deliveries/{it.id}")
    page.wait_for_timeout(1500)
    put(desk, it.id, State.HELD, reason="错过了")
    page.wait_for_selector("[data-part=stands] .st.held", timeout=10_000)
