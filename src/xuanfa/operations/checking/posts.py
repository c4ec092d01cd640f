"""Checking posts: the source as it was written, and what each channel would really get."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from xuanfa.checks.readable import parts_of
from xuanfa.checks.reader.seen import Eyes
from xuanfa.checks.rules.engine import LONGEST, MOST, Engine, fixed
from xuanfa.content.reading.kinds import suffix_of, text_of
from xuanfa.content.reading.posts import read_post
from xuanfa.content.reading.sources import decode, read_source
from xuanfa.documents.office.package import refuse_old
from xuanfa.domain.checking import Found
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.checking.attached import FILES, check_attachments, check_besides, check_file_of
from xuanfa.operations.checking.channels import of_rendition
from xuanfa.operations.checking.pictured import check_pictures
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.bylines import signed_post
from xuanfa.operations.intake.inbox import InboxFile, list_inbox, source_of
from xuanfa.operations.intake.render import post_channels, render_post
from xuanfa.operations.restricting.files import Look, require_open
from xuanfa.operations.restricting.rule import veil_of

__all__ = [
    "MOST",
    "check_file",
    "check_post",
    "check_rendition",
    "check_text",
    "looks_like_post",
    "mended",
    "posts_named",
    "text_of_bytes",
    "text_of_file",
]


def mended(text: str, found: Iterable[Found]) -> str:
    """The text with every safe fix made."""
    return fixed(text, found)


def check_text(
    engine: Engine, text: str, *, when: date, part: str = "body", is_post: bool = False, shown_as: str = "-"
) -> list[Found]:
    """The findings of a text. Raises ContentError where it is too long."""
    if len(text) > LONGEST:
        raise ContentError(
            say(
                "文字有 {n} 个字，超过 {most} 个，没有检查。请分开检查。",
                "There are {n} characters, more than {most}: not checked. Check it in parts.",
                n=len(text),
                most=LONGEST,
            ),
            Place(shown_as),
        )
    return engine.check(text, when=when, part=part, is_post=is_post)


def check_file(engine: Engine, path: Path, *, when: date) -> list[Found]:
    """The findings of a file, wherever it lies: of a text, or of what Word, Excel or a PDF holds. Raises ContentError."""
    shown_as = str(path)
    if path.suffix.lower() in FILES and path.is_file():
        data = read_source(path, shown_as)
        return list(check_file_of(engine, data, path.suffix.lower(), shown_as=shown_as, when=when))
    text = text_of_file(path)
    return [
        replace(one, file=shown_as)
        for one in check_text(engine, text, when=when, is_post=looks_like_post(text), shown_as=shown_as)
    ]


def text_of_file(path: Path) -> str:
    """The text of a file, in whatever encoding. Raises ContentError."""
    if not path.exists():
        raise ContentError(
            say(
                "没有这个文件，posts/ 里也没有叫这个名字的稿件。",
                "There is no such file, nor a post of that name in posts/.",
            ),
            Place(str(path)),
        )
    return text_of_bytes(read_source(path, str(path)), str(path))


def text_with_links(path: Path) -> str:
    """The text of a source with the addresses behind its links: of a Word file what becomes of it as a post. Empty for files of other kinds, and
    where a file cannot be read: whoever reads it by the rules says so."""
    try:
        if suffix_of(path.name) == ".docx":
            return text_of(read_source(path, str(path)), path.name, str(path)).text
        return text_of_file(path) if path.suffix.lower() in _TEXTS else ""
    except ContentError:
        return ""


_TEXTS: Final = (".md", ".markdown", ".txt")


def text_of_bytes(data: bytes, shown_as: str) -> str:
    """The text of so many bytes: UTF-8 as it stands, so that offsets are those of the text, or what else offices write. Raises ContentError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # GB18030 or UTF-16, or no text
    try:
        refuse_old(data)
    except ContentError as error:
        raise ContentError(error.message, Place(shown_as)) from error
    return decode(data, shown_as).text


def looks_like_post(text: str) -> bool:
    """Whether a text begins with front matter."""
    return text.lstrip("\ufeff\n").startswith("---\n")


def check_post(
    desk: Desk,
    engine: Engine,
    file: InboxFile,
    *,
    today: date,
    channels: Sequence[str] = (),
    look: Look | None = None,
    eyes: Eyes | None = None,
) -> Iterator[Found]:
    """The findings of a post's source, of its pictures where there are ``eyes``, and of each channel's rendition; of these ``channels`` only,
    where any are named. Raises StateError
    where it is hidden: without a ``look``, from the machine's account."""
    source = source_of(file)
    reading = read_post(
        source,
        path=file.path,
        shown_as=file.shown_as,
        zone=desk.zone,
        columns=desk.columns,
        media=desk.media,
        kinds=desk.reviews.names,
    )
    require_open(desk, file.shown_as, file.path.stem, reading, look or Look(veil=veil_of(desk, None)))
    slug = reading.post.slug if reading.post else file.path.stem
    when = _day(desk, reading.post, today)
    if not channels and reading.text:
        for one in check_text(engine, reading.text, when=when, is_post=True, shown_as=file.shown_as):
            yield replace(one, file=file.shown_as, post=slug)
    if not channels and suffix_of(file.path.name) == ".docx":
        for one in check_besides(engine, source, shown_as=file.shown_as, when=when):
            yield replace(one, post=slug)
    if reading.post is None:
        if not reading.text:
            raise reading.problems[0]
        return
    if not channels:
        for one in _carried(desk, engine, reading.post, eyes, when=when):
            yield replace(one, post=slug)
    wanted = [channel for channel in post_channels(desk, reading.post) if not channels or channel in channels]
    printed = signed_post(desk, file, source, reading.post)
    for channel, rendered in render_post(desk, printed, wanted).items():
        body = rendered.rendition.body if rendered.rendition is not None else ""
        for one in of_rendition(rendered.findings, body):
            yield replace(one, file=file.shown_as, post=slug, channel=channel)
        if rendered.rendition is not None:
            for one in check_rendition(engine, rendered.rendition, when=when):
                yield replace(one, file=file.shown_as, post=slug, channel=channel)


def _carried(desk: Desk, engine: Engine, post: Post, eyes: Eyes | None, *, when: date) -> Iterator[Found]:
    """The findings of what a post carries beside its text: attachments, and what is written in pictures."""
    yield from check_attachments(engine, post.attachments, desk.media, when=when)
    if eyes is not None:
        covers = [post.cover] if post.cover else []
        yield from check_pictures(engine, [*post.pictures, *covers], desk.media, eyes, when=when)


def check_rendition(engine: Engine, rendition: Rendition, *, when: date) -> Iterator[Found]:
    """The findings of what one channel gets, part by part; offsets are of the part. A blank in the title, or beside it, is no fault of a text
    in which a channel repeats it: the title is read by itself."""
    title = rendition.title.strip()
    for part in parts_of(rendition):
        for one in engine.check(part.text, when=when, part=part.field):
            if not (one.rule == _BLANK and part.field != "title" and _is_of_title(one, part.text, title)):
                yield one


_BLANK: Final = "width.blank"


def _is_of_title(one: Found, text: str, title: str) -> bool:
    """Whether a piece lies in a title that a text repeats, or touches it."""
    at = text.find(title, max(0, one.start - len(title))) if title else -1
    return 0 <= at <= one.end and one.start <= at + len(title)


def _day(desk: Desk, post: Post | None, today: date) -> date:
    """The day on which it is out, by which rules hold or do not."""
    if post is not None and isinstance(post.publish_at, datetime):
        return post.publish_at.astimezone(desk.zone).date()
    return today


def posts_named(desk: Desk, names: Sequence[str]) -> tuple[list[InboxFile], list[Path]]:
    """The posts of the inbox that are named by file, folder or slug, all where none is; and files that lie elsewhere."""
    inbox = list_inbox(desk.posts_folder)
    if not names:
        return inbox, []
    chosen: list[InboxFile] = []
    others: list[Path] = []
    for name in names:
        path = Path(name)
        places = [folder / name for folder in (Path(), desk.folder, desk.posts_folder)]
        real = {place.resolve() for place in places if place.exists()}
        found = [
            file
            for file in inbox
            if file.path.resolve() in real or any(parent in real for parent in file.path.resolve().parents)
        ]
        found = found or [file for file in inbox if name in (file.path.stem, file.slug, _slug_of(desk, file))]
        chosen += found
        if not found:
            others.append(next((place for place in places if place.is_file()), path))
    return list(dict.fromkeys(chosen)), others


def _slug_of(desk: Desk, file: InboxFile) -> str:
    """The slug that a file's post has; empty where it cannot be read."""
    try:
        source = source_of(file)
    except ContentError:
        return ""
    reading = read_post(
        source,
        path=file.path,
        shown_as=file.shown_as,
        zone=desk.zone,
        columns=desk.columns,
        media=desk.media,
        kinds=desk.reviews.names,
    )
    return reading.post.slug if reading.post else ""
