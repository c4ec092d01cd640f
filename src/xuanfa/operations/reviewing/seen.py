"""Seen (看过): the end of a rendition was on a person's screen. It says seen and not read, and is lost with the rendition that it was of."""

from collections.abc import Collection

from xuanfa.operations.desk import Desk
from xuanfa.store import seen


def mark_seen(desk: Desk, user: str, digest: str, face: str) -> None:
    """Keep it; the first time counts."""
    with desk.store.write() as connection:
        seen.mark(connection, user, digest, face, desk.clock())


def seen_by(desk: Desk, user: str, digests: Collection[str]) -> set[tuple[str, str]]:
    """Which of these renditions a person has seen, each with its face."""
    with desk.store.read() as connection:
        return seen.of(connection, user, digests)
