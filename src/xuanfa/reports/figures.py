"""What is derived from the ledger for a period."""

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.correction import Progress
from xuanfa.domain.figures import ON_TIME, Figures
from xuanfa.reports.counts import Counting, by_some
from xuanfa.reports.period import Period
from xuanfa.store import names
from xuanfa.store.database import Store
from xuanfa.store.ledger import published_values
from xuanfa.store.ledger_schema import is_first
from xuanfa.store.schema import deliveries, receipts
from xuanfa.store.withdrawals_schema import corrections

_D, _R, _C = deliveries.c, receipts.c, corrections.c
#: The kind of channel whose publications are pushed in sets.
_WECHAT: Final = "wechat"
_PLACE = sa.join(receipts, deliveries, _D.id == _R.delivery_id)


def figures(store: Store, period: Period, grace: timedelta = ON_TIME) -> Figures:
    """All of them, of one moment."""
    with store.read() as connection:
        counting = Counting(connection, period)
        original, reposted = counting.originals()
        items = original + reposted
        retracted, rehearsed = counting.beside()
        late = _late(counting, grace)
        pushes, articles = _pushed(counting)
        return Figures(
            items=items,
            posts=counting.posts(),
            pushes=pushes,
            articles=articles,
            original=original,
            reposted=reposted,
            first=_first(counting),
            on_time=items - late,
            late=late,
            retracted=retracted,
            corrected=_corrected(counting),
            rehearsed=rehearsed,
            grace=grace,
        )


def _count(counting: Counting, source: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(source).where(*counting.questions.where, *conditions)
    found: int = counting.ask(query).scalar_one()
    return found


def _late(counting: Counting, grace: timedelta) -> int:
    """How many items were out later than they may be."""
    allowed = sa.literal(grace // timedelta(microseconds=1), sa.BigInteger)
    after = sa.type_coerce(_R.published_at, sa.BigInteger) - sa.type_coerce(_D.due_at, sa.BigInteger)
    found = _count(counting, _PLACE, after > allowed)
    notices = by_some(row.delivery_id for row in counting.notices)
    return found - sum(_count(counting, _PLACE, after > allowed, _D.id.in_(some)) for some in notices)


def _first(counting: Counting) -> int:
    own = (_R.original == sa.true(), is_first)
    found = _count(counting, receipts, *own)
    following = by_some(row.delivery_id for row in counting.following)
    return found - sum(_count(counting, receipts, *own, _R.delivery_id.in_(some)) for some in following)


def _corrected(counting: Counting) -> int:
    """Corrections are few, and lead to what they have changed."""
    done = sa.select(_C.delivery_id).where(_C.state == Progress.DONE.value)
    found = list(counting.connection.scalars(done.distinct()))
    return sum(_count(counting, receipts, _R.delivery_id.in_(some)) for some in by_some(set(found)))


def _pushed(counting: Counting) -> tuple[int, int]:
    """How often something was pushed on accounts of WeChat, and how many articles that were."""
    channels = _channels_of_wechat(counting.connection)
    if not channels:
        return 0, 0
    push: sa.ColumnElement[Any] = sa.func.coalesce(_R.remote_id, _R.address, sa.cast(_R.delivery_id, sa.Text))
    query = (
        sa.select(_R.channel, sa.func.count(), sa.func.count(push.distinct()))
        .select_from(_PLACE)
        .where(*counting.questions.where, _R.channel.in_(channels), _D.kind == _WECHAT)
        .group_by(_R.channel)
    )
    rows = counting.ask(query).all()
    return sum(row[2] for row in rows), sum(row[1] for row in rows)


def _channels_of_wechat(connection: sa.Connection) -> list[str]:
    """The channels in the ledger that are, or once were, accounts of WeChat: as was noted of them, or as their first delivery says."""
    noted = names.all_names(connection).all_of("kind")
    found: list[str] = []
    for channel in published_values(connection, _R.channel):
        kinds = noted.get(channel) or [_kind_of_first(connection, channel)]
        if _WECHAT in kinds:
            found.append(channel)
    return found


def _kind_of_first(connection: sa.Connection, channel: str) -> str:
    query = sa.select(_D.kind).select_from(_PLACE).where(_R.channel == channel).order_by(_R.published_at).limit(1)
    return str(connection.scalar(query) or "")
