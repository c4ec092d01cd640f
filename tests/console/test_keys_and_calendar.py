"""Keys of the console, which may be switched off; the week by its quarters; and the month on a phone as dots."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Workspace
from tests.support.browsing import Somebody
from tests.support.desk_browsing import seated
from tests.support.stocked import put, standing, stocked
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk

Sit = Callable[[str], Somebody]


@pytest.fixture
def page(browser: Browser, address: str, desk: Desk) -> Iterator[Page]:
    with seated(browser, address, "zhou") as found:
        yield found


def test_six_keys_do_what_their_page_says(page: Page, address: str, workspace: Workspace, desk: Desk) -> None:
    for name in ("one", "two", "three"):
        stocked(workspace, desk, name)
    page.goto(f"{address}/posts")
    focused = "document.activeElement.textContent"
    seen = []
    for key in ("j", "j", "j", "j", "k"):
        page.keyboard.press(key)
        seen.append(page.evaluate(focused))
    assert seen == ["“three”", "“two”", "“one”", "“one”", "“two”"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/two/write")
    page.get_by_label("标题", exact=True).focus()
    page.keyboard.type("n?/jk")
    expect(page.get_by_label("标题", exact=True)).to_have_value(re.compile(r"n\?/jk"))
    page.goto(f"{address}/me")
    page.keyboard.press("?")
    page.wait_for_url("**/keys")
    expect(page.locator("kbd.key").filter(has_text=re.compile("^N$"))).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/deliveries")
    page.keyboard.press("n")
    page.wait_for_url("**/posts#new")
    page.keyboard.press("n")
    page.wait_for_url("**/write")


def test_keys_are_switched_off(page: Page, address: str) -> None:
    page.goto(f"{address}/me")
    page.get_by_label("用单个字母的快捷键").uncheck()
    page.goto(f"{address}/posts")
    page.keyboard.press("?")
    page.keyboard.press("n")
    page.keyboard.press("g")
    page.keyboard.press("d")
    assert page.url == f"{address}/posts"
    page.goto(f"{address}/me")
    expect(page.get_by_label("用单个字母的快捷键")).not_to_be_checked()


def test_a_week_has_a_line_for_each_quarter(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    early, quarter, late = (stocked(workspace, desk, name) for name in ("early", "quarter", "late"))
    for it, hour, minute in ((early, 6, 59), (quarter, 9, 20), (late, 22, 0)):
        put(desk, it.id, State.SCHEDULED, due_at=it.due_at.astimezone(desk.zone).replace(hour=hour, minute=minute))
    text = somebody("zhou").go("/calendar/2026-W10").partition('class="agenda"')[0]
    rows = text.partition("<tbody>")[2].split("<tr ")[1:]
    assert len(rows) == 1 + 15 * 4 + 1
    places = {
        name: next(n for n, row in enumerate(rows) if f"“{name}”" in row) for name in ("early", "quarter", "late")
    }
    assert places == {"early": 0, "quarter": 1 + 2 * 4 + 1, "late": 61}
    assert 'data-time="09:15"' in rows[places["quarter"]]
    assert 'data-time=""' in rows[0]


def test_in_a_week_a_post_goes_to_the_quarter_on_which_it_is_put(
    page: Page, address: str, workspace: Workspace, desk: Desk
) -> None:
    it = stocked(workspace, desk, "one")
    page.goto(f"{address}/calendar/2026-W10")
    page.locator(".cal.week .chip").focus()
    page.keyboard.press("m")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#lift-said")).to_contain_text("3月6日，周五，09:45")
    page.keyboard.press("Enter")
    expect(page.locator(".moved")).to_contain_text("已移到 3月6日（周五）09:45")
    moved = standing(desk, it.id).due_at.astimezone(desk.zone)
    assert f"{moved:%d %H:%M}" == "06 09:45"


def test_a_month_on_a_phone_is_dots_that_lead_to_their_day(
    browser: Browser, address: str, workspace: Workspace, desk: Desk
) -> None:
    for n in range(5):
        stocked(workspace, desk, f"p{n}")
    put(desk, 1, State.UNKNOWN, attempt=1, reason="没有等到回答")
    with seated(browser, address, "zhou", width=390, height=844) as page:
        page.goto(f"{address}/calendar/2026-03")
        day = page.locator(".dots td", has=page.get_by_label("3月5日，5 篇"))
        expect(day.locator("i")).to_have_count(3)
        expect(day.locator("small")).to_have_text("+2")
        expect(day.locator("i.unsure")).to_have_count(1)
        expect(page.locator(".cal")).not_to_be_visible()
        day.locator("a").click()
        page.wait_for_url("**/calendar/2026-W10#d-2026-03-05")
        expect(page.locator("#d-2026-03-05")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_has_five_ways_below_whoever_looks(somebody: Sit) -> None:
    for name in ("wang", "zhou", "lina", "zhao"):
        text = somebody(name).go("/").partition('<nav class="bar"')[2].partition("</nav>")[0]
        assert text.count("<a ") == 5, name


def test_a_contributor_sees_the_calendar_and_opens_their_own(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    workspace.post("hers", publish_at="2026-03-05 09:00", author="王芳")
    stocked(workspace, desk, "his")
    text = somebody("wang").go("/calendar/2026-03")
    assert ("“his”" in text, "“hers”" in text) == (True, True)
    chips = re.findall(r'<a class="chip[^>]*data-title="([^"]+)"', text)
    assert chips == ["“hers”"]
