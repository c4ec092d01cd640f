"""What the console asks of the database, on every database: pages of lists, a month, what is fresh, what has moved, two who have looked."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.operations.conftest import Bench
from xuanfa.domain.access import Veil
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.own import Own
from xuanfa.domain.person import Person
from xuanfa.operations.deciding import doubting
from xuanfa.operations.deciding.moving import move_post
from xuanfa.operations.deciding.possible import standing_of
from xuanfa.reports.calendar import planned_between
from xuanfa.reports.freshness import freshness
from xuanfa.reports.news import latest_event, news_since
from xuanfa.reports.pages import Asked, count_waiting, page_of_deliveries
from xuanfa.reports.today import due_between
from xuanfa.reports.trace import trace_of


def test_pages_a_month_and_what_is_fresh(bench: Bench) -> None:
    bench.channel()
    bench.queue("one", "two")
    store, now = bench.desk.store, bench.clock()
    rows = page_of_deliveries(store, Asked(soonest=True), Veil()).rows
    assert [row.post for row in rows] == ["one", "two"]
    mark = page_of_deliveries(store, Asked(sought="ONE", own=Own(name="nobody", bylines=frozenset())), Veil())
    assert mark.rows == ()
    assert len(page_of_deliveries(store, Asked(sought="one"), Veil()).rows) == 1
    assert page_of_deliveries(store, Asked(sought="https://x.example/1"), Veil(hidden={1: "one"})).rows == ()
    assert count_waiting(store, (State.SCHEDULED, State.AWAITING_REVIEW)) == 2
    span = now - timedelta(days=1), now + timedelta(days=1)
    assert planned_between(store, *span, Veil(), column="none") == []
    assert planned_between(store, *span, Veil(hidden={1: "one"}))[0].title == "限阅"
    bench.run()
    found = freshness(store, bench.clock(), ZoneInfo("Asia/Shanghai"), [rows[0].column], ["a", "z"])
    assert {(each.name, each.days) for each in found} == {(rows[0].column, 0), ("a", 0), ("z", None)}
    at, words = news_since(store, 0)
    assert (at == latest_event(store), {"delivery:1", "delivery:2"} <= set(words)) == (True, True)
    assert trace_of(store, 1, "one", Veil()).proof is not None
    assert trace_of(store, 1, "one", Veil(hidden={1: "one"})).rows == ()


def test_today_is_counted_whole_and_shown_in_part(bench: Bench) -> None:
    """Of three posts on two channels the desk shows two: the one that is still to come, and the one that went out last."""
    for name in ("a", "b"):
        bench.channel(name)
    store, now = bench.desk.store, bench.clock()
    bench.queue("early", "late")
    bench.run()
    bench.clock.advance(minutes=1)
    bench.queue("open")
    span = now - timedelta(hours=1), now + timedelta(hours=1)
    found = due_between(store, *span, Veil(), None, most=2)
    assert (found.posts, found.deliveries, found.out, found.channels) == (3, 6, 4, {"a", "b"})
    assert [one.slug for one in found.board] == ["late", "open"]
    assert [len(one.channels) for one in found.board] == [2, 2]
    assert [one.slug for one in due_between(store, *span, Veil(), None, most=1).board] == ["open"]
    nobody = due_between(store, *span, Veil(), Own(name="nobody", bylines=frozenset()), most=2)
    assert (nobody.posts, nobody.deliveries, nobody.channels, nobody.board) == (0, 0, frozenset(), ())
    hidden = due_between(store, *span, Veil(hidden={1: "early", 2: "late"}), None, most=3)
    assert [one.title for one in hidden.board][:2] == ["限阅", "限阅"]
    assert not hidden.board[0].moves


def test_whoever_is_alone_looks_twice(bench: Bench) -> None:
    bench.channel()
    bench.queue("one")
    bench.put(State.UNKNOWN, attempt=1)
    me = Person(name="me", why="没有")
    assert "resolve_absent" in getattr(standing_of(bench.desk, 1, me), "may", ())
    assert not doubting.say_absent(bench.desk, 1, me)
    with pytest.raises(StateError, match="分钟再看"):
        doubting.say_absent(bench.desk, 1, me)
    bench.clock.advance(minutes=10)
    assert doubting.say_absent(bench.desk, 1, me)
    assert bench.get().state is State.SCHEDULED
    assert doubting.first_look(bench.desk, 1) is None


def test_another_try_is_another_question(bench: Bench) -> None:
    bench.channel()
    bench.queue("one")
    bench.put(State.UNKNOWN, attempt=1)
    assert not doubting.say_absent(bench.desk, 1, Person(name="me", why="没有"))
    bench.put(State.UNKNOWN, attempt=2)
    assert not doubting.say_absent(bench.desk, 1, Person(name="you", why="没有"))


def test_channels_keep_their_distances_and_what_is_out_stays(bench: Bench) -> None:
    for name in "abc":
        bench.channel(name)
    bench.queue("one")
    later = bench.clock() + timedelta(days=3)
    bench.put(State.SCHEDULED, 1, due_at=later)
    bench.put(State.SCHEDULED, 2, due_at=later + timedelta(minutes=5))
    bench.put(State.PUBLISHED, 3, due_at=later)
    move_post(bench.desk, 1, later + timedelta(days=1), Person(name="me"))
    assert [bench.get(n).due_at - later for n in (1, 2, 3)] == [
        timedelta(days=1),
        timedelta(days=1, minutes=5),
        timedelta(0),
    ]
    with pytest.raises(StateError, match="已经过去"):
        move_post(bench.desk, 1, bench.clock() - timedelta(days=1), Person(name="me"))
