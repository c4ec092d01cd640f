"""Whatever a browser does, it is done once and nothing typed is lost: an input method composes, two presses, two tabs, back and again, an answer that
does not come, a line that is cut while something is saved, a clock that is a day off, five megabytes at once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import Clock, Workspace
from tests.support.desk_browsing import begun, compose, seated
from tests.support.reviewed_console import open_office
from xuanfa.operations.desk import Desk
from xuanfa.store import drafts, posts

KEPT = re.compile(r"已存好 \d\d:\d\d:\d\d")


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    return open_office(workspace, clock)


@pytest.fixture
def page(browser: Browser, address: str, desk: Desk) -> Iterator[Page]:
    with seated(browser, address, "wang") as found:
        yield found


def revision(desk: Desk, slug: str) -> int:
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        return known.revision if known else 0


def draft(desk: Desk, slug: str) -> str:
    with desk.store.read() as connection:
        kept = drafts.draft_of(connection, slug, "wang")
        return kept.text if kept else ""


def test_what_is_being_composed_submits_nothing_keeps_no_half_syllable_and_is_no_key(
    page: Page, address: str, desk: Desk
) -> None:
    page.clock.install()
    slug = begun(page, address)
    text = page.get_by_label("正文", exact=True)
    text.click()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.post_data or ''}"))
    compose(page, "f", "fa", "fag", word="")
    compose(page, "fa", "faguan", word="法官")
    page.clock.run_for(3000)
    expect(page.locator("#saved")).to_have_text(KEPT)
    assert text.input_value() == "法官"
    assert not [each for each in sent if "text=fa" in each], "half a syllable is kept nowhere"
    assert "法官" in draft(desk, slug)
    painted = page.locator("#box .letters").inner_text().rstrip("\u200b\n")
    assert painted == "法官"
    # Enter that picks a candidate comes as a key of an input method, before its word: in a field of one line it would send the form.
    page.click("#minds a[href='#head']")
    field = page.get_by_label("供稿部门", exact=True)
    field.focus()
    for event in ("isComposing: true, key: 'Enter'", "keyCode: 229, key: 'Enter'", "keyCode: 229, key: 'F8'"):
        prevented = field.evaluate(
            f"each => !each.dispatchEvent(new KeyboardEvent('keydown', {{bubbles: true, cancelable: true, {event}}}))"
        )
        assert prevented is ("Enter" in event), event
    assert page.url.endswith(f"{slug}/write")
    assert revision(desk, slug) == 0


def test_pressed_twice_it_is_one_revision(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill("法官到了村里。")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/save") else None)
    page.get_by_role("button", name="存为一版").dblclick()
    page.wait_for_url("**/write?saved=1")
    assert (len(asked), revision(desk, slug)) == (1, 1)
    page.go_back()
    page.get_by_role("button", name="存为一版").click()
    page.wait_for_url("**/write?saved=1")
    assert revision(desk, slug) == 1, "gone back and pressed again: the first one's answer"
    page.reload()
    assert revision(desk, slug) == 1


def test_an_answer_that_does_not_come_is_told_and_pressing_again_does_nothing(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}/posts")
    page.evaluate(
        "window.sent = 0; document.addEventListener('submit', (event) => {"
        " if (!event.defaultPrevented) window.sent += 1; event.preventDefault(); });"
    )
    button = page.get_by_role("button", name="写一篇").first
    button.click()
    page.clock.run_for(9_000)
    expect(page.locator(".slow")).to_have_count(0)
    page.clock.run_for(2_000)
    expect(page.locator(".slow")).to_have_text("还没有回音。不用再按，结果会在这里出现。")
    button.dispatch_event("click")  # as it stands, waiting, a pointer does not reach it
    button.press("Enter")
    assert page.evaluate("window.sent") == 1


def test_a_line_that_is_cut_while_something_is_saved_loses_nothing_and_saves_once(
    page: Page, address: str, desk: Desk
) -> None:
    """The request arrives, its answer does not."""
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill("法官到了村里，写了很久。")
    expect(page.locator("#saved")).to_have_text(KEPT)

    def cut(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/save", cut)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/save")):
        page.get_by_role("button", name="存为一版").click(no_wait_after=True)
    page.wait_for_function("location.protocol === 'chrome-error:'")
    assert revision(desk, slug) == 1, "it did arrive"
    page.unroute("**/save")
    page.go_back()
    expect(page.get_by_label("正文", exact=True)).to_have_value("法官到了村里，写了很久。")
    page.get_by_role("button", name="存为一版").click()
    page.wait_for_url("**/write?saved=1")
    assert revision(desk, slug) == 1


def test_two_tabs_of_one_post_write_over_nothing(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill("第一段。\n\n第二段。")
    page.get_by_role("button", name="存为一版").click()
    page.wait_for_url("**/write?saved=1")
    other = page.context.new_page()
    other.goto(f"{address}/posts/{slug}/write")
    page.get_by_label("正文", exact=True).fill("第一段，改了。\n\n第二段。")
    page.get_by_role("button", name="存为一版").click()
    page.wait_for_url("**/write?saved=2")
    other.get_by_label("正文", exact=True).fill("第一段。\n\n第二段，也改了。")
    other.get_by_role("button", name="存为一版").click()
    other.wait_for_load_state()
    expect(other).to_have_url(re.compile(r"/(write\?saved=|clash)"))
    folder = desk.posts_folder / slug[:4]
    if "clash" in other.url:
        assert "第二段，也改了" in other.content()
    else:
        text = (folder / f"{slug}.md").read_text(encoding="utf-8")
        assert ("第一段，改了" in text, "第二段，也改了" in text) == (True, True)


def test_a_browser_whose_clock_is_a_day_off_saves_and_shows_the_servers_time(
    page: Page, address: str, desk: Desk, clock: Clock
) -> None:
    page.clock.install(time="2026-02-28T23:59:00")
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill("法官到了村里。")
    page.clock.run_for(2500)
    expect(page.locator("#saved")).to_have_text(f"已存好 {clock.now.astimezone(desk.zone):%H:%M:%S}")
    expect(page.locator("#ending")).to_be_hidden()
    page.get_by_role("button", name="存为一版").click()
    page.wait_for_url("**/write?saved=1")
    assert slug.startswith("20260302")
    page.reload()
    expect(page.locator("#returning")).to_be_hidden()


def test_ten_tabs_stay_alive_and_each_keeps_its_own(page: Page, address: str, desk: Desk) -> None:
    """A browser has six lines to one server: pages that are hidden hold none of them for long, and none waits for another."""
    slugs = []
    tabs = [page, *(page.context.new_page() for _ in range(9))]
    for number, tab in enumerate(tabs):
        slugs.append(begun(tab, address))
        tab.get_by_label("标题", exact=True).fill(f"第 {number} 篇")
    for tab in tabs:
        expect(tab.locator("#saved")).to_have_text(KEPT)
    assert len(set(slugs)) == 10
    for number, slug in enumerate(slugs):
        assert f"第 {number} 篇" in draft(desk, slug)


def test_five_megabytes_pasted_stay_in_the_page_and_are_told(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData('text/plain', '庭审。'.repeat(1) + 'x'.repeat(5000000));
        const area = document.getElementById('f-text'); area.focus();
        if (area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, cancelable: true, bubbles: true})))
            document.execCommand('insertText', false, data.getData('text/plain')); }"""
    )
    assert len(page.get_by_label("正文", exact=True).input_value()) >= 5_000_000
    expect(page.locator("#saved")).to_have_text(KEPT, timeout=20_000)
    assert draft(desk, slug).count("x") >= 5_000_000, "the server has all of it"
    with page.expect_response("**/save") as answer:
        page.get_by_role("button", name="存为一版").click()
    assert answer.value.status in {413, 422}
    expect(page.locator("main")).to_contain_text("文件有 5.0 MB，不像一篇文字稿件（上限 4 MB），没有读")
    assert page.get_by_label("正文", exact=True).input_value().count("x") >= 5_000_000
    assert "plain" in (page.locator("#box").get_attribute("class") or ""), "so much is not painted: each key would wait"
