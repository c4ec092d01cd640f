"""On which accounts deliveries hang: what was sent and has come to no end, and what is public there. Inside the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.domain.delivery import IN_DOUBT, UNDER_WAY, UNSETTLED, Delivery, State
from xuanfa.domain.said import begins_kept
from xuanfa.store import records
from xuanfa.store.columns import as_stored
from xuanfa.store.schema import deliveries, handed_over, needs_person, unnamed

_D = deliveries.c


@dataclass(frozen=True, slots=True)
class OnAccount:
    """How many deliveries of a channel hang on an account, and the first of them."""

    channel: str
    rehearsal: bool
    account: str
    count: int
    first: int


def unsettled_by_account(connection: sa.Connection) -> list[tuple[str, bool, str]]:
    """Channel, mode and account of what the channel has taken, or may have, and nobody has settled; each once."""
    return [(row[0], row[1], row[2]) for row in connection.execute(_UNSETTLED_BY_ACCOUNT)]


def any_goes_by(connection: sa.Connection, code: str, in_words: Iterable[str]) -> bool:
    """Whether the reason of any of these has this code, or begins in one of these ways where an older program kept its words only."""
    reason = as_stored(_D.reason)
    begins = sa.or_(*(reason.startswith(text, autoescape=True) for text in (begins_kept(code), *in_words)))
    return any(connection.scalar(sa.select(_D.id).where(where, begins).limit(1)) for where in (_DOUBTED, handed_over))


def unsettled(connection: sa.Connection) -> list[Delivery]:
    """These deliveries, locked. Those that only wait for a look are left to it."""
    return [records.delivery(row) for row in connection.execute(_UNSETTLED)]


_DOUBTED = sa.and_(needs_person, _D.state.in_(sorted(IN_DOUBT)))
# Two questions, so that each goes through its own index.
_UNSETTLED_BY_ACCOUNT = sa.union(
    *(sa.select(_D.channel, _D.rehearsal, _D.account).where(where) for where in (_DOUBTED, handed_over))
)
_UNSETTLED = (
    sa.select(*records.DELIVERY).where(sa.or_(_DOUBTED, handed_over)).order_by(_D.id).with_for_update(skip_locked=True)
)


def unnamed_accounts(connection: sa.Connection) -> list[tuple[str, bool]]:
    """Channel and mode of what an older program has sent, which kept no accounts; each once."""
    return [(row[0], row[1]) for row in connection.execute(_UNNAMED)]


def name_account(connection: sa.Connection, channel: str, *, rehearsal: bool, account: str) -> None:
    """Note to which account that was."""
    connection.execute(_NAME, {"b_channel": channel, "b_mode": rehearsal, "b_account": account})


_UNNAMED = sa.select(_D.channel, _D.rehearsal).where(unnamed).distinct()
_NAME = (
    deliveries.update()
    .where(unnamed, _D.channel == sa.bindparam("b_channel"), _D.rehearsal == sa.bindparam("b_mode"))
    .values(account=sa.bindparam("b_account"))
)


def by_account(connection: sa.Connection) -> list[OnAccount]:
    """What hangs on each account: what is public there for real, and what has not come to an end; in the order of their numbers."""
    return [OnAccount(*row) for row in connection.execute(_BY_ACCOUNT)]


_OPEN = sorted(UNDER_WAY | UNSETTLED)
_BY_ACCOUNT = (
    sa.select(_D.channel, _D.rehearsal, _D.account, sa.func.count(), sa.func.min(_D.id))
    .where(
        sa.or_(
            _D.state.in_(_OPEN),
            sa.and_(_D.state == State.PUBLISHED.value, _D.rehearsal == sa.false()),
            sa.and_(_D.state == State.SCHEDULED.value, _D.first_sent_at.is_not(None)),
        )
    )
    .group_by(_D.channel, _D.rehearsal, _D.account)
    .order_by(sa.func.min(_D.id))
)
