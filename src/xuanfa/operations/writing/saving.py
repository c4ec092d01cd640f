"""Saving a draft as a revision: the file is written whole or not at all, and just that post is read.

Where the file has changed since the draft was begun, both are merged by paragraph; where they collide, nothing is written, and a person
chooses. Both originals stay: theirs is the file's revision, and mine becomes one before the chosen text does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.merging import Clash, Piece, chosen, merge, tidy, whole
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile, digest_of
from xuanfa.operations.intake.queue import read_again
from xuanfa.operations.reviewing.editing import signed_edit
from xuanfa.operations.writing.drafts import mark_of
from xuanfa.operations.writing.files import write_bytes
from xuanfa.operations.writing.places import PostPlace, place_of, require_may_write, text_of_file, written_in_word
from xuanfa.store import drafts, posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """It is a revision. ``merged``: with what somebody else has changed meanwhile."""

    revision: int
    merged: bool = False
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collided:
    """Both have changed the same paragraphs, and nothing was written. ``theirs`` names the text that stands in the file."""

    pieces: tuple[Piece, ...]
    theirs: str

    @property
    def clashes(self) -> list[Clash]:
        """What has to be chosen, in order."""
        return [each for each in self.pieces if isinstance(each, Clash)]

    @property
    def merged(self) -> int:
        """How many pieces needed no choice."""
        return len(self.pieces) - len(self.clashes)


def save(
    desk: Desk, slug: str, person: Person, *, answers: Sequence[str] | None = None, theirs: str = ""
) -> Saved | Collided:
    """Make this person's draft a revision. ``answers`` are what they have chosen where it collided with the text that ``theirs`` names.

    Raises ContentError where the text is no post yet: nothing was written then, and the draft stays.
    """
    place = place_of(desk, slug)
    require_may_write(desk, place, person)
    if place.is_document:
        raise written_in_word(place)
    with desk.store.read() as connection:
        draft = drafts.draft_of(connection, slug, person.name)
    if draft is None:
        return Saved(revision=place.revision)
    current = text_of_file(place)
    text, has_chosen = tidy(draft.text), False
    if current is not None and current != draft.base:
        pieces = merge(draft.base, draft.text, current)
        joined = whole(pieces)
        if joined is None and (answers is None or theirs != mark_of(current)):
            return Collided(pieces=tuple(pieces), theirs=mark_of(current))
        has_chosen = joined is None
        text = joined if joined is not None else chosen(pieces, answers or ())
    reading = _readable(desk, place, text)
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        if text_of_file(place) != current:
            raise StateError(_just_now())
        write_bytes(place.path, text.encode())
        if has_chosen:
            _keep_own(desk, connection, place, draft.text, person)
    return _taken(desk, place, person, reading, merged=current is not None and current != draft.base)


def collision(desk: Desk, slug: str, person: Person) -> Collided | None:
    """Where this person's draft collides with what stands in the file now; ``None`` where it does not."""
    place = place_of(desk, slug)
    require_may_write(desk, place, person)
    with desk.store.read() as connection:
        draft = drafts.draft_of(connection, slug, person.name)
    current = text_of_file(place)
    if draft is None or current is None:
        return None
    pieces = merge(draft.base, draft.text, current)
    return Collided(pieces=tuple(pieces), theirs=mark_of(current)) if whole(pieces) is None else None


def _readable(desk: Desk, place: PostPlace, text: str) -> Reading:
    """What was read of the text. Raises ContentError where it is no post."""
    reading = read_post(
        text.encode(),
        path=place.path,
        shown_as=place.shown_as,
        zone=desk.zone,
        columns=desk.columns,
        media=desk.media,
        slug=place.slug if place.revision else "",
        kinds=desk.reviews.names,
    )
    if reading.post is None:
        raise ContentError("\n".join(str(each) for each in reading.problems))
    return reading


def _just_now() -> str:
    return say(
        "这一刻有别人也存了这篇，没有写。请再按一次，会把两边合起来。",
        "Somebody else has saved this post at this very moment; nothing was written. Press once more: both will be merged.",
    )


def _keep_own(desk: Desk, connection: sa.Connection, place: PostPlace, text: str, person: Person) -> None:
    """Keep what this person wrote as a revision of its own, of which nothing is sent: another one follows at once."""
    known = posts.by_slug(connection, place.slug)
    try:
        post = _readable(desk, place, text).post
    except ContentError:
        return  # it would be no post by itself: the chosen text holds what was taken of it
    if known is None or post is None or post.access:
        return
    values = {
        "slug": known.slug,
        "path": known.path,
        "title": post.title,
        "column_id": post.column,
        "department": post.department,
        "queued_at": desk.clock(),
        "zone": str(desk.zone),
    }
    actor = signed_edit(desk, connection, known.slug, person)
    posts.add_revision(
        connection,
        known,
        values,
        source=text,
        digest=digest_of(text.encode()),
        actor=actor,
        author=post.author,
        kind=desk.reviews.template_for(post.column, post.kind),
        original=desk.organisation.wrote(post),
    )


def _taken(desk: Desk, place: PostPlace, person: Person, reading: Reading, *, merged: bool) -> Saved:
    facts = place.path.stat()
    file = InboxFile(
        path=place.path,
        shown_as=place.shown_as,
        size=facts.st_size,
        changed_ns=facts.st_mtime_ns,
        slug=place.slug if place.revision else "",
    )
    report, _ = read_again(desk, file, by=person)
    if report.problems:
        raise ContentError("\n".join(report.problems))
    with desk.store.write() as connection:
        drafts.drop_draft(connection, place.slug, person.name)
        known = posts.by_slug(connection, place.slug)
    revision = known.revision if known is not None else place.revision
    told = dict.fromkeys([*report.notices, *(str(each) for each in reading.notices)])
    return Saved(revision=revision, merged=merged, notices=tuple(told))
