"""Recurring posts: their sources, and the occurrences that were made of them. Inside the caller's transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.recurring import Every, OnHoliday, Repeat
from xuanfa.store.schema import posts
from xuanfa.store.series_schema import occurrences, series

_S, _O, _P = series.c, occurrences.c, posts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A source as it was read last. ``standing``: ``live``, ``gone``, ``broken`` or ``ended`` (``series_schema``)."""

    id: int
    slug: str
    path: str
    digest: str
    title: str
    repeat: Repeat
    first_at: datetime
    times: Mapping[str, str]
    standing: str
    set_at: datetime

    @property
    def is_live(self) -> bool:
        """Whether its file is there and can be read."""
        return self.standing == "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One of its turns, as it was made. ``post_id`` is ``None`` as long as nobody has read its file."""

    slug: str
    series_id: int
    period: str
    day: date
    path: str
    digest: str
    making: str
    standing: str
    made_at: datetime
    post_id: int | None = None


def all_series(connection: sa.Connection) -> list[Series]:
    """Every source there ever was, by name."""
    return [_series(row) for row in connection.execute(sa.select(series).order_by(_S.slug))]


def is_any(connection: sa.Connection) -> bool:
    """Whether there is any."""
    return connection.scalar(sa.select(_S.id).limit(1)) is not None


def by_slug(connection: sa.Connection, slug: str) -> Series | None:
    """The source of this name."""
    row = connection.execute(sa.select(series).where(_S.slug == slug)).first()
    return None if row is None else _series(row)


def by_path(connection: sa.Connection, path: str) -> Series | None:
    """The source in this file, as far as it recurs."""
    row = connection.execute(sa.select(series).where(_S.path == path, _S.standing != "ended")).first()
    return None if row is None else _series(row)


def by_id(connection: sa.Connection, id_: int) -> Series:
    """The source of this number."""
    return _series(connection.execute(sa.select(series).where(_S.id == id_)).one())


def _series(row: Any) -> Series:
    return Series(
        id=row.id,
        slug=row.slug,
        path=row.path,
        digest=row.digest,
        title=row.title,
        repeat=Repeat(
            every=Every(row.every),
            until=date.fromisoformat(row.until) if row.until else None,
            on_holiday=OnHoliday(row.on_holiday),
        ),
        first_at=row.first_at,
        times=row.times or {},
        standing=row.standing,
        set_at=row.set_at,
    )


def put(connection: sa.Connection, source: Series) -> Series:
    """Keep a source as it is now; with the number 0 it is a new one. As it is kept."""
    values = {
        "slug": source.slug,
        "path": source.path,
        "digest": source.digest,
        "title": source.title,
        "every": source.repeat.every.value,
        "until": source.repeat.until.isoformat() if source.repeat.until else "",
        "on_holiday": source.repeat.on_holiday.value,
        "first_at": source.first_at,
        "times": dict(source.times),
        "standing": source.standing,
        "set_at": source.set_at,
    }
    if source.id:
        connection.execute(series.update().where(_S.id == source.id).values(**values))
        return source
    result = connection.execute(series.insert(), values)
    assert result.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return replace(source, id=int(result.inserted_primary_key[0]))


def occurrences_of(connection: sa.Connection, series_id: int) -> list[Occurrence]:
    """All that were ever made of a source, in the order of their days, each where its file is now."""
    rows = connection.execute(_OCCURRENCES.where(_O.series_id == series_id).order_by(_O.day, _O.slug))
    return [_occurrence(row) for row in rows]


def occurrence(connection: sa.Connection, slug: str) -> Occurrence | None:
    """The occurrence of this name."""
    row = connection.execute(_OCCURRENCES.where(_O.slug == slug)).first()
    return None if row is None else _occurrence(row)


_OCCURRENCES = sa.select(
    *(column for column in occurrences.columns if column.name != "path"),
    sa.func.coalesce(_P.path, _O.path).label("path"),
    _P.id.label("post_id"),
).outerjoin(posts, _P.slug == _O.slug)


def _occurrence(row: Any) -> Occurrence:
    return Occurrence(
        slug=row.slug,
        series_id=row.series_id,
        period=row.period,
        day=date.fromisoformat(row.day),
        path=row.path,
        digest=row.digest,
        making=row.making,
        standing=row.standing,
        made_at=row.made_at,
        post_id=row.post_id,
    )


def put_occurrence(connection: sa.Connection, made: Occurrence) -> None:
    """Keep an occurrence as it is now, whether it is new or not."""
    values = {
        "series_id": made.series_id,
        "period": made.period,
        "day": made.day.isoformat(),
        "path": made.path,
        "digest": made.digest,
        "making": made.making,
        "standing": made.standing,
        "made_at": made.made_at,
    }
    if not connection.execute(occurrences.update().where(_O.slug == made.slug).values(**values)).rowcount:
        connection.execute(occurrences.insert(), {"slug": made.slug, **values})


def siblings(connection: sa.Connection, post_id: int) -> frozenset[int]:
    """The posts that are occurrences of the same source as this one, itself too; empty where it is none."""
    mine = (
        sa.select(_O.series_id).join(posts, _P.slug == _O.slug).where(_P.id == sa.bindparam("b_post")).scalar_subquery()
    )
    query = sa.select(_P.id).join(occurrences, _O.slug == _P.slug).where(_O.series_id == mine)
    return frozenset(connection.scalars(query, {"b_post": post_id}))


def days_of_posts(connection: sa.Connection, post_ids: Collection[int]) -> dict[int, tuple[str, date]]:
    """Of posts that are occurrences: the name of the source, and the day for which each was made."""
    query = (
        sa.select(_P.id, _S.slug, _O.day)
        .join(occurrences, _O.slug == _P.slug)
        .join(series, _S.id == _O.series_id)
        .where(_P.id.in_(list(post_ids)))
    )
    return {row.id: (row.slug, date.fromisoformat(row.day)) for row in connection.execute(query)}
