"""Several posts at once: called off, or put into another column; each by itself, nothing where it may not be, and why."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody, forms_of
from tests.support.reviewed_console import SETTINGS, TEXT, approve, by, submit
from tests.support.stocked import put
from xuanfa.domain.act import Cancel, ResolvePublished
from xuanfa.domain.delivery import State
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.listing import list_deliveries

Sit = Callable[[str], Somebody]
_MORE = """
[columns.plain]
title = "公告通知"
review = "none"
channels = ["hook", "wall"]

[columns.law]
title = "以案说法"
channels = ["wall"]
"""
LATER = "2026-03-05 09:00"


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """Posts that stand differently: ``fresh`` and ``signed`` under review, ``mixed`` out on one of two channels, ``doubt``, ``out``, ``off``."""
    from tests.console.conftest import settle_people  # noqa: PLC0415 - beside the fixture that this one stands for

    workspace.settle_in("hook", "wall", settings=SETTINGS + _MORE)
    made = workspace.desk(clock)
    settle_people(made)
    for slug in ("fresh", "signed"):
        workspace.post(slug, TEXT, title=f"《{slug}》", author="wang", publish_at=LATER)
    for slug in ("mixed", "doubt", "off", "closed"):
        more = {"access": "[lina]"} if slug == "closed" else {}
        workspace.post(slug, f"{TEXT}{slug}", title=f"《{slug}》", column="plain", publish_at=LATER, **more)
    queue(made)
    submit(made, "signed")
    for who in ("zhou", "jiao", "zhao"):
        approve(made, who, "signed")
    mixed, doubt = _numbers(made, "mixed"), _numbers(made, "doubt")
    for number in doubt:
        put(made, number, State.UNKNOWN, attempt=1)
    put(made, mixed[0], State.UNKNOWN, attempt=1)
    carry_out(made, ResolvePublished(delivery=mixed[0], address="https://www.example.gov.cn/mixed"), by("zhou"))
    for number in _numbers(made, "off"):
        carry_out(made, Cancel(delivery=number), by("zhou"))
    return made


def _numbers(desk: Desk, slug: str) -> list[int]:
    return [row.id for row in list_deliveries(desk.store, post=slug)]


def _states(desk: Desk, slug: str) -> list[State]:
    return [row.state for row in list_deliveries(desk.store, post=slug)]


def test_several_posts_are_called_off_each_by_itself(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    text = one.go("/posts")
    assert text.count('name="post"') == 5, "what is closed to her has no box"
    assert ("等周敏一审" in text, "网络接口待核实" in text, text.count("legend")) == (False, True, 1)
    one.go("/posts/bulk?deed=cancel")
    assert (one.page.status_code, "一篇也没有勾" in one.page.text) == (409, True)
    asked = "".join(f"&post={slug}" for slug in ("fresh", "mixed", "doubt", "off", "signed", "closed", "nothing"))
    text = one.go(f"/posts/bulk?deed=cancel&then=/posts?tab=all{asked}")
    assert "这 7 篇不发了？" in text
    assert text.count("可以办</span>") == 3
    for words in ("取消 1 条：网络接口。网络接口已发布，不动。", "网络接口、网络接口待核实", "已经取消了"):
        assert words in text
    assert (text.count("或者您不能看"), "《closed》" in text) == (2, False)
    form = one.form("这 3 篇不发了")
    carry_out(desk, Cancel(delivery=_numbers(desk, "signed")[0]), by("lina", "领导来电"))
    text = one.send(form, why="活动改期")
    assert "办了 2 篇，5 篇没有动" in text
    assert "您打开那一页之后有了变化" in text
    assert _states(desk, "fresh") == [State.CANCELLED, State.CANCELLED]
    assert _states(desk, "mixed") == [State.PUBLISHED, State.CANCELLED]
    assert _states(desk, "doubt") == [State.UNKNOWN, State.UNKNOWN]
    assert _states(desk, "signed") == [State.CANCELLED, State.AWAITING_REVIEW], "what moved meanwhile is left"
    assert one.send(form, why="再按一次") == text, "pressed twice it is done once"
    assert {row.reason for row in list_deliveries(desk.store, post="fresh")} == {"活动改期"}
    foreign = replace(form, fields=[(n, v) for n, v in form.fields if n != "intent"])
    assert "没有办" in one.send(foreign)


def test_several_posts_go_into_another_column(somebody: Sit, desk: Desk, workspace: Workspace) -> None:
    one = somebody("zhou")
    submit(desk, "fresh")
    assert "等周敏一审" in one.go("/posts")
    every = "".join(f"&post={slug}" for slug in ("fresh", "signed", "mixed", "off", "doubt"))
    text = one.go(f"/posts/bulk?deed=column&column=plain{every}")
    assert text.count("不用审，改过去没审完就会发") == 2
    assert (text.count("已经在《公告通知》"), text.count("可以办</span>")) == (3, 0)
    assert not any(form.method == "post" and form.buttons for form in forms_of(text))
    text = one.go(f"/posts/bulk?deed=column&column=law{every}")
    assert text.count("已经发出或可能发出") == 2
    assert "正在审校，审过的意见可能作废" in text
    assert ("已经签发，改了要重新审" in text, "它已经取消，仍然不发" in text) == (True, True)
    form = one.form("3 篇改到《以案说法》")
    text = one.send(form)
    assert "办了 3 篇，2 篇没有动" in text
    for slug in ("fresh", "signed", "off"):
        written = (workspace.folder / "posts" / f"{slug}.md").read_text(encoding="utf-8")
        assert ("column: law" in written, TEXT.splitlines()[0] in written) == (True, True)
    waits = {row.channel: row.state for row in list_deliveries(desk.store, post="signed")}
    assert waits == {"hook": State.CANCELLED, "wall": State.AWAITING_REVIEW}
    assert set(_states(desk, "off")) == {State.CANCELLED}
    one.go("/posts/mixed/write")
    one.send(one.form("存为一版"), title="《mixed》改了")
    assert "没有这个专栏" in one.go("/posts/bulk?deed=column&column=none&post=fresh")


def test_who_may_not_is_told_so_and_sees_no_boxes(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    assert 'name="post"' not in one.go("/posts")
    one.go("/posts/bulk?deed=cancel&post=fresh")
    assert one.page.status_code == 403
    lina = somebody("lina")
    assert "您的角色办不了这一项" in lina.go("/posts/bulk?deed=column&column=law&post=fresh")
