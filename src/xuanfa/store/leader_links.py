"""Links for leaders as they are stored. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.store.console_schema import leader_links

_L = leader_links.c


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderLink:
    """A post as it was at a revision, shown to whoever holds the link, until it ends or is taken back."""

    id: int
    slug: str
    revision: int
    maker: str
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    opened_at: datetime | None
    opened: int
    #: When the history was told that its time is over.
    over_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it still shows anything."""
        return self.revoked_at is None and now < self.ends_at


def add(connection: sa.Connection, *, slug: str, revision: int, maker: str, now: datetime, ends_at: datetime) -> int:
    """A new one; its number."""
    values = {"slug": slug, "revision": revision, "maker": maker, "made_at": now, "ends_at": ends_at}
    return int(connection.execute(leader_links.insert().values(values).returning(_L.id)).scalar_one())


def get(connection: sa.Connection, number: int) -> LeaderLink | None:
    """The one of this number."""
    row = connection.execute(sa.select(leader_links).where(_L.id == number)).mappings().first()
    return None if row is None else LeaderLink(**row)


def of_post(connection: sa.Connection, slug: str) -> list[LeaderLink]:
    """All of a post, the newest first."""
    query = sa.select(leader_links).where(_L.slug == slug).order_by(_L.id.desc())
    return [LeaderLink(**row) for row in connection.execute(query).mappings()]


def revoke(connection: sa.Connection, number: int, slug: str, now: datetime) -> bool:
    """It shows nothing from now on; whether there was such a one of this post."""
    mine = sa.and_(_L.id == number, _L.slug == slug, _L.revoked_at.is_(None))
    return connection.execute(leader_links.update().where(mine).values(revoked_at=now)).rowcount > 0


def note_opened(connection: sa.Connection, number: int, now: datetime) -> None:
    """Somebody has opened it."""
    values = {"opened_at": now, "opened": _L.opened + 1}
    connection.execute(leader_links.update().where(_L.id == number).values(values))


def ended(connection: sa.Connection, now: datetime) -> list[LeaderLink]:
    """Those whose time is over, of which the history does not tell yet."""
    open_ = sa.and_(_L.over_at.is_(None), _L.revoked_at.is_(None), _L.ends_at <= now)
    query = sa.select(leader_links).where(open_).order_by(_L.id)
    return [LeaderLink(**row) for row in connection.execute(query).mappings()]


def note_over(connection: sa.Connection, number: int, now: datetime) -> bool:
    """The history tells of it; whether this is the first to say so."""
    open_ = sa.and_(_L.id == number, _L.over_at.is_(None), _L.revoked_at.is_(None))
    return connection.execute(leader_links.update().where(open_).values(over_at=now)).rowcount > 0
