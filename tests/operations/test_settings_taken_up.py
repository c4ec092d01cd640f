"""Each running process says by which settings it goes; whoever looks is told which of them go by those of before."""

import os
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.conftest import Clock, Workspace
from xuanfa.bootstrap.going_by import settings_digest
from xuanfa.domain.node import CONSOLE
from xuanfa.engine.heartbeat import Heartbeat
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.nodes import beat, join, roster
from xuanfa.operations.watching.alarms import raise_alarms, standing
from xuanfa.operations.watching.engine import engine_of
from xuanfa.operations.watching.examine import examine
from xuanfa.operations.watching.taken_up import running
from xuanfa.settings import load
from xuanfa.store import nodes


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    written(workspace, clock() - timedelta(hours=3))
    return workspace.desk(clock)


@pytest.fixture
def after(workspace: Workspace, clock: Clock, desk: Desk) -> Desk:
    """Whoever opens the workspace after its settings were changed, an hour after."""
    path = workspace.folder / "xuanfa.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("我们在行动", "行动起来"), encoding="utf-8")
    written(workspace, clock() - timedelta(minutes=1))
    return workspace.desk(clock)


def written(workspace: Workspace, at: datetime) -> None:
    os.utime(workspace.folder / "xuanfa.toml", (at.timestamp(), at.timestamp()))


def told(desk: Desk) -> list[str]:
    return [each.trouble for each in examine(desk) if each.what.startswith("节点") and each.trouble]


def test_a_process_that_has_the_settings_of_now_is_well(desk: Desk) -> None:
    join(desk, "run")
    assert [(each.words, each.still) for each in running(desk)] == [("", False)]
    assert not told(desk)


def test_one_of_before_is_named_with_how_to_start_it_anew(desk: Desk, after: Desk, clock: Clock) -> None:
    node = join(desk, "run")
    (late,) = running(after)
    assert late.still, "it may be ending what it has begun"
    assert not told(after)
    clock.now += timedelta(minutes=4)
    beat(desk, node)
    (words,) = told(after)
    assert "旧设置" in words
    assert "systemctl restart xuanfa（" in words
    assert "xuanfa run" in words
    assert running(after)[0].words == words


def test_it_is_an_alarm_only_where_it_lasts_and_ends_by_itself(desk: Desk, after: Desk, clock: Clock) -> None:
    node = join(desk, "worker")
    clock.now += timedelta(minutes=8)
    beat(desk, node)
    raise_alarms(after)
    assert not standing(after)
    clock.now += timedelta(minutes=2)
    beat(desk, node)
    raise_alarms(after)
    (each,) = standing(after)
    assert "xuanfa worker" in each.cause.words
    assert "旧设置" in each.cause.words
    beat(after, node)
    raise_alarms(after)
    assert not standing(after)


def test_a_process_says_itself_that_it_cannot_use_what_was_written(desk: Desk, clock: Clock) -> None:
    class Stuck:
        trouble = "database_url 改了，重启程序以后才用新的设置。"

        def __call__(self, desk: Desk, *, at_once: bool = False) -> Desk:
            return desk

    stuck = replace(desk, renewal=Stuck())
    node = join(stuck, "serve")
    began = clock()
    clock.now += timedelta(minutes=5)
    node = beat(stuck, node)
    assert node.trouble_at == began
    (words,) = told(desk)
    assert "database_url 改了" in words
    clock.now += timedelta(minutes=5)
    beat(stuck, node)
    raise_alarms(desk)
    assert "database_url" in standing(desk)[0].cause.words
    assert beat(desk, node).trouble_at is None


def test_another_machine_may_have_files_of_its_own(desk: Desk, after: Desk, clock: Clock) -> None:
    node = join(replace(desk, node="far:17:abc"), "worker")
    clock.now += timedelta(minutes=4)
    beat(desk, node)
    (words,) = told(after)
    assert "xuanfa.toml 和 .env 与这里一样" in words


def test_what_differs_by_a_variable_alone_is_nothing_of_before(desk: Desk) -> None:
    join(replace(desk, settings="0" * 64), "run")
    assert not running(desk)[0].words


def test_of_another_version_nothing_is_known(desk: Desk, after: Desk, clock: Clock) -> None:
    node = replace(join(desk, "run"), version="0.0.1")
    with desk.store.write() as connection:
        nodes.leave(connection, node.name)
        nodes.beat(connection, node)
    clock.now += timedelta(seconds=20)
    assert [each.words for each in running(after)] == [""]


def test_a_console_without_engine_is_there_and_sends_nothing(desk: Desk) -> None:
    with Heartbeat(desk, CONSOLE, follows=True):
        (node,) = roster(desk)
        assert (node.role, node.sends, node.settings) == (CONSOLE, False, desk.settings)
        assert not engine_of(desk).runs
    assert not roster(desk)


def test_a_secret_is_noticed_and_cannot_be_told_from_the_digest(workspace: Workspace) -> None:
    env = workspace.folder / ".env"
    env.write_text("XUANFA_ALARMS__TARGETS=json://127.0.0.1:9/a\n", encoding="utf-8")
    one = settings_digest(load(workspace.folder), "salt")
    assert one == settings_digest(load(workspace.folder), "salt")
    env.write_text("XUANFA_ALARMS__TARGETS=json://127.0.0.1:9/b\n", encoding="utf-8")
    other = settings_digest(load(workspace.folder), "salt")
    many = set()
    for number in range(300):
        env.write_text(f"XUANFA_ALARMS__TARGETS=json://127.0.0.1:9/{number}\n", encoding="utf-8")
        many.add(settings_digest(load(workspace.folder), "salt"))
    assert one != other
    assert 250 < len(many) < 300, "so short a hash names no secret"
