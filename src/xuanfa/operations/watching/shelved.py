"""What lies on the shelf past its review date: nobody may release it, and its department has to say whether it still holds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store.schema import deliveries, on_shelf, posts
from xuanfa.store.withdrawals_schema import endings

#: Names of causes are no longer. Characters.
_CAUSE_MAX: Final = 200
#: The day itself still counts.
_DAY: Final = timedelta(days=1)


def shelf_in_alarm(desk: Desk, connection: sa.Connection, now: datetime, veil: Veil) -> Iterator[Cause]:
    """Each post on the shelf whose review date is over, once."""
    p, e = posts.c, endings.c
    query = (
        sa.select(p.id, p.slug, p.title, p.department, e.named_review_on)
        .join(endings, e.post_id == p.id)
        .where(
            p.id.in_(sa.select(deliveries.c.post_id).where(on_shelf, deliveries.c.state != State.CANCELLED.value)),
            e.named_review_on <= now - _DAY,
        )
        .order_by(p.slug)
    )
    for row in connection.execute(query):
        day = row.named_review_on.astimezone(desk.zone).date().isoformat()
        words = say(
            "保底稿《{title}》过了复核日期 {day}，不能放行：请{who}确认内容是否仍然有效。有效就把稿头的 review_on 改到以后并保存；失效就取消",
            "“{title}” on the shelf is past its review date ({day}) and cannot be released: does it still hold, {who}? If so, move review_on of the "
            "front matter to a later day; if not, cancel it",
            title=veil.title(row.slug, row.title),
            day=day,
            who=row.department or say("供稿部门", "its department"),
        )
        yield Cause(
            name=f"shelf:{row.slug}:{day}"[:_CAUSE_MAX], words=words, look=where_to_look(Remedy("show", row.slug))
        )
