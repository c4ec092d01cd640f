"""The rule: what a person is not shown. Whoever shows, writes down or sends anything of posts asks here, and decides nothing by himself."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.access import NOBODY, Access, Veil, Viewer
from xuanfa.domain.errors import StateError, StoreError
from xuanfa.domain.language import say
from xuanfa.domain.person import MACHINE, Person
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store import access, users

#: What a token must be for, that restricted posts are open to it as to its person.
_READING: Final = frozenset({"read", "draft", "review"})


def viewer_of(connection: sa.Connection, person: Person | None) -> Viewer:
    """As whom a person looks. The machine's account is nobody, and so is a token that is for something else than reading."""
    if person is None or person.how == MACHINE or (person.scopes is not None and not person.scopes & _READING):
        return NOBODY
    user = users.get(connection, person.name)
    return NOBODY if user is None or user.disabled else Viewer(user.name, user.roles)


def veil_of(desk: Desk, person: Person | None, opened: Collection[str] = ()) -> Veil:
    """What this person is not shown; ``opened`` are posts that they have just opened as an administrator, each with its reason."""
    with desk.store.read() as connection:
        return veil_in(connection, person, opened)


def veil_in(connection: sa.Connection, person: Person | None, opened: Collection[str] = ()) -> Veil:
    """The same inside a transaction."""
    return access.veil(connection, viewer_of(connection, person), opened)


def is_restricted(desk: Desk, post_id: int) -> bool:
    """Whether a post is restricted, for whoever is about to write something of it into the log: it is, where nobody can tell."""
    try:
        with desk.store.read() as connection:
            return access.of_post(connection, post_id) is not None
    except StoreError:
        return True


def require_may_read(veil: Veil, slug: str) -> None:
    """Raise StateError where this post is hidden: it says the slug and that it is restricted, and nothing else."""
    if veil.hides(slug):
        raise StateError(closed_in_words(slug))


def require_may_read_file(veil: Veil, slug: str, words: Collection[str], *, is_restricted: bool) -> None:
    """The same for what a file says, which may not have been read into the queue yet: both its own list and the one in force count."""
    require_may_read(veil, slug)
    if is_restricted and not Access(frozenset(words)).opens_to(veil.viewer):
        raise StateError(closed_in_words(slug))


def closed_in_words(slug: str) -> str:
    """What is said to whoever may not read a post."""
    return say(
        "稿件 {slug} 限阅，只有名单上的人能看：在名单上的请写明是谁（--as 登录名，或 XUANFA_TOKEN）；"
        "管理员确有需要，用 --why 写明事由，会记录并告知作者。名单见 {access}",
        "The post {slug} is restricted to those on its list: who stands there says so (--as NAME, or XUANFA_TOKEN); an administrator who has to "
        "gives the reason with --why, which is recorded and told to its author. For the list, see {access}",
        slug=slug,
        access=Remedy("access", slug),
    )
