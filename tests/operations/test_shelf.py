"""The shelf (保底稿): nothing of it goes out by itself, and a release lets it go in one step, by the approval that left its time open."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.reviewed_office import POLICY, approve, approve_all, by, emergency, staff, stands, states, submit
from tests.support.verified import troubles
from xuanfa.domain.act import Cancel, Release, ReleaseFromShelf, Reschedule, Retry
from xuanfa.domain.delivery import OFF_SHELF, ON_SHELF, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.person import Person
from xuanfa.domain.restoring import brought_back
from xuanfa.domain.shelf import OffShelf
from xuanfa.domain.silence import Silence
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.people.rule import rule_of
from xuanfa.operations.watching.alarms import standing
from xuanfa.reports.reviews import review_record
from xuanfa.reports.shelf import posts_on_shelf
from xuanfa.store import access, rights

CLERK = Person(name="zhou")


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    return bench


@pytest.fixture
def reviewed(bench: Any) -> Any:
    bench.channel("a")
    bench.channel("b")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


def lay(office: Any, slug: str = "one", body: str = "正文。", **head: str) -> None:
    office.clock.advance(minutes=1)
    office.write(slug, body, **({"publish_at": "", "shelf": "true"} | head))
    office.queue()


def release(office: Any, slug: str = "one", at: datetime | None = None, who: Person = CLERK) -> OffShelf:
    return carry_out(office.desk, ReleaseFromShelf(post=slug, at=at), who)


def refusal(office: Any, slug: str = "one", at: datetime | None = None) -> str:
    before = [(each.id, each.state, each.due_at) for each in office.all()]
    with pytest.raises(StateError) as caught:
        release(office, slug, at)
    assert [(each.id, each.state, each.due_at) for each in office.all()] == before
    return str(caught.value)


def on_shelf(office: Any) -> list[tuple[str, str]]:
    with office.desk.store.read() as connection:
        veil = access.veil(connection)
    found = posts_on_shelf(office.desk.store, veil, office.clock(), office.desk.zone)
    return [(each.slug, each.why) for each in found]


def day(office: Any, days: int) -> str:
    return f"{(office.clock() + timedelta(days=days)).astimezone(office.desk.zone):%Y-%m-%d}"


def test_nothing_of_it_goes_out_by_itself_and_nobody_is_alarmed(office: Any) -> None:
    office.timetable = ("daily 09:00",)
    lay(office)
    for _ in range(40):
        office.clock.advance(days=1)
        office.queue()
        office.run()
    it = office.get()
    assert (it.state, it.shelf, it.reason, office.scripts["a"].sent) == (State.SHELVED, ON_SHELF, "", [])
    assert {each.cause.name for each in standing(office.desk)} == {"quiet:action"}
    assert on_shelf(office) == [("one", "")]


@pytest.mark.parametrize("days", [0, 3])
def test_a_release_is_one_step(office: Any, days: int) -> None:
    lay(office)
    office.clock.advance(days=9)
    at = office.clock() + timedelta(days=days) if days else None
    done = release(office, at=at)
    assert ([each.channel for each in done.gone], done.left) == (["a"], ())
    it = office.get()
    assert (it.state, it.shelf, it.due_at) == (State.SCHEDULED, OFF_SHELF, at or office.clock())
    assert on_shelf(office) == []
    office.clock.advance(days=days)
    office.run()
    assert (office.get().state, len(office.scripts["a"].sent)) == (State.PUBLISHED, 1)
    assert "已经发出（a 已发布），不能再放行一次" in refusal(office)
    assert troubles(office) == []


def test_another_time_after_a_release_is_a_time_like_any_other(office: Any) -> None:
    lay(office)
    later = office.clock() + timedelta(days=2)
    release(office, at=later)
    assert "已经放行" in refusal(office)
    carry_out(office.desk, Reschedule(delivery=1, at=later + timedelta(days=1)), CLERK)
    assert office.get().due_at == later + timedelta(days=1)
    lay(office, body="改过的正文。")
    it = office.get()
    assert (it.state, it.shelf, it.due_at) == (State.SCHEDULED, OFF_SHELF, later + timedelta(days=1))


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (1, False)])
def test_what_is_past_its_review_date_is_not_released(office: Any, days: int, refused: bool) -> None:
    lay(office, review_on=day(office, days))
    assert on_shelf(office) == [("one", "过了复核日期" if refused else "")]
    if refused:
        assert f"过了复核日期（review_on {day(office, -1)}）" in refusal(office)
        lay(office, review_on=day(office, 30))
    else:
        assert "过了复核日期" in refusal(office, at=office.clock() + timedelta(days=days + 1))
    assert release(office).gone


def test_its_own_end_a_silent_period_and_a_past_time_stand_in_the_way(office: Any) -> None:
    begins = office.clock() + timedelta(days=3)
    quiet = Silence(begins=begins, ends=begins + timedelta(days=1), reason="国家公祭日")
    office._desk = office.another(silences=(quiet,))
    lay(office, expires_at=f"{day(office, 10)} 09:00")
    assert "已过失效时间" in refusal(office, at=office.clock() + timedelta(days=11))
    assert "静默期" in refusal(office, at=begins)
    assert "已经过去" in refusal(office, at=office.clock() - timedelta(days=1))
    assert release(office).gone


def test_what_was_never_laid_there_or_was_called_off_is_not_released(office: Any) -> None:
    assert "没有名为“none”的稿件" in refusal(office, "none")
    office.write("two", publish_at="2026-05-01 09:00")
    lay(office)
    assert "不是保底稿" in refusal(office, "two")
    (one,) = (each for each in office.all() if each.shelf)
    carry_out(office.desk, Cancel(delivery=one.id), CLERK)
    assert on_shelf(office) == []
    assert f"已取消；要放回架上，先用 xuanfa retry {one.id}" in refusal(office)
    carry_out(office.desk, Retry(delivery=one.id), CLERK)
    assert on_shelf(office) == [("one", "")]
    assert release(office).gone


def test_no_other_decision_lets_it_go(office: Any) -> None:
    lay(office)
    with pytest.raises(StateError, match="保底稿没有发布时间，不能改期；要发就放行：xuanfa shelf release 稿件"):
        carry_out(office.desk, Reschedule(delivery=1, at=office.clock() + timedelta(days=1)), CLERK)
    with pytest.raises(StateError, match="只有“暂缓”的投递可以放行"):
        carry_out(office.desk, Release(delivery=1), CLERK)
    path = office.folder / "posts" / "one.md"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    office.queue()
    assert office.get().state is State.HELD
    assert "没有可以放行的" in refusal(office)
    carry_out(office.desk, Release(delivery=1), CLERK)
    assert (office.get().state, on_shelf(office)) == (State.SHELVED, [("one", "")])
    path.write_text(text, encoding="utf-8")
    office.queue()
    assert office.get().state is State.SHELVED


def test_its_file_puts_it_there_and_takes_it_off(office: Any) -> None:
    office.timetable = ("daily 09:00",)
    lay(office, shelf="", publish_at="2026-05-01 09:00")
    carry_out(office.desk, Reschedule(delivery=1, at=office.clock() + timedelta(days=5)), CLERK)
    lay(office)
    assert (office.get().state, office.get().at_once) == (State.SHELVED, True)
    office.clock.advance(days=30)
    lay(office, body="还在架上。")
    assert office.get().state is State.SHELVED
    lay(office, shelf="", publish_at="2026-05-01 09:00")
    it = office.get()
    assert (it.state, it.shelf, f"{it.due_at.astimezone(office.desk.zone):%m-%d}") == (State.SCHEDULED, "", "05-01")


def test_what_would_be_a_second_one_is_asked_about_when_it_is_released(bench: Any) -> None:
    bench.channel("a", account="robot 1")
    lay(bench, "shelved", title="办案指南", body="同样的正文。" * 30)
    bench.write("plain", "同样的正文。" * 30, title="办案指南")
    bench.queue()
    assert [each.state for each in bench.all()] == [State.SHELVED, State.SCHEDULED]
    bench.run()
    done = release(bench, "shelved")
    assert (done.gone, [each.state for each in done.left]) == ((), [State.HELD])
    assert "内容相同的稿件 plain 先由投递 2" in done.left[0].reason
    bench.run()
    assert len(bench.scripts["a"].sent) == 1
    carry_out(bench.desk, Release(delivery=1), CLERK)
    bench.run()
    assert len(bench.scripts["a"].sent) == 2


def test_a_channel_more_lies_on_the_shelf_too(office: Any) -> None:
    lay(office)
    office.channel("b")
    office._desk = office.another(making="other")
    office.queue()
    assert [(each.channel, each.state) for each in office.all()] == [("a", State.SHELVED), ("b", State.SHELVED)]
    assert [each.channel for each in release(office).gone] == ["a", "b"]


def test_a_channel_that_is_gone_is_told_and_the_others_go(office: Any) -> None:
    office.channel("b")
    lay(office)
    office.channels = {"a": office.channels["a"]}
    office._desk = office.another()
    done = release(office)
    assert ([each.channel for each in done.gone], [each.channel for each in done.left]) == (["a"], ["b"])


def test_it_is_approved_before_and_released_without_asking_again(reviewed: Any) -> None:
    lay(reviewed)
    assert [each.state for each in reviewed.all()] == [State.AWAITING_REVIEW] * 2
    assert "还没有通过" in refusal(reviewed)
    submit(reviewed.desk)
    record = review_record(reviewed.desk.store, reviewed.desk.reviews, "one")
    assert record is not None
    assert {channel: times["due_at"] for channel, times in record.times.items()} == {"a": None, "b": None}
    approve_all(reviewed.desk)
    assert [(each.state, each.approval is not None) for each in reviewed.all()] == [(State.SHELVED, True)] * 2
    reviewed.clock.advance(days=100)
    reviewed.queue()
    reviewed.run()
    assert [each.state for each in reviewed.all()] == [State.SHELVED] * 2
    assert len(release(reviewed, at=reviewed.clock() + timedelta(days=2), who=by("boss")).gone) == 2
    assert states(reviewed.desk) == "approved approved approved"
    carry_out(reviewed.desk, Reschedule(delivery=1, at=reviewed.clock() + timedelta(days=3)), by("boss"))
    assert [each.state for each in reviewed.all()] == [State.SCHEDULED] * 2
    for _ in range(3):
        reviewed.clock.advance(days=1)
        reviewed.run()
    assert [each.state for each in reviewed.all()] == [State.PUBLISHED] * 2
    with reviewed.desk.store.read() as connection:
        assert rights.forged(connection) == []
    assert [
        each for each in troubles(reviewed) if not each.startswith("用户账号")
    ] == []  # these were put there by hand


def test_another_text_after_its_approval_is_reviewed_again(reviewed: Any) -> None:
    lay(reviewed)
    submit(reviewed.desk)
    approve_all(reviewed.desk)
    lay(reviewed, body="改过的正文。")
    assert [each.state for each in reviewed.all()] == [State.AWAITING_REVIEW] * 2
    assert "还没有通过" in refusal(reviewed)
    approve_all(reviewed.desk)
    release(reviewed, at=reviewed.clock() + timedelta(days=1), who=by("boss"))
    lay(reviewed, body="又改过的正文。")
    assert [(each.state, each.shelf) for each in reviewed.all()] == [(State.AWAITING_REVIEW, OFF_SHELF)] * 2
    reviewed.clock.advance(days=2)
    reviewed.run()
    assert reviewed.scripts["a"].sent == []
    approve_all(reviewed.desk)
    reviewed.run()
    assert [order.rendition.body.strip() for order in reviewed.scripts["a"].sent] == ["又改过的正文。"]


@pytest.mark.parametrize(("first", "then"), [("shelf", "time"), ("time", "shelf")])
def test_from_an_open_time_to_a_named_one_and_back_asks_the_last_step(reviewed: Any, first: str, then: str) -> None:
    heads = {"shelf": {}, "time": {"shelf": "", "publish_at": "2026-05-01 09:00"}}
    lay(reviewed, **heads[first])
    submit(reviewed.desk)
    approve_all(reviewed.desk)
    lay(reviewed, **heads[then])
    assert states(reviewed.desk) == "approved approved open"
    approve(reviewed.desk, "boss")
    assert {each.state for each in reviewed.all()} == {State.SHELVED if then == "shelf" else State.SCHEDULED}


def test_an_emergency_lets_it_be_released_before_its_review(reviewed: Any) -> None:
    lay(reviewed)
    emergency(reviewed.desk, "boss")
    assert {each.state for each in reviewed.all()} == {State.SHELVED}
    assert len(release(reviewed, who=by("boss2")).gone) == 2
    reviewed.run()
    assert (len(reviewed.scripts["a"].sent), stands(reviewed.desk).is_owed) == (1, True)


def test_a_right_that_was_put_there_by_hand_lets_nothing_leave(reviewed: Any) -> None:
    lay(reviewed)
    submit(reviewed.desk)
    approve_all(reviewed.desk)
    release(reviewed, at=reviewed.clock() + timedelta(days=1), who=by("boss"))
    rows = "SELECT review_id, 1, channel, digest, due_at, emergency FROM approvals"
    with reviewed.desk.store.write() as connection:
        connection.execute(
            sa.text(f"INSERT INTO approvals (review_id, decision, channel, digest, due_at, emergency) {rows}")
        )
        query = sa.text("SELECT id, due_at FROM approvals WHERE channel = 'a' ORDER BY id DESC LIMIT 1")
        number, due_at = connection.execute(query).one()
        connection.execute(
            sa.text("UPDATE deliveries SET approval = :it, due_at = :at, ready_at = :at WHERE channel = 'a'"),
            {"it": number, "at": due_at},
        )
    reviewed.clock.advance(days=2)
    reviewed.run()
    assert reviewed.scripts["a"].sent == []


def test_after_a_restore_a_person_says_that_it_was_not_sent(office: Any) -> None:
    lay(office)
    it = office.get()
    back = brought_back(it, office.clock(), office.clock(), "从备份恢复")
    assert (back.state, back.restored, back.shelf) == (State.HELD, True, ON_SHELF)
    assert "期间可能已经放行发出" in back.reason
    office.put(State.HELD, restored=True, reason=back.reason)
    assert "没有可以放行的" in refusal(office)
    carry_out(office.desk, Release(delivery=1), CLERK)
    assert (office.get().state, office.get().restored) == (State.SHELVED, False)
    assert release(office).gone


def test_only_whoever_may_send_may_release(reviewed: Any) -> None:
    lay(reviewed)
    submit(reviewed.desk)
    approve_all(reviewed.desk)
    reviewed._desk = reviewed.another(reviews=POLICY, may=rule_of(reviewed.desk.store))
    with pytest.raises(StateError, match="这件事要"):
        release(reviewed, who=by("writer"))
    assert release(reviewed, who=by("boss")).gone
