"""What reviews of a month have left behind. Inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.review_duties import Emergency, PhoneConsent, Reviewed, emergencies, phone_consents
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.store import reviews
from xuanfa.store.reviews_schema import decisions, is_duty
from xuanfa.store.reviews_schema import reviews as reviews_table
from xuanfa.store.schema import posts

_D, _R, _P = decisions.c, reviews_table.c, posts.c


def of_month(
    connection: sa.Connection, policy: ReviewPolicy, since: datetime, until: datetime
) -> tuple[list[Emergency], list[PhoneConsent]]:
    """Emergencies and consents by telephone from ``since`` to before ``until``, by time."""
    found = decided_between(connection, since, until, duties_only=True)
    early = [one for each in found for one in emergencies(each, policy.emergency_review) if since <= one.at < until]
    by_phone = [one for each in found for one in phone_consents(each, policy.phone_confirm) if since <= one.at < until]
    return sorted(early, key=lambda one: (one.at, one.post)), sorted(by_phone, key=lambda one: (one.at, one.post))


def decided_between(
    connection: sa.Connection, since: datetime, until: datetime, *, duties_only: bool = False
) -> Sequence[Reviewed]:
    """The reviews about which anything was decided from ``since`` to before ``until``, whole; ``duties_only`` those that leave a duty."""
    ids = sa.select(_D.review_id).where(_D.at >= since, _D.at < until, *([is_duty] if duties_only else []))
    named = sa.select(_R.id, _P.slug, _P.title).join(posts, _P.id == _R.post_id).where(_R.id.in_(ids))
    names = {row.id: (row.slug, row.title) for row in connection.execute(named.order_by(_R.id))}
    decided = reviews.decided(connection, list(names))
    by_id = reviews.by_ids(connection, list(names))
    return [
        Reviewed(post=slug, title=title, review=by_id[id_], decisions=decided[id_])
        for id_, (slug, title) in names.items()
    ]


def emergency_posts(connection: sa.Connection) -> set[int]:
    """The posts that were ever let out before their review."""
    return set(connection.scalars(_EMERGENCY_POSTS))


_EMERGENCY_POSTS = sa.select(_R.post_id).join(decisions, _D.review_id == _R.id).where(is_duty, _D.deed == "emergency")
