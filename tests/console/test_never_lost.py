"""Whatever happens to a page of 写稿, each character is in one of its copies: another person at the same post, a tab that is shut, a server
that has ended, another account, a browser without room."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.conftest import Clock, Workspace
from tests.support.browsing import served
from tests.support.desk_browsing import begun, seated, sign_in
from tests.support.reviewed_console import open_office
from xuanfa.operations.desk import Desk
from xuanfa.store import drafts

WORDS = "法官到了村里，写了很久。"


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    return open_office(workspace, clock)


@pytest.fixture
def page(browser: Browser, address: str, desk: Desk) -> Iterator[Page]:
    with seated(browser, address, "wang") as found:
        yield found


def text_of(page: Page) -> str:
    return page.get_by_label("正文", exact=True).input_value()


def draft(desk: Desk, slug: str, who: str = "wang") -> str:
    with desk.store.read() as connection:
        kept = drafts.draft_of(connection, slug, who)
        return kept.text if kept else ""


def test_a_tab_that_is_shut_sends_its_last_words(page: Page, address: str, desk: Desk) -> None:
    """Shut within the second and a half that it waits for another key."""
    slug = begun(page, address)
    page.get_by_label("正文", exact=True).fill(WORDS)
    page.goto("about:blank")
    for _ in range(200):  # it goes on after its page has gone, and nobody is told of its answer
        if WORDS in draft(desk, slug):
            break
        assert page.request.get(f"{address}/session").ok
    assert WORDS in draft(desk, slug)


def test_another_page_of_the_post_is_opened_when_the_server_has_every_word(page: Page, address: str) -> None:
    begun(page, address)
    first: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if first:
            route.continue_()
        else:
            first.append(route)

    page.route("**/draft", hold_the_first)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill(WORDS)
    page.click("text=全部并排")
    page.wait_for_function("document.getElementById('saved').textContent.includes('正在存')")
    page.get_by_label("正文", exact=True).press_sequentially("还有一句。")
    assert page.url.endswith("/write")
    first[0].continue_()
    page.wait_for_url("**/preview")
    expect(page.frame_locator(".all-frames iframe").first.locator("body")).to_contain_text("还有一句。")


def test_who_is_signed_out_stays_with_the_words_and_is_told_once(page: Page, address: str) -> None:
    begun(page, address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/draft") else None)
    page.context.clear_cookies()
    page.get_by_label("正文", exact=True).fill(WORDS)
    page.click("text=全部并排")
    expect(page.locator("#d-ended")).to_be_visible()
    assert (page.url.endswith("/write"), len(asked), text_of(page)) == (True, 1, WORDS)


def test_the_browser_asks_only_where_no_copy_was_written(page: Page, address: str) -> None:
    begun(page, address)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.context.set_offline(True)
    page.get_by_label("正文", exact=True).press_sequentially("写一句")
    page.goto("about:blank")
    assert asked == [], "this browser has it"
    page.context.set_offline(False)
    begun(page, address)
    page.evaluate("void (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); })")
    page.context.set_offline(True)
    page.get_by_label("正文", exact=True).press_sequentially("没处存的一句")
    expect(page.locator("#saved")).to_contain_text("请马上存为一版")
    page.goto("about:blank")
    assert asked == ["beforeunload"]


def test_who_else_is_at_the_post_is_told(page: Page, browser: Browser, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("题目")
    page.get_by_label("正文", exact=True).fill(WORDS)
    expect(page.locator("#saved")).to_contain_text("已存好")
    with seated(browser, address, "zhou") as other:
        other.goto(f"{address}/posts/{slug}/write")
        expect(other.locator("#main")).to_contain_text("王芳也开着这篇，正在改")


def test_another_account_in_this_browser_neither_sees_nor_loses_the_words(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    page.context.set_offline(True)
    page.get_by_label("正文", exact=True).fill(WORDS)
    expect(page.locator("#saved")).to_contain_text("先存在这台电脑上")
    other = page.context.new_page()
    page.close()
    other.context.set_offline(False)
    other.context.clear_cookies()
    sign_in(other, address, "zhou")
    other.goto(f"{address}/posts/{slug}/write")
    expect(other.locator("#returning")).to_be_hidden()
    assert WORDS not in other.content()
    assert draft(desk, slug, "zhou") == ""
    other.context.clear_cookies()
    sign_in(other, address, "wang")
    other.goto(f"{address}/posts/{slug}/write")
    other.click("text=用它")
    assert text_of(other) == WORDS


def test_a_server_that_ended_and_came_back_has_all_of_it(browser: Browser, desk: Desk) -> None:
    port = 0
    with served(desk) as address:
        port = int(address.rsplit(":", 1)[1])
        page = browser.new_context(locale="zh-CN").new_page()
        sign_in(page, address, "wang")
        slug = begun(page, address)
        page.get_by_label("正文", exact=True).fill("以前写的。")
        expect(page.locator("#saved")).to_contain_text("已存好")
    page.get_by_label("正文", exact=True).fill(WORDS)
    expect(page.locator("#saved")).to_contain_text("先存在这台电脑上")
    assert WORDS not in draft(desk, slug)
    with served(desk, port):
        expect(page.locator("#saved")).to_contain_text("已存好", timeout=20_000)
        assert WORDS in draft(desk, slug)
    page.context.close()


def test_where_colours_are_forced_the_field_shows_its_own_letters(page: Page, address: str) -> None:
    page.emulate_media(forced_colors="active")
    begun(page, address)
    page.get_by_label("正文", exact=True).fill("## 小标题")
    layer, field = page.locator("#box .letters"), page.get_by_label("正文", exact=True)
    assert layer.evaluate("each => getComputedStyle(each).visibility") == "hidden"
    assert field.evaluate("each => getComputedStyle(each).color") != "rgba(0, 0, 0, 0)"
