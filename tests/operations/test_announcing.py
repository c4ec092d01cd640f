"""The outbox of webhooks: exactly the transitions that happened, in their order, brought without being in anybody's way."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.reviewed_office import POLICY, approve_all, staff, submit
from xuanfa.domain.act_outward import DropMessages, ResendMessages
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Blame, Rejected, Unknown
from xuanfa.domain.person import Person
from xuanfa.domain.webhook import GIVEN_UP_AFTER, Answer, Endpoint, Sent, Webhooks, new_secret
from xuanfa.operations.announcing.passes import ALONE, send_due
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.holding import Hold, hold_everything
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.store import outbox
from xuanfa.store.schema import attempts, events

MINUTE = timedelta(minutes=1)
ANNA = Person(name="安娜", why="对方修好了")


@dataclass
class Receivers:
    """Programs that are told: what each has taken, and how each answers."""

    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    answers: Callable[[str, dict[str, Any]], Answer] = lambda _name, _body: Answer(status=200)

    def post(self, endpoint: Endpoint, body: bytes, headers: Mapping[str, str], within: float) -> Answer:
        told = json.loads(body)
        self.tries.append(endpoint.id)
        answer = self.answers(endpoint.id, told)
        if answer.is_taken:
            self.got.append((endpoint.id, told))
            self.ids.append(headers["webhook-id"])
        return answer

    def moves(self, name: str = "oa") -> list[tuple[int, str | None, str]]:
        return [
            (told["data"]["delivery"], told["data"]["before"], told["data"]["after"])
            for to, told in self.got
            if to == name
        ]


def office(bench: Any, receivers: Receivers, **wanted: tuple[str, ...]) -> Any:
    """The bench with these receivers; none are named: one that is told everything."""
    known = {
        name: Endpoint(id=name, url=f"https://{name}.example.gov.cn/", events=events_, secrets=(new_secret(),))
        for name, events_ in (wanted or {"oa": ("*",)}).items()
    }
    bench._desk = replace(bench.desk, webhooks=Webhooks(endpoints=known, post=receivers.post))
    bench._desk.store.announce_to(known)
    return bench


def send(bench: Any) -> int:
    return send_due(bench.desk, within=30.0)


def happened(bench: Any) -> list[tuple[int, str | None, str]]:
    """The moves of all deliveries by the history, which has no line for a claim, and by the attempts, which are that line."""
    e, a, found = events.c, attempts.c, list[tuple[int, str | None, str]]()
    with bench.desk.store.read() as connection:
        query = sa.select(e.delivery_id, e.before, e.after).where(e.delivery_id.is_not(None), e.after.in_(list(State)))
        for id_, before, after in connection.execute(query.order_by(e.delivery_id, e.id)):
            found += [(id_, "scheduled", "publishing")] if before == "publishing" else []
            found.append((id_, before, after))
        begun = connection.scalar(sa.select(sa.func.count()).where(a.action.in_(["publish", "stage"])))
    assert sum(after == "publishing" for _, _, after in found) == begun
    return found


def test_exactly_what_happened_is_told_in_its_order_for_each_delivery(bench: Any) -> None:
    receivers = Receivers()
    good, bad = bench.channel("a"), bench.channel("b")
    office(bench, receivers)
    bad.publish += [Rejected(findings=(), blame=Blame.CONTENT), Unknown(evidence="silence")]
    for number in range(5):
        bench.queue(f"post-{number}")
        bench.run()
        bench.clock.advance(minutes=1)
    assert good.sent
    send(bench)
    assert sorted(receivers.moves(), key=lambda move: move[0]) == happened(bench)
    sequence = [told["data"]["sequence"] for _, told in receivers.got]
    assert len(sequence) == len(set(sequence))
    assert len(set(receivers.ids)) == len(receivers.ids)
    assert send(bench) == 0


def test_nothing_is_kept_where_nobody_is_told(bench: Any) -> None:
    bench.channel("a")
    bench.queue("one")
    bench.run()
    with bench.desk.store.read() as connection:
        assert outbox.messages(connection) == []
    assert send(bench) == 0


def test_what_is_rolled_back_was_never_said(bench: Any) -> None:
    bench.channel("a")
    office(bench, Receivers())
    bench.queue("one")
    with bench.desk.store.read() as connection:
        before = len(outbox.messages(connection))
    with bench.desk.store.write() as connection, connection.begin_nested() as half:
        outbox.tell(connection, [outbox.of_move(State.SCHEDULED, bench.get())], bench.clock())
        half.rollback()
    with bench.desk.store.read() as connection:
        assert len(outbox.messages(connection)) == before == 1


def test_each_receiver_is_told_what_it_wants_by_one_number(bench: Any) -> None:
    receivers = Receivers()
    bench.channel("a")
    office(bench, receivers, all=("*",), out=("delivery.published",), posts=("post.*",))
    bench.queue("one")
    bench.run()
    send(bench)
    told = {name: [body["type"] for to, body in receivers.got if to == name] for name in ("all", "out", "posts")}
    assert told["out"] == ["delivery.published"]
    assert told["posts"] == []
    assert told["all"] == ["delivery.scheduled", "delivery.publishing", "delivery.published"]
    shared = [
        id_ for (_, body), id_ in zip(receivers.got, receivers.ids, strict=True) if body["type"] == "delivery.published"
    ]
    assert len(shared) == 2
    assert len(set(shared)) == 1


def test_a_receiver_that_refuses_one_message_hears_of_other_deliveries_and_never_out_of_order(bench: Any) -> None:
    receivers = Receivers(
        answers=lambda _to, body: Answer(status=400 if body["data"]["delivery"] == 1 else 200, why="400")
    )
    bench.channel("a")
    office(bench, receivers)
    bench.queue("one")
    bench.queue("two")
    bench.run()
    send(bench)
    assert [move for move in receivers.moves() if move[0] == 2][-1] == (2, "publishing", "published")
    assert len(receivers.tries) == 4  # the first of delivery 1, and the three of delivery 2
    receivers.answers = lambda _to, _body: Answer(status=204)
    assert send(bench) == 0
    bench.clock.advance(minutes=1)
    send(bench)
    assert [after for id_, _, after in receivers.moves() if id_ == 1] == ["scheduled", "publishing", "published"]


def test_a_receiver_that_is_away_is_left_alone_and_told_everything_later(bench: Any) -> None:
    receivers = Receivers(answers=lambda to, _body: Answer(status=503 if to == "slow" else 200, why="503"))
    bench.channel("a")
    office(bench, receivers, slow=("*",), quick=("*",))
    for number in range(4):
        bench.queue(f"post-{number}")
    bench.run()
    send(bench)
    assert receivers.tries.count("slow") == 1
    assert len(receivers.moves("quick")) == 12
    send(bench)
    assert receivers.tries.count("slow") == 1
    receivers.answers = lambda _to, _body: Answer(status=200)
    bench.clock.advance(minutes=1)
    send(bench)
    assert sorted(receivers.moves("slow"), key=str) == sorted(receivers.moves("quick"), key=str)


def test_after_a_day_it_is_given_up_told_once_and_sent_again_by_a_person(bench: Any) -> None:
    receivers = Receivers(answers=lambda _to, _body: Answer(why="没有回音"))
    bench.channel("a")
    office(bench, receivers)
    bench.queue("one")
    bench.run()
    begun = bench.clock()
    while bench.clock() < begun + GIVEN_UP_AFTER + 3 * ALONE:
        send(bench)
        bench.clock.advance(minutes=5)
    assert 8 <= len(receivers.tries) <= 120
    with bench.desk.store.read() as connection:
        stuck = outbox.messages(connection)
        (tally,) = outbox.tallies(connection)
    assert tally.counts == {Sent.GIVEN_UP: 3}
    causes = [each.cause for each in standing(bench.desk) if each.cause.name == "webhook:oa"]
    assert len(causes) == 1
    assert "3 条没有送到" in causes[0].words
    (seen,) = [each for each in examine(bench.desk) if "回调 oa" in each.what]
    assert "没有回音" in seen.trouble
    assert not seen.fatal
    assert "https" not in seen.what + seen.trouble
    receivers.answers = lambda _to, _body: Answer(status=200)
    numbers = tuple(each.id for each in stuck)
    assert carry_out(bench.desk, ResendMessages(messages=numbers), ANNA) == 3
    send(bench)
    assert [after for _, _, after in receivers.moves()] == ["scheduled", "publishing", "published"]
    assert sorted(receivers.ids) == sorted(each.message for each in stuck)
    assert not [each for each in standing(bench.desk) if each.cause.name.startswith("webhook:")]


def test_gone_means_gone(bench: Any) -> None:
    receivers = Receivers(answers=lambda _to, _body: Answer(status=410, why="410"))
    bench.channel("a")
    office(bench, receivers)
    bench.queue("one")
    bench.run()
    send(bench)
    assert receivers.tries == ["oa"]
    with bench.desk.store.read() as connection:
        assert outbox.tallies(connection)[0].counts == {Sent.GIVEN_UP: 3}


def test_messages_are_let_be_with_a_reason_and_numbers_that_are_none_are_refused(bench: Any) -> None:
    receivers = Receivers(answers=lambda _to, _body: Answer(status=410, why="410"))
    bench.channel("a")
    office(bench, receivers)
    bench.queue("one")
    send(bench)
    with pytest.raises(StateError, match="原因"):
        carry_out(bench.desk, DropMessages(messages=(1,)), Person(name="安娜"))
    with pytest.raises(StateError, match="没有编号为 99"):
        carry_out(bench.desk, ResendMessages(messages=(1, 99)), ANNA)
    assert carry_out(bench.desk, DropMessages(messages=(1,)), ANNA) == 1
    with pytest.raises(StateError, match="没有要办的"):
        carry_out(bench.desk, DropMessages(messages=(1,)), ANNA)
    with bench.desk.store.read() as connection:
        assert outbox.tallies(connection)[0].counts == {Sent.DROPPED: 1}
        told = list(connection.scalars(sa.select(events.c.after).where(events.c.act.is_not(None))))
    assert told == ["refused", "refused", "messages_dropped", "refused"]
    bench._desk = replace(bench.desk, webhooks=Webhooks())
    with pytest.raises(StateError, match=r"没有回调地址 oa"):
        carry_out(bench.desk, ResendMessages(messages=(1,)), ANNA)


def test_a_review_is_told_line_by_line_and_its_end_as_such(bench: Any) -> None:
    receivers = Receivers()
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    office(bench, receivers, oa=("post.*",))
    staff(bench.desk)
    bench.queue("one")
    submit(bench.desk, "one")
    approve_all(bench.desk, "one")
    send(bench)
    steps = receivers.got[0][1]["data"]["steps"]
    assert [body["type"] for _, body in receivers.got] == [
        "post.submitted",
        *["post.step_approved"] * (steps - 1),
        "post.approved",
    ]


def test_a_database_of_before_does_not_say_again_what_it_has_said(bench: Any) -> None:
    receivers = Receivers()
    bench.channel("a")
    office(bench, receivers)
    bench.queue("one")
    bench.run()
    bench.clock.advance(minutes=5)
    now = bench.clock()
    with bench.desk.store.write() as connection:
        hold = Hold(backup="", taken_at=now, now=now, actor="node", since="数据库换成了旧的", why="旧的")
        hold_everything(connection, hold)
        assert outbox.tallies(connection)[0].counts == {Sent.GIVEN_UP: 3}
    assert send(bench) == 0
    assert receivers.tries == []
    with bench.desk.store.read() as connection:
        assert {each.why for each in outbox.messages(connection)} == {"数据库换成了旧的：可能已经送过，没有再送"}


def test_what_was_taken_and_not_noted_is_sent_again_by_the_same_number(bench: Any) -> None:
    receivers = Receivers()
    bench.channel("a")
    office(bench, receivers)
    bench.queue("one")
    now = bench.clock()
    with bench.desk.store.write() as connection:  # a process that dies right after its request
        (taken,) = outbox.take(connection, outbox.Taking(endpoint="oa", now=now, until=now + MINUTE, most=5))
    assert send(bench) == 0
    bench.clock.advance(minutes=2)
    assert send(bench) == 1
    assert receivers.ids == [taken.message]


def test_old_messages_are_forgotten(bench: Any) -> None:
    receivers = Receivers()
    bench.channel("a")
    office(bench, receivers)
    bench.queue("one")
    send(bench)
    bench.clock.advance(days=15)
    bench.queue("two")
    send(bench)
    with bench.desk.store.read() as connection:
        assert [each.delivery_id for each in outbox.messages(connection)] == [2]
