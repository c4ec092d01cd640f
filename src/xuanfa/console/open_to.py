"""What of other people's posts is open to a contributor: nothing, but what somebody has asked them to decide in their place."""

from xuanfa.console.visit import Visit
from xuanfa.domain.errors import StateError
from xuanfa.operations.restricting.own import is_own, not_yours
from xuanfa.reports.reviews import waiting_reviews


def require_open(visit: Visit, slug: str) -> None:
    """Raise StateError where the post is somebody else's, and whoever looks sees only their own."""
    own = visit.own()
    if own is None or is_own(visit.desk, own, slug) or _stands_in(visit, slug):
        return
    raise StateError(not_yours())


def _stands_in(visit: Visit, slug: str) -> bool:
    desk = visit.desk
    waiting = waiting_reviews(desk.store, desk.reviews, desk.zone, visit.now, visit.me.user.name, veil=visit.veil())
    return any(row.post == slug for row in waiting)
