"""Alarms: each cause is told once for as long as it lasts, by one process, and never lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import cancel, pause, release, resume
from xuanfa.domain.alarm import Alarms, Told
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.outcome import Blame, Rejected, Unknown
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.alarms import raise_alarms, standing

ANNA = Person(name="安娜", why="维护")


class Box:
    """Takes every message; ``down`` is how many of the next ones do not arrive."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.down = 0

    def targets(self) -> tuple[Told, ...]:
        return (Told(target="box"),)

    def tell(self, title: str, body: str) -> tuple[Told, ...]:
        if self.down:
            self.down -= 1
            return (Told(target="box", trouble="refused"),)
        self.taken.append((title, body))
        return (Told(target="box"),)


@pytest.fixture
def box() -> Box:
    return Box()


def alarming(bench: Any, box: Box, **rules: Any) -> Desk:
    bench._desk = replace(bench.desk, alarms=Alarms(teller=box, **{"quiet": timedelta(0)} | rules))
    return bench._desk


def names(desk: Desk) -> list[str]:
    return [each.cause.name for each in standing(desk)]


def test_the_message_leads_to_where_a_person_sees_what_the_channel_shows(bench: Any, box: Box) -> None:
    bench.channel(console="https://console.example/")
    bench.queue("one")
    desk = alarming(bench, box)
    bench.put(State.UNKNOWN, reason="对方没有回音")
    raise_alarms(desk)
    ((_, body),) = box.taken
    assert body.endswith("→ xuanfa show 1 · https://console.example/")


@pytest.mark.parametrize("state", [State.FAILED, State.HELD, State.UNKNOWN, State.REJECTED])
def test_a_delivery_that_waits_for_a_person_is_told_once_with_where_to_look(bench: Any, box: Box, state: State) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    bench.put(state, reason="对方没有回音")
    for _ in range(3):
        raise_alarms(desk)
        bench.clock.advance(hours=1)
    ((title, body),) = box.taken
    assert "1 件事" in title
    assert f"{state.label}：《“one”》（a）：对方没有回音\n→ xuanfa show 1" in body


@pytest.mark.parametrize("state", sorted(set(State) - {State.FAILED, State.HELD, State.UNKNOWN, State.REJECTED}))
def test_one_that_waits_for_nobody_is_not_told(bench: Any, box: Box, state: State) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    bench.put(state)
    raise_alarms(desk)
    assert box.taken == []


def test_a_withdrawal_in_doubt_is_told(bench: Any, box: Box) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    bench.put(State.RETRACTING, reason="撤稿途中中断")
    raise_alarms(desk)
    assert "撤稿途中中断" in box.taken[0][1]


def test_a_cause_that_was_gone_and_comes_back_is_told_again(bench: Any, box: Box) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    bench.put(State.HELD)
    raise_alarms(desk)
    release(desk, 1, ANNA)
    raise_alarms(desk)
    bench.put(State.HELD)
    raise_alarms(desk)
    assert len(box.taken) == 2


def test_one_that_waits_for_something_else_now_is_told_of_that(bench: Any, box: Box) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    for state in (State.UNKNOWN, State.FAILED):
        bench.put(state)
        raise_alarms(desk)
    assert [State.UNKNOWN.label in box.taken[0][1], State.FAILED.label in box.taken[1][1]] == [True, True]


@pytest.mark.parametrize("name", ["a", EVERYTHING])
def test_a_pause_is_told_until_it_ends(bench: Any, box: Box, name: str) -> None:
    bench.channel()
    desk = alarming(bench, box)
    pause(desk, name, ANNA)
    raise_alarms(desk)
    assert "维护" in box.taken[0][1]
    assert "xuanfa resume" in box.taken[0][1]
    resume(desk, name, ANNA)
    assert names(desk) == []


def test_a_channel_that_locked_us_out_is_told(bench: Any, box: Box) -> None:
    refused = Rejected(findings=(Finding(code="x", message="密钥失效"),), blame=Blame.CHANNEL)
    bench.channel().publish.append(refused)
    bench.queue("one")
    desk = alarming(bench, box)
    bench.run()
    raise_alarms(desk)
    assert "密钥失效" in box.taken[0][1]


def soon(code: str = "weibo.expires_soon") -> Finding:
    return Finding(code=code, message="授权还有 3 天到期", severity=Severity.WARN)


def test_a_token_near_its_end_is_told_and_asked_for_four_times_a_day(
    bench: Any, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, said = [], [soon(), soon("weibo.other")]
    bench.channel()
    adapter = type(bench.bound("a"))
    monkeypatch.setattr(adapter, "diagnose", lambda _self: asked.append(1) or tuple(said))
    desk = alarming(bench, box)
    for _ in range(24):
        raise_alarms(desk)
        bench.clock.advance(hours=1)
    assert len(asked) == 4
    assert len(box.taken) == 1
    assert "渠道 a：授权还有 3 天到期" in box.taken[0][1]
    said.clear()
    bench.clock.advance(hours=6)
    assert names(desk) == []


def test_an_adapter_that_fails_to_tell_of_itself_stops_no_alarm(
    bench: Any, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def diagnose(_self: Any) -> Any:
        raise RuntimeError("a bug")

    bench.channel()
    bench.queue("one")
    monkeypatch.setattr(type(bench.bound("a")), "diagnose", diagnose)
    desk = alarming(bench, box)
    bench.put(State.FAILED)
    raise_alarms(desk)
    assert len(box.taken) == 1


def test_a_column_that_has_published_nothing_for_long_is_told_until_it_does(bench: Any, box: Box) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box, nothing_published=timedelta(days=14))
    bench.run()
    bench.clock.advance(days=13)
    assert names(desk) == []
    bench.clock.advance(days=2)
    raise_alarms(desk)
    assert "专栏“我们在行动”已有 14 天没有发布" in box.taken[0][1]
    bench.queue("two")
    bench.run()
    assert names(desk) == []


def test_what_is_rehearsed_does_not_count_as_published(bench: Any, box: Box) -> None:
    bench.channel(rehearsal=True)
    bench.queue("one")
    desk = alarming(bench, box)
    bench.clock.advance(days=14, minutes=1)
    bench.queue("two")
    bench.run()
    assert "quiet:action" in names(desk)


def test_a_column_without_posts_and_one_that_nobody_asks_for_are_quiet(bench: Any, box: Box) -> None:
    bench.channel()
    desk = alarming(bench, box)
    bench.clock.advance(days=100)
    assert names(desk) == []
    bench.queue("one")
    cancel(desk, 1, ANNA)
    bench.clock.advance(days=100)
    assert names(desk) == ["quiet:action"]
    assert names(alarming(bench, box, nothing_published=timedelta(0))) == []


def test_after_a_message_the_next_one_waits_and_holds_what_has_come_meanwhile(bench: Any, box: Box) -> None:
    bench.channel()
    bench.queue("one", "two", "three")
    desk = alarming(bench, box, quiet=timedelta(minutes=10))
    for number in (1, 2, 3):
        bench.put(State.FAILED, number)
        raise_alarms(desk)
        bench.clock.advance(minutes=1)
    assert len(box.taken) == 1
    bench.clock.advance(minutes=8)
    raise_alarms(desk)
    assert "2 件事" in box.taken[1][0]


def test_a_message_names_ten_causes_and_counts_the_rest(bench: Any, box: Box) -> None:
    bench.channel().publish.extend([Unknown(evidence="timeout")] * 12)
    bench.queue(*(f"p{number}" for number in range(12)))
    desk = alarming(bench, box)
    bench.run()
    raise_alarms(desk)
    ((title, body),) = box.taken
    assert ("12 件事" in title, body.count("→"), "另有 2 件" in body) == (True, 10, True)


def test_what_did_not_arrive_is_told_again_later(bench: Any, box: Box, caplog: pytest.LogCaptureFixture) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    bench.put(State.FAILED)
    box.down = 1
    raise_alarms(desk)
    assert "告警没有送到 box：refused" in caplog.text
    raise_alarms(desk)
    assert box.taken == [], "not at every pass"
    bench.clock.advance(minutes=6)
    raise_alarms(desk)
    raise_alarms(desk)
    assert len(box.taken) == 1


def test_one_process_tells_what_two_have_seen(bench: Any, box: Box) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    other = bench.another(alarms=desk.alarms)
    bench.put(State.FAILED)

    class Slow(Box):
        def tell(self, title: str, body: str) -> tuple[Told, ...]:
            raise_alarms(other)  # while this one is telling
            return super().tell(title, body)

    slow = Slow()
    raise_alarms(replace(desk, alarms=Alarms(teller=slow, quiet=timedelta(0))))
    assert (len(slow.taken), len(box.taken)) == (1, 0)


def test_what_a_process_took_and_did_not_tell_is_told_by_another(bench: Any, box: Box) -> None:
    bench.channel()
    bench.queue("one")
    desk = alarming(bench, box)
    bench.put(State.FAILED)

    class Dying(Box):
        def tell(self, title: str, body: str) -> tuple[Told, ...]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        raise_alarms(replace(desk, alarms=Alarms(teller=Dying())))
    bench.clock.advance(minutes=6)
    raise_alarms(desk)
    assert len(box.taken) == 1


def test_causes_are_known_where_nobody_is_told(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    bench.put(State.FAILED)
    assert raise_alarms(bench.desk) == ()
    (found,) = standing(bench.desk)
    assert (found.cause.name, found.told_at) == ("delivery:1:failed", None)
