"""Whether somebody may take an approval back (收回签发), and what of the post stays where it is."""

from dataclasses import dataclass

from xuanfa.domain.recalling import Left, may_recall, what_is_left
from xuanfa.domain.user import User
from xuanfa.store import corrections, deliveries, posts
from xuanfa.store.database import Store
from xuanfa.store.review_records import told_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Recallable:
    """``is_mine``: this person may, and something is left to be taken back."""

    is_mine: bool
    left: Left


def recallable(store: Store, slug: str, user: User) -> Recallable:
    """As it stands now. Whoever decides is asked again by the act itself."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        told = None if known is None else told_of(connection, known.id)
        if known is None or told is None:
            return Recallable(is_mine=False, left=Left(is_any=False))
        sending = [each for each in deliveries.of_post(connection, known.id) if each.reviewed]
        is_correcting = bool(corrections.live(connection, known.id))
    left = what_is_left(sending, is_correcting=is_correcting, post=slug)
    return Recallable(is_mine=left.is_any and may_recall(told.stands, user), left=left)
