"""Through the real core: a lost answer of a place that cannot be asked is never followed by a second message on the program's own account."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.domain.fault import Fault
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.rehearsal import Platform, Received, journal_of
from xuanfa.reports.listing import list_deliveries

LOST = [Fault.SILENCE, Fault.RESET, Fault.SERVER_ERROR, Fault.HALF_AN_ANSWER, Fault.WRONG_JSON]


def office(folder: Path, kind: str, settings: str = "") -> Path:
    (folder / "posts").mkdir()
    head = "title: 巡回审判\ncolumn: action\npublish_at: now\nsummary: 摘要。"
    (folder / "posts" / "one.md").write_text(f"---\n{head}\n---\n\n正文。\n", encoding="utf-8")
    (folder / "xuanfa.toml").write_text(
        '[columns.action]\ntitle = "我们在行动"\nchannels = ["group"]\n\n'
        f'[channels.group]\nadapter = "{kind}"\nrehearsal = true\n{settings}\n',
        encoding="utf-8",
    )
    return folder


def state(desk: Desk) -> State:
    [row] = list_deliveries(desk.store)
    return row.state


def received(folder: Path) -> list[Received]:
    return journal_of(folder / "var" / "rehearsal", "group").received()


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[Fault]:
    """What strikes the next requests, one each; then nothing."""
    script: list[Fault] = []
    handle = Platform.handle_request

    def strike(platform: Platform, request: httpx.Request) -> httpx.Response:
        platform.fault = script.pop(0) if script else None
        return handle(platform, request)

    monkeypatch.setattr(Platform, "handle_request", strike)
    return script


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "email"])
def test_a_lost_answer_is_left_to_a_person(
    tmp_path: Path, clock: Any, faults: list[Fault], kind: str, fault: Fault
) -> None:
    faults.append(fault)
    with open_desk(office(tmp_path, kind), clock) as desk:
        for _ in range(4):
            one_pass(desk)
            assert state(desk) is State.UNKNOWN
            clock.advance(hours=1)
    assert [message.accepted for message in received(tmp_path)] == [True]


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "email"])
def test_what_never_left_is_sent_when_the_platform_is_back(
    tmp_path: Path, clock: Any, faults: list[Fault], kind: str
) -> None:
    faults.append(Fault.UNREACHABLE)
    with open_desk(office(tmp_path, kind), clock) as desk:
        one_pass(desk)
        assert state(desk) is State.SCHEDULED
        clock.advance(minutes=2)
        one_pass(desk)
        assert state(desk) is State.PUBLISHED
    assert [message.accepted for message in received(tmp_path)] == [True]


def test_a_dingtalk_robot_that_is_trusted_with_the_key_shows_the_message_once(
    tmp_path: Path, clock: Any, faults: list[Fault]
) -> None:
    faults.append(Fault.SILENCE)
    with open_desk(office(tmp_path, "dingtalk", "replay_minutes = 10"), clock) as desk:
        one_pass(desk)
        clock.advance(minutes=2)
        one_pass(desk)
        assert state(desk) is State.PUBLISHED
    first, second = received(tmp_path)
    assert (first.accepted, second.accepted) == (True, False)
    assert first.message == second.message
