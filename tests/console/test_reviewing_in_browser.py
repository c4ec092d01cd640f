"""审校 with script: what was on the screen to its end is seen, the one button says what comes next, and a phone signs with two touches."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, served
from tests.support.reviewed_console import approve, open_office, states, submit
from xuanfa.operations.desk import Desk


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    desk = open_office(workspace, clock, "one")
    submit(desk)
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(desk) as found:
        yield found


def sit_down(browser: Browser, address: str, name: str, width: int) -> tuple[Page, list[str]]:
    page, said = browser.new_page(viewport={"width": width, "height": 800}, locale="zh-CN"), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return page, said


def read_to_the_end(page: Page) -> None:
    """Scroll the rendition to its end: both channels get the same, so that both are seen."""
    page.wait_for_selector("iframe.frame")
    page.evaluate("document.querySelector('iframe.frame').scrollIntoView({block: 'end'})")
    body = page.frame_locator("iframe.frame").locator("body")
    body.evaluate("node => node.ownerDocument.scrollingElement.scrollTo(0, 1e6)")
    page.wait_for_selector("#leaves .tabs .seen >> nth=1", state="attached")


def test_a_phone_signs_with_two_touches(browser: Browser, axe: str, desk: Desk, address: str) -> None:
    approve(desk, "zhou")
    approve(desk, "jiao")
    page, said = sit_down(browser, address, "zhao", 390)
    page.goto(f"{address}/reviews/one")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_of(page, axe) == []
    read_to_the_end(page)
    page.wait_for_selector("button.agree:has-text('勾完把关（0/2）')")
    page.click("button.agree")
    assert "/sign" not in page.url, "it leads to the gates, and decides nothing"
    for box in page.query_selector_all("input[name=gate]"):
        box.check()
    page.click("button.agree:has-text('同意签发')")
    page.wait_for_selector("#sheet:has-text('签发这一篇？')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe_of(page, axe) == []
    assert page.evaluate("document.getElementById('sheet').dataset.wait") == "600"
    page.evaluate("document.getElementById('sheet').dataset.wait = '3600000'")  # as if it had opened this instant
    page.click("#sheet button[type=submit]")
    assert states(desk)[2] == "open", "a second touch in the same instant does not count"
    assert page.evaluate("document.getElementById('sheet').dataset.wait = '1'") == "1"  # as if the time were over
    page.click("#sheet button[type=submit]")
    page.wait_for_selector("text=已签发")
    assert states(desk) == ["approved"] * 3
    assert said == []
    page.close()


@pytest.mark.parametrize("width", [768, 1366])
def test_pages_keep_within_the_screen_and_break_no_rule(
    browser: Browser, axe: str, desk: Desk, address: str, width: int
) -> None:
    page, said = sit_down(browser, address, "zhou", width)
    for path in (
        "/reviews",
        "/reviews/one",
        "/reviews/one/return",
        "/reviews/one/form",
        "/reviews/one/links",
        "/channels/hook",
    ):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert (axe_of(page, axe), said) == ([], []), path
    page.close()


def axe_of(page: Page, axe: str) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA; frames are looked at where they are made."""
    page.evaluate(axe)
    found: Any = page.evaluate(
        "axe.run(document, {iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
        ".then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | ')))"
    )
    return list(found)
