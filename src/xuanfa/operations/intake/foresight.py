"""Foresight: what a person should know at once of a time that was chosen, because it will hardly be what was meant."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, planned, waiting

#: Further ahead a year is more likely mistyped than meant.
FAR: Final = timedelta(days=366)


def is_far(at: datetime, now: datetime) -> bool:
    """Whether a time is so far ahead that its year may be a mistake."""
    return at - now > FAR


def far_in_words(desk: Desk, at: datetime) -> str:
    """That it is."""
    return say(
        "发布时间 {at} 在一年以后，年份写对了吗？",
        "it is to be published at {at}, more than a year from now: is the year right?",
        at=in_words(at, desk.zone),
    )


def far_posts(desk: Desk) -> list[str]:
    """A sentence for each post that waits for a time so far ahead."""
    with desk.store.read() as connection:
        found = planned.far_ahead(connection, desk.clock() + FAR)
    return [say("{slug}：{words}", "{slug}: {words}", slug=slug, words=far_in_words(desk, at)) for slug, at in found]


def too_early(desk: Desk, standing: Mapping[str, Delivery], needs: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """For each delivery of one post, by channel, that is due before one whose address it shows: it cannot go before."""
    for channel, delivery in standing.items():
        if not _waits(delivery):
            continue
        for need in needs.get(channel, ()):
            other = standing.get(need)
            if other is not None and _waits(other) and other.due_at > delivery.due_at:
                yield say(
                    "{channel} 写的是 {early}，早于 {need} 的 {late}，但它要带上 {need} 的地址，只能等 {need} 发布之后再发；请把两个时间改成一致",
                    "{channel} is due at {early}, before {need} at {late}, but it shows the address there and can only follow it; make the times "
                    "agree",
                    channel=channel,
                    need=need,
                    early=in_words(delivery.due_at, desk.zone),
                    late=in_words(other.due_at, desk.zone),
                )


def remarks(desk: Desk, ids: Collection[int]) -> list[str]:
    """What a person should know of the times that these deliveries have now."""
    with desk.store.read() as connection:
        found = deliveries.get(connection, ids)
        whole = {each.post_id: _of_post(connection, each.post_id) for each in found.values()}
    now = desk.clock()
    said: list[str] = [
        say("投递 {id}：{words}", "delivery {id}: {words}", id=each.id, words=far_in_words(desk, each.due_at))
        for each in found.values()
        if is_far(each.due_at, now)
    ]
    for standing, needs in whole.values():
        said += too_early(desk, standing, needs)
    return said


def _of_post(connection: sa.Connection, post_id: int) -> tuple[dict[str, Delivery], dict[str, tuple[str, ...]]]:
    """The deliveries of a post by channel, and whose addresses each shows."""
    standing = {each.channel: each for each in deliveries.of_post(connection, post_id)}
    return standing, {waiter.channel: waiter.needs for waiter in waiting.waiters(connection, [post_id])}


def wrong_corrects(connection: sa.Connection, post: Post) -> str:
    """That what a post says it corrects is no post here, with the nearest one; empty where it is one, or where it corrects none."""
    known = planned.slugs(connection) if post.corrects else set()
    if not post.corrects or post.corrects in known:
        return ""
    near = get_close_matches(post.corrects, known, 1)
    return say(
        "corrects 写的“{slug}”没有这篇稿件{near}；原文处不会出现更正链接，编号见 {posts}",
        "corrects names {slug!r}, and there is no such post{near}: no article will lead to this correction; see {posts}",
        slug=post.corrects,
        near=say("（是不是“{near}”？）", " (is it {near!r}?)", near=near[0]) if near else "",
        posts=Remedy("posts"),
    )


def _waits(delivery: Delivery) -> bool:
    return (delivery.is_queued or delivery.state is State.HELD) and not delivery.may_be_public
