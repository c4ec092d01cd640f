"""Taking: what the file of a post says of its readers, when it is read into the queue. Inside the caller's transaction.

A file may always take people out. Whom it lets in besides has to be confirmed by somebody who is on the list already: whoever may write into
``posts/`` could else open what others have written.
"""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.access import Access, Restriction
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review_people import authors_of
from xuanfa.operations.desk import Desk
from xuanfa.store import access, deliveries, users
from xuanfa.store.posts import KnownPost


def unknown_people(desk: Desk, connection: sa.Connection, words: Collection[str]) -> str:
    """Which words of a list are nobody's login name; empty where all are known. A list with a mistake would be closed to whom it names."""
    named = Access(frozenset(words)).names
    unknown = sorted(name for name in named if not desk.knows_user(connection, name))
    if not unknown:
        return ""
    return say(
        "access（限阅）里的 {names} 不是登录名，也不是角色：请照 {users} 里的登录名写，或先建立用户。",
        "`access` names {names}, which is neither a login name nor a role: write login names as {users} has them, or make the users first.",
        names=say("、", ", ").join(unknown),
        users=Remedy("users"),
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: how the post is restricted now (``None``: not at all), and what its author should know."""

    restriction: Restriction | None
    notice: str = ""


def take_access(desk: Desk, connection: sa.Connection, known: KnownPost, words: Collection[str], author: str) -> Taken:
    """Note whom the list of a post's newest revision, written by ``author``, lets in."""
    post_id, slug, now = known.id, known.slug, desk.clock()
    before = access.of_post(connection, post_id)
    if before is None and not words:
        return Taken(None)
    if before is None and access.is_out(connection, post_id):
        return Taken(
            None,
            say(
                "已经发布过，写了限阅也不起作用：公开过的内容人人能看",
                "it was published already, and is not restricted however its file reads: what was public is for everybody",
            ),
        )
    if before is None:
        members = {user.name: user for user in users.all(connection)}
        authors = authors_of({author}, members)
        after = Restriction(post_id=post_id, slug=slug, access=Access(frozenset(words)), authors=authors)
        _write(connection, desk, after, access.RESTRICTED, now)
        _forget_previews(desk, slug)
        return Taken(after)
    after = before.after(words)
    if after == before:
        return Taken(after)
    _write(connection, desk, after, access.WISHED if after.wish is not None else access.NARROWED, now)
    return Taken(after, "" if after.wish is None else wish_in_words(after))


def _forget_previews(desk: Desk, slug: str) -> None:
    """Take away the pages on which somebody has looked at it before it was restricted. What another account has written may stay."""
    for name in ("preview", "rehearse"):
        shutil.rmtree(desk.folder / "var" / name / slug, ignore_errors=True)


def _write(connection: sa.Connection, desk: Desk, after: Restriction, what: str, now: datetime) -> None:
    access.note(connection, after, now)
    said = after.access if after.wish is None else after.wish
    why = said.shown() or _everybody()
    proof = access.proof_of(after)
    deliveries.record_event(
        connection, now=now, after=what, actor=desk.node, why=why, post_id=after.post_id, proof=proof
    )


def wish_in_words(it: Restriction) -> str:
    """That a list is to become longer, and who has to say so."""
    assert it.wish is not None  # noqa: S101 - the caller has looked
    return say(
        "限阅名单要改成 {after}，现在是 {before}：放宽要由名单上的人或作者确认，在此之前仍照原名单：{access}",
        "its list of readers is to be {after} and is {before}: somebody on it, or the author, confirms that; until then it stays: {access}",
        before=it.access.shown(),
        after=it.wish.shown() or _everybody(),
        access=Remedy("access", it.slug, confirm=True),
    )


def _everybody() -> str:
    return say("所有人（不限阅）", "everybody (not restricted)")
