"""Solemn periods: what is not declared fit is held when it is due, and a person decides about it afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support import decisions as decide
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.person import Person
from xuanfa.domain.solemn import EndSolemn, SetSolemn, Solemn, shows_emoji
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.watching.examined import examine_settings
from xuanfa.store.schema import events

LEADER = Person(name="王院长")
DAY = timedelta(days=1)


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    return bench


def solemn(office: Any, days: float = 1, after: timedelta = timedelta(0)) -> Solemn:
    begins = office.clock() + after
    return carry_out(office.desk, SetSolemn(begins=begins, ends=begins + days * DAY, reason="国家公祭日"), LEADER)


def test_what_is_due_is_held_at_once_with_range_reason_and_who(office: Any) -> None:
    office.queue("one")
    office.write("two", "公祭日活动安排。", solemn_ok="true")
    office.write("three", "公祭日活动安排，另一处。🎉", solemn_ok="true")
    solemn(office)
    report = office.queue()
    office.run()
    assert [each.state for each in office.all()] == [State.HELD, State.HELD, State.PUBLISHED]
    assert [each.attempt for each in office.all()] == [0, 0, 1]
    it = {number: str(office.get(number).reason) for number in (1, 2)}
    assert (
        "肃穆期（2026-03-02 09:00 至 2026-03-03 09:00，国家公祭日，王院长设定），稿头没有声明“肃穆期可发”（solemn_ok: true），没有发出"
        in it[1]
    )
    assert "文中有表情符号" in it[2]
    assert next(notice for notice in report.notices if "肃穆期" in notice).startswith(
        "posts/three.md：发布时间落在肃穆期（2026-03-02 09:00 至 2026-03-03 09:00，国家公祭日，王院长设定），文中有表情符号"
    )


def test_afterwards_nothing_goes_late_by_itself_and_a_release_is_the_answer(office: Any) -> None:
    office.queue("one")
    solemn(office)
    office.run()
    office.clock.advance(days=2)
    office.queue()
    office.run()
    assert office.get().state is State.HELD
    decide.release(office.desk, 1, Person(name="zhou"))
    office.run()
    assert office.get().state is State.PUBLISHED


def test_what_was_due_in_it_while_the_machine_was_off_is_held_too(office: Any) -> None:
    office.write("one", publish_at="2026-03-02 12:00")
    office.queue()
    solemn(office, days=0.2)
    office.clock.advance(hours=6)
    office.run()
    assert "肃穆期" in office.get().reason


def test_a_release_in_the_period_lets_that_one_go(office: Any) -> None:
    office.queue("one", "two")
    solemn(office)
    office.run()
    decide.release(office.desk, 2, Person(name="zhou"))
    office.run()
    assert [each.state for each in office.all()] == [State.HELD, State.PUBLISHED]


def test_a_release_of_before_does_not_count_for_a_period_that_is_set_later(office: Any) -> None:
    office.write("one", publish_at="2026-03-01 10:00")
    office.queue()
    assert office.get().state is State.HELD
    decide.release(office.desk, 1, Person(name="zhou"))
    office.clock.advance(minutes=1)
    solemn(office)
    office.run()
    assert "肃穆期" in office.get().reason


def test_it_is_ended_at_once_and_both_stand_in_the_history(office: Any) -> None:
    period = solemn(office, days=3)
    office.clock.advance(hours=1)
    ended = carry_out(office.desk, EndSolemn(number=period.id), LEADER)
    assert ended.over_at == office.clock()
    office.queue("one")
    office.run()
    assert office.get().state is State.PUBLISHED
    with office.desk.store.read() as connection:
        rows = connection.execute(events.select().where(events.c.after.in_(["solemn_set", "solemn_ended"]))).all()
    assert [(row.after, row.act, row.actor) for row in rows] == [
        ("solemn_set", "set_solemn", "王院长"),
        ("solemn_ended", "end_solemn", "王院长"),
    ]
    with pytest.raises(StateError, match="已经结束"):
        carry_out(office.desk, EndSolemn(number=period.id), LEADER)


@pytest.mark.parametrize(
    ("begins", "ends", "reason", "why"),
    [
        (0, 1, " ", "请写明肃穆的事由"),
        (1, 1, "公祭", "结束不晚于开始"),
        (-2, -1, "公祭", "已经过去"),
        (0, 40, "公祭", "一次最多设 31 天"),
    ],
)
def test_what_cannot_be_is_refused(office: Any, begins: int, ends: int, reason: str, why: str) -> None:
    now = office.clock()
    with pytest.raises(StateError, match=why):
        carry_out(office.desk, SetSolemn(begins=now + begins * DAY, ends=now + ends * DAY, reason=reason), LEADER)


def test_the_doctor_tells_of_those_under_way_and_to_come(office: Any) -> None:
    solemn(office)
    solemn(office, after=5 * DAY)
    told = [each for each in examine_settings(office.desk) if "肃穆期" in each.what]
    assert [bool(each.trouble) for each in told] == [True, False]


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("巡回审判🎉", True),
        ("❤️", True),
        ("🇨🇳", True),
        ("①②③ ★ ℃ → ——", False),
        ("（2026）甘03民终1号", False),
        ("✓ 已审", False),
    ],
)
def test_emoji_are_told_from_signs(text: str, shows: bool) -> None:
    assert shows_emoji(text) is shows
