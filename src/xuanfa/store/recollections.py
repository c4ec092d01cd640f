"""What marks and channels remember to have been sent, and what of it this database knows by itself. Inside the caller's transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import TypeVar

import sqlalchemy as sa

from xuanfa.domain.delivery import WAS_PUBLIC, State
from xuanfa.store.schema import deliveries, posts, recollections

_D, _P, _R = deliveries.c, posts.c, recollections.c
T = TypeVar("T")
#: A post by its slug, and a channel.
Pair = tuple[str, str]
_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """Something that was sent, as far as somebody besides the database remembers: when, and who say so (a file of marks, a channel)."""

    post: str
    channel: str
    at: datetime
    source: tuple[str, ...]

    @property
    def pair(self) -> Pair:
        """What it is about."""
        return self.post, self.channel

    def merged(self, other: "Recollection") -> "Recollection":
        """Both, as one: the later time, and whoever says either."""
        return replace(self, at=max(self.at, other.at), source=tuple(dict.fromkeys((*self.source, *other.source))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """How a delivery stands in this database. ``restored``: it waits for a person, because more is remembered elsewhere."""

    id: int
    state: State
    attempt: int
    restored: bool

    @property
    def is_known(self) -> bool:
        """Whether this database knows by itself that it is, or was, public."""
        return self.state in WAS_PUBLIC


def here(connection: sa.Connection, slugs: Collection[str]) -> dict[Pair, Here]:
    """The deliveries of these posts."""
    found: dict[Pair, Here] = {}
    for some in _pieces(sorted(set(slugs))):
        query = (
            sa.select(_P.slug, _D.channel, _D.id, _D.state, _D.attempt, _D.restored)
            .join(posts, _P.id == _D.post_id)
            .where(_P.slug.in_(some))
        )
        for slug, channel, number, state, attempt, restored in connection.execute(query):
            found[slug, channel] = Here(id=number, state=State(state), attempt=attempt, restored=restored)
    return found


def keep(connection: sa.Connection, found: Mapping[Pair, Recollection]) -> int:
    """Keep what this database does not know by itself; how many of it are new."""
    known = here(connection, {slug for slug, _ in found})
    kept = {each.pair for each in all_of(connection, {slug for slug, _ in found})}
    new = [
        {"slug": each.post, "channel": each.channel, "at": each.at, "source": list(each.source)}
        for pair, each in found.items()
        if pair not in kept and not (pair in known and known[pair].is_known)
    ]
    for some in _pieces(new):
        connection.execute(recollections.insert(), list(some))
    return len(new)


def all_of(connection: sa.Connection, slugs: Collection[str] | None = None) -> list[Recollection]:
    """What is kept, of these posts or of all."""
    query = sa.select(_R.slug.label("post"), _R.channel, _R.at, _R.source).order_by(_R.at, _R.slug, _R.channel)
    queries = [query] if slugs is None else [query.where(_R.slug.in_(some)) for some in _pieces(sorted(slugs))]
    return [
        Recollection(post=post, channel=channel, at=at, source=tuple(source or ()))
        for each in queries
        for post, channel, at, source in connection.execute(each)
    ]


def of_post(connection: sa.Connection, slug: str) -> dict[str, Recollection]:
    """What is kept of one post, by channel."""
    return {each.channel: each for each in all_of(connection, [slug])}


def merge(*several: Iterable[Recollection]) -> dict[Pair, Recollection]:
    """The recollections by what they are about, each with everybody who remembers it."""
    found: dict[Pair, Recollection] = {}
    for each in chain.from_iterable(several):
        found[each.pair] = found[each.pair].merged(each) if each.pair in found else each
    return found


def _pieces(items: Iterable[T]) -> Iterator[Sequence[T]]:
    """So many at a time that any database takes them in one statement."""
    left = iter(items)
    while some := list(islice(left, _TOGETHER)):
        yield some
