"""Whose a slug is: which file a post lies in, when several have its slug or one has another than before. Inside the caller's transaction."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.domain.likeness import body_of, comparable, is_same, title_key
from xuanfa.domain.post import Post
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import UNKNOWN, facts_of
from xuanfa.operations.intake.notices import other_post_notice
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.intake.withheld import hold, other_post_in_words
from xuanfa.store import likeness, posts
from xuanfa.store.deliveries import Change
from xuanfa.store.likeness import Content
from xuanfa.store.posts import KnownPost


def taken(desk: Desk, connection: sa.Connection, known: KnownPost | None, path: str) -> str:
    """What is said of a file whose slug is another one's; empty where it is its own."""
    if known is None or known.path == path or not _holds(desk, connection, known):
        return ""
    return say(
        "slug “{slug}” 已被 {other} 使用：请给其中一篇改名，或写不同的 slug。",
        "the slug {slug!r} is taken by {other}: rename one of the files or give it another slug.",
        slug=known.slug,
        other=known.path,
    )


def _holds(desk: Desk, connection: sa.Connection, known: KnownPost) -> bool:
    """Whether the file in which a post was found last still holds it. One that has changed since is being read like this one, and then its
    word counts: names may have been exchanged."""
    seen = posts.seen_files(connection, [known.path]).get(known.path)
    facts = facts_of(desk.folder, known.path)
    if facts is None:
        return False
    return seen is None or (seen.post_id in {known.id, None} and facts in {UNKNOWN, (seen.size, seen.changed_ns)})


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file has to do with the post whose slug it has. ``taken_from`` is the file that held it before, where another one has its slug
    now and neither its title nor, or nearly, its body; ``is_back`` tells that it is in another file than before and as it was."""

    taken_from: str = ""
    is_back: bool = False


#: That of a post that is nobody else's.
NO_CLAIM: Final = Claim()


def claim(connection: sa.Connection, known: KnownPost | None, post: Post) -> Claim:
    """The claim of a file to the post of its slug.

    The file of before may be broken or half-way to something else, so that nobody knows whether it has given the slug up. When it is
    mended, it takes its post back, which was once as it is now.
    """
    if known is None or known.path == post.path:
        return NO_CLAIM
    numbers = range(known.revision, max(known.revision - _LOOKED_BACK, 0), -1)
    is_alike = any(_is_alike(likeness.content(connection, known.id, each), post) for each in numbers)
    return Claim(is_back=True) if is_alike else Claim(taken_from=known.path)


#: So many revisions are looked at.
_LOOKED_BACK: Final = 20


def _is_alike(before: Content, post: Post) -> bool:
    same_title = before.title_key == title_key(post.title)
    return same_title and is_same(comparable(body_of(before.source)), comparable(post.body))


def leave_other_post(desk: Desk, connection: sa.Connection, slug: str, path: str, report: QueueReport) -> list[Change]:
    """The file held another post before: what has not been sent of that has no file any more."""
    before = posts.other_slug_of(connection, path, slug)
    other = None if before is None else posts.by_slug(connection, before)
    if other is None:
        return []
    report.notice(other_post_notice(path, other.slug, slug))
    return hold(desk, connection, {other.id: other_post_in_words(path, slug)}, desk.clock())
