"""Due: when a post is to go out on each of its channels, and what its author should know of that. Inside the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import OFF_SHELF, Delivery
from xuanfa.domain.language import say
from xuanfa.domain.post import Due, Post
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.foresight import far_in_words, is_far
from xuanfa.operations.intake.slots import next_slot, take_named
from xuanfa.store import posts


@dataclass(frozen=True, slots=True)
class DueTimes:
    """The moments by channel, with remarks in words."""

    times: dict[str, datetime]
    remarks: list[str] = field(default_factory=list)
    #: The channels for which nobody has named a time: as soon as it may leave.
    at_once: frozenset[str] = frozenset()


def due_times(
    desk: Desk,
    connection: sa.Connection,
    post: Post,
    post_id: int,
    channels: tuple[str, ...],
    *,
    existing: Iterable[Delivery] = (),
) -> DueTimes:
    """What the channel's override says, then the post, then the column's slot, then now. What lies on the shelf has no slot, and no time but
    the one at which it was put there; of ``existing`` ones that were released from it, the slot is kept."""
    now = desk.clock()
    if post.shelf:
        if all(old.shelf != OFF_SHELF for old in existing):
            posts.free_slot(connection, post_id)
        return DueTimes(dict.fromkeys(channels, now), at_once=frozenset(channels))
    wishes = {channel: post.override(base_of(channel)).publish_at or post.publish_at for channel in channels}
    slot, other = None, ""
    if any(wish is None for wish in wishes.values()) and desk.columns[post.column].timetable:
        slot = next_slot(desk, connection, post.column, post_id)
    else:
        named = [wish for wish in wishes.values() if isinstance(wish, datetime)]
        other = take_named(desk, connection, post.column, post_id, named)
    times = {channel: _moment(wish, slot or now, now) for channel, wish in wishes.items()}
    far = max(times.values(), default=now)
    return DueTimes(
        times,
        [*([crowded(other)] if other else []), *([far_in_words(desk, far)] if is_far(far, now) else [])],
        frozenset(
            channel for channel, wish in wishes.items() if isinstance(wish, Due) or (wish is None and slot is None)
        ),
    )


def _moment(wish: datetime | Due | None, otherwise: datetime, now: datetime) -> datetime:
    if wish is None:
        return otherwise
    return now if isinstance(wish, Due) else wish


def crowded(other: str) -> str:
    """That the slot of that moment is another post's."""
    return say(
        "这个时段已经排了“{other}”，两篇会同时发布；要错开就改其中一篇的时间",
        "this slot has “{other}” already, and both will go out together; to part them, change the time of one",
        other=other,
    )
