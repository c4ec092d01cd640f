"""Export: a post back as a Word document, with what has changed since its author wrote it as tracked changes."""

import html
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from xuanfa.content.text.markdown import to_html
from xuanfa.documents.placing import refuse_existing
from xuanfa.documents.word.article import Properties, document
from xuanfa.documents.word.tracked import Changes, merged, merged_text
from xuanfa.domain.access import Veil
from xuanfa.domain.errors import ConfigError, PictureGoneError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.likeness import body_of
from xuanfa.domain.post import Picture
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.papers.form import put
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.store import access, kept_files, posts

_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]*)(")')


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: the revisions that were compared, and how many pictures are no longer there."""

    slug: str
    since: int
    revision: int
    missing: int = 0


def export(desk: Desk, slug: str, target: Path, since: int = 1, veil: Veil | None = None) -> Exported:
    """Write the newest revision of a post to ``target``; what differs from revision ``since`` are tracked changes.

    Raises StateError where there is no such post or revision, or it is hidden, and ConfigError for another ending, a file that is there, or
    the machine.
    """
    if target.suffix.lower() != ".docx":
        raise ConfigError(say("文件名 {path} 要以 .docx 结尾。", "The name {path} has to end in .docx.", path=target))
    refuse_existing(target)
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            raise StateError(
                say(
                    "没有稿件“{slug}”：用 {posts} 查看。",
                    "There is no post {slug!r}: see {posts}.",
                    slug=slug,
                    posts=Remedy("posts"),
                )
            )
        require_may_read(veil or access.veil(connection), slug)
        found = posts.kept(connection, [(known.id, since), (known.id, known.revision)])
        pictures = _pictures(connection, known.id)
    if (known.id, since) not in found:
        raise StateError(
            say(
                "稿件“{slug}”没有第 {n} 版，现在是第 {last} 版。",
                "The post {slug!r} has no revision {n}; the newest is {last}.",
                slug=slug,
                n=since,
                last=known.revision,
            )
        )
    before, after = found[known.id, since].row, found[known.id, known.revision].row
    with tempfile.TemporaryDirectory(prefix="xuanfa-export-") as room:
        shelf = _Shelf(desk, Path(room), pictures)
        texts = [shelf.named(to_html(body_of(row["source"]))) for row in (before, after)]
        data = document(
            after["title"],
            "",
            merged(*texts),
            Path(room),
            Properties(creator=desk.organisation.name, at=after["created_at"]),
            changes=Changes(say("第 {n} 版", "revision {n}", n=known.revision), after["created_at"]),
            heading=merged_text(before["title"], after["title"]),
        )
    put(target, data)
    return Exported(slug=slug, since=since, revision=known.revision, missing=len(shelf.missing))


def _pictures(connection: sa.Connection, post: int) -> dict[str, Picture]:
    """The kept pictures of a post, by the names that its text has for them; the newest last."""
    return {picture.source: picture for picture in kept_files.pictures_of(connection, post)}


class _Shelf:
    """Puts the pictures that a text names into a folder, under names of our own."""

    def __init__(self, desk: Desk, room: Path, pictures: dict[str, Picture]) -> None:
        self._desk = desk
        self._room = room
        self._pictures = pictures
        self._names: dict[str, str] = {}
        self.missing: set[str] = set()

    def named(self, text: str) -> str:
        """The text with each picture under the name that it has in the folder."""
        return _SOURCE.sub(lambda match: match[1] + self._name(html.unescape(match[2])) + match[3], text)

    def _name(self, source: str) -> str:
        if source not in self._names:
            picture = self._pictures.get(source)
            name = f"{len(self._names) + 1}{picture.suffix if picture else ''}"
            try:
                if picture is None:
                    self.missing.add(source)
                else:
                    (self._room / name).write_bytes(self._desk.media.read(picture))
            except PictureGoneError:
                self.missing.add(source)
            self._names[source] = name
        return self._names[source]
