"""What a person may decide, from each state: a table, and nothing beside it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import (
    cancel,
    pause,
    release,
    reschedule,
    resolve_absent,
    resolve_published,
    resume,
    retract,
    retracted_by_hand,
    retry,
)
from xuanfa.domain.delivery import MOVES, WAITS_FOR_PERSON, State, require_move
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Retracted, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.domain.receipt import Receipt
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.publish import hold_stranded
from xuanfa.store import ledger

ANNA = Person(name="安娜", why="看过了")
ADDRESS = "https://www.example.gov.cn/by-hand"
HOUR = timedelta(hours=1)

VERBS: dict[str, Callable[[Any], Any]] = {
    "cancel": lambda desk: cancel(desk, 1, ANNA),
    "reschedule": lambda desk: reschedule(desk, 1, desk.clock() + HOUR, ANNA),
    "release": lambda desk: release(desk, 1, ANNA),
    "retry": lambda desk: retry(desk, 1, ANNA),
    "published": lambda desk: resolve_published(desk, 1, ADDRESS, ANNA),
    "absent": lambda desk: resolve_absent(desk, 1, ANNA),
    "retract": lambda desk: retract(desk, 1, ANNA),
    "by hand": lambda desk: retracted_by_hand(desk, 1, ANNA),
}
#: Where each verb may start, and where it leads. Everything else is refused.
ALLOWED: dict[str, dict[State, State]] = {
    "cancel": dict.fromkeys(
        (State.AWAITING_REVIEW, State.SHELVED, State.SCHEDULED, State.HELD, State.REJECTED, State.FAILED),
        State.CANCELLED,
    ),
    # The one of these tests needs no review; one that does goes on awaiting it (test_review.py).
    "reschedule": dict.fromkeys((State.AWAITING_REVIEW, State.SCHEDULED, State.HELD), State.SCHEDULED),
    "release": {State.HELD: State.SCHEDULED},
    "retry": dict.fromkeys((State.FAILED, State.CANCELLED), State.SCHEDULED),
    "published": dict.fromkeys((State.UNKNOWN, State.ACCEPTED), State.PUBLISHED),
    "absent": dict.fromkeys((State.UNKNOWN, State.ACCEPTED), State.SCHEDULED),
    "retract": dict.fromkeys((State.ACCEPTED, State.PUBLISHED, State.RETRACTING), State.RETRACTED),
    "by hand": dict.fromkeys((State.ACCEPTED, State.PUBLISHED, State.RETRACTING), State.RETRACTED),
}


def stand(bench: Any, state: State) -> Any:
    """A delivery in ``state``, with a receipt where it has been public."""
    script = bench.channel(retracts=True, confirms=True)
    script.retract.append(Retracted(evidence="gone"))
    bench.queue("one")
    was_public = state in {State.PUBLISHED, State.RETRACTING, State.RETRACTED}
    for each in (*([State.PUBLISHED] if was_public else []), state):
        bench.put(each)
    if was_public:
        with bench.desk.store.write() as connection:
            ledger.add_receipts(connection, [(1, Receipt(address=ADDRESS))], bench.clock())
    return script


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", VERBS)
def test_a_decision_is_allowed_or_refused_with_a_hint(bench: Any, verb: str, state: State) -> None:
    script = stand(bench, state)
    before = bench.get()
    if state in ALLOWED[verb]:
        assert VERBS[verb](bench.desk).state is ALLOWED[verb][state]
        assert bench.get().state is ALLOWED[verb][state]
    else:
        with pytest.raises(StateError) as refused:
            VERBS[verb](bench.desk)
        text = str(refused.value)
        assert re.search("[一-鿿]", text)
        assert state.label in text or "正在处理" in text
        assert bench.get() == before
    assert script.sent == []


@pytest.mark.parametrize("state", State)
def test_only_scheduled_ones_are_ever_sent(bench: Any, state: State) -> None:
    script = stand(bench, state)
    bench.run()
    assert len(script.sent) == (1 if state is State.SCHEDULED else 0)


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PUBLISHING, State.ACCEPTED])
def test_what_is_in_doubt_is_sent_again_only_when_a_person_says_that_it_is_absent(bench: Any, state: State) -> None:
    script = stand(bench, state)
    for verb in VERBS.keys() - {"absent", "published", *(("retract", "by hand") if state is State.ACCEPTED else ())}:
        with pytest.raises(StateError):
            VERBS[verb](bench.desk)
        bench.run()
    assert script.sent == []


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_the_table_of_moves_is_what_the_program_goes_by(before: State, after: State) -> None:
    if after in MOVES[before]:
        require_move(before, after)
    else:
        with pytest.raises(StateError, match="不能变为"):
            require_move(before, after)


def test_nothing_leads_out_of_retracted() -> None:
    assert MOVES[State.RETRACTED] == frozenset()
    assert all(State.SCHEDULED not in MOVES[state] for state in (State.RETRACTING, State.RETRACTED))


def test_every_state_that_waits_for_a_person_has_a_decision(bench: Any) -> None:
    for state in WAITS_FOR_PERSON:
        assert any(state in starts for starts in ALLOWED.values())


def test_an_unknown_number_is_told(bench: Any) -> None:
    bench.channel()
    for verb in VERBS.values():
        with pytest.raises(StateError, match="没有编号为 1 的投递"):
            verb(bench.desk)


def test_each_decision_is_kept_with_who_and_why(bench: Any) -> None:
    stand(bench, State.HELD)
    release(bench.desk, 1, ANNA)
    reschedule(bench.desk, 1, bench.clock() + HOUR, ANNA)
    cancel(bench.desk, 1, ANNA)
    assert bench.history()[-3:] == ["scheduled", "rescheduled", "cancelled"]
    with bench.desk.store.read() as connection:
        rows = connection.execute(sa.text("SELECT actor, why FROM events ORDER BY id DESC LIMIT 3")).all()
    assert {row.actor for row in rows} == {"安娜"}
    assert [row.why for row in rows if "改到" not in row.why] == ["看过了", "看过了"]
    assert [row.why.count("看过了") for row in rows if "改到" in row.why] == [1]


def test_a_rescheduled_one_does_not_fire_at_its_old_time(bench: Any) -> None:
    script = stand(bench, State.SCHEDULED)
    reschedule(bench.desk, 1, bench.clock() + HOUR, ANNA)
    bench.run()
    assert script.sent == []
    bench.clock.advance(hours=1)
    bench.run()
    assert len(script.sent) == 1


def test_a_released_one_is_not_late_at_once(bench: Any) -> None:
    script = stand(bench, State.SCHEDULED)
    bench.clock.advance(hours=3)
    bench.run()
    assert (bench.get().state, script.sent) == (State.HELD, [])
    release(bench.desk, 1, ANNA)
    bench.run()
    assert (bench.get().state, len(script.sent)) == (State.PUBLISHED, 1)


def test_one_that_expired_is_cancelled_and_a_retry_sends_it_after_all(bench: Any) -> None:
    script = bench.channel()
    bench.write("one", publish_at="2026-03-02 10:00", expires_at="2026-03-02 10:30")
    bench.queue()
    bench.clock.advance(minutes=90)
    bench.run()
    assert (bench.get().state, script.sent) == (State.CANCELLED, [])
    retry(bench.desk, 1, ANNA)
    bench.run()
    assert bench.get().state is State.PUBLISHED


def test_a_retry_begins_the_tries_anew_under_the_same_key(bench: Any) -> None:
    script = bench.channel()
    script.publish += [Unsent(evidence="refused")] * 5
    bench.queue("one")
    while bench.get().state is State.SCHEDULED:
        bench.run()
        bench.clock.advance(minutes=40)
        bench.put(bench.get().state, fresh_at=bench.clock())
    assert (bench.get().state, bench.get().tries) == (State.FAILED, 5)
    retry(bench.desk, 1, ANNA)
    bench.run()
    assert (bench.get().state, bench.get().tries) == (State.PUBLISHED, 1)
    assert len({order.key for order in script.sent}) == 1


def test_a_paused_channel_gets_nothing_until_it_is_resumed(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one")
    pause(bench.desk, "a", ANNA)
    bench.run()
    assert script.sent == []
    resume(bench.desk, "a", ANNA)
    bench.run()
    assert len(script.sent) == 1


def test_a_rehearsed_one_is_sent_for_real_once_and_counted_once(bench: Any) -> None:
    script = bench.channel(rehearsal=True, stages=True, replay=HOUR)
    bench.queue("one")
    bench.run()
    assert (bench.get().state, bench.get().rehearsal) == (State.PUBLISHED, True)
    with pytest.raises(StateError):
        retry(bench.desk, 1, ANNA)
    real = type(bench.channels["a"])(id="a", kind="scripted", title="a", budget="a", stages=True, replay=HOUR)
    bench.channels["a"] = real
    bench.clock.advance(days=2)
    retry(bench.desk, 1, ANNA)
    assert not bench.get().may_be_public
    bench.run()
    assert (bench.get().state, bench.get().rehearsal) == (State.PUBLISHED, False)
    assert script.prepared[1].staged == {}, "what practice remembers is nothing to the real channel"
    with pytest.raises(StateError):
        retry(bench.desk, 1, ANNA)


def test_a_removed_channel_can_still_be_decided_about(bench: Any) -> None:
    bench.channel(rehearsal=True)
    bench.queue("one")
    bench.run()
    with pytest.raises(StateError):
        retry(bench.another(channels={}), 1, ANNA)
    bench.put(State.UNKNOWN)
    gone = bench.another(channels={})
    assert resolve_absent(gone, 1, ANNA).state is State.SCHEDULED
    assert cancel(gone, 1, ANNA).state is State.CANCELLED


def test_a_person_who_finds_it_wakes_what_waits_for_its_address(bench: Any) -> None:
    site, card = bench.channel("site"), bench.channel("card", link="site")
    site.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    assert card.sent == []
    resolve_published(bench.desk, 1, ADDRESS, ANNA)
    bench.run()
    assert ADDRESS in card.sent[0].rendition.body


def test_what_waits_for_a_link_is_woken_when_it_is_there_and_bound(bench: Any) -> None:
    card, site = bench.channel("card", link="site"), bench.channel("site")
    bench.queue("one")
    assert bench.get(1).waiting
    bench.run()
    assert [delivery.state for delivery in bench.all()] == [State.PUBLISHED] * 2
    assert f"https://www.example.gov.cn/{site.sent[0].key}" in card.sent[0].rendition.body
    assert card.sent[0].rendition.is_bound


def test_what_waits_in_vain_is_held_and_may_wait_again(bench: Any) -> None:
    site, card = bench.channel("site"), bench.channel("card", link="site")
    site.publish.append(Unknown(evidence="timeout"))
    bench.queue("one")
    bench.run()
    bench.clock.advance(minutes=119)
    assert hold_stranded(bench.desk) == []
    bench.clock.advance(minutes=2)
    assert [change.after.state for change in hold_stranded(bench.desk)] == [State.HELD]
    resolve_published(bench.desk, 1, ADDRESS, ANNA)
    release(bench.desk, 2, ANNA)
    bench.run()
    assert len(card.sent) == 1


def test_a_link_that_was_retracted_before_it_was_sent_puts_it_back_to_waiting(bench: Any) -> None:
    site, card = bench.channel("site", retracts=True), bench.channel("card", link="site")
    bench.queue("one")
    for job in bench.claim(places=1):
        bench.settle(perform(bench, job))
    assert not bench.get(2).waiting
    site.retract.append(Retracted(evidence="gone"))
    retract(bench.desk, 1, ANNA)
    bench.queue("two")
    bench.run()
    assert (bench.get(2).state, bench.get(2).waiting) == (State.SCHEDULED, True)
    assert {order.post for order in card.sent} == {"two"}


def test_a_late_withdrawal_answer_changes_nothing_that_a_person_has_recorded(bench: Any) -> None:
    script = stand(bench, State.PUBLISHED)
    script.retract[:] = [Unknown(evidence="timeout")]
    retract(bench.desk, 1, ANNA)
    retracted_by_hand(bench.desk, 1, ANNA)
    assert bench.get().state is State.RETRACTED
