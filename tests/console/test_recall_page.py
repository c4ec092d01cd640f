"""收回签发 at the console: on the page of the review, whoever has signed, once, with what stays told."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody, forms_of, served
from tests.support.reviewed_console import approve, open_office, states, submit
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk
from xuanfa.reports.audit import audited
from xuanfa.store import deliveries
from xuanfa.store.deliveries import Change

Sit = Callable[[str], Somebody]


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """A post that is signed, for the next morning."""
    desk = open_office(workspace, clock, "one", publish_at="2026-03-03 09:00")
    submit(desk)
    for name in ("zhou", "jiao", "zhao"):
        approve(desk, name)
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(desk) as found:
        yield found


def offers(text: str) -> bool:
    return any("收回签发" in form.buttons for form in forms_of(text))


def kept(desk: Desk) -> list[str]:
    with desk.store.read() as connection:
        return [each.state.value for each in deliveries.get(connection, [1, 2]).values()]


def recalls(desk: Desk) -> list[tuple[str, bool]]:
    lines = audited(desk.store, since=None, until=None, who=None, post=None)
    return [(line.who, line.is_refused) for line in lines if line.act == "recall_review" and line.delivery is None]


def test_whoever_has_signed_takes_it_back_with_a_reason_and_once(somebody: Sit, desk: Desk) -> None:
    leader = somebody("zhao")
    leader.go("/reviews/one")
    refused = leader.press("收回签发")
    assert leader.page.status_code == 409
    assert "收回签发要写明原因，没有收回" in refused
    form = leader.form("收回签发")
    text = leader.send(form, why="第三段数字不对")
    assert "签发收回了" in text
    assert "去撤稿" not in text
    assert kept(desk) == ["awaiting_review"] * 2
    assert states(desk) == ["approved", "approved", "open"]
    assert not offers(text)
    leader.send(form, why="第三段数字不对")
    assert leader.page.status_code == 200
    assert recalls(desk) == [("zhao", False)]
    approve(desk, "zhao")
    assert kept(desk) == ["scheduled"] * 2


def test_others_are_not_offered_it_and_are_refused_in_words(somebody: Sit, desk: Desk) -> None:
    assert offers(somebody("lina").go("/reviews/one")), "an administrator may"
    leader, editor = somebody("zhao"), somebody("zhou")
    assert not offers(editor.go("/reviews/one"))
    leader.go("/reviews/one")
    editor.go("/me/tokens")
    form, own = leader.form("收回签发"), dict(editor.form("做令牌").fields)
    form.fields = [(name, own.get(name, value)) for name, value in form.fields]
    text = editor.send(form, why="试试")
    assert editor.page.status_code == 409
    assert "本稿由赵局签发，只有本人或管理员能收回，周敏不能" in text
    assert kept(desk) == ["scheduled"] * 2


def test_what_is_out_or_under_way_is_told_with_the_way_on(somebody: Sit, desk: Desk) -> None:
    with desk.store.write() as connection:
        (before,) = deliveries.get(connection, [1]).values()
        after = deliveries.replace(before, state=State.PUBLISHING)
        deliveries.rewrite(connection, [Change(before, after)], desk.clock(), "test")
    leader = somebody("zhao")
    assert "hook 正在发，停不下来" in leader.go("/reviews/one")
    text = leader.press("收回签发", why="有错")
    assert "hook 正在发，停不下来，会照常发完" in text
    assert 'href="/posts/one/withdraw"' in text
    assert "xuanfa " not in text.partition("<main")[2]
    assert kept(desk) == ["publishing", "awaiting_review"]


def test_the_page_of_writing_leads_there(somebody: Sit) -> None:
    assert "可收回签发" in somebody("zhou").go("/posts/one/write")
