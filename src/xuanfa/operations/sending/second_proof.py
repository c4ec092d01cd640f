"""Second proof: whatever says of one delivery that it is out twice. It is never passed over in silence.

A delivery has one receipt. What comes beside it is kept (``store.late_proofs``) and weighed: another number or address at the channel, or two
requests that were both answered "published" where the channel does not recognise our key, is a second publication until a person who has
looked says that there is one.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import combinations

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.domain.receipt import Receipt, is_another
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, deliveries, late_proofs, ledger


def weigh(desk: Desk, connection: sa.Connection, delivery_ids: Iterable[int], now: datetime) -> list[int]:
    """Weigh what is known of deliveries that have just got one more proof. Those that seem to be out twice are noted and returned."""
    second = []
    for delivery in deliveries.get(connection, set(delivery_ids)).values():
        entered = ledger.receipt(connection, delivery.id)
        known = [*([entered] if entered else []), *late_proofs.of(connection, delivery.id)]
        words = next((_two(*pair) for pair in combinations(known, 2) if is_another(*pair)), "")
        keyed = delivery.channel in desk.channels and desk.channels[delivery.channel].replay is not None
        if (
            not words
            and not keyed
            and not _is_one(known)
            and late_proofs.published_answers(connection, delivery.id) > 1
        ):
            words = say("对两次发送，渠道都答复已发布", "the channel answered to two requests that it is published")
        if words:
            _note(desk, connection, delivery.id, words, now)
            second.append(delivery.id)
    return second


def find_repeated(desk: Desk, connection: sa.Connection, now: datetime) -> None:
    """Note deliveries that the history, as far as it is new, says were published twice, however those lines came there."""
    known, newest = late_proofs.open_second(connection), late_proofs.newest_event(connection)
    for number in late_proofs.published_again(connection, late_proofs.seen(connection)):
        if number not in known:
            _note(desk, connection, number, late_proofs.repeated_words(), now)
    channels.keep(connection, *late_proofs.SEEN, str(newest), None)


def _note(desk: Desk, connection: sa.Connection, delivery_id: int, words: str, now: datetime) -> None:
    deliveries.record_event(
        connection,
        now=now,
        after=late_proofs.SECOND_PROOF,
        actor=desk.node,
        why=words,
        delivery_id=delivery_id,
    )


def _is_one(known: list[Receipt]) -> bool:
    """Whether every one of them has the same number at the channel."""
    numbers = {receipt.remote_id for receipt in known}
    return len(known) > 1 and len(numbers) == 1 and None not in numbers


def _two(one: Receipt, other: Receipt) -> str:
    return say(
        "先有 {one}，又有 {other}",
        "first {one}, then {other}",
        one=say("、", ", ").join(_named(one)),
        other=say("、", ", ").join(_named(other)),
    )


def _named(receipt: Receipt) -> Iterator[str]:
    if receipt.remote_id:
        yield say("编号 {id}", "number {id}", id=receipt.remote_id)
    if receipt.address:
        yield receipt.address
