"""When something was last published for real, and what is scheduled, by column and by channel. Inside the caller's transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.freshness import Fresh, Kind, Watched, standing
from xuanfa.domain.moments import END
from xuanfa.store.ledger_schema import stands
from xuanfa.store.schema import deliveries, listed, posts, receipts

_D, _R = deliveries.c, receipts.c
_HOUR: Final = 3_600_000_000
_NAME: Final[sa.BindParameter[str]] = sa.bindparam("b_name")
_OF_COLUMN, _OF_CHANNEL = (
    sa.select(sa.func.max(_R.published_at)).where(stands, by == _NAME) for by in (_R.column_id, _R.channel)
)


def last_published(
    connection: sa.Connection, columns: Collection[str], channels: Collection[str]
) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """By column and by channel, when the last post came that is public now. What has had none is not in it."""
    found: list[dict[str, datetime]] = []
    for query, names in ((_OF_COLUMN, columns), (_OF_CHANNEL, channels)):
        lasts = {name: connection.scalar(query, {"b_name": name}) for name in names}
        found.append({name: last for name, last in lasts.items() if last is not None})
    return found[0], found[1]


def last_before(connection: sa.Connection, kind: Kind, name: str, before: datetime) -> datetime | None:
    """When the last post of a column or a channel came before that moment, of those that are public now."""
    query = (_OF_COLUMN if kind == "column" else _OF_CHANNEL).where(_R.published_at < before)
    found: datetime | None = connection.scalar(query, {"b_name": name})
    return found


def scheduled(
    connection: sa.Connection, before: datetime
) -> tuple[Mapping[str, list[datetime]], Mapping[str, list[datetime]]]:
    """By column and by channel, the times of what goes out for real by itself, in their order; of several in an hour the first and the last."""
    hour = sa.type_coerce(_D.due_at, sa.BigInteger) // _HOUR
    query = (
        sa.select(_D.column_id, _D.channel, sa.func.min(_D.due_at), sa.func.max(_D.due_at))
        .where(listed, _D.state == State.SCHEDULED.value, _D.due_at < before, _D.rehearsal == sa.false())
        .group_by(_D.column_id, _D.channel, hour)
    )
    by_column: dict[str, set[datetime]] = {}
    by_channel: dict[str, set[datetime]] = {}
    for column, channel, first, last in connection.execute(query):
        by_column.setdefault(column, set()).update((first, last))
        by_channel.setdefault(channel, set()).update((first, last))
    return (
        {name: sorted(times) for name, times in by_column.items()},
        {name: sorted(times) for name, times in by_channel.items()},
    )


def standings(
    connection: sa.Connection,
    watched: Watched,
    titles: Mapping[tuple[Kind, str], str],
    *,
    now: datetime,
    zone: tzinfo,
    before: datetime = END,
) -> list[Fresh]:
    """How these columns, and those of these channels that are watched, stand; what is scheduled for ``before`` or later is not
    looked for."""
    known = {each: title for each, title in titles.items() if watched.watches(*each)}
    names = {kind: [name for each, name in known if each == kind] for kind in ("column", "channel")}
    lasts = dict(zip(names, last_published(connection, names["column"], names["channel"]), strict=True))
    plans = dict(zip(names, scheduled(connection, before), strict=True))
    return [
        standing(
            watched,
            kind,
            name,
            title,
            last=lasts[kind].get(name),
            planned=plans[kind].get(name, ()),
            now=now,
            zone=zone,
        )
        for (kind, name), title in known.items()
    ]


def began(connection: sa.Connection, column: str) -> datetime | None:
    """When the first post of a column was queued; ``None`` where there was none."""
    found: datetime | None = connection.scalar(
        sa.select(sa.func.min(posts.c.queued_at)).where(posts.c.column_id == column)
    )
    return found
