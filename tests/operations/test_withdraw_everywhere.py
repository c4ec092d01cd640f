"""One order takes a post down everywhere: what is queued stops at once, interfaces are asked, the rest is for a person, and it goes on after
whatever came in between."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import approve_withdrawal, resolve_absent, retract, retracted_by_hand, retry, withdraw
from tests.support.verified import troubles
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Absent, Accepted, Retracted, Unknown, Unsent
from xuanfa.domain.page import Page
from xuanfa.domain.person import Person
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.withdrawing.carry_on import carry_on
from xuanfa.reports.withdrawals import WithdrawalReport, containing, withdrawal_of
from xuanfa.store import withdrawals

ANNA = Person(name="安娜", why="写错了")
BORIS = Person(name="鲍里斯", why="同意")


def told(bench: Any) -> list[str]:
    return [each.cause.name for each in standing(bench.desk) if each.cause.name.startswith(("withdraw", "review_on"))]


def report(bench: Any, post: str = "one") -> WithdrawalReport:
    found = withdrawal_of(bench.desk.store, post, bench.channels, {})
    assert found is not None
    return found


def rows(bench: Any) -> dict[str, tuple[str, str, float | None]]:
    return {row.channel: (row.how, row.state.value, row.minutes) for row in report(bench).channels}


def three(bench: Any) -> Any:
    """One with an interface, one without, one that is still queued."""
    script = bench.channel("a", retracts=True)
    bench.channel("b", console="https://console.example/")
    bench.channel("c")
    bench.write("one", channels="[a, b]")
    bench.queue()
    bench.run()
    bench.write("one", publish_at="2030-01-01 09:00")
    bench.queue()
    assert [each.state for each in bench.all()] == [State.PUBLISHED, State.PUBLISHED, State.SCHEDULED]
    return script


def test_interfaces_are_asked_the_queue_stops_and_the_rest_is_for_a_person(bench: Any, clock: Any) -> None:
    three(bench).retract.append(Retracted(evidence="gone"))
    withdraw(bench.desk, "one", ANNA)
    assert rows(bench) == {
        "a": ("interface", "retracted", 0.0),
        "b": ("hand", "published", None),
        "c": ("interface", "cancelled", 0.0),
    }
    (steps,) = [row.steps for row in report(bench).channels if row.channel == "b"]
    assert [step[:2] for step in steps] == ["1.", "2.", "3."]
    assert "https://console.example/" in steps[0]
    assert "https://www.example.gov.cn/" in steps[0]
    assert "retract 2 --done" in steps[2]
    assert report(bench).minutes is None
    clock.advance(minutes=7)
    assert retracted_by_hand(bench.desk, 2, ANNA).state is State.RETRACTED
    assert report(bench).minutes == 7.0
    assert rows(bench)["b"] == ("hand", "retracted", 7.0)
    assert report(bench).order.ended_at == clock()
    assert troubles(bench) == []


def test_what_readers_could_see_is_kept_by_its_hash(bench: Any) -> None:
    three(bench).retract.append(Retracted(evidence="gone"))
    bench._desk = replace(bench.desk, pages=lambda _c, address: Page(200, f"<h1>{address}</h1>"))
    digest = withdraw(bench.desk, "one", ANNA).snapshot
    file = bench.folder / "var" / "withdrawn" / f"{digest}.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    first, _, third = kept["deliveries"]
    assert first["rendition"]["body"] == "\n正文。\n"
    assert first["receipt"]["address"] in first["page"]["text"]
    assert "page" not in third


def test_a_snapshot_that_cannot_be_kept_keeps_nothing_from_being_taken_down(bench: Any) -> None:
    three(bench).retract.append(Retracted(evidence="gone"))
    (bench.folder / "var").mkdir(exist_ok=True)
    (bench.folder / "var" / "withdrawn").write_text("in the way", encoding="utf-8")
    assert withdraw(bench.desk, "one", ANNA).snapshot == ""
    assert rows(bench)["a"] == ("interface", "retracted", 0.0)
    (bench.folder / "var" / "withdrawn").unlink()
    carry_on(bench.desk)
    assert report(bench).order.snapshot != ""


@pytest.mark.parametrize("answer", [Unsent(evidence="503"), Unknown(evidence="timeout"), RuntimeError("boom")])
def test_an_interface_is_asked_again_and_in_the_end_it_is_for_a_person(bench: Any, clock: Any, answer: Any) -> None:
    script = three(bench)
    script.retract += [answer] * 3
    withdraw(bench.desk, "one", ANNA)
    carry_on(bench.desk)
    assert len(script.withdrawn) == 1  # its turn has not come
    for asked in (2, 3):
        clock.advance(minutes=3)
        carry_on(bench.desk)
        assert len(script.withdrawn) == asked
    clock.advance(minutes=3)
    carry_on(bench.desk)
    assert len(script.withdrawn) == 3
    how, _, took = rows(bench)["a"]
    assert (how, took) == ("hand", None)
    retracted_by_hand(bench.desk, 1, ANNA)
    assert rows(bench)["a"][:2] == ("hand", "retracted")


def test_an_answer_that_comes_at_last_ends_it(bench: Any, clock: Any) -> None:
    script = three(bench)
    script.retract += [Unknown(evidence="timeout"), Retracted(evidence="gone")]
    withdraw(bench.desk, "one", ANNA)
    clock.advance(minutes=3)
    carry_on(bench.desk)
    assert rows(bench)["a"] == ("interface", "retracted", 3.0)


def test_what_is_under_way_when_it_is_ordered_is_taken_down_when_it_is_out(bench: Any, clock: Any) -> None:
    script = bench.channel("a", retracts=True)
    script.retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    (job,) = bench.claim()
    withdraw(bench.desk, "one", ANNA)
    assert rows(bench)["a"][1] == "publishing"
    bench.settle(perform(bench, job))
    assert bench.get().state is State.PUBLISHED
    carry_on(bench.desk)
    assert rows(bench)["a"] == ("interface", "retracted", 0.0)
    assert len(script.sent) == 1


def test_what_failed_on_its_way_is_not_sent_again(bench: Any, clock: Any) -> None:
    script = bench.channel("a")
    script.publish += [Unsent(evidence="refused")]
    bench.queue("one")
    (job,) = bench.claim()
    withdraw(bench.desk, "one", ANNA)
    bench.settle(perform(bench, job))
    assert bench.get().state is State.SCHEDULED
    clock.advance(minutes=5)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.CANCELLED, 1)
    carry_on(bench.desk)
    assert report(bench).minutes is not None


def test_what_is_prepared_is_not_sent_any_more(bench: Any) -> None:
    script = bench.channel("a", stages=True)
    bench.queue("one")
    (job,) = bench.claim()
    withdraw(bench.desk, "one", ANNA)
    bench.settle(perform(bench, job))
    bench.run()
    assert (bench.get().state, script.sent) == (State.CANCELLED, [])


def test_one_in_doubt_is_looked_for_by_a_person_and_never_sent_again(bench: Any) -> None:
    script = bench.channel("a", retracts=True)
    script.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    withdraw(bench.desk, "one", ANNA)
    (row,) = report(bench).channels
    assert (row.how, row.state) == ("hand", State.UNKNOWN)
    assert any("resolve 1 --absent" in step for step in row.steps)
    resolve_absent(bench.desk, 1, ANNA)
    bench.run()
    carry_on(bench.desk)
    assert (bench.get().state, len(script.sent)) == (State.CANCELLED, 1)
    assert report(bench).minutes == 0.0


def test_a_draft_that_was_handed_over_is_taken_back(bench: Any) -> None:
    script = bench.channel("a", retracts=True)
    script.publish.append(Accepted(ticket="t"))
    script.retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    bench.run()
    withdraw(bench.desk, "one", ANNA)
    assert rows(bench)["a"] == ("interface", "retracted", 0.0)


def test_a_channel_that_leads_elsewhere_is_for_a_person(bench: Any) -> None:
    script = bench.channel("a", retracts=True, account="one@example")
    bench.queue("one")
    bench.run()
    bench.channels["a"] = replace(bench.channels["a"], account="two@example")
    withdraw(bench.desk, "one", ANNA)
    assert rows(bench)["a"] == ("hand", "published", None)
    assert script.withdrawn == []


def test_refusals_are_said_and_change_nothing(bench: Any) -> None:
    three(bench)
    with pytest.raises(StateError, match="没有名为“nobody”的稿件"):
        withdraw(bench.desk, "nobody", ANNA)
    withdraw(bench.desk, "one", ANNA)
    with pytest.raises(StateError, match="已由 安娜"):
        withdraw(bench.desk, "one", BORIS)
    with pytest.raises(StateError, match="没有等待追认"):
        approve_withdrawal(bench.desk, "one", BORIS)


def test_a_post_of_which_nothing_is_left_is_refused(bench: Any) -> None:
    bench.channel("a", retracts=True).retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    bench.run()
    retract(bench.desk, 1, ANNA)
    with pytest.raises(StateError, match="都已不在"):
        withdraw(bench.desk, "one", ANNA)


def test_a_withdrawn_post_does_not_come_back_by_a_mere_save(bench: Any, clock: Any) -> None:
    bench.channel("a", retracts=True).retract.append(Retracted(evidence="gone"))
    bench.channel("b")
    bench.write("one", channels="[a]")
    bench.queue()
    bench.run()
    withdraw(bench.desk, "one", ANNA)
    clock.advance(minutes=1)
    bench.write("one", "改过的正文。")
    bench.queue()
    bench.run()
    assert [each.state for each in bench.all()] == [State.RETRACTED, State.HELD]
    assert "本稿撤过" in bench.get(2).reason


def test_when_it_is_over_a_person_may_send_what_was_called_off(bench: Any) -> None:
    three(bench).retract.append(Retracted(evidence="gone"))
    withdraw(bench.desk, "one", ANNA)
    retracted_by_hand(bench.desk, 2, ANNA)
    assert retry(bench.desk, 3, ANNA).state is State.SCHEDULED
    bench.run()
    assert bench.get(3).state is State.SCHEDULED  # at its time
    bench.clock.now = bench.get(3).due_at
    bench.run()
    assert bench.get(3).state is State.PUBLISHED


def test_the_leader_is_told_also_where_it_was_over_at_once(bench: Any, clock: Any) -> None:
    bench.channel("a", retracts=True).retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    bench.run()
    withdraw(bench.desk, "one", ANNA)
    (cause,) = [each.cause for each in standing(bench.desk)]
    assert cause.name == "withdraw:one"
    assert "安娜" in cause.words
    assert "已全部撤下，用时 0.0 分钟" in cause.words
    clock.advance(hours=25)
    assert told(bench) == []


def test_it_is_looked_at_again_and_what_is_back_is_an_alarm(bench: Any, clock: Any) -> None:
    bench.channel("a", retracts=True).retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    bench.run()
    withdraw(bench.desk, "one", ANNA)
    bench._desk = replace(bench.desk, pages=lambda _c, _a: Page(410, ""))
    clock.advance(minutes=2)
    carry_on(bench.desk)
    assert [row.seen for row in report(bench).channels] == ["gone"]
    bench._desk = replace(bench.desk, pages=lambda _c, _a: Page(200, "<title>x</title><h1>“one”</h1>"))
    clock.advance(minutes=11)
    carry_on(bench.desk)
    assert told(bench) == ["withdraw:one", "withdraw:one:back"]
    bench._desk = replace(bench.desk, pages=lambda _c, _a: Page(200, "<p>本文已撤回</p>"))
    clock.advance(hours=2)
    carry_on(bench.desk)
    assert told(bench) == ["withdraw:one"]


def test_where_no_page_can_be_seen_the_interface_is_asked(bench: Any, clock: Any) -> None:
    script = bench.channel("a", retracts=True, confirms=True)
    script.retract.append(Retracted(evidence="gone"))
    script.confirm.append(Absent(evidence="not listed"))
    bench.queue("one")
    bench.run()
    withdraw(bench.desk, "one", ANNA)
    clock.advance(minutes=2)
    carry_on(bench.desk)
    assert [row.seen for row in report(bench).channels] == ["gone"]
    assert bench.get().state is State.RETRACTED


def test_another_person_approves_it_within_a_day(bench: Any, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawals, "has_users", lambda _connection: True)
    bench.channel("a", retracts=True).retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    bench.run()
    assert withdraw(bench.desk, "one", ANNA).approve_by == clock() + timedelta(hours=24)
    with pytest.raises(StateError, match="要由别人追认"):
        approve_withdrawal(bench.desk, "one", ANNA)
    clock.advance(hours=25)
    assert told(bench) == ["withdraw:one", "withdraw:one:approval"]
    assert approve_withdrawal(bench.desk, "one", BORIS).approved_by == "鲍里斯"
    assert told(bench) == []
    with pytest.raises(StateError, match="没有等待追认"):
        approve_withdrawal(bench.desk, "one", BORIS)


def test_front_matter_takes_it_down_at_its_time(bench: Any, clock: Any) -> None:
    script = bench.channel("a", retracts=True)
    script.retract.append(Retracted(evidence="gone"))
    at = (clock() + timedelta(hours=2)).astimezone(bench.desk.zone)
    bench.write("one", retract_at=f"{at:%Y-%m-%d %H:%M}")
    bench.queue()
    bench.run()
    carry_on(bench.desk)
    assert bench.get().state is State.PUBLISHED
    clock.advance(hours=2)
    carry_on(bench.desk)
    carry_on(bench.desk)
    assert bench.get().state is State.RETRACTED
    assert len(script.withdrawn) == 1
    assert report(bench).order.approve_by is None
    assert "到" in report(bench).order.why


def test_the_department_is_asked_on_the_day_that_the_front_matter_names(bench: Any, clock: Any) -> None:
    bench.channel("a")
    day = (clock() + timedelta(days=3)).astimezone(bench.desk.zone).date()
    bench.write("one", review_on=day.isoformat(), department="宣传处")
    bench.queue()
    bench.run()
    assert told(bench) == []
    clock.advance(days=3)
    (cause,) = [each.cause for each in standing(bench.desk) if each.cause.name.startswith("review_on")]
    assert cause.name == f"review_on:one:{day.isoformat()}"
    assert "宣传处" in cause.words
    bench.write("one", review_on="", department="宣传处")
    bench.queue()
    assert told(bench) == []


def test_the_same_sentence_in_other_posts_is_found(bench: Any) -> None:
    bench.channel("a")
    bench.write("one", "案件于 2026 年 3 月 2 日，开庭。")
    bench.write("two", "<p>案件于2026年3月2日开庭</p>，旁听二十人。")
    bench.write("three", "别的事。")
    bench.queue()
    bench.run()
    found = containing(bench.desk.store, "案件于2026年3月2日 开庭。")
    assert [place.post for place in found] == ["one", "two"]
    assert [place.post for place in containing(bench.desk.store, "案件于2026年3月2日开庭", but="one")] == ["two"]
    assert containing(bench.desk.store, "。，") == []
    assert all(each.state is State.PUBLISHED for each in bench.all())
