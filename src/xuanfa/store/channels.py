"""What is shared about a channel: whether it is paused, what its pace has spent, what is remembered for it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.store import locks
from xuanfa.store.schema import channel_states, pace, remembered

_C, _P, _M = channel_states.c, pace.c, remembered.c
# Statements that every turn or request needs are built once, as in ``deliveries``.
_STANDINGS = sa.select(_C.channel, _C.paused_at, _C.deferred_until, _C.reason)
_OF_BUDGET, _SINCE = _P.budget == sa.bindparam("b_budget"), sa.bindparam("b_since", type_=_P.spent_at.type)
_SPENT = sa.select(_P.spent_at).where(_OF_BUDGET, _P.spent_at > _SINCE).order_by(_P.spent_at)
_SPEND, _FORGET = pace.insert(), pace.delete().where(_OF_BUDGET, _P.spent_at <= _SINCE)
_MINE = sa.and_(_M.scope == sa.bindparam("b_scope"), _M.name == sa.bindparam("b_name"))
_ALIVE = sa.or_(_M.expires_at.is_(None), _M.expires_at > sa.bindparam("b_now", type_=_M.expires_at.type))
_RECALL, _KEEP = sa.select(_M.value).where(_MINE, _ALIVE), remembered.update().where(_MINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a channel may be sent to: paused by a person or a refusal, or left alone until a moment."""

    paused_at: datetime | None
    deferred_until: datetime | None
    reason: str


def standings(connection: sa.Connection) -> dict[str, Standing]:
    """Channels that are paused or deferred, or have been."""
    return {row[0]: Standing(*row[1:]) for row in connection.execute(_STANDINGS)}


def pause(connection: sa.Connection, channel: str, now: datetime, reason: str, *, over: bool = False) -> None:
    """Send nothing there until a person resumes it. A pause that is there already keeps its time and its reason; with ``over`` it takes the
    new reason, which weighs more."""
    paused_at = sa.func.coalesce(_C.paused_at, sa.literal(now, _C.paused_at.type))
    kept = reason if over else sa.case((_C.paused_at.is_not(None), _C.reason), else_=reason)
    _put(connection, channel, {"paused_at": now, "reason": reason}, {"paused_at": paused_at, "reason": kept})


def resume(connection: sa.Connection, channel: str) -> None:
    """Send there again, at once."""
    connection.execute(
        channel_states.update().where(_C.channel == channel).values(paused_at=None, deferred_until=None, reason="")
    )


def defer(connection: sa.Connection, channel: str, until: datetime, reason: str) -> None:
    """Leave the channel alone until then, or longer where it has asked for longer. A pause keeps its reason."""
    longer = sa.case((_C.deferred_until > until, _C.deferred_until), else_=sa.literal(until, _C.deferred_until.type))
    kept = sa.case((sa.or_(_C.paused_at.is_not(None), _C.deferred_until > until), _C.reason), else_=reason)
    _put(connection, channel, {"deferred_until": until, "reason": reason}, {"deferred_until": longer, "reason": kept})


def _put(connection: sa.Connection, channel: str, new: dict[str, object], update: dict[str, object]) -> None:
    """Change the channel's row, or make it. Two that make it at once: the second finds it there and changes it."""
    change = channel_states.update().where(_C.channel == channel).values(**update)
    if connection.execute(change).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(channel_states.insert().values(**{"channel": channel, "reason": "", **new}))
    except IntegrityError:
        connection.execute(change)


def spent(connection: sa.Connection, budget: str, since: datetime) -> list[datetime]:
    """When requests were spent from a budget since then."""
    return list(connection.scalars(_SPENT, {"b_budget": budget, "b_since": since}))


def spend(connection: sa.Connection, budget: str, count: int, now: datetime) -> None:
    """Spend requests from a budget."""
    if count:
        connection.execute(_SPEND, [{"budget": budget, "spent_at": now}] * count)


def lock_budget(connection: sa.Connection, budget: str) -> bool:
    """Hold a budget for this transaction, so that two nodes cannot both see the last free place; ``False`` while another node has it."""
    return locks.try_hold(connection, f"budget {budget}")


def forget_spent(connection: sa.Connection, budget: str, before: datetime) -> None:
    """Drop what no longer matters."""
    connection.execute(_FORGET, {"b_budget": budget, "b_since": before})


def recall(connection: sa.Connection, scope: str, name: str, now: datetime) -> str | None:
    """A remembered value that is still alive."""
    value: str | None = connection.scalar(_RECALL, {"b_scope": scope, "b_name": name, "b_now": now})
    return value


def keep(connection: sa.Connection, scope: str, name: str, value: str, expires_at: datetime | None) -> None:
    """Remember a value, in place of an earlier one. Of two that are kept at once, the later one stays."""
    change = {"b_scope": scope, "b_name": name, "value": value, "expires_at": expires_at}
    if not connection.execute(_KEEP, change).rowcount and not _insert(connection, scope, name, value, expires_at):
        connection.execute(_KEEP, change)


def take(
    connection: sa.Connection, scope: str, name: str, value: str, *, now: datetime, expires_at: datetime | None
) -> bool:
    """Remember a value where none is alive; whether it was this one. Of two that try at once, one succeeds."""
    ended = sa.and_(_M.scope == scope, _M.name == name, _M.expires_at <= now)
    if connection.execute(remembered.update().where(ended).values(value=value, expires_at=expires_at)).rowcount:
        return True
    return recall(connection, scope, name, now) is None and _insert(connection, scope, name, value, expires_at)


def _insert(connection: sa.Connection, scope: str, name: str, value: str, expires_at: datetime | None) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(remembered.insert().values(scope=scope, name=name, value=value, expires_at=expires_at))
    except IntegrityError:
        return False
    return True


def forget(connection: sa.Connection, scope: str, name: str) -> None:
    """Forget a value, whatever it is."""
    connection.execute(remembered.delete().where(_M.scope == scope, _M.name == name))


def drop(connection: sa.Connection, scope: str, name: str, value: str) -> None:
    """Forget a value, unless another one is there by now."""
    connection.execute(remembered.delete().where(_M.scope == scope, _M.name == name, _M.value == value))
