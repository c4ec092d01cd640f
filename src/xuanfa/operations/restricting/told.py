"""Who is told that an administrator has opened a restricted post: its authors, and where none of them is a user, those on its list."""

from collections.abc import Sequence

import sqlalchemy as sa

from xuanfa.domain.access import Viewer
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import access, users
from xuanfa.store.access import Opening


def concerned(connection: sa.Connection, opening: Opening) -> frozenset[str]:
    """Whom an opening is told to, by login name."""
    able = {user.name: user for user in users.all(connection) if not user.disabled}
    found = access.kept(connection, opening.post_id)
    if found is None:
        return frozenset()
    authors = (found.authors & able.keys()) - {opening.actor}
    if authors:
        return authors
    return frozenset(name for name, user in able.items() if found.opens_to(Viewer(name, user.roles)))


def unseen_by(desk: Desk, person: Person) -> Sequence[Opening]:
    """Openings that concern this person and that nobody is known to have heard of."""
    with desk.store.read() as connection:
        return [each for each in access.unseen(connection) if person.name in concerned(connection, each)]


def note_seen(desk: Desk, openings: Sequence[Opening], person: Person) -> None:
    """The person has been shown these; nothing more is told of them. An account that may only look leaves them as they are."""
    if openings and not desk.store.read_only:
        with desk.store.write() as connection:
            access.see(connection, [each.id for each in openings], who=person.name, now=desk.clock())


def opening_in_words(desk: Desk, it: Opening) -> str:
    """An opening, for whom it concerns: the reason too."""
    return say(
        "限阅稿件 {slug} 被管理员 {who} 于 {at} 打开看过，事由：{why}",
        "the restricted post {slug} was opened by the administrator {who} at {at}: {why}",
        slug=it.slug,
        who=it.actor,
        at=in_words(it.at, desk.zone),
        why=it.why,
    )
