"""Sending what receivers of webhooks are to be told. Bounded in time, on threads of its own, and in nobody's way.

Messages were written with the transitions (``store/outbox``). A message is taken for some minutes, sent outside of any transaction, and what came
of it is noted then; a process that dies in between leaves it to the next one, so that a receiver may be told twice, by one ``webhook-id``, and
never not at all. A receiver that is away is left alone for a while, and then tried by its first message alone.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Final

from xuanfa.domain.access import Veil
from xuanfa.domain.errors import StoreError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.webhook import (
    GIVEN_UP_AFTER,
    Answer,
    Endpoint,
    Message,
    Poster,
    Sent,
    body_of,
    next_try,
    signed_headers,
)
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.memory import see
from xuanfa.store import access, channels, outbox

log = logging.getLogger(__name__)

#: So many messages of a receiver are taken at once.
TOGETHER: Final = 50
#: Receivers that are told at once.
_AT_ONCE: Final = 4
#: How long one message may take. Seconds.
ONE: Final = 10.0
#: A receiver that is away is left alone for so long at most; under this scope it is kept until when.
ALONE: Final = timedelta(minutes=15)
RESTS: Final = "webhooks"
#: Whoever has taken messages and was killed has them for so long: more than one round of them may take.
_TAKEN: Final = timedelta(minutes=10)


def send_due(desk: Desk, is_stopping: Callable[[], bool] = lambda: False, *, within: float) -> int:
    """Send what is due, for so many seconds; how many messages were taken by their receivers. Raises StoreError where the database is away;
    everything else concerns one message."""
    known, post = desk.webhooks.endpoints, desk.webhooks.post
    if not known or post is None or desk.store.read_only:
        return 0
    until = time.monotonic() + within
    now = desk.clock()
    with desk.store.read() as connection:
        awake = [name for name in known if channels.recall(connection, RESTS, name, now) is None]
        if not awake or not outbox.is_any_due(connection, awake, now):
            return 0
    see(desk)  # a database of before tells nobody what it has told already
    with ThreadPoolExecutor(min(_AT_ONCE, len(awake)), thread_name_prefix="xuanfa-webhook") as pool:
        rounds = [_Round(desk, endpoint, post, is_stopping, until) for endpoint in map(known.__getitem__, awake)]
        count = sum(pool.map(_carried_out, rounds))
    with desk.store.write() as connection:
        outbox.prune(connection, desk.clock())
    return count


@dataclass(frozen=True, slots=True)
class _Round:
    """What is sent to one receiver in one pass."""

    desk: Desk
    endpoint: Endpoint
    post: Poster
    is_stopping: Callable[[], bool]
    until: float

    def is_over(self) -> bool:
        """Whether no further message is begun."""
        return self.is_stopping() or time.monotonic() >= self.until

    def run(self) -> int:
        """Until nothing is due, the receiver is away, or the time is over; how many it has taken."""
        count, is_there = 0, True
        while is_there and not self.is_over():
            now = self.desk.clock()
            taking = outbox.Taking(endpoint=self.endpoint.id, now=now, until=now + _TAKEN, most=TOGETHER)
            with self.desk.store.write() as connection:
                taken = outbox.take(connection, taking)
            if not taken:
                break
            bodies = _bodies(self.desk, taken)
            for number, message in enumerate(taken):
                if self.is_over():
                    self._give_back(taken[number:])
                    return count
                answer = self._send(message, bodies[message.id])
                count += answer.is_taken
                if answer.is_away or answer.is_gone:
                    self._give_back(taken[number + 1 :])
                    return count
        return count

    def _send(self, message: Message, body: bytes) -> Answer:
        """One message, and what came of it is noted."""
        headers = signed_headers(self.endpoint, message.message, self.desk.clock(), body)
        answer = self.post(self.endpoint, body, headers, max(min(ONE, self.until - time.monotonic()), 0.1))
        now = self.desk.clock()
        if answer.is_taken:
            with self.desk.store.write() as connection:
                outbox.note(connection, message, Sent.SENT, now=now, next_at=None, why="")
            return answer
        rest = answer.rest
        again = None if answer.is_gone else next_try(message.tries + 1, message.begun_at, now, self.desk.chance, rest)
        state = Sent.GIVEN_UP if again is None else Sent.WAITING
        with self.desk.store.write() as connection:
            outbox.note(connection, message, state, now=now, next_at=again, why=answer.why)
            if answer.is_gone:
                outbox.give_up(connection, now, answer.why, endpoint=self.endpoint.id)
            elif state is Sent.GIVEN_UP and answer.is_away:
                outbox.give_up(connection, now, answer.why, endpoint=self.endpoint.id, begun=now - GIVEN_UP_AFTER)
            if answer.is_away:
                left_alone = min(again or now + ALONE, now + ALONE)
                channels.keep(connection, RESTS, self.endpoint.id, "1", left_alone)
        self._log(message, answer, state)
        return answer

    def _give_back(self, rest: Sequence[Message]) -> None:
        if rest:
            with self.desk.store.write() as connection:
                outbox.give_back(connection, [each.id for each in rest], self.desk.clock())

    def _log(self, message: Message, answer: Answer, state: Sent) -> None:
        words = say(
            "回调 {endpoint}：{event} 没有送到（第 {n} 次）：{why}",
            "webhook {endpoint}: {event} was not brought (try {n}): {why}",
            endpoint=self.endpoint.id,
            event=message.event,
            n=message.tries + 1,
            why=answer.why,
        )
        log.log(logging.ERROR if state is Sent.GIVEN_UP else logging.INFO, "%s", words)


def _carried_out(its: _Round) -> int:
    """One bad receiver stops no other one."""
    try:
        return its.run()
    except StoreError:
        raise
    except XuanfaError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do
    except Exception:
        log.exception("telling the receiver %s failed", its.endpoint.id)
    return 0


def _bodies(desk: Desk, messages: Sequence[Message]) -> dict[int, bytes]:
    """What is sent, as it may be said now: of what is restricted no title."""
    with desk.store.read() as connection:
        veil = access.veil(connection)
        names = outbox.named(connection, messages)
        return {each.id: _body(each, names[each.id], veil) for each in messages}


def _body(message: Message, name: tuple[str, str], veil: Veil) -> bytes:
    slug, title = name
    is_hidden = veil.hides(slug)
    data: dict[str, Any] = {
        "sequence": message.id,
        "post": slug,
        "title": None if is_hidden else title,
        "restricted": is_hidden,
        "delivery": message.delivery_id,
        **message.facts,
    }
    at = message.at.astimezone(UTC)
    whole = body_of(message, data) | {"timestamp": at.isoformat(timespec="microseconds")}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
