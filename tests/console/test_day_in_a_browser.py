"""A publicity office's whole day in a browser, at a desk and on a phone: pasted from Word, seen in every channel, reviewed by three, moved, stopped
and resumed, sent, a doubt settled, counted, withdrawn. People click and type; the time is the test's own."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Clock, Sink, Workspace
from tests.support import day_in_a_browser as day
from tests.support.browsing import PASSWORD
from tests.support.day_in_a_browser import TITLE
from tests.support.desk_browsing import begun, seated
from tests.support.reviewed_console import open_office, stands
from tests.support.sending_pass import sent
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk
from xuanfa.reports.listing import everything_paused, list_deliveries

Sit = Callable[..., Page]


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    return open_office(workspace, clock)


@pytest.fixture(params=[1440, 390], ids=["desk", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture
def sit(browser: Browser, address: str, width: int) -> Iterator[Sit]:
    """Somebody sits down before a browser of their own, at the width of the day or another."""
    with ExitStack() as stack:

        def sit_down(name: str, at: int = width) -> Page:
            return stack.enter_context(seated(browser, address, name, width=at))

        yield sit_down


@pytest.mark.browser
def test_a_day(sit: Sit, desk: Desk, clock: Clock, sink: Sink, address: str) -> None:
    author, editor = sit("wang"), sit("zhou")
    slug = written(author, address, desk)
    handed_in(author, slug, desk)
    leader = reviewed(sit, editor, desk)
    moved(editor, desk, clock)
    signed(leader)  # another time asks the signatory again
    assert set(stands(desk).values()) == {State.SCHEDULED}
    stopped_and_resumed(editor, desk, clock, sink)
    settled(editor, desk, sink)
    counted(editor)
    withdrawn(editor, desk, slug)


def written(page: Page, address: str, desk: Desk) -> str:
    """A post as Word and buttons make it; its slug."""
    slug = begun(page, address)
    page.get_by_label("标题", exact=True).fill(TITLE)
    text = page.get_by_label("正文", exact=True)
    text.click()
    page.keyboard.type("3月2日一早，法官带着国徽和案卷来到田埂上。")
    day.bold(page, 5)
    page.keyboard.press("Enter")
    day.paste(page, day.FROM_WORD)
    expect(text).to_have_value(re.compile("签了调解协议。$"))
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("详情见")
    day.put_link(page, "法院网站", "https://www.example.gov.cn/a")
    day.put_picture(page, "red", "法官在田埂上量地", "图为丈量现场")
    day.put_picture(page, "blue", "双方签协议", "图为签协议")
    expect(page.locator("#saved")).to_contain_text("已存好")
    return slug


def handed_in(page: Page, slug: str, desk: Desk) -> None:
    """Seen in every channel, kept as a revision, submitted. Its file has each mark, and nobody has typed one."""
    day.pane(page, "看")
    page.click("text=全部并排")
    page.wait_for_url("**/preview")
    for frame in page.locator(".all-frames iframe").all():
        frame.scroll_into_view_if_needed()
        body = frame.content_frame.locator("body")
        expect(body).to_contain_text("双方当场签了调解协议")
        expect(body).to_contain_text("渠东")
    assert page.locator(".all-frames iframe").count() == 2
    page.click(".where a")
    day.pane(page, "提交")
    page.click("button:has-text('存为一版')")
    page.wait_for_url("**/write?saved=1")
    saved = (desk.posts_folder / slug[:4] / f"{slug}.md").read_text(encoding="utf-8").partition("---\n\n")[2]
    for mark in (
        "来**到田埂上。**\n\n",
        "## 一亩水浇地的边界\n\n",
        "**一上午就把边界量清楚了**。",
        "- 查明水渠修建的时间\n- 核对承包合同的四至\n\n",
        "| 地块 | 亩数 |\n| --- | --- |\n| 渠东 | 1.2 |",
        "[法院网站](https://www.example.gov.cn/a)",
        '"图为丈量现场")',
        '"图为签协议")',
    ):
        assert mark in saved, saved
    day.submit(page)
    expect(page.locator("main table tbody tr")).to_have_count(2)
    page.click("button:has-text('提交审校')")
    expect(page.locator("main")).to_contain_text("等周敏")
    assert set(stands(desk).values()) == {State.AWAITING_REVIEW}


def reviewed(sit: Sit, editor: Page, desk: Desk) -> Page:
    """By three; the last, whose page it is, on a phone, whoever sits at a desk."""
    for page, words in ((editor, "同意，送一校"), (sit("jiao"), "校完，送三审")):
        opened(page)
        day.decided(page, words)
        expect(page.locator("main")).to_contain_text("已登记您的意见")
    leader = sit("zhao", 390)
    signed(leader)
    assert set(stands(desk).values()) == {State.SCHEDULED}
    return leader


def opened(page: Page) -> None:
    day.go(page, "审校")
    page.click(f"main a:has-text('{TITLE}')")


def signed(leader: Page) -> None:
    opened(leader)
    day.decided(leader, "同意签发…")
    day.sign(leader, PASSWORD)


def moved(page: Page, desk: Desk, clock: Clock) -> None:
    """All of it goes to another time, and says so."""
    day.go(page, "投递")
    page.click("main .tabs a:has-text('全部')")
    page.click(f"main a:has-text('{TITLE}') >> nth=0")
    to = (clock.now + timedelta(minutes=20)).astimezone(desk.zone)
    page.fill("[name=date]", f"{to:%Y-%m-%d}")
    page.fill("[name=time]", f"{to:%H:%M}")
    page.click("button:has-text('改时间')")
    expect(page.locator(".moved")).to_contain_text(f"已移到 今天 {to:%H:%M}")
    assert {row.due_at for row in list_deliveries(desk.store)} == {to}


def stopped_and_resumed(page: Page, desk: Desk, clock: Clock, sink: Sink) -> None:
    if not page.locator("text=紧急停发 >> visible=true").count():
        day.go(page, "更多")
    page.click("text=紧急停发 >> visible=true")
    page.get_by_label("原因").fill("领导来电，先停一停")
    page.click("button:has-text('停发全部')")
    expect(page.locator(".band.stop")).to_contain_text("全部停发中：领导来电，先停一停（周敏，")
    clock.advance(minutes=21)
    sent(desk)
    assert (everything_paused(desk.store), sink.seen) == ("领导来电，先停一停", [])
    page.click("text=恢复发送 >> visible=true")
    page.click("button:has-text('恢复发送')")
    assert everything_paused(desk.store) is None
    sink.script = ["ok", "half"]
    sent(desk)
    assert sorted(stands(desk).values()) == [State.PUBLISHED, State.UNKNOWN]


def settled(page: Page, desk: Desk, sink: Sink) -> None:
    """Whoever looks says that it is there, and where."""
    day.go(page, "工作台")
    page.click("main a:has-text('核实') >> nth=0")
    expect(page.locator("main")).to_contain_text("可能发出去了，也可能没有")
    page.click("summary:has-text('有，已经发出去了')")
    page.get_by_label("网址").fill(f"{sink.url}/seen")
    page.click("button:has-text('登记为已发布')")
    expect(page.locator("main")).to_contain_text("已发布")
    assert set(stands(desk).values()) == {State.PUBLISHED}
    assert set(sink.keys.values()) == {1}, "nothing was sent twice"


def counted(page: Page) -> None:
    """Each figure leads to its rows."""
    day.go(page, "统计")
    expect(page.locator("blockquote")).to_contain_text("1 篇")
    page.click("main table a:has-text('2')")
    expect(page.locator("main tbody tr")).to_have_count(2)
    expect(page.locator("main tbody")).to_contain_text(TITLE)


def withdrawn(page: Page, desk: Desk, slug: str) -> None:
    day.go(page, "投递")
    page.click("main .tabs a:has-text('全部')")
    page.click(f"main a:has-text('{TITLE}') >> nth=0")
    page.click("main a:has-text('撤稿')")
    page.get_by_label("原因").fill("当事人来信，要求撤下")
    again = page.locator("[name=again]")
    if again.count():
        again.fill(PASSWORD)
    page.click("button:has-text('撤下这 2 条')")
    done = page.locator("button:has-text('撤好了，登记')")
    while done.count():
        done.first.click()
        page.wait_for_load_state()
    assert set(stands(desk).values()) == {State.RETRACTED}
    day.go(page, "统计")
    expect(page.locator("main")).to_contain_text("这段时间没有发布")
