"""Recurring posts: which cannot go on, which have come to their end, and whose next turn nobody has approved although its time is near."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.recurring import moment_of
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.occurrences import Steps, next_after, steps_of, title_of
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import deliveries, series

#: So long before its time an occurrence should be there, and approved.
_NEAR: Final = timedelta(days=1)
#: Names of causes are no longer. Characters.
_CAUSE_MAX: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trouble:
    """What stands in a source's way. ``name`` stays the same for as long as it lasts; empty where it is no alarm."""

    name: str
    words: str


def examine_recurring(desk: Desk) -> Iterator[Examined]:
    """How each source of a recurring post stands."""
    with desk.store.read() as connection:
        every = _every(desk, connection)
        troubles = [_trouble(desk, connection, each) for each in every]
    for each, trouble in zip(every, troubles, strict=True):
        yield Examined(
            what=say("重复稿件 {path}", "recurring post {path}", path=each.source.path),
            trouble=trouble.words if trouble else "",
            fatal=False,
        )


def recurring_in_alarm(desk: Desk, connection: sa.Connection) -> Iterator[Cause]:
    """Each source that cannot go on without a person, once for as long as that lasts."""
    for each in _every(desk, connection) if series.is_any(connection) else ():
        source = each.source
        title = title_of(desk, connection, each)
        trouble = _trouble(desk, connection, each)
        if trouble is not None and trouble.name:
            yield Cause(
                name=f"recurring:{source.slug}:{trouble.name}"[:_CAUSE_MAX],
                words=say(
                    "重复稿件《{title}》（{path}）：{words}",
                    "the recurring post “{title}” ({path}): {words}",
                    title=title,
                    path=source.path,
                    words=trouble.words,
                ),
                look=where_to_look(Remedy("queue"), Remedy("doctor")),
            )


def _every(desk: Desk, connection: sa.Connection) -> list[Steps]:
    every = [steps_of(desk, connection, source) for source in series.all_series(connection)]
    return [each for each in every if each.stands != "ended"]


def _unapproved(connection: sa.Connection, steps: Steps, now: datetime) -> tuple[str, datetime] | None:
    """The first occurrence whose time is near and that nobody has approved."""
    found = []
    for row in steps.open:
        if row.post_id is not None:
            found += [
                (each.due_at, row.slug)
                for each in deliveries.of_post(connection, row.post_id)
                if each.state is State.AWAITING_REVIEW and each.due_at - now <= _NEAR
            ]
    return (min(found)[1], min(found)[0]) if found else None


def _unmade(desk: Desk, steps: Steps, now: datetime) -> datetime | None:
    """When the first turn is due that is near and has no post: its file could not be written, or has not been read."""
    days = [turn.day for turn in steps.due.make if turn.day is not None]
    near = [moment_of(day, steps.source.first_at, desk.zone) for day in days]
    return min((at for at in near if now < at <= now + _NEAR), default=None)


def _trouble(desk: Desk, connection: sa.Connection, steps: Steps) -> _Trouble | None:
    now = desk.clock()
    if steps.stands == "gone":
        return _Trouble(
            name="gone",
            words=say(
                "底稿不见了，不再排入新的一期：放回原处，或取消已排入的",
                "its file is gone, and no more are made: put it back",
            ),
        )
    if steps.stands == "broken":
        return _Trouble(
            name="broken",
            words=say(
                "底稿读不成稿件，不再排入新的一期：请改好",
                "its file is no post as things are, and no more are made: mend it",
            ),
        )
    due = _unapproved(connection, steps, now)
    if due is not None:
        return _Trouble(
            name=f"review:{due[0]}",
            words=say(
                "{at} 要发的一期（{slug}）还没审完，到点不会发：{reviews}",
                "the occurrence of {at} ({slug}) has not been approved, so that it will not go: {reviews}",
                slug=due[0],
                at=in_words(due[1], desk.zone),
                reviews=Remedy("list_reviews"),
            ),
        )
    unmade = _unmade(desk, steps, now)
    if unmade is not None:
        return _Trouble(
            name=f"unmade:{unmade:%Y%m%d}",
            words=say(
                "应在 {at} 发的一期还没有排入：{queue}",
                "the occurrence of {at} has not been made: {queue}",
                at=in_words(unmade, desk.zone),
                queue=Remedy("queue"),
            ),
        )
    return _ended(desk, steps)


def _ended(desk: Desk, steps: Steps) -> _Trouble | None:
    """It has come to the end that its author has given it: worth a line, and no alarm."""
    source = steps.source
    today = desk.clock().astimezone(desk.zone).date()
    if steps.open or steps.due.make or next_after(desk, source, today) is not None:
        return None
    return _Trouble(
        name="",
        words=say(
            "已到 {until}，没有下一期：要继续就改 repeat_until，不再发就删去 repeat 或移走底稿",
            "it has come to its end ({until}): move repeat_until to go on, or remove `repeat`",
            until=source.repeat.until.isoformat() if source.repeat.until else "-",
        ),
    )
