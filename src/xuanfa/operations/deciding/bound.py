"""Bound: what was sent is bound to the account and the mode that it was sent to; where a channel leads elsewhere today, a person decides."""

from dataclasses import dataclass

from xuanfa.adapters.protocol import KnowsAddresses
from xuanfa.domain.accounts import ELSEWHERE, ELSEWHERE_IN_WORDS, is_same, is_same_place, told_apart, what_to_do
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.life import back_again, elsewhere
from xuanfa.domain.said import kept
from xuanfa.operations.desk import Desk
from xuanfa.store import accounts, deliveries
from xuanfa.store.deliveries import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """An account that the settings no longer have: the channels that led to it, how many deliveries hang on it, and the first of them."""

    account: str
    rehearsal: bool
    channels: tuple[str, ...]
    count: int
    first: int


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


def name_accounts(desk: Desk) -> None:
    """Say of what an older program has sent, which kept no accounts, that it went where its channel leads now, as that program took it."""
    with desk.store.read() as connection:
        found = accounts.unnamed_accounts(connection)
    known = [desk.channels[channel] for channel, rehearsal in found if _is_here(desk, channel, rehearsal, "")]
    named = [channel for channel in known if channel.account]
    if named:
        with desk.store.write() as connection:
            for channel in named:
                accounts.name_account(connection, channel.id, rehearsal=channel.rehearsal, account=channel.account)


def former_accounts(desk: Desk) -> list[Former]:
    """The accounts that no channel has any more, with what hangs on them, and to what its channel leads now."""
    with desk.store.read() as connection:
        groups = accounts.by_account(connection)
    present = {(channel.rehearsal, name) for channel in desk.channels.values() for name in channel.accounts}
    found: dict[tuple[bool, str], Former] = {}
    for group in groups:
        name = group.account or f"({group.channel})"
        known = (group.rehearsal, group.account) in present if group.account else group.channel in desk.channels
        if not known:
            before = found.get((group.rehearsal, name))
            channels = (*(before.channels if before else ()), group.channel)
            count, first = (before.count, before.first) if before else (0, group.first)
            found[group.rehearsal, name] = Former(
                account=name, rehearsal=group.rehearsal, channels=channels, count=count + group.count, first=first
            )
    return list(found.values())


def leave_elsewhere(desk: Desk) -> list[Change]:
    """Tell of everything that has not come to an end where its channel no longer leads: nothing looks for it, repeats it or withdraws it.
    Where the settings lead there again, that is told too.

    Costs a question by index where there is nothing of the kind.
    """
    now = desk.clock()
    with desk.store.read() as connection:
        groups = accounts.unsettled_by_account(connection)
        were_elsewhere = bool(groups) and accounts.any_goes_by(connection, ELSEWHERE, ELSEWHERE_IN_WORDS)
    if not were_elsewhere and all(group[0] not in desk.channels or _is_here(desk, *group) for group in groups):
        return []
    with desk.store.write() as connection:
        changes = []
        for before in accounts.unsettled(connection):
            terms = desk.terms(before.channel, now)
            if before.channel in desk.channels:
                is_here = is_same(before, terms.channel)
                changes.append(
                    Change(before, back_again(before, terms.channel) if is_here else elsewhere(before, terms))
                )
        changes = [change for change in changes if kept(change.before.reason) != kept(change.after.reason)]
        deliveries.write(connection, changes, now, desk.node)
    for change in changes:
        desk.emit(change)
    return [change for change in changes if change.before.state is not change.after.state]


def _is_here(desk: Desk, channel: str, rehearsal: bool, account: str) -> bool:
    known = desk.channels.get(channel)
    return known is not None and is_same_place(rehearsal, account, known)


def leads_there(desk: Desk, delivery: Delivery) -> bool:
    """Whether the delivery's channel is in the settings and leads to the account and mode that it was sent to."""
    return _is_here(desk, delivery.channel, delivery.rehearsal, delivery.account)


def has_addresses(desk: Desk, channel: str) -> bool:
    """Whether what is out on this channel has an address of its kind; where its kind cannot tell, a person may do without one."""
    return channel in desk.channels and isinstance(desk.adapters.bound(channel), KnowsAddresses)
