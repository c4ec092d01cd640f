"""Drafts (草稿): what somebody is writing, kept by the server with every pause. It is no revision: that is made by saving it as one."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

import sqlalchemy as sa

from xuanfa.content.reading.drafts import new_post
from xuanfa.content.reading.restricted import names_access
from xuanfa.content.reading.rewriting import parted, rewritten, value_of
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.refusals import no_such_post
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import veil_in
from xuanfa.operations.writing.own_channels import with_own_channels
from xuanfa.operations.writing.places import PostPlace, place_of, require_may_write, text_of_file, written_in_word
from xuanfa.store import drafts, likeness, locks, posts, revised, users
from xuanfa.store.drafts import DraftRow

#: The keys of the front matter that stand in fields.
KEYS: Final = (
    "title",
    "summary",
    "column",
    "department",
    "author",
    "editor",
    "source",
    "ai",
    "publish_at",
    "repeat",
    "repeat_until",
    "on_holiday",
    "expires_at",
    "shelf",
    "review_on",
    "solemn_ok",
    "cover",
    "keywords",
)
#: The text itself; and where the front matter cannot be read, all of the file.
TEXT: Final = "text"
#: So much of a text stands for a title that is not there yet. Characters.
_TITLE: Final = 24
#: Whoever has typed within so long has the post open.
_OPEN: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A post as somebody writes in it. ``base`` is the text that they began from, ``text`` what they have made of it."""

    place: PostPlace
    base: str
    text: str
    sequence: int = 0
    saved_at: datetime | None = None
    #: Who else is at it, and since when they have typed last.
    others: tuple[tuple[str, datetime], ...] = ()
    #: Whether the file is another one than the one it was begun from.
    has_moved: bool = False

    @property
    def mark(self) -> str:
        """By what a page names the text that it was begun from."""
        return mark_of(self.base)

    @property
    def is_whole(self) -> bool:
        """Whether the front matter cannot be read, so that the whole file is written as a text."""
        return parted(self.text)[0] is None

    @property
    def fields(self) -> dict[str, str]:
        """What stands in the fields."""
        matter, body = parted(self.text)
        known = {key: value_of(matter, key) for key in KEYS} if matter is not None else {}
        return known | {TEXT: body.rstrip("\n")}

    @property
    def kind(self) -> str:
        """The review template that its author has chosen; empty where the column's counts."""
        matter, _ = parted(self.text)
        return value_of(matter, "kind") if matter is not None else ""

    @property
    def body_line(self) -> int:
        """The line of the file in which the text of the field begins."""
        matter, body = parted(self.text)
        return 1 if matter is None else self.text.count("\n", 0, len(self.text) - len(body)) + 1


def mark_of(text: str) -> str:
    """Names a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def begin(desk: Desk, person: Person, *, column: str = "", values: Mapping[str, str] | None = None) -> str:
    """A new post's draft: its slug, which is the day with a number. Nothing lies in ``posts/`` until it is saved."""
    given = {key: value for key, value in (values or {}).items() if value}
    chosen = desk.columns.get(column or given.get("column", "")) or next(iter(desk.columns.values()))
    today = desk.clock().astimezone(desk.zone).date()
    day = f"{today:%Y%m%d}-"
    with desk.store.write() as connection:
        locks.hold(connection, "drafts")
        user = users.get(connection, person.name)
        taken = drafts.begun_with(connection, day)
        number = next(n for n in count(1) if not _is_taken(desk, connection, f"{day}{n}", taken))
        slug = f"{day}{number}"
        _, blank = new_post("", column=chosen, today=today, name=str(number))
        known = {"author": user.display, "department": user.department} if user is not None else {}
        head = {key: value for key, value in (known | given).items() if key in KEYS and value}
        text = rewritten(blank, head | {"column": chosen.id}, given.get(TEXT, ""))
        drafts.put_draft(
            connection,
            DraftRow(slug=slug, user_name=person.name, base="", text=text, sequence=0, saved_at=desk.clock()),
        )
    return slug


def _is_taken(desk: Desk, connection: sa.Connection, slug: str, drafted: set[str]) -> bool:
    file = desk.posts_folder / slug[:4] / f"{slug}.md"
    return slug in drafted or posts.by_slug(connection, slug) is not None or file.exists()


def open_manuscript(desk: Desk, slug: str, person: Person) -> Manuscript:
    """The post as this person writes in it: their draft, where they have one, else its file. Raises StateError where they may not, or where
    there is no such post."""
    place = place_of(desk, slug)
    require_may_write(desk, place, person)
    current = text_of_file(place)
    with desk.store.read() as connection:
        everybodys = drafts.drafts_of_post(connection, slug)
        names = {user.name: user.display for user in users.all(connection)}
        known = likeness.slugs(connection) if current is None and not everybodys else []
    own = next((each for each in everybodys if each.user_name == person.name), None)
    others = tuple(
        (names.get(each.user_name, each.user_name), each.saved_at)
        for each in everybodys
        if each.user_name != person.name and desk.clock() - each.saved_at < _OPEN
    )
    if own is not None:
        return Manuscript(
            place=place,
            base=own.base,
            text=own.text,
            sequence=own.sequence,
            saved_at=own.saved_at,
            others=others,
            has_moved=current is not None and current != own.base,
        )
    if current is None:
        current = next((each.text for each in everybodys if not names_access(each.text)), None)
    if current is None and place.is_document:
        raise written_in_word(place)
    if current is None:
        raise no_such_post(slug, known)
    return Manuscript(place=place, base=current, text=current, others=others)


def written(desk: Desk, manuscript_base: str, text_before: str, fields: Mapping[str, str]) -> str:
    """The whole text of the file with what stands in the fields; ``text_before`` is what they were filled from."""
    before = text_before or manuscript_base
    if parted(before)[0] is None:
        return fields.get(TEXT, "")
    values = {key: " ".join(fields[key].split()) for key in KEYS if key in fields}
    return with_own_channels(rewritten(before, values, fields.get(TEXT, "")), fields, desk.columns)


def keep_draft(
    desk: Desk, slug: str, person: Person, fields: Mapping[str, str], *, mark: str, sequence: int
) -> datetime:
    """Keep what stands in the fields as this person's draft; when that was. Raises StateError where a newer one is there already, from another
    window, or where the page was opened before the post changed under it and nobody knows any more from what."""
    place = place_of(desk, slug)
    require_may_write(desk, place, person)
    base, before = base_of(desk, place, person, mark)
    draft = DraftRow(
        slug=slug,
        user_name=person.name,
        base=base,
        text=written(desk, base, before, fields),
        sequence=sequence,
        saved_at=desk.clock(),
    )
    with desk.store.write() as connection:
        if drafts.put_draft(connection, draft):
            return draft.saved_at
        there = drafts.draft_of(connection, slug, person.name)
        if there is not None and there.text == draft.text:
            return there.saved_at
    raise StateError(
        say(
            "您在另一个窗口里写得更新，这里的没有存到服务器；字都在这台电脑上。",
            "Another window of yours holds something newer; this was not kept by the server. It stays in this browser.",
        )
    )


def base_of(desk: Desk, place: PostPlace, person: Person, mark: str) -> tuple[str, str]:
    """The text from which a page was begun, by its mark, and the one that its fields were filled from. Raises StateError where nobody has it."""
    with desk.store.read() as connection:
        own = drafts.draft_of(connection, place.slug, person.name)
        if own is not None and mark_of(own.base) == mark:
            return own.base, own.text
        known = posts.by_slug(connection, place.slug)
        sources = [] if known is None else revised.sources_of(connection, known.id)
    current = text_of_file(place)
    found = next((text for text in (current, *sources) if text is not None and mark_of(text) == mark), None)
    if found is None:
        raise StateError(
            say(
                "这一页打开得太早，稿件后来变过，认不出您是从哪一版改起的。字都在下面，请复制到新打开的页面里。",
                "This page was opened too long ago, and the post has changed since. All you typed is below: copy it into the page opened anew.",
            )
        )
    return found, found


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft in a list. ``is_new``: of a post that was never saved."""

    slug: str
    title: str
    by: str
    saved_at: datetime
    is_new: bool


def drafts_shown(desk: Desk, person: Person, *, all_of_them: bool) -> list[DraftLine]:
    """The drafts that a person may see: their own, and, of what says nothing of its readers, others' too."""
    with desk.store.read() as connection:
        veil = veil_in(connection, person)
        rows = drafts.newest(connection, None if all_of_them else person.name)
        known = revised.known_slugs(connection, [row.slug for row in rows])
    return [
        DraftLine(
            slug=row.slug,
            title=_title_of(row.text),
            by=row.user_name,
            saved_at=row.saved_at,
            is_new=row.slug not in known,
        )
        for row in rows
        if not veil.hides(row.slug) and (row.user_name == person.name or not names_access(row.text))
    ]


def _title_of(text: str) -> str:
    matter, body = parted(text)
    title = value_of(matter, "title") if matter is not None else ""
    return title or " ".join(body.split())[:_TITLE]


def discard_draft(desk: Desk, slug: str, person: Person) -> None:
    """What this person has written and not saved is not wanted any more."""
    with desk.store.write() as connection:
        drafts.drop_draft(connection, slug, person.name)


def with_mend(fields: Mapping[str, str], mend: str) -> dict[str, str]:
    """The fields with one proposal taken: ``at:length:words`` in the text. As they are where the text is no longer what it was made for."""
    match = re.fullmatch(r"(\d{1,7}):(\d{1,4}):(.*)", mend, re.DOTALL)
    if match is None:
        return dict(fields)
    at, length, words = int(match[1]), int(match[2]), match[3]
    text = fields.get(TEXT, "")
    return dict(fields) | {TEXT: text[:at] + words + text[at + length :]} if at + length <= len(text) else dict(fields)
