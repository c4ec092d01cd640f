"""Recurring posts: which have come to their end, and whose next turn nobody has approved although its time is near."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.occurrences import Steps, next_after, steps_of
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import deliveries, series

#: So long before its time an occurrence should be approved.
_NEAR: Final = timedelta(days=1)


def examine_recurring(desk: Desk) -> Iterator[Examined]:
    """How each source of a recurring post stands."""
    now = desk.clock()
    with desk.store.read() as connection:
        every = [steps_of(desk, connection, source) for source in series.all_series(connection)]
        due = {each.source.id: _unapproved(connection, each, now) for each in every}
    for each in every:
        if each.stands != "ended":
            trouble = _trouble(desk, each, due[each.source.id])
            yield Examined(
                what=say("重复稿件 {path}", "recurring post {path}", path=each.source.path),
                trouble=trouble,
                fatal=False,
            )


def _unapproved(connection: sa.Connection, steps: Steps, now: datetime) -> list[tuple[str, datetime]]:
    found = []
    for row in steps.open:
        if row.post_id is not None:
            waiting = [
                each.due_at
                for each in deliveries.of_post(connection, row.post_id)
                if each.state is State.AWAITING_REVIEW and each.due_at - now <= _NEAR
            ]
            found += [(row.slug, min(waiting))] if waiting else []
    return found


def _trouble(desk: Desk, steps: Steps, due: list[tuple[str, datetime]]) -> str:
    source = steps.source
    if steps.stands == "gone":
        return say(
            "底稿不见了，不再排入新的一期：放回原处，或取消已排入的",
            "its file is gone, and no more are made: put it back",
        )
    if steps.stands == "broken":
        return say(
            "底稿读不成稿件，不再排入新的一期：请改好",
            "its file is no post as things are, and no more are made: mend it",
        )
    if due:
        slug, at = due[0]
        return say(
            "{slug} 应在 {at} 发，还没审完：{reviews}",
            "{slug} is due at {at} and has not been approved: {reviews}",
            slug=slug,
            at=in_words(at, desk.zone),
            reviews=Remedy("list_reviews"),
        )
    today = desk.clock().astimezone(desk.zone).date()
    if not steps.open and not steps.due.make and next_after(desk, source, today) is None:
        return say(
            "已到 {until}，没有下一期：要继续就改 repeat_until，不再发就删去 repeat 或移走底稿",
            "it has come to its end ({until}): move repeat_until to go on, or remove `repeat`",
            until=source.repeat.until.isoformat() if source.repeat.until else "-",
        )
    return ""
