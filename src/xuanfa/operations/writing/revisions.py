"""版本: what a post has said, revision by revision, and going back to one, which makes a new draft and takes nothing away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from xuanfa.domain.access import Veil
from xuanfa.domain.differences import Difference, differences
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.refusals import no_such_post
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.operations.writing.places import place_of, require_may_write, text_of_file
from xuanfa.store import drafts, likeness, posts, revised, users
from xuanfa.store.drafts import DraftRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision in the list. ``by`` is the name as it is printed; empty where its file was put into the folder and nobody has said so."""

    number: int
    title: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A revision beside another text: ``against`` is its number, 0 for what stands in the file now."""

    number: int
    against: int
    text: str
    differences: tuple[Difference, ...]


def revisions_of(desk: Desk, slug: str, veil: Veil) -> list[Revision]:
    """The revisions of a post, the newest first. Raises StateError where it is hidden."""
    require_may_read(veil, slug)
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            raise no_such_post(slug, likeness.slugs(connection))
        names = {user.name: user.display for user in users.all(connection)}
        rows = revised.revisions_of(connection, known.id)
    return [
        Revision(number=row.number, title=row.title, by=_who(row.by if row.act else "", names), at=row.at)
        for row in rows
    ]


def _who(name: str, names: Mapping[str, str]) -> str:
    return names.get(name, name)


def compared(desk: Desk, slug: str, veil: Veil, number: int, against: int) -> Compared:
    """What has changed from revision ``number`` to ``against``. Raises StateError where there is none of that number."""
    require_may_read(veil, slug)
    place = place_of(desk, slug)
    text = _source(desk, slug, number)
    other = (
        (text_of_file(place) or _source(desk, slug, place.revision)) if not against else _source(desk, slug, against)
    )
    return Compared(number=number, against=against, text=text, differences=tuple(differences(text, other)))


def text_now(desk: Desk, slug: str, veil: Veil) -> str:
    """The text of the newest revision. Raises StateError where it is hidden, or where there is none."""
    require_may_read(veil, slug)
    return _source(desk, slug, place_of(desk, slug).revision)


def go_back(desk: Desk, slug: str, person: Person, number: int) -> None:
    """Begin a draft with what a revision said: saving it makes a new one. What the person has written is not written over."""
    place = place_of(desk, slug)
    require_may_write(desk, place, person)
    text, current = _source(desk, slug, number), text_of_file(place)
    with desk.store.write() as connection:
        own = drafts.draft_of(connection, slug, person.name)
        if own is not None and own.text != own.base:
            raise StateError(
                say(
                    "您在这篇里还有没存成版本的字。请先存为一版，或先不要它们，再回到那一版。",
                    "You have written something in this post that is no revision yet. Save it or discard it first.",
                )
            )
        sequence = own.sequence + 1 if own is not None else 1
        drafts.put_draft(
            connection,
            DraftRow(
                slug=slug,
                user_name=person.name,
                base=current or text,
                text=text,
                sequence=sequence,
                saved_at=desk.clock(),
            ),
        )


def _source(desk: Desk, slug: str, number: int) -> str:
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            raise no_such_post(slug, likeness.slugs(connection))
        found = revised.source_of(connection, known.id, number)
    if found is None:
        raise StateError(say("没有版本 {n}。", "There is no revision {n}.", n=number))
    return found
