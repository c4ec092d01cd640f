"""What people decide about messages of webhooks that could not be brought: once more, or not at all."""

import json
import secrets
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from xuanfa.domain.act_outward import DropMessages, ResendMessages, TryReceiver
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy, option
from xuanfa.domain.said import heard, kept
from xuanfa.domain.webhook import TEST, Answer, Sent, signed_headers
from xuanfa.operations.announcing.passes import ONE, RESTS
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, deliveries, outbox

if TYPE_CHECKING:
    from collections.abc import Collection

#: So many at once: what is asked for in one statement.
MOST = 1_000
#: The lines of the history.
RESENT, DROPPED, TRIED = "messages_resent", "messages_dropped", "receiver_tried"


def resend_messages(desk: Desk, act: ResendMessages, person: Person) -> int:
    """Have messages brought once more, those too that were taken already; how many. Raises StateError for a number that is none, and for a
    receiver that the settings do not have."""
    now = desk.clock()
    _require_some(act.messages)
    with desk.store.write() as connection:
        found = outbox.numbered(connection, act.messages)
        _require_all(act.messages, {each.id for each in found})
        gone = sorted({each.endpoint for each in found} - desk.webhooks.endpoints.keys())
        if gone:
            raise StateError(
                say(
                    "设置里已没有回调地址 {name}，不能重发：补上 [webhooks.{name}]，或不再发（{drop}）。",
                    "The settings have no receiver {name} any more, and nothing can be sent there: add [webhooks.{name}], or let it be ({drop}).",
                    name=gone[0],
                    drop=Remedy("drop_messages"),
                )
            )
        count = outbox.send_again(connection, act.messages, now)
        for endpoint in {each.endpoint for each in found}:
            channels.forget(connection, RESTS, endpoint)
        words = say(
            "重发 {n} 条回调：{ids}", "{n} messages of webhooks again: {ids}", n=count, ids=_listed(act.messages)
        )
        signed = person.signs(act.verb)
        deliveries.record_event(connection, now=desk.clock(), after=RESENT, actor=signed, why=words)
    return count


def drop_messages(desk: Desk, act: DropMessages, person: Person) -> int:
    """Let messages be that wait or were given up; how many. Raises StateError for a number that is none, or without a reason."""
    _require_some(act.messages)
    if not person.why.strip():
        raise StateError(say("不再发要写明原因{by}。", "Letting messages be needs a reason{by}.", by=option("--why")))
    with desk.store.write() as connection:
        found = outbox.numbered(connection, act.messages)
        _require_all(act.messages, {each.id for each in found})
        open_ = [each.id for each in found if each.state in {Sent.WAITING, Sent.GIVEN_UP}]
        if not open_:
            raise StateError(
                say(
                    "这些回调都已送到或已放下，没有要办的。",
                    "These were all taken or let be already; nothing is to be done.",
                )
            )
        count = outbox.drop(connection, open_, desk.clock())
        words = say(
            "{n} 条回调不再发（{ids}）：{why}",
            "{n} messages of webhooks are let be ({ids}): {why}",
            n=count,
            ids=_listed(open_),
            why=person.why,
        )
        signed = person.signs(act.verb)
        deliveries.record_event(connection, now=desk.clock(), after=DROPPED, actor=signed, why=words)
    return count


def try_receiver(desk: Desk, act: TryReceiver, person: Person) -> Answer:
    """Bring a receiver a message that means nothing, signed as any other, and tell the history what came of it. Raises StateError for a receiver
    that the settings do not have."""
    endpoint, post = desk.webhooks.endpoints.get(act.receiver), desk.webhooks.post
    if endpoint is None or post is None:
        raise StateError(say("设置里没有回调地址 {name}。", "The settings have no receiver {name}.", name=act.receiver))
    now, message = desk.clock(), f"msg_test_{secrets.token_hex(8)}"
    body = {
        "type": TEST,
        "timestamp": now.astimezone(UTC).isoformat(timespec="microseconds"),
        "data": {"receiver": endpoint.id},
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    answer = post(endpoint, text, signed_headers(endpoint, message, now, text), ONE)
    words = (
        say("{name}：收下了（{status}）", "{name} has taken it ({status})", name=endpoint.id, status=answer.status)
        if answer.is_taken
        else say("{name}：没有收下：{why}", "{name} has not taken it: {why}", name=endpoint.id, why=answer.why)
    )
    with desk.store.write() as connection:
        deliveries.record_event(connection, now=desk.clock(), after=TRIED, actor=person.signs(act.verb), why=words)
        # What it said stands on its page for a day.
        channels.keep(connection, TRIED, endpoint.id, str(kept(words)), now + timedelta(days=1))
    return answer


def last_try(desk: Desk, receiver: str) -> str:
    """What came of the last message that was sent to try a receiver, in words; empty where none was within a day."""
    with desk.store.read() as connection:
        found = channels.recall(connection, TRIED, receiver, desk.clock())
    return "" if found is None else heard(found)


def _require_some(numbers: tuple[int, ...]) -> None:
    if not numbers:
        raise StateError(say("没有选中任何回调。", "No message was chosen."))
    if len(numbers) > MOST:
        raise StateError(say("一次最多 {n} 条，请分几次。", "At most {n} at once; do it in several steps.", n=MOST))


def _require_all(wanted: tuple[int, ...], found: set[int]) -> None:
    missing = sorted(set(wanted) - found)
    if missing:
        raise StateError(
            say(
                "没有编号为 {ids} 的回调（送到的保留 14 天，没送到的 90 天）：用 {list} 查看。",
                "There are no messages {ids} (what was taken is kept for 14 days, what was not for 90): see {list}.",
                ids=_listed(missing),
                list=Remedy("webhooks"),
            )
        )


def _listed(numbers: "Collection[int]") -> str:
    some = [str(each) for each in sorted(numbers)]
    return say("、", ", ").join(some[:_NAMED]) + (say("……", " …") if len(some) > _NAMED else "")


#: So many numbers are named. A line of the history is read by people.
_NAMED = 20
