"""Moving: a post goes to another time on all its channels together, and they keep their distances. What is out does not move.

What stands in the way is said before anything moves: a time that is past, a silent period, the end of the post's own time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.domain.act import Reschedule
from xuanfa.domain.act_lists import ImportSchedule
from xuanfa.domain.bulk import Scheduled
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.decide import find
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.deciding.free import moves, require_free
from xuanfa.operations.deciding.scheduling import try_schedule
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.foresight import remarks
from xuanfa.operations.solemnity import require_fit
from xuanfa.store import deliveries, posts
from xuanfa.store.schema import deliveries as table

_NEAR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Which deliveries moved; ``before`` is when the named one was due."""

    ids: tuple[int, ...]
    before: datetime
    at: datetime


def move_post(desk: Desk, delivery_id: int, at: datetime, person: Person, *, alone: bool = False) -> Moved:
    """Move the delivery to ``at``, and all others of its post that still wait by as much; ``alone``: it by itself. Raises StateError."""
    with desk.store.write() as connection:
        named = find(connection, delivery_id)
        every = [named] if alone else deliveries.of_post(connection, named.post_id)
    span = at - named.due_at
    moving = [named, *(each for each in every if each.id != named.id and moves(each))]
    goals = {each.id: at if each.id == named.id else each.due_at + span for each in moving}
    with desk.store.read() as connection:
        for each in moving:
            require_free(desk, each, goals[each.id])
            require_fit(desk, connection, each, goals[each.id])
    for each in moving:
        carry_out(desk, Reschedule(delivery=each.id, at=goals[each.id]), person)
    return Moved(ids=tuple(goals), before=named.due_at, at=at)


def tried(desk: Desk, act: ImportSchedule, person: Person) -> tuple[Scheduled, BadRows]:
    """What a bulk schedule would do, and every row that stands in its way; nothing of it stays."""
    return try_schedule(desk, act, person)


def said_of(desk: Desk, delivery_id: int) -> list[str]:
    """What a person should know of the time that this delivery has now."""
    with desk.store.write() as connection:
        it = find(connection, delivery_id)
    said = [*remarks(desk, [delivery_id]), *_neighbours(desk, it, it.due_at)]
    if it.is_unapproved:
        said.append(
            say(
                "还要审：审不完就不发，到点转为暂缓。",
                "It needs a review: if that is not done in time, it is held and not sent.",
            )
        )
    return said


def free_slots(desk: Desk, column: str, begin: datetime, end: datetime) -> list[datetime]:
    """The column's slots in this time that nobody has, from now on."""
    known, now = desk.columns.get(column), desk.clock()
    if known is None or not known.timetable:
        return []
    with desk.store.read() as connection:
        taken = posts.taken_slots(connection, column, min(begin, now))
    found = []
    for slot in known.timetable.slots(max(begin - timedelta(microseconds=1), now), desk.zone):
        if slot >= end:
            break
        if slot not in taken:
            found.append(slot)
    return found


def _neighbours(desk: Desk, named: Delivery, at: datetime) -> list[str]:
    """Another post of the column within the hour: allowed, and said."""
    waits = [table.c.state == sa.literal_column(f"'{state}'") for state in (State.AWAITING_REVIEW, State.SCHEDULED)]
    query = (
        sa.select(table.c.id)
        .where(
            sa.or_(*waits),
            table.c.column_id == named.column,
            table.c.post_id != named.post_id,
            table.c.due_at > at - _NEAR,
            table.c.due_at < at + _NEAR,
        )
        .limit(1)
    )
    with desk.store.read() as connection:
        near = connection.scalar(query)
    if near is None:
        return []
    return [say("同一专栏一小时内还有一篇。", "Another post of the column goes out within the hour.")]
