"""Where the text of a post is: its file, what the database knows of it, and who may write in it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from xuanfa.content.reading.kinds import suffix_of
from xuanfa.content.reading.restricted import names_access
from xuanfa.content.reading.rewriting import parted, value_of
from xuanfa.content.reading.sources import decode, read_source
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.review_people import authors_of
from xuanfa.domain.review_turn import may_decide
from xuanfa.domain.user import Role, Staff
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import require_may_read, veil_in
from xuanfa.operations.reviewing.docket import docket, members_of
from xuanfa.store import drafts, likeness, posts, reviews, series, users

#: By what a post can be called.
_SLUG: Final = re.compile(r"[\w-]{1,100}")
#: Who writes in everybody's posts.
_EDITORS: Final = frozenset({Role.EDITOR, Role.PUBLISHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlace:
    """A post, or one that is to be: its file, which may not be there yet, and its newest revision, 0 where there is none."""

    slug: str
    path: Path
    #: The file as people and the database know it: ``posts/2026/a.md``.
    shown_as: str
    revision: int = 0
    title: str = ""
    #: Whether it is the source of occurrences, and no post by itself.
    recurs: bool = False

    @property
    def is_document(self) -> bool:
        """Whether it is a Word file, which is written in Word."""
        return suffix_of(self.path.name) != ".md"


def place_of(desk: Desk, slug: str) -> PostPlace:
    """Where the post of this name is, or is to be. Raises StateError for what cannot be a name."""
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is not None:
            path = desk.folder / known.path
            return PostPlace(slug=slug, path=path, shown_as=known.path, revision=known.revision, title=known.title)
        source = series.by_slug(connection, slug)
        if source is not None and source.standing != "ended":
            return PostPlace(
                slug=slug, path=desk.folder / source.path, shown_as=source.path, title=source.title, recurs=True
            )
        if not _SLUG.fullmatch(slug):
            raise no_such_post(slug, likeness.slugs(connection))
    name = desk.posts_folder.name
    places = [f"{name}/{slug[:4]}/{slug}.md", f"{name}/{slug}.md"]
    shown_as = next((place for place in places if (desk.folder / place).is_file()), places[0])
    return PostPlace(slug=slug, path=desk.folder / shown_as, shown_as=shown_as)


def text_of_file(place: PostPlace) -> str | None:
    """What stands in the file now; ``None`` where there is none. Raises ContentError where it cannot be read."""
    if not place.path.is_file() or place.is_document:
        return None
    return decode(read_source(place.path, place.shown_as), place.shown_as).text


def written_in_word(place: PostPlace) -> StateError:
    """Its text is changed where it is written."""
    return StateError(
        say(
            "这篇稿件是 Word 文件（{path}），请在 Word 里改，改好放回原处，会自动成为新的一版；预览、送审照常在这里。",
            "This post is a Word file ({path}): change it in Word and put it back: it becomes a new revision. Look at it and submit it here.",
            path=place.shown_as,
        )
    )


def require_may_write(desk: Desk, place: PostPlace, person: Person) -> None:
    """Raise StateError where this person may not write in this post: it says who may, or that it is hidden."""
    with desk.store.read() as connection:
        require_may_read(veil_in(connection, person), place.slug)
        if _may_write(desk, connection, place, person):
            return
    raise StateError(
        say(
            "这篇稿件您可以看，不能改：作者改自己的，编辑改所有的，审校的人在轮到自己、又允许改稿的一步上改。",
            "You may read this post and not change it: its authors may, editors may, and whoever holds a step that allows it.",
        )
    )


def may_write(desk: Desk, place: PostPlace, person: Person) -> bool:
    """Whether they may."""
    with desk.store.read() as connection:
        is_hidden = veil_in(connection, person).hides(place.slug)
        return not is_hidden and _may_write(desk, connection, place, person)


def _may_write(desk: Desk, connection: sa.Connection, place: PostPlace, person: Person) -> bool:
    user = users.get(connection, person.name)
    if user is None or user.disabled:
        return False
    if drafts.draft_of(connection, place.slug, user.name) is not None and not place.revision:
        return True
    edits_all = bool(user.roles & _EDITORS) and user.staff is not Staff.OUTSOURCED
    if not place.revision:
        return not _is_closed(place) and (edits_all or user.name in _authors_of_source(connection, place))
    if edits_all:
        return True
    known = posts.by_slug(connection, place.slug)
    named = reviews.authors_named(connection, known.id) if known is not None else set()
    if user.name in authors_of(named, members_of(connection)):
        return True
    return _may_correct(desk, connection, place, user.name)


def may_correct(desk: Desk, place: PostPlace, person: Person) -> bool:
    """Whether the review is at a step that is this person's and allows to correct the post."""
    with desk.store.read() as connection:
        return _may_correct(desk, connection, place, person.name)


def _may_correct(desk: Desk, connection: sa.Connection, place: PostPlace, name: str) -> bool:
    found = docket(desk, connection, place.slug)
    open_ = None if found is None else found.table.stands.open_step
    return bool(found and open_ and open_.step.may_edit and may_decide(found.table, open_, name))


def _authors_of_source(connection: sa.Connection, place: PostPlace) -> Collection[str]:
    """Who has written the source of occurrences, as its file says; nobody where it is none."""
    try:
        text = text_of_file(place) if place.recurs else None
    except ContentError:
        return ()
    matter = None if text is None else parted(text)[0]
    author = "" if matter is None else value_of(matter, "author")
    return authors_of({author}, members_of(connection)) if author else ()


def _is_closed(place: PostPlace) -> bool:
    """Whether the file of what was never taken says who may read it, however badly: then whoever keeps the folder sees to it."""
    try:
        text = text_of_file(place)
    except ContentError:
        return True
    return text is not None and names_access(text)
