"""What people decide about messages of webhooks that could not be brought: once more, or not at all."""

from typing import TYPE_CHECKING

from xuanfa.domain.act_outward import DropMessages, ResendMessages
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.webhook import Sent
from xuanfa.operations.announcing.passes import RESTS
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, deliveries, outbox

if TYPE_CHECKING:
    from collections.abc import Collection

#: So many at once: what is asked for in one statement.
MOST = 1_000
#: The lines of the history.
RESENT, DROPPED = "messages_resent", "messages_dropped"


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
        raise StateError(say("不再发要写明原因：--why 原因。", "Letting messages be needs a reason: --why REASON."))
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
