"""The server is killed while somebody types, and its answers are lost: each character is in a copy, and nothing is offered that has arrived."""

import signal
from urllib.parse import quote

from playwright.sync_api import Browser, Page, Response, Route, expect

from tests.conftest import Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import served
from tests.support.console_process import console_process
from tests.support.desk_browsing import begun, seated, sign_in, watched
from xuanfa.operations.desk import Desk
from xuanfa.store import drafts

BEFORE, AFTER = "服务器还在的时候写的一句。", "杀掉的那一刻也在写，一个字都不能少。"
_COPIES = (
    "Object.keys(localStorage).filter(each => each.startsWith('xuanfa-draft')).map(each => localStorage[each]).join('')"
)


def _sent(answer: Response) -> str:
    return answer.request.post_data or ""


def on_the_server(desk: Desk, slug: str) -> str:
    with desk.store.read() as connection:
        kept = drafts.draft_of(connection, slug, "wang")
        return kept.text if kept else ""


def test_killed_while_somebody_types_each_character_is_in_a_copy(browser: Browser, workspace: Workspace) -> None:
    desk = workspace.desk()
    settle_people(desk)
    context = browser.new_context(locale="zh-CN")
    with console_process(workspace.folder) as (process, address):
        page = context.new_page()
        with watched(page):
            sign_in(page, address, "wang")
            slug = begun(page, address)
            text = page.get_by_label("正文", exact=True)
            with page.expect_response(lambda answer: answer.url.endswith("/draft") and quote(BEFORE) in _sent(answer)):
                text.press_sequentially(BEFORE)
            text.press_sequentially(AFTER[:7])
            process.send_signal(signal.SIGKILL)
            text.press_sequentially(AFTER[7:])
            assert process.wait(20) == -signal.SIGKILL
            expect(page.locator("#saved")).to_contain_text("先存在这台电脑上", timeout=20_000)
    assert BEFORE in on_the_server(desk, slug)
    assert BEFORE + AFTER in page.evaluate(_COPIES)
    page.close()
    with console_process(workspace.folder, int(address.rpartition(":")[2])):
        again = context.new_page()
        with watched(again):
            again.goto(f"{address}/posts/{slug}/write")
            expect(again.locator("#returning")).to_contain_text(f"没送到的 {len(BEFORE + AFTER)} 个字")
            with again.expect_response(lambda answer: answer.url.endswith("/draft") and answer.ok):
                again.click("text=用它")
            expect(again.get_by_label("正文", exact=True)).to_have_value(BEFORE + AFTER)
    assert BEFORE + AFTER in on_the_server(desk, slug)
    context.close()


def test_what_has_arrived_is_not_offered_although_its_answer_was_lost(browser: Browser, desk: Desk) -> None:
    """Nor where the server's copy ends with the last letter, and the browser's with empty lines."""
    with served(desk) as address, seated(browser, address, "wang") as page:
        slug = begun(page, address)

        def lose_the_answer(route: Route) -> None:
            route.fetch()
            route.abort()

        page.route("**/draft", lose_the_answer)
        page.get_by_label("正文", exact=True).fill(f"{BEFORE}\n\n\n")
        expect(page.locator("#saved")).to_contain_text("先存在这台电脑上")
        assert BEFORE in page.evaluate(_COPIES)
        assert BEFORE in on_the_server(desk, slug)
        _opened_again(page, address, slug)


def _opened_again(page: Page, address: str, slug: str) -> None:
    again = page.context.new_page()
    page.close()
    with watched(again):
        again.goto(f"{address}/posts/{slug}/write")
        expect(again.get_by_label("正文", exact=True)).to_have_value(BEFORE)
        again.wait_for_function(f"!({_COPIES})")  # it was looked at, and thrown away
        expect(again.locator("#returning")).to_be_hidden()
