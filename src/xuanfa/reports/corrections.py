"""The corrections of a post, and how far each is."""

from xuanfa.domain.correction import Correction
from xuanfa.store import corrections, posts
from xuanfa.store.database import Store


def corrections_of(store: Store, slug: str) -> list[Correction]:
    """The newest first; none for a post that there is not."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        found = [] if known is None else corrections.of_post(connection, known.id)
    return sorted(found, key=lambda each: each.ordered_at, reverse=True)
