"""Restricted posts (限阅) by name, with the lists of their readers: that much is for everybody."""

from xuanfa.domain.access import Restriction
from xuanfa.store import access
from xuanfa.store.database import Store


def restricted_posts(store: Store, post: str | None = None) -> list[Restriction]:
    """Those that are restricted now, or this one alone."""
    with store.read() as connection:
        if post is None:
            return access.standing(connection)
        found = access.of_slug(connection, post)
        return [] if found is None else [found]
