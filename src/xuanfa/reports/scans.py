"""Signed forms that were handed in of a post."""

from collections.abc import Sequence

from xuanfa.store import papers, posts
from xuanfa.store.database import Store
from xuanfa.store.papers import KeptScan


def scans_of(store: Store, slug: str) -> Sequence[KeptScan]:
    """In the order in which they came."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        return () if known is None else papers.scans_of(connection, known.id)
