"""Accounts (账号): all that follows a sending counts only for the account and the mode that it was sent to.

A channel is a name in the settings, and behind it another account or a practice platform may stand tomorrow. What the one holds says
nothing of the other: looks, repeats, withdrawals and a person's word about one must not be taken for the other.
"""

from dataclasses import replace
from typing import Final

from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.said import Said, code_of


def is_same(delivery: Delivery, channel: Channel) -> bool:
    """Whether a channel leads today where the delivery was sent. Of one that an older program sent, only the mode is known."""
    return is_unplaced(delivery) or is_same_place(delivery.rehearsal, delivery.account, channel)


def is_unplaced(delivery: Delivery) -> bool:
    """Whether it is only feared to be out, because the database has forgotten a time: its account is where it waited to go, or where a try was
    in vain, and nobody knows where it went. A person's word or a proof says of which account it speaks: that of today."""
    return delivery.restored and delivery.unplaced


def placed(delivery: Delivery, channel: Channel | None) -> Delivery:
    """The delivery, bound to where its channel leads, if nobody knew where it was; ``None`` where the channel is gone.

    What was prepared for another account (a draft) is not carried over.
    """
    if channel is None or not is_unplaced(delivery):
        return delivery
    staged = delivery.staged if is_same_place(delivery.rehearsal, delivery.account, channel) else {}
    return replace(delivery, rehearsal=channel.rehearsal, account=channel.account, staged=staged, unplaced=False)


def is_same_place(rehearsal: bool, account: str, channel: Channel) -> bool:
    """The same of a mode and an account."""
    return rehearsal is channel.rehearsal and (not account or account in channel.accounts)


def is_drill(delivery: Delivery, channel: Channel) -> bool:
    """Whether it was only rehearsed so far, and its channel is real by now."""
    tried = delivery.attempt > 0 or delivery.state is State.PUBLISHED
    return tried and not is_unplaced(delivery) and delivery.rehearsal and not channel.rehearsal


def named(account: str, *, rehearsal: bool) -> str:
    """An account with its mode, for people."""
    if rehearsal:
        return say("{account}（演练）", "{account} (rehearsal)", account=account)
    return say("{account}（正式）", "{account} (real)", account=account)


def told_apart(delivery: Delivery, channel: Channel) -> str:
    """Where it was sent and where its channel leads today, as half a sentence."""
    return say(
        "当时发往 {then}，渠道 {channel} 现在是 {now}",
        "sent to {then}, while the channel {channel} is {now} now",
        then=named(delivery.account or delivery.channel, rehearsal=delivery.rehearsal),
        now=named(channel.account or channel.id, rehearsal=channel.rehearsal),
        channel=channel.id,
    )


#: The code of a reason that says that its channel leads elsewhere; and how it began when only its words were kept, in either language.
ELSEWHERE: Final = "accounts.elsewhere"
ELSEWHERE_IN_WORDS: Final = ("当时发往 ", "sent to ")


def is_told_apart(delivery: Delivery) -> bool:
    """Whether its reason says already that its channel leads elsewhere."""
    if isinstance(delivery.reason, Said):
        return code_of(delivery.reason) == ELSEWHERE
    return delivery.reason.startswith(ELSEWHERE_IN_WORDS)


def what_to_do(delivery: Delivery, channel: Channel) -> str:
    """How a person goes on where the channel leads elsewhere today."""
    if is_drill(delivery, channel):
        return say(
            "这一条只演练过，要正式发出请用 {retry}",
            "this one was only rehearsed; to send it for real, run {retry}",
            retry=Remedy("retry", delivery.id),
        ).coded("accounts.only_rehearsed")
    if delivery.state in {State.PUBLISHED, State.RETRACTING}:
        return say(
            "请在当时的平台上人工删除，再用 {done}；或把渠道设置改回当时的账号再撤",
            "delete it there by hand, then run {done}; or set the channel back and retract it",
            done=Remedy("retract", delivery.id, done=True, why=None),
        ).coded("accounts.withdraw_there")
    if delivery.rehearsal is not channel.rehearsal:
        return say(
            "请把渠道设置里的 rehearsal 改回当时的样子，登记结果（{resolve}）后再改",
            "set the channel's rehearsal back to what it was, resolve it, and change it again",
            resolve=Remedy("resolve"),
        ).coded("accounts.mode_back")
    return say(
        "请把渠道设置改回当时的账号，登记结果（{resolve}）后再改；只是换了名称或地址的同一账号，把当时的名称写进 formerly",
        "set the channel back to the account of then, resolve it, and change it again; if it is the same account under another name or "
        "address, write the name of then into formerly",
        resolve=Remedy("resolve"),
    ).coded("accounts.account_back")
