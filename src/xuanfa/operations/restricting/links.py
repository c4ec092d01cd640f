"""Links for leaders (领导链接): a post is shown to somebody without an account, for a time, and decides nothing.

The address is a number with an HMAC over the post, its revision and the end: it cannot be guessed or changed, and a row says whether it was
taken back. A restricted post is shown by no link.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.store import access, channels, leader_links, posts
from xuanfa.store.leader_links import LeaderLink

__all__ = ["LeaderLink", "links_of", "make_link", "note_opened", "opened_link", "revoke_link", "signed"]

#: So long a link may last.
LONGEST: Final = timedelta(days=7)
_SCOPE, _NAME = "console", "link_key"
_MAC_SHOWN: Final = 32


def make_link(desk: Desk, slug: str, maker: str, lasts: timedelta) -> LeaderLink:
    """A link to the post as it is now. Raises StateError for a restricted post, and for a time that is too long."""
    if not timedelta(0) < lasts <= LONGEST:
        raise StateError(say("链接最长用 7 天。", "A link lasts seven days at most."))
    now = desk.clock()
    with desk.store.write() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            raise StateError(say("没有这篇稿件。", "There is no such post."))
        if access.of_post(connection, known.id) is not None:
            raise StateError(
                say("这篇限阅，不能用链接发给别人看。", "The post is restricted: no link shows it to anybody.")
            )
        number = leader_links.add(
            connection, slug=slug, revision=known.revision, maker=maker, now=now, ends_at=now + lasts
        )
        made = leader_links.get(connection, number)
    assert made is not None  # noqa: S101 - it was written just now
    return made


def links_of(desk: Desk, slug: str) -> list[LeaderLink]:
    """All of a post, the newest first."""
    with desk.store.read() as connection:
        return leader_links.of_post(connection, slug)


def revoke_link(desk: Desk, slug: str, number: int) -> None:
    """It shows nothing any more. Raises StateError where there is no such link."""
    with desk.store.write() as connection:
        if not leader_links.revoke(connection, number, slug, desk.clock()):
            raise StateError(say("没有这条链接，或者已经收回。", "There is no such link, or it was taken back."))


def signed(desk: Desk, link: LeaderLink) -> str:
    """What stands in the address."""
    return f"{link.id}.{_mac(_key(desk), link)}"


def opened_link(desk: Desk, typed: str) -> LeaderLink | None:
    """The link of an address; ``None`` for what was made up, has ended, was taken back, or is of a post that is restricted now."""
    number, _, mac = typed.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < _DIGITS):
        return None
    with desk.store.read() as connection:
        link = leader_links.get(connection, int(number))
        known = None if link is None else posts.by_slug(connection, link.slug)
        is_closed = known is None or access.of_post(connection, known.id) is not None
    if link is None or is_closed or not link.is_good(desk.clock()):
        return None
    return link if hmac.compare_digest(_mac(_key(desk), link).encode(), mac.encode("utf-8", "surrogatepass")) else None


#: No row has a number of so many digits.
_DIGITS: Final = 10


def note_opened(desk: Desk, link: LeaderLink) -> None:
    """Somebody has opened it: when, and how often."""
    with desk.store.write() as connection:
        leader_links.note_opened(connection, link.id, desk.clock())


def _mac(key: str, link: LeaderLink) -> str:
    told = "|".join([str(link.id), link.slug, str(link.revision), link.ends_at.isoformat()])
    return hmac.new(key.encode(), told.encode(), hashlib.sha256).hexdigest()[:_MAC_SHOWN]


def _key(desk: Desk) -> str:
    """The workspace's own, made when the first link is."""
    now = desk.clock()
    with desk.store.read() as connection:
        found = channels.recall(connection, _SCOPE, _NAME, now)
    if found is None:
        with desk.store.write() as connection:
            channels.take(connection, _SCOPE, _NAME, secrets.token_hex(32), now=now, expires_at=None)
            found = channels.recall(connection, _SCOPE, _NAME, now)
    assert found is not None  # noqa: S101 - it was written just now
    return found
