"""Bound: what was sent is bound to the account and the mode that it was sent to; where a channel leads elsewhere today, a person decides."""

from xuanfa.domain.accounts import is_same, is_same_place, told_apart, what_to_do
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.life import elsewhere
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries
from xuanfa.store.deliveries import Change


def require_same(desk: Desk, delivery: Delivery) -> None:
    """Raise StateError, with both names, where the delivery's channel leads to another account or mode than it was sent to.

    A channel that is gone from the settings leads nowhere else: a person's word is all that there is.
    """
    channel = desk.channels.get(delivery.channel)
    if channel is None or is_same(delivery, channel):
        return
    raise StateError(
        say(
            "投递 {id} {both}，不能按现在的设置处理：{todo}。",
            "Delivery {id} was {both}, so that it cannot be handled as the settings are: {todo}.",
            id=delivery.id,
            both=told_apart(delivery, channel),
            todo=what_to_do(delivery, channel),
        )
    )


def leave_elsewhere(desk: Desk) -> list[Change]:
    """Tell of everything that has not come to an end where its channel no longer leads: nothing looks for it, repeats it or withdraws it.

    Costs a question by index where there is nothing of the kind.
    """
    now = desk.clock()
    with desk.store.read() as connection:
        groups = deliveries.unsettled_by_account(connection)
    if all(_is_here(desk, *group) for group in groups):
        return []
    with desk.store.write() as connection:
        changes = []
        for before in deliveries.unsettled(connection):
            terms = desk.terms(before.channel, now)
            if before.channel in desk.channels and not is_same(before, terms.channel):
                changes.append(Change(before, elsewhere(before, terms)))
        changes = [change for change in changes if change.before.reason != change.after.reason]
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    return [change for change in changes if change.before.state is not change.after.state]


def _is_here(desk: Desk, channel: str, rehearsal: bool, account: str) -> bool:
    known = desk.channels.get(channel)
    return known is None or is_same_place(rehearsal, account, known)
