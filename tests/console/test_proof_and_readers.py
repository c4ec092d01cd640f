"""存证 and 阅读数据 at a delivery: looked at now, what differs, accepted with a reason; pictures by hand; figures by hand and from a list."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.conftest import Clock, Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import Somebody, served
from tests.support.desk_browsing import seated
from xuanfa.domain.page import Opened, Page
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.proofs import proof_of
from xuanfa.reports.readers import snapshots_of

Sit = Callable[[str], Somebody]
BODY = "12月1日上午，法官走进小学，为孩子们讲了一堂法治课。\n\n孩子们听得认真，还演了一场模拟法庭。"


@dataclass
class Web:
    """What the public page shows."""

    lines: list[str] = field(default_factory=lambda: ["法官进校园", *BODY.split("\n\n")])
    asked: list[str] = field(default_factory=list)

    def __call__(self, _channel: str, address: str) -> Opened:
        self.asked.append(address)
        text = "".join(f"<p>{line}</p>" for line in self.lines)
        return Opened(address=address, page=Page(200, f"<title>法官进校园</title>{text}"), media_type="text/html")


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def desk(workspace: Workspace, clock: Clock, web: Web) -> Desk:
    """A desk on which one post is out for real."""
    desk = replace(workspace.desk(clock), open_page=web, picture_page=lambda *_: (b"", "这台机器没有浏览器"))
    settle_people(desk)
    workspace.post("one", BODY, title="法官进校园", author="王芳")
    queue(desk)
    one_pass(desk, in_flight=2)
    clock.advance(minutes=5)
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(desk) as found:
        yield found


def png(colour: str = "red") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (120, 90), colour).save(data, "PNG")
    return data.getvalue()


def hand_in(one: Somebody, name: str, data: bytes, **typed: str) -> str:
    one.go("/deliveries/1")
    form = one.form("交截图")
    one.page = one.client.post(form.action, data=dict(form.fields) | typed, files={"picture": (name, data)})
    return unescape(one.page.text)


def test_what_differs_is_shown_and_accepted_with_a_reason(somebody: Sit, web: Web) -> None:
    one = somebody("zhou")
    assert "没有自动存证：还没有去看过公开页" in unescape(one.go("/deliveries/1"))
    one.press("现在去看")
    assert "与发出的一致" in unescape(one.page.text)
    assert "看看差在哪" not in one.page.text
    web.lines[2] = "孩子们听得认真，还演了一场大型模拟法庭。"
    text = unescape(one.press("现在去看"))
    assert "与发出的不一致" in text
    assert "第 2 段不一样" in text
    assert "大型模拟法庭" in text
    form = one.form("认可这处差异")
    assert "请写明为什么这样没有问题" in unescape(one.send(form, why=""))
    web.lines.append("网站又添了一段和正文没有关系的长长的话，谁也没有批准过。")
    web.lines.insert(2, "网站又添了一段和正文没有关系的长长的话，谁也没有批准过。")
    one.go("/deliveries/1")
    one.press("现在去看")
    assert "公开页又变了，没有认可" in unescape(one.send(form, why="编辑按规范改的"))
    one.go("/deliveries/1")
    assert "已认可" in unescape(one.press("认可这处差异", why="编辑按规范改的"))
    assert "认可这处差异</button>" not in one.page.text
    assert "编辑按规范改的" in unescape(one.go("/deliveries/1"))


def test_a_picture_by_hand_is_made_anew_and_shown(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    text = hand_in(one, "截图.png", png() + b"<script>hidden</script>", why="手机上看到的")
    assert "截图收下了" in text
    assert "王芳 交的截图：手机上看到的" in text
    found = proof_of(desk.store, desk.media, 1)
    assert found is not None
    (proof,) = found.proofs
    answer = one.client.get(f"/deliveries/1/proof/{proof.id}")
    assert (answer.status_code, b"hidden" in answer.content) == (200, False)
    assert answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert one.client.get(f"/deliveries/1/proof/{proof.id + 7}").status_code == 404


@pytest.mark.parametrize(
    ("data", "typed", "told"),
    [
        (b"no picture", {}, "a.png"),
        (png(), {"day": "2020-01-01", "time": "09:00"}, "早于发布时间"),
        (png(), {"day": "2099-01-01", "time": "09:00"}, "还没有到"),
        (png(), {"day": "2026-03-02", "time": ""}, "日期和时间要一起填"),
    ],
)
def test_what_is_no_proof_is_refused_beside_its_field(
    somebody: Sit, desk: Desk, data: bytes, typed: dict[str, str], told: str
) -> None:
    text = hand_in(somebody("zhou"), "a.png", data, **typed)
    assert told in text
    assert "截图收下了" not in text
    found = proof_of(desk.store, desk.media, 1)
    assert found is not None
    assert found.proofs == ()


@pytest.mark.parametrize("typed", ["1,234", "１２３４", "1234"])
def test_figures_are_snapshots_and_what_is_empty_is_not_nought(somebody: Sit, desk: Desk, typed: str) -> None:
    one = somebody("zhou")
    assert "尚无。不知道的数不当作 0。" in unescape(one.go("/deliveries/1"))
    text = unescape(one.press("登记", reads=typed, likes="0"))
    assert "登记好了" in text
    assert "1,234" in text
    (kept,) = snapshots_of(desk.store, [1])[1]
    assert kept.figures.known == {"reads": 1234, "likes": 0}
    assert "人工登记，周敏" in text
    assert "已经登记过，没有再记" in unescape(one.press("登记", reads=typed, likes="0"))
    one.press("登记", reads="2000")
    assert [each.figures.reads for each in snapshots_of(desk.store, [1])[1]] == [1234, 2000]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reads": "很多"}, "请写整数，如 1234"),
        ({"reads": "-3"}, "请写整数，如 1234"),
        ({}, "一个数也没有写"),
        ({"reads": "5", "day": "2020-01-01", "time": "09:00"}, "早于发布时间"),
        ({"reads": "99999999999"}, "数字应在"),
    ],
)
def test_figures_that_cannot_be_are_told_and_what_was_typed_stays(
    somebody: Sit, desk: Desk, typed: dict[str, str], told: str
) -> None:
    one = somebody("zhou")
    one.go("/deliveries/1")
    text = unescape(one.press("登记", **typed))
    assert (one.page.status_code, told in text) == (422, True), text
    for value in typed.values():
        assert f'value="{value}"' in text
    assert snapshots_of(desk.store, [1]) == {1: []}


def test_a_list_is_looked_at_first_and_entered_as_a_whole(somebody: Sit, desk: Desk, clock: Clock) -> None:
    one = somebody("zhou")
    one.go("/readers/import")
    day = f"{clock().astimezone(desk.zone):%Y-%m-%d %H:%M}"
    rows = f"统计时间\t投递编号\t浏览次数\t点赞\n{day}\t1\t88\t\n{day}\t9\t5\t1\n"
    text = unescape(one.press("先试一遍", pasted=rows, renamed="浏览次数=阅读"))
    assert one.page.status_code == 422
    assert "第 3 行“投递编号”：没有正式发布过的投递 9" in text
    assert "登记这" not in text
    text = unescape(one.press("先试一遍", pasted=rows.rsplit("\n", 2)[0], renamed="浏览次数=阅读"))
    assert "会新登记 " in text
    assert snapshots_of(desk.store, [1]) == {1: []}
    form = one.form("登记这 1 行")
    assert "新登记 1 行" in unescape(one.send(form))
    assert "新登记 1 行" in unescape(one.send(form))
    (kept,) = snapshots_of(desk.store, [1])[1]
    assert (kept.figures.known, kept.origin) == ({"reads": 88}, "import:粘贴.csv")
    assert "请选一个 .xlsx 或 .csv 文件" in unescape(one.press("先试一遍", pasted=" "))


def test_other_peoples_posts_show_a_contributor_nothing(somebody: Sit) -> None:
    one = somebody("bao")
    for path in ("/deliveries/1", "/deliveries/1/proof/1"):
        assert one.client.get(path).status_code in {404, 409}, path
    assert one.client.get("/readers/import").status_code == 403


def test_a_later_figure_of_the_minute_of_publication_is_taken(somebody: Sit, desk: Desk, clock: Clock) -> None:
    at = (clock() - timedelta(minutes=5)).astimezone(desk.zone)
    one = somebody("zhou")
    one.go("/deliveries/1")
    one.press("登记", reads="3", day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")
    assert one.page.status_code == 200


@pytest.mark.browser
def test_its_states_are_for_everybody(browser: Browser, address: str, web: Web, axe: str) -> None:
    """Nothing that axe finds and nothing sideways: before a look, where it differs, with a picture, with figures, with a figure that is none."""
    with seated(browser, address, "zhou") as page:

        def fine(state: str) -> None:
            page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
            page.evaluate(axe)
            found = page.evaluate(
                "axe.run(document, {iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
            )
            assert [
                (each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found["violations"]
            ] == [], state
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (state, width)

        page.goto(f"{address}/deliveries/1")
        fine("as it came out")
        web.lines[1] = "12月2日上午，法官走进小学，" + "很长的一段没有停顿的话" * 12
        page.click("text=现在去看")
        expect(page.locator(".diff")).to_be_visible()
        fine("it differs")
        page.get_by_label("为什么没有问题").fill("编辑按规范改的")
        page.click("button:has-text('认可这处差异')")
        expect(page.locator("#main")).to_contain_text("已认可")
        fine("accepted")
        page.set_input_files("#f-picture", {"name": "a.png", "mimeType": "image/png", "buffer": png()})
        page.click("button:has-text('交截图')")
        expect(page.locator(".proof-shot img")).to_be_visible()
        fine("with a picture")
        for reads, words in (("2000", "登记好了"), ("很多", "")):
            page.fill("#n-reads", reads)
            page.locator("form[action$='/readers'] button").click()
            expect(page.locator("#main")).to_contain_text(words)
            fine(reads)
        expect(page.locator("#w-reads")).to_be_visible()
