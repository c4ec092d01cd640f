"""Elsewhere: what was chosen for channels that cannot change what is out. Safe to repeat at any point: a post that follows is written once."""

import logging
from collections.abc import Sequence

from xuanfa.content.reading.posts import read_post
from xuanfa.domain.act import Retract
from xuanfa.domain.correction import AGAIN, Correction, Others, Progress
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.post import Post
from xuanfa.operations.deciding.retract import retract
from xuanfa.operations.desk import Desk
from xuanfa.operations.withdrawing.permitted import may_be_made
from xuanfa.operations.withdrawing.successor import free_slug, path_of, write_successor
from xuanfa.store import corrections, deliveries, posts

log = logging.getLogger(__name__)

#: What an interface can take back.
_OUT = frozenset({State.PUBLISHED, State.ACCEPTED})


def carry_elsewhere(desk: Desk, some: Sequence[Correction]) -> None:
    """One order's channels that cannot change theirs, each as it was chosen."""
    with desk.store.write() as connection:
        out = deliveries.get(connection, [it.delivery_id for it in some])
        may = [it for it in some if may_be_made(desk, connection, it, out[it.delivery_id])]
        some = [it for it in may if corrections.take_try(connection, it, desk.clock() + max(desk.lease, AGAIN))]
    for wish in Others:
        chosen = [it for it in some if it.wish == wish]
        if chosen:
            _carry_out(desk, chosen, wish)


def _carry_out(desk: Desk, some: Sequence[Correction], wish: Others) -> None:
    successor = ""
    if wish is not Others.LEAVE:
        try:
            successor = _follow(desk, some, wish)
        except (StateError, ContentError) as error:
            with desk.store.write() as connection:
                for it in some:
                    corrections.fail(connection, it, str(error))
            return
    if wish is Others.AGAIN:
        _take_back(desk, some)
    with desk.store.write() as connection:
        for it in some:
            corrections.left(connection, it, Progress(wish.value), successor, desk.clock())


def _follow(desk: Desk, some: Sequence[Correction], wish: Others) -> str:
    """The slug of the post that follows, whose file is there. Its name is noted before it is written. Raises StateError or ContentError."""
    first = some[0]
    with desk.store.write() as connection:
        known = posts.by_slug(connection, first.post)
        source = corrections.source_of(connection, first)
        assert known is not None  # noqa: S101 - a correction refers to its post
        slug = first.successor or free_slug(desk, known, wish)
        corrections.name_successor(connection, [it.id for it in some], slug)
        is_there = posts.by_slug(connection, slug) is not None
    if not is_there and not path_of(desk, known, slug).exists():
        post = _post(desk, known.path, first.post, source)
        write_successor(desk, known, post, slug=slug, wish=wish, channels=[it.channel for it in some])
    return slug


def _post(desk: Desk, path: str, slug: str, source: str) -> Post:
    """The post as it was when its correction was ordered, whatever its file says since. Raises ContentError."""
    name = (desk.folder / path).with_suffix(".md")
    read = read_post(
        source.encode(), path=name, shown_as=path, zone=desk.zone, columns=desk.columns, media=desk.media, slug=slug
    )
    if read.post is None:
        raise ContentError("\n".join(map(str, read.problems)))
    return read.post


def _take_back(desk: Desk, some: Sequence[Correction]) -> None:
    """Ask each channel that can; what it refuses, or cannot do, is for a person, who sees it where it stands."""
    with desk.store.read() as connection:
        found = deliveries.get(connection, [it.delivery_id for it in some])
    for it in some:
        channel = desk.channels.get(it.channel)
        if channel is None or not channel.retracts or found[it.delivery_id].state not in _OUT:
            continue
        try:
            retract(desk, Retract(delivery=it.delivery_id), it.person)
        except StateError as error:
            log.warning("%s", error)
