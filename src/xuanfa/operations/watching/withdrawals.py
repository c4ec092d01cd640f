"""What of withdrawals and corrections is told: each order to the leader, what lacks its approval, what is back, what did not come about, and
what its department is to look at again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.access import Veil, restricted_mark
from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.domain.withdrawal_order import DOWN, WithdrawalOrder, minutes
from xuanfa.operations.desk import Desk
from xuanfa.store import corrections, withdrawals

#: An order that is at its end is told of for as long, so that it is told at all.
_TOLD_FOR = timedelta(hours=24)
#: The length of a cause's name. Characters.
_CAUSE_MAX = 300


def of_withdrawals(desk: Desk, connection: sa.Connection, now: datetime, veil: Veil) -> Iterator[Cause]:
    """The causes, by the names ``withdraw:SLUG``, ``withdraw:SLUG:approval``, ``withdraw:SLUG:back``, ``correct:SLUG`` and
    ``review_on:SLUG:DAY``."""
    for each in withdrawals.to_tell(connection, now - _TOLD_FOR):
        order = _veiled(each, veil)
        yield _ordered(desk, connection, order)
        if order.approve_by is not None and order.lacks_approval and now >= order.approve_by:
            yield _unapproved(desk, order)
    yield from _back_again(desk, connection, veil)
    yield from _uncorrected(connection)
    yield from _to_be_asked(desk, connection, now, veil)


def _veiled(order: WithdrawalOrder, veil: Veil) -> WithdrawalOrder:
    """The order as everybody may hear of it."""
    return replace(order, title=restricted_mark(), why="-") if veil.hides(order.post) else order


def _ordered(desk: Desk, connection: sa.Connection, order: WithdrawalOrder) -> Cause:
    still = [it.delivery for it in withdrawals.of_order(connection, order.id) if it.delivery.state not in DOWN]
    if still:
        how_far = say(
            "还没撤下：{names}",
            "not down yet: {names}",
            names=say("、", ", ").join(_title(desk, each.channel) for each in still),
        )
    else:
        took = minutes(order.ordered_at, order.ended_at) or 0.0
        how_far = say("已全部撤下，用时 {n} 分钟", "down everywhere, after {n} minutes", n=took)
    words = say(
        "撤稿：《{title}》（{post}），{by} 于 {at}：{why}。{how_far}",
        "withdrawal of “{title}” ({post}), by {by} at {at}: {why}. {how_far}",
        title=order.title,
        post=order.post,
        by=order.actor,
        at=in_words(order.ordered_at, desk.zone),
        why=order.why,
        how_far=how_far,
    )
    return _cause(f"withdraw:{order.post}", words, Remedy("withdraw", order.post, show=True))


def _unapproved(desk: Desk, order: WithdrawalOrder) -> Cause:
    words = say(
        "《{title}》的撤稿到 {by} 还没有人追认（{who} 下令）",
        "nobody has approved the withdrawal of “{title}” by {by} ({who} has ordered it)",
        title=order.title,
        by=in_words(order.approve_by, desk.zone) if order.approve_by else "",
        who=order.actor,
    )
    return _cause(f"withdraw:{order.post}:approval", words, Remedy("withdraw", order.post, approve=True))


def _back_again(desk: Desk, connection: sa.Connection, veil: Veil) -> Iterator[Cause]:
    """One cause for a post, wherever it is back."""
    found: dict[int, list[str]] = {}
    for it in withdrawals.back_again(connection):
        place = _title(desk, it.delivery.channel)
        found.setdefault(it.withdrawal, []).append(f"{place} {it.address}".rstrip())
    for number, places in found.items():
        order = _veiled(withdrawals.get(connection, number), veil)
        words = say(
            "撤下的《{title}》还能看到：{places}。请到那里再撤，并查缓存和转载",
            "“{title}” was taken down and is seen all the same: {places}. Take it down there, and see to caches and reposts",
            title=order.title,
            places=say("；", "; ").join(places),
        )
        yield _cause(f"withdraw:{order.post}:back", words, Remedy("withdraw", order.post, show=True))


def _uncorrected(connection: sa.Connection) -> Iterator[Cause]:
    found: dict[str, list[str]] = {}
    for it in corrections.failed(connection):
        found.setdefault(it.post, []).append(
            say("{channel}（{why}）", "{channel} ({why})", channel=it.channel, why=it.reason)
        )
    for post, places in found.items():
        words = say(
            "稿件 {post} 的更正没有成：{places}。排除原因后再运行一次更正",
            "the correction of {post} has not come about: {places}. See to that, then correct it once more",
            post=post,
            places=say("；", "; ").join(places),
        )
        yield _cause(f"correct:{post}", words, Remedy("show", post))


def _to_be_asked(desk: Desk, connection: sa.Connection, now: datetime, veil: Veil) -> Iterator[Cause]:
    for row in withdrawals.to_be_asked(connection, now):
        day = row.review_on.astimezone(desk.zone).date().isoformat()
        words = say(
            "《{title}》到了复核日期 {day}：请{who}确认内容是否仍然有效。有效就把稿头的 review_on 改到以后（或删去）并保存；失效就撤稿",
            "“{title}” is to be looked at again on {day}: does it still hold, {who}? If so, move review_on of the front matter to a later day or "
            "remove it; if not, withdraw the post",
            title=veil.title(row.slug, row.title),
            day=day,
            who=row.department or say("供稿部门", "its department"),
        )
        look = Remedy("withdraw", row.slug, why=None)
        yield _cause(f"review_on:{row.slug}:{day}", words, Remedy("show", row.slug), look)


def _cause(name: str, words: str, *look: Remedy) -> Cause:
    return Cause(name=name[:_CAUSE_MAX], words=words, look=where_to_look(*look))


def _title(desk: Desk, channel: str) -> str:
    known = desk.channels.get(channel)
    return known.title if known and known.title else channel
