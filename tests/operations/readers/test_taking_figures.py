"""Readers' figures from platforms: one snapshot for each mark, late ones told as late, and a platform that fails stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.decisions import retract
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Blame, Deferred, Rejected, Retracted, Unsent
from xuanfa.domain.pacing import Limit
from xuanfa.domain.person import Person
from xuanfa.domain.reader_marks import Mark, ReadersAsked, ReadersTold
from xuanfa.domain.readers import Figures
from xuanfa.operations.desk import Desk
from xuanfa.operations.readers.asking import take_figures
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.reports.readers import marks_of, snapshots_of

ANNA = Person(name="安娜", why="维护")
NOT_ALLOWED = Rejected(findings=(Finding(code="x.readers", message="没有权限"),), blame=Blame.CHANNEL)


class Platform:
    """What platforms tell: ``says`` answers, by channel; all figures of now where it is silent."""

    def __init__(self, bound: Callable[[str], Any]) -> None:
        self._bound = bound
        self.asked: list[tuple[str, list[int]]] = []
        self.says: dict[str, Callable[[Sequence[ReadersAsked], datetime], Any]] = {}

    def bound(self, channel: str) -> Any:
        adapter = self._bound(channel)
        adapter.readers_at_once = 2

        def readers(asked: Sequence[ReadersAsked], name: str, now: datetime) -> Any:
            self.asked.append((name, [each.delivery for each in asked]))
            if name in self.says:
                return self.says[name](asked, now)
            return ReadersTold(figures=tuple(Figures(delivery=each.delivery, at=now, reads=10) for each in asked))

        adapter.readers = readers
        return adapter


@pytest.fixture
def office(bench: Any) -> Callable[..., tuple[Desk, Platform]]:
    def make(*slugs: str, channels: Sequence[str] = ("a",), **known: Any) -> tuple[Desk, Platform]:
        for name in channels:
            bench.channel(name, readers_at_once=2, account=f"account {name}", **known)
        platform = Platform(bench.bound)
        bench._desk = bench.another(adapters=platform)
        for slug in slugs or ("one",):
            bench.write(slug, "正文。法官走进校园，为孩子们讲课。")
        bench.queue()
        bench.run()
        return bench.desk, platform

    return make


def taken(desk: Desk, number: int = 1) -> dict[str, tuple[timedelta | None, bool, str]]:
    """By mark: how long after the publication the figures stood so, whether it was missed, and why."""
    marks = marks_of(desk.store, [number])[number]
    out = next(each.due_at for each in marks if each.mark is Mark.DAY) - timedelta(days=1)
    return {each.mark.value: (each.at and each.at - out, each.is_missed, each.why) for each in marks}


def test_a_snapshot_is_taken_once_at_each_mark(office: Any, bench: Any) -> None:
    desk, platform = office()
    assert take_figures(desk).figures == 0
    bench.clock.advance(hours=23)
    assert take_figures(desk).figures == 0
    bench.clock.advance(hours=1)
    assert [take_figures(desk).figures for _ in range(3)] == [1, 0, 0]
    bench.clock.advance(days=6)
    assert [take_figures(desk).figures for _ in range(2)] == [1, 0]
    bench.clock.advance(days=31)
    take_figures(desk)
    assert len(platform.asked) == 3
    first, second = snapshots_of(desk.store, [1])[1]
    assert (first.origin, first.actor, first.figures.reads, first.figures.likes) == (
        "channel:scripted",
        desk.node,
        10,
        None,
    )
    assert second.figures.at - first.figures.at == timedelta(days=6)
    assert taken(desk)["month"][1:] == (True, "到时没有取到，过后的数不能算这个时点的")


def test_the_month_ends_by_the_offices_clock(office: Any, bench: Any) -> None:
    desk, _ = office()
    take_figures(desk)
    due = {each.mark: each.due_at for each in marks_of(desk.store, [1])[1]}
    last = due[Mark.MONTH].astimezone(desk.zone)
    now = bench.clock().astimezone(desk.zone)
    assert (last.day, last.hour, last.minute, last.month) == (1, 0, 0, now.month % 12 + 1)


def test_what_stood_so_later_is_told_as_late_and_too_late_is_none(office: Any, bench: Any) -> None:
    desk, _ = office()
    take_figures(desk)
    bench.clock.advance(hours=30)
    assert take_figures(desk).figures == 1
    (day,) = [each for each in marks_of(desk.store, [1])[1] if each.mark is Mark.DAY]
    assert (day.in_words(), day.as_json()["late"]) == ("24 小时（晚 6 小时）", 360)
    bench.clock.advance(days=10)
    found = take_figures(desk)
    assert (found.figures, found.missed) == (0, 1)
    assert taken(desk)["week"] == (None, True, "到时没有取到，过后的数不能算这个时点的")
    assert len(snapshots_of(desk.store, [1])[1]) == 1


def test_a_platform_that_knows_its_days_tells_of_the_mark_afterwards(office: Any, bench: Any) -> None:
    desk, platform = office()
    take_figures(desk)
    platform.says["a"] = lambda asked, _now: ReadersTold(
        figures=tuple(Figures(delivery=each.delivery, at=each.since + timedelta(hours=2), reads=7) for each in asked)
    )
    bench.clock.advance(days=20)
    assert take_figures(desk).figures == 2
    assert taken(desk)["day"][0] == timedelta(hours=26)
    assert taken(desk)["week"][0] == timedelta(days=7, hours=2)


def test_what_is_not_told_yet_is_asked_for_again_and_at_last_missed_with_the_reason(office: Any, bench: Any) -> None:
    desk, platform = office()
    take_figures(desk)
    platform.says["a"] = lambda asked, _now: ReadersTold(missing={each.delivery: "还没有统计" for each in asked})
    bench.clock.advance(days=1)
    take_figures(desk)
    assert taken(desk)["day"] == (None, False, "还没有统计")
    take_figures(desk)
    assert len(platform.asked) == 1
    for _ in range(9):
        bench.clock.advance(hours=3)
        take_figures(desk)
    assert taken(desk)["day"] == (None, True, "还没有统计")
    assert snapshots_of(desk.store, [1])[1] == []


def test_a_failing_platform_stops_no_other_and_is_told(office: Any, bench: Any) -> None:
    desk, platform = office(channels=("a", "b"))
    take_figures(desk)
    platform.says["a"] = lambda _asked, _now: Unsent(evidence="连接不上")
    bench.clock.advance(days=1)
    found = take_figures(desk)
    assert (found.figures, found.troubles) == (1, {"a": "连接不上"})
    assert [name for name, _ in platform.asked] == ["a", "b"]
    assert [each.what for each in examine(desk) if "连接不上" in each.trouble] == ["渠道 a 的阅读数据"]
    assert not [each for each in standing(desk) if each.cause.name == "readers:a"]
    for _ in range(6):
        bench.clock.advance(hours=1)
        take_figures(desk)
    assert [each.cause.name for each in standing(desk) if "readers" in each.cause.name] == ["readers:a"]
    assert taken(desk)["day"] == (None, False, "连接不上")
    del platform.says["a"]
    bench.clock.advance(hours=1)
    assert take_figures(desk).figures == 1
    assert not [each for each in standing(desk) if "readers" in each.cause.name]


def test_what_a_person_has_to_put_right_is_told_at_once_and_asked_seldom(office: Any, bench: Any) -> None:
    desk, platform = office()
    take_figures(desk)
    platform.says["a"] = lambda _asked, _now: NOT_ALLOWED
    bench.clock.advance(days=1)
    for _ in range(10):
        take_figures(desk)
        bench.clock.advance(hours=1)
    assert len(platform.asked) == 1
    (cause,) = [each.cause for each in standing(desk) if each.cause.name == "readers:a"]
    assert "没有权限" in cause.words


def test_a_platform_that_asks_to_wait_is_left_alone_for_so_long(office: Any, bench: Any) -> None:
    desk, platform = office()
    take_figures(desk)
    platform.says["a"] = lambda _asked, _now: Deferred(after=timedelta(hours=5), reason="次数用完")
    bench.clock.advance(days=1)
    for _ in range(5):
        take_figures(desk)
        bench.clock.advance(minutes=59)
    assert len(platform.asked) == 1


def test_an_adapter_that_breaks_is_trouble_of_its_channel(office: Any, bench: Any) -> None:
    desk, platform = office(channels=("a", "b"))
    take_figures(desk)

    def broken(_asked: Any, _now: Any) -> Any:
        raise ZeroDivisionError

    platform.says["a"] = broken
    bench.clock.advance(days=1)
    found = take_figures(desk)
    assert (found.figures, found.troubles) == (1, {"a": "渠道程序出错（ZeroDivisionError）"})


def test_so_many_are_asked_about_at_once(office: Any, bench: Any) -> None:
    desk, platform = office("one", "two", "three", "four", "five")
    take_figures(desk)
    bench.clock.advance(days=1)
    assert take_figures(desk).figures == 5
    assert [len(ids) for _, ids in platform.asked] == [2, 2, 1]


@pytest.mark.parametrize("told", [{"reads": -1}, {"reads": 10**11}, {"likes": None}])
def test_what_cannot_be_is_not_kept(office: Any, bench: Any, told: dict[str, Any]) -> None:
    desk, platform = office()
    take_figures(desk)
    platform.says["a"] = lambda asked, now: ReadersTold(
        figures=tuple(Figures(delivery=each.delivery, at=now, **told) for each in asked)
    )
    bench.clock.advance(days=1)
    assert take_figures(desk).figures == 0
    assert "平台给的数不对" in taken(desk)["day"][2]


def test_what_was_taken_down_or_sent_to_another_account_is_not_asked_about(office: Any, bench: Any) -> None:
    desk, platform = office("one", "two", retracts=True)
    take_figures(desk)
    bench.scripts["a"].retract.append(Retracted(evidence="gone"))
    retract(desk, 1, ANNA)
    bench.channels["a"] = replace(bench.channels["a"], account="another")
    bench.clock.advance(days=1)
    assert take_figures(desk).missed == 2
    assert platform.asked == []
    assert (taken(desk)["day"][2], taken(desk, 2)["day"][2]) == ("到时已撤下", "发到的是另一个账号，渠道现在查不到")


def test_a_channel_that_tells_none_gets_no_marks(office: Any, bench: Any) -> None:
    desk, platform = office()
    bench.channels["a"] = replace(bench.channels["a"], readers_at_once=0)
    bench.clock.advance(days=1)
    take_figures(desk)
    assert (platform.asked, marks_of(desk.store, [1])) == ([], {1: []})


def test_a_call_is_spent_and_none_is_made_where_none_is_left(office: Any, bench: Any) -> None:
    desk, platform = office("one", "two", "three", limits=(Limit(3, timedelta(hours=30)),))
    take_figures(desk)
    bench.clock.advance(days=1)
    take_figures(desk)
    assert platform.asked == []
    assert taken(desk)["day"][2] == "账号的调用次数用完了，等有余量再取"
    bench.clock.advance(hours=7)
    take_figures(desk)
    assert [len(ids) for _, ids in platform.asked] == [2, 1]


def test_two_processes_do_not_ask_about_the_same(office: Any, bench: Any) -> None:
    desk, platform = office()
    take_figures(desk)
    bench.clock.advance(days=1)
    take_figures(desk, within=-1)  # takes it in hand, asks nothing, gives it back
    other = bench.another(adapters=platform)
    assert take_figures(other).figures == 1
    assert take_figures(desk).figures == 0
    assert len(snapshots_of(desk.store, [1])[1]) == 1


def test_what_came_out_longer_ago_than_any_mark_gets_none(office: Any, bench: Any) -> None:
    desk, platform = office()
    bench.clock.advance(days=40)
    take_figures(desk)
    assert marks_of(desk.store, [1]) == {1: []}
    assert platform.asked == []
