"""Sessions and second factors as they are stored. Inside the caller's transaction; what a browser holds is known here by its hash alone."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.store.schema import factors, one_time_passwords, sessions

_S, _F = sessions.c, factors.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session that was begun. ``half``: six digits are still asked for."""

    id: int
    user: str
    made_at: datetime
    seen_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    half: bool
    place: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A second factor. Not ``proved`` yet, it is not asked for."""

    secret: str
    proved: bool
    used_step: int

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Factor(proved={self.proved})"


def hash_of(token: str) -> str:
    """By which a session is found again."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def begin(
    connection: sa.Connection, token: str, user: str, *, now: datetime, half: bool, place: str, agent: str
) -> SessionRow:
    """A new one."""
    values: dict[str, Any] = {
        "hash": hash_of(token),
        "user_name": user,
        "made_at": now,
        "seen_at": now,
        "confirmed_at": None if half else now,
        "half": half,
        "place": place,
        "agent": agent,
    }
    row = connection.execute(sessions.insert().values(values).returning(*sessions.c)).one()
    return _session(row)


def by_token(connection: sa.Connection, token: str) -> SessionRow | None:
    """The session of what a browser holds, ended ones too."""
    row = connection.execute(_BY_HASH, {"b_hash": hash_of(token)}).first()
    return None if row is None else _session(row)


_BY_HASH: Final = sa.select(sessions).where(_S.hash == sa.bindparam("b_hash"))


def of_user(connection: sa.Connection, user: str, since: datetime) -> list[SessionRow]:
    """The person's sessions that have not ended and were seen after that moment; the newest first."""
    open_ = sa.and_(_S.user_name == user, _S.ended_at.is_(None), _S.half.is_(sa.false()), _S.seen_at > since)
    return [_session(row) for row in connection.execute(sa.select(sessions).where(open_).order_by(_S.id.desc()))]


def touch(connection: sa.Connection, number: int, now: datetime) -> None:
    """It was used."""
    connection.execute(sessions.update().where(_S.id == number).values(seen_at=now))


def confirm(connection: sa.Connection, number: int, now: datetime) -> None:
    """The person has shown again that it is them."""
    connection.execute(sessions.update().where(_S.id == number).values(confirmed_at=now))


def end(connection: sa.Connection, number: int, now: datetime) -> None:
    """It is worth nothing any more."""
    connection.execute(sessions.update().where(_S.id == number, _S.ended_at.is_(None)).values(ended_at=now))


def end_all(connection: sa.Connection, user: str, now: datetime, *, but: int | None = None) -> int:
    """The same for every session of a person but one; how many there were."""
    query = sessions.update().where(_S.user_name == user, _S.ended_at.is_(None)).values(ended_at=now)
    return connection.execute(query if but is None else query.where(_S.id != but)).rowcount


def forget_before(connection: sa.Connection, moment: datetime) -> None:
    """Take away those that nobody has used since."""
    connection.execute(sessions.delete().where(_S.seen_at < moment))


def has_one_time_password(connection: sa.Connection, user: str) -> bool:
    """Whether the person's password is the one that was printed at the first start."""
    return connection.scalar(_FOR_ONE_TIME, {"b_user": user}) is not None


_FOR_ONE_TIME: Final = sa.select(one_time_passwords.c.user_name).where(
    one_time_passwords.c.user_name == sa.bindparam("b_user")
)


def note_one_time_password(connection: sa.Connection, user: str, now: datetime) -> None:
    """It is."""
    connection.execute(one_time_passwords.insert().values(user_name=user, made_at=now))


def drop_one_time_password(connection: sa.Connection, user: str) -> None:
    """It was changed."""
    connection.execute(one_time_passwords.delete().where(one_time_passwords.c.user_name == user))


def factor_of(connection: sa.Connection, user: str) -> Factor | None:
    """The person's second factor."""
    row = connection.execute(_FACTOR, {"b_user": user}).first()
    return None if row is None else Factor(secret=row.secret, proved=row.proved_at is not None, used_step=row.used_step)


_FACTOR: Final = sa.select(factors).where(_F.user_name == sa.bindparam("b_user"))


def set_factor(connection: sa.Connection, user: str, secret: str, now: datetime) -> None:
    """A new one, which is not proved yet, in place of an earlier one."""
    drop_factor(connection, user)
    connection.execute(factors.insert().values(user_name=user, secret=secret, made_at=now, used_step=0))


def use_factor(connection: sa.Connection, user: str, step: int, now: datetime) -> None:
    """Six digits of it were right, of this interval; they are taken once. The first time proves it."""
    proved = sa.func.coalesce(_F.proved_at, sa.bindparam("now", now, type_=_F.proved_at.type))
    connection.execute(factors.update().where(_F.user_name == user).values(used_step=step, proved_at=proved))


def drop_factor(connection: sa.Connection, user: str) -> None:
    """The person has none any more."""
    connection.execute(factors.delete().where(_F.user_name == user))


def _session(row: Any) -> SessionRow:
    return SessionRow(
        id=row.id,
        user=row.user_name,
        made_at=row.made_at,
        seen_at=row.seen_at,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        half=row.half,
        place=row.place,
        agent=row.agent,
    )


def last_seen(connection: sa.Connection) -> dict[str, datetime]:
    """When each person was last here, as far as sessions are kept."""
    query = sa.select(_S.user_name, sa.func.max(_S.seen_at).label("at")).group_by(_S.user_name)
    return {row.user_name: row.at for row in connection.execute(query)}


def with_factor(connection: sa.Connection) -> set[str]:
    """Who has a second factor in use."""
    return set(connection.scalars(sa.select(factors.c.user_name).where(factors.c.proved_at.is_not(None))))
