"""Somebody who knows Word only writes a whole post in a browser, and types no mark; and what is typed outlives the server and the page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support import day_in_a_browser as day
from tests.support.browsing import PASSWORD
from tests.support.desk_browsing import begun
from tests.support.painting import asking, otherwise, texts
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.sessions import sign_out_everywhere
from xuanfa.store import drafts

CLIPBOARD = Path(__file__).parents[1] / "support" / "clipboard"
WIDTHS = (390, 768, 1366, 1440)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Signed in as an author, with an eye on the console's errors."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    found = context.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and not re.search("net::ERR_|status of 40[13]", message.text)
            else None
        ),
    )
    found.goto(f"{address}/sign-in")
    found.fill("[name=name]", "wang")
    found.fill("[name=password]", PASSWORD)
    found.click("button:has-text('登录')")
    yield found
    context.close()
    assert errors == []


def test_a_new_post_is_seen_in_its_channels_before_it_is_saved(page: Page, address: str) -> None:
    begun(page, address)
    expect(page.locator(".see .tabs a")).to_have_count(1)
    page.get_by_label("标题", exact=True).fill("巡回法庭到地头")
    page.get_by_label("正文", exact=True).fill("法官把庭审开到村委会。")
    expect(page.frame_locator("#frame").locator("body")).to_contain_text("法官把庭审开到村委会。")


@pytest.mark.parametrize("lines", [1, 9, 20, 60])
def test_the_text_is_painted_however_long_it_is(page: Page, address: str, lines: int) -> None:
    begun(page, address)
    text = "## 一亩水浇地的边界\n\n" + "两家人为一条水渠争了三年，**一上午就量清楚了**。\n" * lines
    page.get_by_label("正文", exact=True).fill(text)
    expect(page.locator("#box .layer .h")).to_have_text("一亩水浇地的边界", timeout=5000)
    assert "plain" not in (page.locator("#box").get_attribute("class") or "")


def test_the_painted_text_wraps_as_the_field_does(page: Page, address: str) -> None:
    those = [text for seed in range(4) for text in texts(seed)]
    begun(page, address)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert not list(otherwise(those, page.evaluate(asking(those)))), width


def test_who_knows_word_only_writes_a_whole_post(page: Page, address: str, desk: Desk, axe: str) -> None:
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill("巡回法庭到地头")
    text = page.get_by_label("正文", exact=True)
    text.click()
    keys = page.keyboard
    keys.type("庭审怎么开")
    page.click(".tools >> text=小标题")
    keys.press("End")
    keys.press("Enter")
    keys.type("法官把庭审开到村委会。")
    day.bold(page, 6)
    keys.press("Enter")
    keys.type("带上国徽")
    page.click(".tools [aria-label=列表]")
    keys.press("End")
    keys.press("Enter")
    keys.type("带上案卷")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("详情见")
    day.put_link(page, "法院网站", "https://www.example.gov.cn/a")
    day.put_table(page, ("庭室", "件数"), ("民一庭", "12"))
    day.put_picture(page, "red", "法官在村委会开庭", "图为庭审现场")
    day.put_picture(page, "blue", "村民在旁听", "图为旁听的村民")
    expect(page.locator("#saved")).to_contain_text("已存好")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.set_viewport_size({"width": 1440, "height": 900})
    page.click("text=存为一版")
    page.wait_for_url("**/write?saved=1")
    saved = (desk.posts_folder / slug[:4] / f"{slug}.md").read_text(encoding="utf-8").partition("---\n\n")[2]
    assert "## 庭审怎么开\n\n法官把庭**审开到村委会。**" in saved or "**开到村委会。**" in saved
    assert "- 带上国徽\n- 带上案卷\n\n详情见[法院网站](https://www.example.gov.cn/a)" in saved
    assert "| 庭室 | 件数 |\n| --- | --- |\n| 民一庭 | 12 |" in saved
    assert saved.count("![") == 2
    assert '"图为旁听的村民")' in saved
    assert len(list((desk.posts_folder / slug[:4] / "images").iterdir())) == 2


def test_what_the_server_did_not_get_is_offered_again(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    page.context.set_offline(True)
    page.get_by_label("正文", exact=True).fill("断了网也在写的一段话")
    expect(page.locator("#saved")).to_contain_text("先存在这台电脑上")
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{address}/posts/{slug}/write")
    expect(again.locator("#returning")).to_contain_text("没送到的 10 个字")
    assert again.get_by_label("正文", exact=True).input_value() == "", "nothing is written over by itself"
    again.click("text=用它")
    expect(again.locator("#saved")).to_have_text(re.compile(r"已存好 \d\d:\d\d:\d\d"))
    with desk.store.read() as connection:
        draft = drafts.draft_of(connection, slug, "wang")
    assert draft is not None
    assert "断了网也在写的一段话" in draft.text


def test_a_session_that_ended_costs_nothing(page: Page, address: str, desk: Desk) -> None:
    slug = begun(page, address)
    sign_out_everywhere(desk, "wang")
    page.get_by_label("正文", exact=True).fill("登录过期以后还在写")
    expect(page.locator("#d-ended")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{address}/sign-in")
    other.fill("[name=name]", "wang")
    other.fill("[name=password]", PASSWORD)
    other.click("button:has-text('登录')")
    other.wait_for_url(f"{address}/")
    page.click("text=登录好了，接着存")
    expect(page.locator("#saved")).to_have_text(re.compile(r"已存好 \d\d:\d\d:\d\d"))
    with desk.store.read() as connection:
        draft = drafts.draft_of(connection, slug, "wang")
    assert draft is not None
    assert "登录过期以后还在写" in draft.text


def test_what_is_pasted_keeps_headings_lists_tables_and_bold(page: Page, address: str) -> None:
    begun(page, address)
    day.paste(page, "<h1>标题</h1><p>有<b>粗</b></p><table><tr><td>甲</td></tr><tr><td>1</td></tr></table>")
    text = page.get_by_label("正文", exact=True)
    expect(text).to_have_value("## 标题\n\n有**粗**\n\n| 甲 |\n| --- |\n| 1 |")
    text.press("Control+z")
    expect(text).to_have_value("")
    text.fill("半行")
    text.press("Control+End")
    day.paste(page, "<p>接着的<b>字</b></p>")
    expect(text).to_have_value("半行接着的**字**")
    text.press("Home")
    day.paste(page, (CLIPBOARD / "excel.html").read_text(encoding="utf-8"))
    expect(text).to_have_value(re.compile(r"^3月执行情况\n\n\| 法庭 (.|\n)* 13 \| \[公告\]\(<.*>\) \|\n\n半行接着的"))
    expect(page.locator("#pasted p")).to_have_text("从 Excel 贴进来：1 张表。没有贴进来：隐藏的内容。请核对。")


def test_where_the_server_takes_its_time_structure_follows_the_words(page: Page, address: str) -> None:
    begun(page, address)
    held: list[Route] = []
    page.route("**/posts/convert", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function of its own
    text, told = page.get_by_label("正文", exact=True), page.locator("#pasted p")
    text.fill("前言\n\n")
    text.press("Control+End")
    day.paste(page, "<h2>小标题</h2><p>有<b>粗</b></p>")
    expect(text).to_have_value("前言\n\n没有样子的文字")
    page.keyboard.type("，后话")
    held.pop().continue_()
    expect(text).to_have_value("前言\n\n## 小标题\n\n有**粗**，后话")
    expect(told).to_have_text("贴进来：1 个小标题。")
    page.keyboard.type("。")
    expect(text).to_have_value("前言\n\n## 小标题\n\n有**粗**，后话。")
    text.fill("前言\n\n")
    text.press("Control+End")
    day.paste(page, "<h2>小标题</h2>")
    expect(text).to_have_value("前言\n\n没有样子的文字")
    held.pop().abort()
    expect(told).to_contain_text("只贴进了文字")
    assert text.input_value() == "前言\n\n没有样子的文字"


@pytest.mark.parametrize("path", ["/posts", "write"])
def test_pages_are_for_everybody(page: Page, address: str, axe: str, path: str) -> None:
    if path == "write":
        begun(page, address)
    else:
        page.goto(f"{address}{path}")
    page.evaluate(axe)
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found["violations"]] == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
