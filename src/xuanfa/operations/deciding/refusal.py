"""Refusal: the line of history that says that a person was refused. It moves nothing."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.act import REFUSED, Act, OfAccess, OfPapers, OfPost, OfReview, OfUser
from xuanfa.domain.act_outward import OfLinks
from xuanfa.domain.person import Person
from xuanfa.domain.shown import printable
from xuanfa.store import deliveries, posts


def record_refusal(connection: sa.Connection, act: Act, person: Person, why: str, now: datetime) -> None:
    """Record that the act was refused, and why. What it is about is named where the database knows it: the reason names it in any case.
    What was typed may hold what no database takes, and is written out."""
    known = act.delivery is not None and act.delivery in deliveries.get(connection, [act.delivery])
    deliveries.record_event(
        connection,
        now=now,
        after=REFUSED,
        actor=person.signs(act.verb),
        why=printable(why),
        delivery_id=act.delivery if known else None,
        channel=act.channel and printable(act.channel)[:_CHANNEL_MAX],
        post_id=_post(connection, act),
        subject=printable(act.user)[:_CHANNEL_MAX] if isinstance(act, OfUser) else None,
    )


def _post(connection: sa.Connection, act: Act) -> int | None:
    """The number of the post that an act is about, where there is one of that name."""
    if not isinstance(act, OfPost | OfPapers | OfReview | OfAccess | OfLinks) or printable(act.post) != act.post:
        return None
    known = posts.by_slug(connection, act.post)
    return None if known is None else known.id


#: As long an id of a channel, or a login name, as the history keeps; what was typed may be longer. Characters.
_CHANNEL_MAX = 100
