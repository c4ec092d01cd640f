"""Slots: which moments of its column's timetable a post takes, and which of them an old timetable has given.

A slot is for one post, however it got there: given to one that names no time, or named by a person who meant just that moment. Inside the
caller's transaction, where one is given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.said import heard, kept, says_the_same
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, planned, posts

#: How many posts a sentence names.
_NAMED: Final = 10
_TOLD: Final = "timetables"


def next_slot(desk: Desk, connection: sa.Connection, column: str, post_id: int) -> datetime:
    """The slot that the post has, or the column's next free one, reserved by a unique row. Raises StateError where there is none left."""
    now, own = desk.clock(), posts.slot_of(connection, column, post_id)
    if own is not None:
        return own
    posts.free_slot(connection, post_id)  # one of another column, from before the post changed its own
    taken = posts.taken_slots(connection, column, now)
    for at in desk.columns[column].timetable.slots(now, desk.zone):
        if at not in taken and posts.reserve_slot(connection, column, at, post_id):
            return at
    raise StateError(
        say(
            "专栏 {column} 的排期里再没有空位：请在稿件里写 publish_at。",
            "The timetable of the column {column} has no free slot left: write publish_at into the post.",
            column=column,
        )
    )


def take_named(desk: Desk, connection: sa.Connection, column: str, post_id: int, times: Iterable[datetime]) -> str:
    """Take the slot that a person's own time is, and give back the one that the post had. The slug of another post that has it already, and
    will go out at the same moment; empty where nobody has."""
    known, now = desk.columns.get(column), desk.clock()
    named = sorted(at for at in set(times) if known is not None and at > now and known.timetable.holds(at, desk.zone))
    posts.free_slot(connection, post_id)
    for at in named:
        if posts.reserve_slot(connection, column, at, post_id):
            return ""
    return next(filter(None, (planned.in_slot(connection, column, at) for at in named)), "")


@dataclass(frozen=True, slots=True)
class Kept:
    """The posts of a column that keep a time which its timetable does not have any more, in words for the operator."""

    column: str
    what: str
    meaning: str

    @property
    def sentence(self) -> str:
        """Both."""
        return say("{what}：{meaning}", "{what}: {meaning}", what=self.what, meaning=self.meaning)


def kept_slots(desk: Desk) -> list[Kept]:
    """One for each column whose timetable was changed while posts were waiting for slots of the old one."""
    with desk.store.read() as connection:
        found = planned.slots_to_come(connection, desk.clock())
    old: dict[str, list[tuple[str, datetime]]] = {}
    for slot in found:
        column = desk.columns.get(slot.column)
        if column is not None and not column.timetable.holds(slot.at, desk.zone):
            old.setdefault(slot.column, []).append((slot.slug, slot.at))
    return [_kept(desk, column, waiting) for column, waiting in old.items()]


def _kept(desk: Desk, column: str, waiting: list[tuple[str, datetime]]) -> Kept:
    named = [
        say("{slug}（{at}）", "{slug} ({at})", slug=slug, at=in_words(at, desk.zone)) for slug, at in waiting[:_NAMED]
    ]
    rest = say("等 {n} 篇", " and others, {n} in all", n=len(waiting)) if len(waiting) > _NAMED else ""
    return Kept(
        column,
        say("专栏“{title}”的排期改过", "the timetable of {title} has changed", title=desk.columns[column].title),
        say(
            "{named}{rest}已经排入，仍按原来的时段发布；要换时段请用 {reschedule}，或在稿件里写 publish_at",
            "what is queued keeps its old slot: {named}{rest}; to move it, run {reschedule}, or write publish_at into the post",
            named=say("、", ", ").join(named),
            rest=rest,
            reschedule=Remedy("reschedule", at=None),
        ),
    )


def news_of_slots(desk: Desk) -> Iterator[str]:
    """The same for whoever reads the inbox, each once."""
    now, standing = desk.clock(), {each.column: each.sentence for each in kept_slots(desk)}
    for column in desk.columns:
        words = standing.get(column, "")
        with desk.store.read() as connection:
            told = heard(channels.recall(connection, _TOLD, column, now) or "")
        if says_the_same(told, words):
            continue
        with desk.store.write() as connection:
            channels.keep(connection, _TOLD, column, kept(words), None)
        # What has only become fewer, because some of it went out, is no news.
        if words and not (told and len(words) < len(told)):
            yield words
