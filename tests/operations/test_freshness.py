"""Silence: what has been still for too long, and will be, by the ledger and by what is scheduled, on every database; the daily digest."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from tests.support.decisions import cancel, retract
from xuanfa.domain.alarm import Alarms, Told
from xuanfa.domain.delivery import State
from xuanfa.domain.freshness import Cycle, Fresh, Level, Watched
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.alarms import raise_alarms, standing
from xuanfa.operations.watching.digest import digest, send_digest
from xuanfa.reports.freshness import as_json, freshness

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


def warned(bench: Any, box: Box, **rules: Any) -> Desk:
    alarms = Alarms(teller=box, **{"quiet": timedelta(0), "warns_of_silence": True} | rules)
    bench._desk = replace(bench.desk, alarms=alarms)
    return bench._desk


def names(desk: Desk) -> list[str]:
    return sorted(each.cause.name for each in standing(desk))


def seen(bench: Any, watched: Watched | None = None) -> dict[str, Fresh]:
    desk = bench.desk
    found = freshness(desk.store, bench.clock(), desk.zone, ["action"], list(bench.channels), watched=watched)
    return {each.name: each for each in found}


def test_each_account_and_column_stands_by_its_last_confirmed_post(bench: Any) -> None:
    bench.channel("a", retracts=True)
    bench.channel("b", rehearsal=True)
    bench.queue("one")
    bench.run()
    bench.clock.advance(days=8)
    found = seen(bench)
    assert [(found[name].level, found[name].days) for name in ("a", "b", "action")] == [
        (Level.AMBER, 8),
        (Level.EMPTY, None),
        (Level.AMBER, 8),
    ]
    bench.scripts["a"].retract.append(Retracted(evidence="gone"))
    retract(bench.desk, 1, ANNA)
    assert {each.level for each in seen(bench).values()} == {Level.EMPTY}


def test_what_is_scheduled_moves_the_day_and_what_is_held_or_called_off_does_not(bench: Any) -> None:
    bench.channel()
    bench.queue("one")
    bench.run()
    today = bench.clock().astimezone(bench.desk.zone).date()
    bench.write("b2", publish_at="2026-03-09 09:00")
    bench.write("c3", publish_at="2026-03-12 09:00")
    bench.queue()
    assert seen(bench)["a"].stale_on == date(2026, 3, 26)
    bench.put(State.HELD, 3)
    assert seen(bench)["a"].stale_on == date(2026, 3, 23)
    cancel(bench.desk, 2, ANNA)
    found = seen(bench)["action"]
    assert (found.stale_on, as_json(found)["stale_on"]) == (today + timedelta(days=14), "2026-03-16")


def test_it_is_told_before_it_is_too_late_and_once_more_when_it_is(bench: Any) -> None:
    box = Box()
    bench.channel()
    bench.queue("one")
    desk = warned(bench, box)
    bench.run()
    for day in range(16):
        raise_alarms(desk)
        assert names(desk) == (
            []
            if day < 11
            else ["fading:channel:a", "fading:column:action"]
            if day < 14
            else ["quiet:action", "stale:a"]
        ), day
        bench.clock.advance(days=1)
    assert len(box.taken) == 2
    assert "渠道“a”到 3月16日就满 14 天没有发布" in box.taken[0][1]
    assert "专栏“我们在行动”已有 14 天没有发布" in box.taken[1][1]


def test_what_is_scheduled_in_time_lets_nobody_be_told_and_a_gap_does(bench: Any) -> None:
    box = Box()
    bench.channel()
    bench.queue("one")
    desk = warned(bench, box)
    bench.run()
    bench.write("two", publish_at="2026-03-15 09:00")
    bench.queue()
    bench.clock.advance(days=12)
    assert names(desk) == []
    bench.put(State.SCHEDULED, 2, due_at=bench.clock() + timedelta(days=30))
    assert names(desk) == ["fading:channel:a", "fading:column:action"]
    assert names(warned(bench, box, nothing_published=timedelta(0))) == []


def test_a_column_of_notices_has_half_a_year(bench: Any) -> None:
    box = Box()
    bench.channel()
    bench.queue("one")
    bench._desk = replace(bench.desk, watched=Watched(cycles={"action": Cycle(months=6)}, channels=("none",)))
    desk = warned(bench, box)
    bench.run()
    for days, expected in ((100, []), (70, ["fading:column:action"]), (20, ["quiet:action"])):
        bench.clock.advance(days=days)
        assert names(desk) == expected


def test_the_digest_goes_out_once_a_day_from_its_hour_on_and_is_tried_again(bench: Any) -> None:
    box = Box()
    bench.channel()
    bench.queue("one")
    bench.run()
    desk = warned(bench, box, digest_at=time(9, 30))
    other = replace(desk, node="other")
    assert send_digest(desk) == ()  # it is nine o'clock
    bench.clock.advance(minutes=30)
    box.down = 1
    assert send_digest(desk)[0].trouble == "refused"
    assert send_digest(other) == ()
    bench.clock.advance(minutes=5)
    assert send_digest(other)[0].trouble == ""
    bench.clock.advance(hours=8)
    assert send_digest(desk) == ()
    bench.clock.advance(hours=16)
    assert send_digest(desk)[0].trouble == ""
    assert [title for title, _ in box.taken] == ["宣发每日简报：2026年3月2日", "宣发每日简报：2026年3月3日"]


def test_an_address_that_is_entered_in_the_afternoon_gets_its_first_digest_next_morning(bench: Any) -> None:
    desk = warned(bench, Box(), digest_at=time(8, 30))
    assert send_digest(desk) == ()  # it is nine o'clock
    bench.clock.advance(hours=6)
    assert send_digest(desk) == ()
    bench.clock.advance(hours=18)
    assert len(send_digest(desk)) == 1
    assert send_digest(desk) == ()


def test_the_digest_tells_what_presses_what_goes_out_and_what_waits(bench: Any) -> None:
    box = Box()
    bench.channel()
    bench.queue("one")
    bench.run()
    desk = warned(bench, box)
    assert digest(desk)[1].splitlines() == ["各渠道、各专栏都在更新周期之内。", "今天没有排稿。"]
    bench.clock.advance(days=12)
    bench.write("b2", publish_at="2026-03-14 15:00", title="机密标题")
    bench.write("c3", publish_at="2026-03-14 16:00")
    bench.queue()
    bench.put(State.UNKNOWN, 3)
    raise_alarms(desk)
    body = digest(desk)[1]
    assert body.splitlines() == [
        "快断更：渠道“a”12 天没有发布，3月28日断更",
        "快断更：专栏“我们在行动”12 天没有发布，3月28日断更",
        "今天排了 1 条，第一条 15:00。",
        "等人处理的事 1 件：xuanfa alarms",
    ]
    assert "标题" not in body


def test_a_column_without_any_post_is_named_in_the_digest(bench: Any) -> None:
    bench.channel()
    assert "空白专栏：我们在行动。" in digest(bench.desk)[1]


@pytest.mark.parametrize("title", ["a"])
def test_only_channels_that_are_watched_are_looked_at(bench: Any, title: str) -> None:
    bench.channel("a")
    bench.channel("b")
    assert set(seen(bench, Watched(channels=(title,)))) == {"action", "a"}
