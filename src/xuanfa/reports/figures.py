"""What is derived from the ledger for a period."""

from datetime import timedelta

import sqlalchemy as sa

from xuanfa.domain.correction import Progress
from xuanfa.domain.figures import ON_TIME, Figures
from xuanfa.reports.counts import Counting, by_some
from xuanfa.reports.period import Period
from xuanfa.store import names
from xuanfa.store.database import Store
from xuanfa.store.ledger import published_values
from xuanfa.store.ledger_schema import is_first
from xuanfa.store.month_sums import PLACE, WECHAT, late
from xuanfa.store.schema import deliveries, receipts
from xuanfa.store.withdrawals_schema import corrections

_D, _R, _C = deliveries.c, receipts.c, corrections.c


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
    is_late = late(grace // timedelta(microseconds=1))
    found = counting.summed("late")[()] if grace == ON_TIME else _count(counting, PLACE, is_late)
    notices = by_some(row.delivery_id for row in counting.notices)
    return found - sum(_count(counting, PLACE, is_late, _D.id.in_(some)) for some in notices)


def _first(counting: Counting) -> int:
    following = by_some(row.delivery_id for row in counting.following)
    own = (_R.original == sa.true(), is_first)
    less = sum(_count(counting, receipts, *own, _R.delivery_id.in_(some)) for some in following)
    return counting.summed("first")[()] - less


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
    there = _R.channel.in_(channels)
    articles, pushes = counting.summed("articles", there), counting.summed("pushes", there)
    return sum(pushes.get((each,), 0) for each in channels), sum(articles.get((each,), 0) for each in channels)


def _channels_of_wechat(connection: sa.Connection) -> list[str]:
    """The channels in the ledger that are, or once were, accounts of WeChat: as was noted of them, or as their first delivery says."""
    noted = names.all_names(connection).all_of("kind")
    found: list[str] = []
    for channel in published_values(connection, _R.channel):
        kinds = noted.get(channel) or [_kind_of_first(connection, channel)]
        if WECHAT in kinds:
            found.append(channel)
    return found


def _kind_of_first(connection: sa.Connection, channel: str) -> str:
    query = sa.select(_D.kind).select_from(PLACE).where(_R.channel == channel).order_by(_R.published_at).limit(1)
    return str(connection.scalar(query) or "")
