"""Acts about restricted posts: an administrator opens one for one look, with a reason; somebody on the list lets more people in."""

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa

from xuanfa.domain.access import Restriction
from xuanfa.domain.act import ConfirmAccess, OpenRestricted
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import MACHINE, Person
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import closed_in_words, veil_of, viewer_of
from xuanfa.store import access, deliveries, users

#: The line of history of an opening.
OPENED = "restricted_opened"


def open_restricted(desk: Desk, act: OpenRestricted, person: Person) -> Restriction:
    """Open a post for one look. Its author is told until they have seen it. Raises StateError without a reason, and where nothing is closed."""
    if not person.why.strip():
        raise StateError(
            say(
                "打开限阅稿件要写明事由：--why 原因。它会记录下来，并告知作者。",
                "Opening a restricted post needs a reason: --why REASON. It is recorded and told to the author.",
            )
        )
    with desk.store.write() as connection:
        found = _restricted(connection, act.post)
        if not found.opens_to(viewer_of(connection, person)):
            now = desk.clock()
            access.open_once(connection, found.post_id, actor=person.name, why=person.why, now=now)
            deliveries.record_event(
                connection,
                now=now,
                after=OPENED,
                actor=person.signs(act.verb),
                why=person.why,
                post_id=found.post_id,
            )
    return found


def opened_for(desk: Desk, slug: str, person: Person) -> Collection[str]:
    """The post, where this person may not read it and has opened it here by the reason of what they do; else none. Raises StateError for
    whoever may not open it either."""
    if not person.why.strip() or not veil_of(desk, person).hides(slug):
        return ()
    act = OpenRestricted(post=slug)
    objection = desk.may(person, act)
    if objection:
        raise StateError(objection)
    open_restricted(desk, act, person)
    return (slug,)


def confirm_access(desk: Desk, act: ConfirmAccess, person: Person) -> Restriction | None:
    """Let in whom the file names besides; ``None`` where the post is restricted no longer. Raises StateError for whoever is neither on the
    list nor the author, and where nothing waits for that."""
    with desk.store.write() as connection:
        found = _restricted(connection, act.post)
        if not _may_widen(connection, found, person):
            raise StateError(closed_in_words(act.post))
        if found.wish is None:
            raise StateError(
                say(
                    "稿件 {slug} 的限阅名单没有等确认的改动：要改就改稿头的 access，存盘后再确认。",
                    "No change of the list of {slug} waits to be confirmed: change `access` in its front matter, save it, then confirm.",
                    slug=act.post,
                )
            )
        now, words = desk.clock(), found.wish.words
        after = replace(found, access=found.wish, wish=None) if words else None
        if after is None:
            access.lift(connection, found.post_id)
        else:
            access.note(connection, after, now)
        deliveries.record_event(
            connection,
            now=now,
            after=access.WIDENED if after else access.LIFTED,
            actor=person.signs(act.verb),
            why=found.wish.shown(),
            post_id=found.post_id,
            proof=access.proof_of(after) if after else None,
        )
    return after


def _may_widen(connection: sa.Connection, found: Restriction, person: Person) -> bool:
    """The author, or whoever is on the list in force; without users, the machine's account, as it decides everything."""
    if person.how == MACHINE:
        return not users.exist(connection)
    viewer = viewer_of(connection, person)
    return found.access.opens_to(viewer) or person.name in found.authors


def _restricted(connection: sa.Connection, slug: str) -> Restriction:
    found = access.of_slug(connection, slug)
    if found is None:
        raise StateError(
            say(
                "没有名为“{slug}”的限阅稿件：它不限阅，或已经发布，人人能看；稿件见 {posts}。",
                "There is no restricted post {slug!r}: it is not restricted, or is out and open to everybody; see {posts}.",
                slug=slug,
                posts=Remedy("posts"),
            )
        )
    return found
