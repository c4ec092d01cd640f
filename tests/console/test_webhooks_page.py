"""设置 · 回调: what could not be brought is sent again, or let be, from the browser."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from tests.conftest import Workspace
from tests.support.browsing import Somebody
from xuanfa.domain.webhook import Answer, Endpoint, Sent, Webhooks, new_secret
from xuanfa.operations.announcing.passes import send_due
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.audit import audited
from xuanfa.reports.outbox import receivers_and_messages

Sit = Callable[[str], Somebody]
RESEND = "resend_messages"


def gone(_endpoint: Endpoint, _body: bytes, _headers: Mapping[str, str], _within: float) -> Answer:
    return Answer(status=410, why="对方回 410")


@pytest.fixture
def desk(workspace: Workspace, desk: Desk) -> Desk:
    """One receiver, at an address with a token in it, to which nothing could be brought."""
    oa = Endpoint(id="oa", url="https://oa.example.gov.cn/hooks/T0KEN", events=("*",), secrets=(new_secret(),))
    told = replace(desk, renewal=None, webhooks=Webhooks(endpoints={"oa": oa}, post=gone))
    told.store.announce_to({"oa": oa})
    workspace.post("one")
    workspace.post("two")
    queue(told)
    assert send_due(told, within=10.0) == 0
    return told


def states(desk: Desk) -> list[Sent]:
    return [each.state for each in receivers_and_messages(desk.store)[1]]


def test_what_was_given_up_is_sent_again_by_one_press_and_once(desk: Desk, somebody: Sit) -> None:
    lina = somebody("lina")
    text = lina.go("/settings/webhooks")
    assert "oa.example.gov.cn" in text
    assert "T0KEN" not in text
    assert "不再自动重试：对方回 410" in text
    form = lina.form("重发选中的")
    assert "2 条会重发" in lina.send(form)
    assert states(desk) == [Sent.WAITING] * 2
    lina.send(form)
    lines = [each for each in audited(desk.store, since=None, until=None, who=None, post=None) if each.act == RESEND]
    assert [(line.who, line.is_refused) for line in lines] == [("lina", False)]


def test_letting_be_needs_a_reason_and_what_was_chosen_stays_chosen(desk: Desk, somebody: Sit) -> None:
    lina = somebody("lina")
    lina.go("/settings/webhooks")
    form = lina.form("选中的不再发")
    form.action, number = "/settings/webhooks/drop", str(receivers_and_messages(desk.store)[1][0].id)
    text = lina.send(form, message=number)
    assert lina.page.status_code == 422
    assert "要写明原因" in text
    assert text.count(" checked") == 1
    form = lina.form("选中的不再发")
    form.action = "/settings/webhooks/drop"
    assert "1 条不再发" in lina.send(form, message=number, why="旧系统停用")
    assert sorted(states(desk)) == [Sent.DROPPED, Sent.GIVEN_UP]
    text = lina.press("重发选中的", message="9999")
    assert lina.page.status_code == 422
    assert "没有编号为 9999 的回调" in text


def test_it_is_for_administrators(somebody: Sit) -> None:
    zhou = somebody("zhou")
    zhou.go("/settings/webhooks")
    assert zhou.page.status_code == 403
