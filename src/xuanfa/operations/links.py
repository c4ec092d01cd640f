"""Links: which address of the same post on another channel a rendition may show. Inside the caller's transaction.

An address counts as long as its channel leads to the account and the mode that it is of; and a real channel never leads readers to a
practice platform. A rehearsal may show a real address: nobody but whoever practises sees it.
"""

from collections.abc import Collection

import sqlalchemy as sa

from xuanfa.domain.accounts import is_same_place
from xuanfa.domain.channel import Channel, base_of
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.store import ledger, waiting

#: Addresses by channel.
Addresses = dict[str, str]


def addresses_for(
    desk: Desk, connection: sa.Connection, post_ids: Collection[int], channel: Channel
) -> dict[int, Addresses]:
    """The addresses of posts on other channels that ``channel`` may show, by post."""
    found: dict[int, Addresses] = {}
    for entry in ledger.addresses(connection, post_ids):
        if _may_show(desk, channel, entry):
            found.setdefault(entry.post_id, {})[base_of(entry.channel)] = entry.address
    return found


def of_post(desk: Desk, connection: sa.Connection, post_id: int, channel: str) -> Addresses:
    """The same of one post."""
    return addresses_for(desk, connection, [post_id], desk.channels[channel]).get(post_id, {})


def _may_show(desk: Desk, channel: Channel, entry: ledger.Address) -> bool:
    if entry.rehearsal and not channel.rehearsal:
        return False
    linked = desk.channels.get(entry.channel)
    # Gone from the settings: what is public there is public all the same.
    return linked is None or is_same_place(entry.rehearsal, entry.account, linked)


def wake(desk: Desk, connection: sa.Connection, post_ids: Collection[int]) -> list[str]:
    """Let go what waited for addresses of these posts and has them now; the channels concerned."""
    found = waiting.waiters(connection, post_ids) if post_ids else []
    ready = []
    for channel in {waiter.channel for waiter in found} & desk.channels.keys():
        addresses = addresses_for(desk, connection, post_ids, desk.channels[channel])
        mine = (waiter for waiter in found if waiter.channel == channel)
        ready += [waiter for waiter in mine if all(need in addresses.get(waiter.post_id, {}) for need in waiter.needs)]
    waiting.wake(connection, [waiter.id for waiter in ready])
    return list(dict.fromkeys(waiter.channel for waiter in ready))


def never_coming(desk: Desk, channel: str, needs: Collection[str]) -> str:
    """Why an address will not come as the settings are; empty where it may."""
    if channel in desk.channels and desk.channels[channel].rehearsal:
        return ""
    rehearsed = [need for need in needs if need in desk.channels and desk.channels[need].rehearsal]
    if not rehearsed:
        return ""
    return say(
        "要链接的渠道 {channels} 还在演练，没有公开地址：请把它改为正式并发布本稿",
        "the linked channel {channels} is in rehearsal and has no public address: make it real and publish this post there",
        channels=say("、", ", ").join(rehearsed),
    )
