"""审校: what waits for whom; seen before decided; the last step shows again who it is; nothing is decided about what has changed meanwhile."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody, forms_of, served
from tests.support.reviewed_console import TEXT, approve, by, open_office, states, submit
from xuanfa.console.guard.headers import FRAME
from xuanfa.domain.act import ChangeUser, DisableUser
from xuanfa.domain.user import Role
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.restricting.rule import closed_in_words

Sit = Callable[[str], Somebody]


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    return open_office(workspace, clock, "one")


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(desk) as found:
        yield found


def read_all(one: Somebody, post: str = "one") -> str:
    """Look at every channel to its end, without script."""
    text = one.go(f"/reviews/{post}")
    while any("看到底了" in form.buttons for form in forms_of(text)):
        text = one.press("看到底了")
    return text


def ticked(one: Somebody, button: str, *gates: str, **typed: str) -> str:
    """Tick gates and press; a browser sends one field for each."""
    form = one.form(button)
    form.fields += [("gate", gate) for gate in gates]
    return one.send(form, **typed)


def test_a_post_waits_for_whoever_may_decide_its_step(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    editor, leader = somebody("zhou"), somebody("zhao")
    assert "法官带着调解协议来执行" in editor.go("/reviews")
    assert "没有等您审的" in leader.go("/reviews")
    assert "等周敏" in leader.go("/reviews?tab=all")
    assert "同意" not in "".join("".join(form.buttons) for form in forms_of(editor.go("/reviews"))), "no list decides"


def test_what_leaves_is_shown_in_a_frame_that_runs_nothing(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    one = somebody("zhou")
    text = one.go("/reviews/one")
    assert 'src="/reviews/one/leaving/hook"' in text
    frame = one.go("/reviews/one/leaving/hook")
    assert {name: one.page.headers[name] for name in FRAME} == FRAME
    assert "把法庭搬到田间地头" in frame
    assert "<script" not in frame
    assert one.client.get("/reviews/one/leaving/nowhere").status_code == 404
    assert one.client.get("/reviews/one/pictures/..%2f..%2fxuanfa.toml").status_code == 404


def test_nothing_is_agreed_to_that_was_not_seen_or_not_ticked(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    one = somebody("zhou")
    text = one.go("/reviews/one")
    assert "看下一个" in text
    assert "还有 2 个渠道没有看到底" in ticked(one, "同意，送一校", "事实关")
    assert one.page.status_code == 422
    text = read_all(one)
    assert ("看过 2/2 个渠道" in text, "看下一个" in text) == (True, False)
    assert "还有 1 项没有勾：事实关" in one.press("同意，送一校", note="提法都对")
    assert "提法都对" in one.page.text, "what was typed stays"
    assert states(desk) == ["open", "waiting", "waiting"]
    ticked(one, "同意，送一校", "事实关")
    assert "现在轮到一校" in one.page.text
    assert states(desk) == ["approved", "open", "waiting"]


def test_the_last_step_asks_who_it_is_and_is_done_once(somebody: Sit, desk: Desk, clock: Clock) -> None:
    submit(desk)
    approve(desk, "zhou")
    approve(desk, "jiao")
    one = somebody("zhao")
    read_all(one)
    clock.advance(minutes=6)
    text = ticked(one, "同意签发…", "政治关", "文字关")
    assert "签发这一篇？" in text
    assert states(desk)[2] == "open", "the sheet decides nothing"
    sheet = one.form("同意签发")
    for wrong in ("", "wrong"):
        assert "签发这一篇？" in one.send(sheet, again=wrong)
        assert (one.page.status_code, states(desk)[2]) == (409, "open")
    one.send(sheet, again=PASSWORD)
    assert "已签发" in one.page.text
    assert states(desk) == ["approved"] * 3
    one.send(sheet, again=PASSWORD)
    assert "已签发" in one.page.text, "pressed again, the first one's answer"
    assert "再看看" not in one.page.text


def test_what_has_changed_meanwhile_is_shown_first(
    somebody: Sit, desk: Desk, workspace: Workspace, clock: Clock
) -> None:
    submit(desk)
    one = somebody("zhou")
    read_all(one)
    form = one.form("同意，送一校")
    form.fields.append(("gate", "事实关"))
    clock.advance(minutes=5)
    workspace.post("one", TEXT.replace("5日", "五日"), title="法官带着调解协议来执行", author="wang")
    queue(desk)
    text = one.send(form)
    assert (one.page.status_code, "没有登记" in text) == (409, True)
    assert ("<del>5</del>" in text, "<ins>五</ins>" in text, "checked" in text) == (True, True, False)
    assert states(desk) == ["open", "waiting", "waiting"]
    assert "看过 0/2 个渠道" in text, "what was seen is lost with what it was of"


def test_two_people_and_one_step(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    one = somebody("zhou")
    read_all(one)
    form = one.form("同意，送一校")
    form.fields.append(("gate", "事实关"))
    approve(desk, "zhou")
    text = one.send(form)
    assert (one.page.status_code, "周敏" in text, "通过了一步" in text) == (409, True, True)


def test_sent_back_with_what_is_to_be_mended(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    one = somebody("zhou")
    text = one.go("/reviews/one/return")
    assert "退回给：王芳" in text
    assert "请写明哪里要改" in one.press("退回修改", why=" ")
    assert "稿件里没有" in one.press("退回修改", why="数字用汉字", place="不在稿里的字")
    assert "数字用汉字" in one.page.text
    one.press("退回修改", why="数字用汉字", place="5日内")
    assert "已退回给王芳" in one.page.text
    assert states(desk)[0] == "returned"
    part = one.client.get("/reviews/one", headers={"X-Part": "deciding"})
    assert (part.status_code, part.text.strip()) == (200, ""), (
        "a page that stood open asks for its block; there is nothing to decide"
    )
    assert "数字用汉字" in one.go("/reviews?tab=returned")
    assert "法官带着调解协议来执行" not in one.go("/reviews?tab=decided")


def test_whoever_may_not_decide_gets_no_button(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    for name in ("wang", "zhao", "lina"):
        one = somebody(name)
        text = one.go("/reviews/one")
        assert "等周敏" in text
        assert not [form for form in forms_of(text) if form.action.endswith(("/approve", "/sign", "/return"))]
    form = somebody("lina").client.post("/reviews/one/approve", data={})
    assert form.status_code == 403


def test_a_restricted_post_is_closed_on_every_way(
    somebody: Sit, workspace: Workspace, clock: Clock, desk: Desk
) -> None:
    workspace.post("two", TEXT, title="不公开的标题", author="wang", access="[wang, zhou]")
    queue(desk)
    submit(desk, "two")
    one, other = somebody("zhou"), somebody("zhao")
    assert "不公开的标题" in one.go("/reviews")
    for path in ("", "/leaving/hook", "/return", "/pictures/x.png"):
        text = other.go(f"/reviews/two{path}")
        assert (other.page.status_code, "不公开的标题" in text) == (409, False), path
    assert closed_in_words("two")[:12] in other.go("/reviews/two")
    assert "不公开的标题" not in other.go("/reviews?tab=all")


def test_the_decided_are_paged_by_key(somebody: Sit, workspace: Workspace, clock: Clock, desk: Desk) -> None:
    for number in range(52):
        workspace.post(f"n{number}", TEXT, title=f"第{number}篇", author="wang")
    queue(desk)
    for number in range(52):
        submit(desk, f"n{number}")
        approve(desk, "zhou", f"n{number}")
    one = somebody("zhou")
    text = one.go("/reviews?tab=decided")
    assert ("第51篇" in text, "第1篇" in text) == (True, False)
    later = text.partition("before=")[2].partition('"')[0]
    assert "第1篇" in one.go(f"/reviews?tab=decided&before={later}")
    assert one.client.get("/reviews?tab=decided&before=9%27%3Bdrop").status_code == 200


def test_whoever_submits_is_told_the_way_and_what_does_not_wait_for_it(
    somebody: Sit, desk: Desk, workspace: Workspace
) -> None:
    """Who can hold each step, who cannot and why; what another post brings to the same account first; and that a veto is in the way."""
    carry_out(desk, ChangeUser(user="bao", roles=frozenset({Role.AUTHOR, Role.PROOFREADER})), by("lina"))
    carry_out(desk, DisableUser(user="zhao"), by("lina"))
    workspace.post("again", TEXT, title="法官带着调解协议来执行", author="wang")
    workspace.post("veto", "被告人张三，身份证号110101199003074231，住甘肃省永昌县。", title="另一篇", author="wang")
    queue(desk)
    one = somebody("wang")
    text = " ".join(one.go("/posts/one/submit").split())
    for words in ("走哪条路", "三步，3 步", "周敏", "焦红", "不能审：包工（外包人员不审稿）"):
        assert words in text
    assert "同一个人只审其中一步" in text
    assert text.count("现在没有人能审这一步") == 1, "the one approver is disabled"
    assert "同样的内容先从" not in text
    text = one.go("/posts/again/submit")
    assert text.count("《法官带着调解协议来执行》先从网络接口发（待审核）") == 2
    assert "现在不用提交" in text
    assert not [form for form in forms_of(text) if "提交审校" in form.buttons]
    one.go("/posts/veto/submit")
    text = one.press("提交审校", note="请快些")
    assert (one.page.status_code, "处“否决”问题没改。稿子没有变" in text, "请快些" in text) == (409, True, True)
    assert states(desk, "veto") == ["waiting"] * 3, "nothing was submitted"
    one.go("/posts/one/submit")
    assert "交给周敏一审了，最晚" in one.press("提交审校"), "and until when"
    zhou = somebody("zhou")
    text = zhou.go("/posts/one/submit")
    assert "不能审：周敏（作者不审自己的稿件）" in text, "whoever submits it is an author"
