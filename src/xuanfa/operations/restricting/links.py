"""Links for leaders (领导链接): a post is shown to somebody without an account, for a time, and decides nothing.

The address is a number with an HMAC over the post, its revision and the end: it cannot be guessed or changed, and a row says whether it was
taken back. A restricted post is shown by no link.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.act_outward import MakeLink, RevokeLink
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Actor, Person
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import access, channels, deliveries, leader_links, posts
from xuanfa.store.leader_links import LeaderLink

__all__ = ["LeaderLink", "carry_out_link", "end_links", "links_of", "note_opened", "opened_link", "signed"]

#: The lines of the history. Of an opening, the actor is whoever has made the link: who holds it has no account.
MADE, REVOKED, OPENED, OVER = "link_made", "link_revoked", "link_opened", "link_over"
_TOLD_AGAIN: Final = timedelta(minutes=10)
#: So long a link may last.
LONGEST: Final = timedelta(days=7)
_SCOPE, _NAME = "console", "link_key"
_MAC_SHOWN: Final = 32


def carry_out_link(desk: Desk, act: MakeLink | RevokeLink, person: Person) -> LeaderLink:
    """Make a link, or take one back."""
    return make_link(desk, act, person) if isinstance(act, MakeLink) else revoke_link(desk, act, person)


def make_link(desk: Desk, act: MakeLink, person: Person) -> LeaderLink:
    """A link to the post as it is now. Raises StateError for a restricted post, and for a time that is too long."""
    if not timedelta(0) < act.lasts <= LONGEST:
        raise StateError(say("链接最长用 7 天。", "A link lasts seven days at most."))
    now = desk.clock()
    with desk.store.write() as connection:
        known = posts.by_slug(connection, act.post)
        if known is None:
            raise StateError(say("没有这篇稿件。", "There is no such post."))
        if access.of_post(connection, known.id) is not None:
            raise StateError(
                say("这篇限阅，不能用链接发给别人看。", "The post is restricted: no link shows it to anybody.")
            )
        number = leader_links.add(
            connection, slug=act.post, revision=known.revision, maker=person.name, now=now, ends_at=now + act.lasts
        )
        words = say(
            "链接 {n}，版本 {revision}，到 {until} 止",
            "link {n} to revision {revision}, until {until}",
            n=number,
            revision=known.revision,
            until=in_words(now + act.lasts, desk.zone),
        )
        _record(connection, MADE, words, now, person.signs(act.verb), known.id)
        made = leader_links.get(connection, number)
    assert made is not None  # noqa: S101 - it was written just now
    return made


def links_of(desk: Desk, slug: str) -> list[LeaderLink]:
    """All of a post, the newest first."""
    with desk.store.read() as connection:
        return leader_links.of_post(connection, slug)


def revoke_link(desk: Desk, act: RevokeLink, person: Person) -> LeaderLink:
    """It shows nothing any more. Raises StateError where there is no such link."""
    now = desk.clock()
    with desk.store.write() as connection:
        known = posts.by_slug(connection, act.post)
        if known is None or not leader_links.revoke(connection, act.link, act.post, now):
            raise StateError(say("没有这条链接，或者已经收回。", "There is no such link, or it was taken back."))
        words = say("链接 {n}", "link {n}", n=act.link)
        _record(connection, REVOKED, words, now, person.signs(act.verb), known.id)
        found = leader_links.get(connection, act.link)
    assert found is not None  # noqa: S101 - it was written just now
    return found


def _record(  # noqa: PLR0917 - a line of the history is made of these
    connection: sa.Connection,
    after: str,
    why: str,
    now: datetime,
    actor: Actor,
    post_id: int,
    subject: str | None = None,
) -> None:
    """``subject``: whose link it is, where that person has not done it; so the line stands among those of people (``audit show``)."""
    deliveries.record_event(connection, now=now, after=after, actor=actor, why=why, post_id=post_id, subject=subject)


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


def note_opened(desk: Desk, link: LeaderLink, place: str) -> None:
    """Somebody has opened it: when, how often, and, in the history, from where; of what is opened again and again, one line in ten minutes."""
    now = desk.clock()
    with desk.store.write() as connection:
        leader_links.note_opened(connection, link.id, now)
        known = posts.by_slug(connection, link.slug)
        if known is not None and (link.opened_at is None or now - link.opened_at >= _TOLD_AGAIN):
            words = say("链接 {n}，从 {place} 打开", "link {n}, opened from {place}", n=link.id, place=place or "-")
            _record(connection, OPENED, words, now, link.maker, known.id, link.maker)


def end_links(desk: Desk) -> None:
    """Tell the history of links whose time is over, once each: until when they were good, and how often they were opened."""
    now = desk.clock()
    with desk.store.read() as connection:
        found = leader_links.ended(connection, now)
    if not found:
        return
    with desk.store.write() as connection:
        for link in found:
            known = posts.by_slug(connection, link.slug)
            if known is not None and leader_links.note_over(connection, link.id, now):
                words = say(
                    "链接 {n} 到期（{until}），打开过 {times} 次",
                    "the time of link {n} is over ({until}); it was opened {times} times",
                    n=link.id,
                    until=in_words(link.ends_at, desk.zone),
                    times=link.opened,
                )
                _record(connection, OVER, words, now, desk.node, known.id, link.maker)


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
