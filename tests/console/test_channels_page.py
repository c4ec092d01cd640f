"""渠道: when the last post came, and that an authorisation is near its end, which waits on the desk of whoever can go and sign in."""

from collections.abc import Callable

import pytest

from tests.conftest import Clock, Sink, Workspace
from tests.support.browsing import Somebody
from xuanfa.domain.act import Pause
from xuanfa.domain.alarm import Cause
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.store import alarms

Sit = Callable[[str], Somebody]


@pytest.fixture
def ending(desk: Desk, clock: Clock) -> Desk:
    """The alarm stands that a channel's authorisation ends, and one of a channel that the settings have no more."""
    causes = [
        Cause(name=f"ending:{name}:weibo.ends_soon", words="渠道 接口：授权还有 6 天", look="")
        for name in ("hook", "former")
    ]
    with desk.store.write() as connection:
        alarms.raise_(connection, causes, clock())
    return desk


def test_when_the_last_post_came_stands_there(desk: Desk, sink: Sink, workspace: Workspace, somebody: Sit) -> None:
    zhou = somebody("zhou")
    assert "最近一条" in zhou.go("/channels")
    assert "今天 " not in zhou.page.text.partition("<tbody>")[2]
    workspace.post("one")
    one_pass(desk)
    sink.wait_for(1)
    assert "今天 " in zhou.go("/channels").partition("<tbody>")[2]
    assert "今天 " in zhou.go("/channels/hook").partition("最近一条")[2].partition("</dd>")[0]
    zhou.go("/counts?since=2020-01-01&until=2020-12-31&span=own")
    assert "最近一条是 今天 " in zhou.page.text


@pytest.mark.usefixtures("ending")
def test_an_authorisation_that_ends_soon_is_told_on_its_page_and_on_the_desk(somebody: Sit) -> None:
    zhou = somebody("zhou")
    for path in ("/channels", "/channels/hook", "/"):
        assert "授权还有 6 天" in zhou.go(path), path
    assert zhou.page.text.count("授权快到期") == 1, "the other channel is gone"
    assert 'href="/channels/hook"' in zhou.page.text
    jiao = somebody("jiao")
    assert "授权还有 6 天" not in jiao.go("/"), "who can neither sign in nor resume is not asked to"


def test_a_channel_that_is_stopped_waits_on_the_desk(desk: Desk, somebody: Sit) -> None:
    zhou = somebody("zhou")
    assert "渠道停着" not in zhou.go("/")
    carry_out(desk, Pause(channel="hook"), Person(name="lina", why="账号被平台封了", how="password"))
    text = zhou.go("/")
    assert "渠道停着" in text
    assert "账号被平台封了" in text


def test_only_whoever_keeps_the_settings_is_led_to_its_keys(somebody: Sit) -> None:
    assert "/settings/channels/hook" in somebody("lina").go("/channels/hook")
    assert "/settings/channels/hook" not in somebody("zhou").go("/channels/hook")
