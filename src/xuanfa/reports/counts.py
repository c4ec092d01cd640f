"""The count, from the ledger."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.correction import Progress
from xuanfa.domain.counting import By, Count
from xuanfa.reports.period import Period
from xuanfa.store import late_proofs, review_duties
from xuanfa.store.database import Store
from xuanfa.store.reviews_schema import approvals
from xuanfa.store.schema import deliveries, posts, receipts
from xuanfa.store.withdrawals_schema import corrections

__all__ = ["Period", "columns_counted", "count"]

_D, _R = deliveries.c, receipts.c


def count(store: Store, period: Period, by: By = "channel") -> Count:
    """The figures of a period, with the items split by ``by``: ids of channels or columns, months (YYYY-MM) or departments."""
    with store.read() as connection:
        second = list(late_proofs.second(connection))

        def one(what: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> int:
            return connection.scalar(sa.select(what).select_from(_LEDGER).where(*where, *period.conditions())) or 0

        return Count(
            posts=one(sa.func.count(sa.distinct(_post)), _REAL),
            items=one(sa.func.count(), _REAL),
            retracted=one(sa.func.count(), _R.retracted_at.is_not(None), _R.rehearsal == sa.false()),
            rehearsed=one(sa.func.count(), _R.retracted_at.is_(None), _R.rehearsal == sa.true()),
            emergency=one(sa.func.count(), _REAL, _early) if review_duties.emergency_posts(connection) else 0,
            twice=one(sa.func.count(), _D.id.in_(second), _R.rehearsal == sa.false()) if second else 0,
            by=_split(connection, period, by),
        )


def columns_counted(store: Store) -> set[str]:
    """The columns of which anything was ever published, whatever the settings say now."""
    with store.read() as connection:
        return set(connection.scalars(sa.select(_R.column_id).distinct()))


#: Which delivery a receipt is of says the post and the channel, and these never change; all else stands in the receipt as it was then.
_LEDGER = sa.join(receipts, deliveries, _D.id == _R.delivery_id)
#: A post that only says what was wrong in another one is no item of its own; one that took its place is the same post.
_is_notice = sa.exists().where(
    posts.c.id == _D.post_id, corrections.c.successor == posts.c.slug, corrections.c.state == Progress.POST.value
)
_post = sa.func.coalesce(
    sa.select(sa.func.min(corrections.c.post_id))
    .join(posts, posts.c.slug == corrections.c.successor)
    .where(posts.c.id == _D.post_id)
    .correlate(deliveries)
    .scalar_subquery(),
    _D.post_id,
)
#: By whose approval it left was given before its review.
_early = sa.exists().where(approvals.c.id == _D.approval, approvals.c.emergency == sa.true())
_REAL = sa.and_(_R.retracted_at.is_(None), _R.rehearsal == sa.false(), ~_is_notice)


def _split(connection: sa.Connection, period: Period, by: By) -> dict[str, int]:
    if by == "month":
        query = sa.select(_R.published_at).select_from(_LEDGER).where(_REAL, *period.conditions())
        months = Counter(f"{at.astimezone(period.zone):%Y-%m}" for at in connection.scalars(query))
        return dict(sorted(months.items()))
    column: sa.ColumnElement[Any] = {"channel": _D.channel, "column": _R.column_id, "department": _R.department}[by]
    query = sa.select(column, sa.func.count()).select_from(_LEDGER).where(_REAL, *period.conditions()).group_by(column)
    rows = connection.execute(query.order_by(sa.func.count().desc(), column))
    return {row[0]: row[1] for row in rows}
