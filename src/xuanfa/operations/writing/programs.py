"""Posts as programs write them: made, changed and saved by the same drafts as people's in the console, in one go.

What lies in ``posts/`` of a column without a review goes out by itself. So a program whose token is not for publishing writes a draft there,
which lies nowhere yet, until somebody saves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xuanfa.content.reading.restricted import names_access
from xuanfa.content.reading.rewriting import parted, value_of
from xuanfa.domain.errors import StateError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.rights import suffices
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.own import is_own, only_own
from xuanfa.operations.restricting.rule import veil_in
from xuanfa.operations.writing.drafts import (
    KEYS,
    begin,
    discard_draft,
    keep_draft,
    mark_of,
    open_manuscript,
)
from xuanfa.operations.writing.places import PostPlace, place_of, text_of_file
from xuanfa.operations.writing.saving import Collided, save
from xuanfa.store import drafts, posts

#: What a program may say of a post besides its title, column and text.
MORE: Final = tuple(key for key in KEYS if key not in {"title", "column"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A post as a program reads it: the text of its file, or of the draft of whoever asks."""

    slug: str
    title: str
    column: str
    text: str
    fields: Mapping[str, str]
    #: All of it, front matter too.
    source: str
    #: Names all that is written in it, front matter too.
    mark: str
    revision: int = 0
    #: Whether no file of it lies in ``posts/`` yet.
    is_draft: bool = False


def read_written(desk: Desk, slug: str, person: Person) -> Written | None:
    """The post as it is written now; ``None`` where there is none, or where this person may not see it. Raises ContentError where its file
    cannot be read."""
    try:
        place = place_of(desk, slug)
    except StateError:
        return None
    with desk.store.read() as connection:
        if veil_in(connection, person).hides(slug):
            return None
        known = posts.by_slug(connection, slug)
        own = None if known is not None else drafts.draft_of(connection, slug, person.name)
    if known is not None and not is_own(desk, only_own(desk, person), slug):
        return None
    current = text_of_file(place)
    if known is None and current is not None and names_access(current):
        return None  # nobody has read yet who may see it
    text = current if current is not None else own.text if own is not None else None
    if text is None and known is None:
        return None
    return _written(place, text or "", is_draft=current is None and known is None, title=place.title)


def _written(place: PostPlace, text: str, *, is_draft: bool, title: str) -> Written:
    matter, body = parted(text)
    values = {key: value_of(matter, key) for key in KEYS} if matter is not None else {}
    return Written(
        slug=place.slug,
        title=values.get("title") or title,
        column=values.get("column", ""),
        text=body,
        fields={key: values[key] for key in MORE if values.get(key)},
        source=text,
        mark=mark_of(text),
        revision=place.revision,
        is_draft=is_draft,
    )


def goes_out(desk: Desk, column: str) -> bool:
    """Whether a file of this column goes out without anybody's review."""
    return not desk.reviews.template_for(column, "")


def may_save(desk: Desk, person: Person, column: str) -> bool:
    """Whether this person's token may put a post of the column into ``posts/``."""
    return suffices(person.scopes, "publish") or not goes_out(desk, column)


def create(desk: Desk, person: Person, values: Mapping[str, str], *, saves: bool) -> tuple[str, tuple[str, ...]]:
    """A new post: its slug, and what there is to be said of it. ``saves``: it becomes a file; else it stays a draft. Raises ContentError where it
    is no post as it is; nothing is left of it then."""
    slug = begin(desk, person, column=values["column"], values=values)
    if not saves:
        return slug, ()
    return slug, _saved(desk, slug, person)


def change(desk: Desk, slug: str, person: Person, values: Mapping[str, str]) -> tuple[str, ...]:
    """Other values and another text, as far as they are given; what there is to be said of it. Raises StateError where the person may not, or has
    something in the console that is not saved; ContentError where it is no post any more. Nothing is changed then."""
    manuscript = open_manuscript(desk, slug, person)
    is_draft = not manuscript.place.path.is_file()
    if not is_draft and manuscript.text != manuscript.base:
        raise StateError(
            say(
                "您在控制台里正写着这篇，还没有存为一版，没有改。请先在控制台存好或丢弃。",
                "You are writing in this post in the console and have not saved it; nothing was changed. Save or discard that first.",
            )
        )
    if manuscript.is_whole:
        raise StateError(
            say(
                "这篇稿件的稿头读不出来，请先在控制台或文件里改好。",
                "The head of this post cannot be read: mend it in the console or in its file first.",
            )
        )
    fields = manuscript.fields | dict(values)
    keep_draft(desk, slug, person, fields, mark=manuscript.mark, sequence=manuscript.sequence + 1)
    return () if is_draft else _saved(desk, slug, person)


def hand_in(desk: Desk, slug: str, person: Person) -> tuple[str, ...]:
    """A draft becomes a file. Raises ContentError where it is no post as it is; the draft stays."""
    found = save(desk, slug, person)
    return () if isinstance(found, Collided) else found.notices


def _saved(desk: Desk, slug: str, person: Person) -> tuple[str, ...]:
    try:
        found = save(desk, slug, person)
    except XuanfaError:
        discard_draft(desk, slug, person)
        raise
    if isinstance(found, Collided):
        discard_draft(desk, slug, person)
        raise StateError(
            say(
                "您读过以后，别人改过了。请重新读一遍再改。",
                "Somebody has changed it since you read it. Read it again, then change it.",
            )
        )
    return found.notices
