"""Sketch: what each channel would get of a text that is nowhere yet, and what the checks and rules say of it. Nothing is stored but the pictures
that renditions are made of, which are kept by their hash as ever."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from xuanfa.checks.lengths import lengths_of
from xuanfa.content.reading.posts import read_post
from xuanfa.content.reading.rewriting import parted, value_of
from xuanfa.domain.finding import Severity
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.post import Picture, Post
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.verdict import Note, is_ignored
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.reading import judged
from xuanfa.operations.intake.render import Rendered, render_post
from xuanfa.operations.practising.frozen import FrozenPicture, rendition_page
from xuanfa.operations.writing.places import PostPlace
from xuanfa.store import verdicts

#: The endings of pictures of renditions, and what each is.
_KINDS: Final = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_SHA: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to mend or to know. ``at`` and ``length`` are where in the field of the text it stands, ``length`` 0 where it does not;
    ``suggestion`` is what to put there."""

    level: str
    label: str
    message: str
    where: str = ""
    text: str = ""
    suggestion: str = ""
    basis: str = ""
    at: int = 0
    length: int = 0

    @property
    def mend(self) -> str:
        """The proposal as a form sends it; empty where there is none."""
        return f"{self.at}:{self.length}:{self.suggestion}" if self.suggestion and self.length else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSketch:
    """What one channel would get; no rendition where a remark says why."""

    channel: str
    title: str
    rendition: Rendition | None
    #: The heaviest of what is said of it: ``ill``, ``warn`` or nothing.
    mark: str = ""
    #: How long it counts where it is sent.
    lengths: tuple[Length, ...] = ()

    @property
    def digest(self) -> str:
        """Names what it would get; empty for nothing."""
        return self.rendition.digest if self.rendition is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """All channels, and all remarks, the heaviest first."""

    post: Post | None
    channels: tuple[ChannelSketch, ...]
    remarks: tuple[Remark, ...]


def sketch_text(desk: Desk, place: PostPlace, text: str) -> Sketch:
    """What the text would become. Raises nothing for what it holds."""
    reading = read_post(
        text.encode(),
        path=place.path,
        shown_as=place.shown_as,
        zone=desk.zone,
        columns=desk.columns,
        media=desk.media,
        slug=place.slug,
        kinds=desk.reviews.names,
    )
    if reading.post is None:
        return Sketch(
            post=None,
            channels=_of_column(desk, text),
            remarks=tuple(
                _problem(each.message, each.place.line if each.place else 0, text) for each in reading.problems
            ),
        )
    rendered, unruled = judged(desk, reading.post, render_post(desk, reading.post), reading.text)
    with desk.store.read() as connection:
        waived = verdicts.about(connection, place.slug)
    remarks = [
        _problem(str(each.message), each.place.line if each.place else 0, text, Severity.WARN)
        for each in reading.notices
    ]
    remarks += [Remark(level="minor", label=say("提示", "note"), message=unruled)] if unruled else []
    channels = []
    for name, made in rendered.items():
        notes = [
            note for note in (made.verdict.notes if made.verdict else ()) if not is_ignored(note, waived, place.slug)
        ]
        channels.append(_channel(desk, name, made, notes))
        remarks += _of_checks(desk, name, made)
        remarks += [_of_rule(note, text) for note in notes]
    weights = {"veto": 0, "severe": 1, "minor": 2, "hint": 3}
    return Sketch(
        post=reading.post,
        channels=tuple(channels),
        remarks=tuple(sorted(dict.fromkeys(remarks), key=lambda each: (weights.get(each.level, 3), each.at))),
    )


def _of_column(desk: Desk, text: str) -> tuple[ChannelSketch, ...]:
    """The channels that the post will have by its column, as long as it is none yet: whoever writes sees where it will go."""
    matter, _ = parted(text)
    named = value_of(matter, "column") if matter is not None else ""
    column = desk.columns.get(named) or next(iter(desk.columns.values()), None)
    titles = {name: known.title for name, known in desk.channels.items()}
    return tuple(
        ChannelSketch(channel=name, title=titles.get(name, name), rendition=None)
        for name in (column.channels if column is not None else ())
    )


def sketch_page(desk: Desk, post: Post, shown: ChannelSketch, pictures: str) -> str:
    """The page of it, for a frame, empty where there is none; its pictures come from under the address ``pictures``."""
    if shown.rendition is None:
        return ""
    wanted = post.override(shown.channel).publish_at or post.publish_at
    at = (wanted if isinstance(wanted, datetime) else desk.clock()).astimezone(desk.zone)
    return rendition_page(
        desk, post, (shown.channel, shown.rendition), at, lambda each: f"{pictures}{each.sha256}{each.suffix}"
    )


def kept_picture(desk: Desk, name: str) -> FrozenPicture | None:
    """A picture by its hash: whoever knows that has seen a page with it."""
    sha256, _, ending = name.partition(".")
    if ending not in _KINDS or len(sha256) != _SHA or not sha256.isalnum():
        return None
    picture = Picture(source="", sha256=sha256, media_type=_KINDS[ending], size=0, width=0, height=0)
    path = desk.media.path(picture)
    return FrozenPicture(path=path, media_type=picture.media_type)


def _channel(desk: Desk, name: str, made: Rendered, notes: Collection[Note]) -> ChannelSketch:
    ill = any(each.severity is Severity.BLOCK for each in made.findings) or any(note.level == "veto" for note in notes)
    warn = bool(notes) or any(each.severity is Severity.WARN for each in made.findings)
    known = desk.channels.get(name)
    return ChannelSketch(
        channel=name,
        title=known.title if known else name,
        rendition=made.rendition,
        mark="ill" if ill else "warn" if warn else "",
        lengths=_lengths(desk, name, made),
    )


def _lengths(desk: Desk, name: str, made: Rendered) -> tuple[Length, ...]:
    return tuple(lengths_of(desk.adapters.bound(name), made.rendition)) if made.rendition is not None else ()


def _of_checks(desk: Desk, channel: str, made: Rendered) -> list[Remark]:
    known = desk.channels.get(channel)
    title = known.title if known else channel
    labels: Mapping[Severity, tuple[str, str]] = {
        Severity.BLOCK: ("veto", say("发不出", "blocked")),
        Severity.WARN: ("minor", say("一般", "minor")),
        Severity.NOTE: ("hint", say("提示", "note")),
    }
    return [
        Remark(level=labels[each.severity][0], label=labels[each.severity][1], message=str(each.message), where=title)
        for each in made.findings
    ]


def _of_rule(note: Note, text: str) -> Remark:
    at, length = _span(note, text)
    line = text.count("\n", 0, _body_at(text) + at) - text.count("\n", 0, _body_at(text)) + 1 if length else 0
    return Remark(
        level=note.level.value,
        label=note.level.label,
        message=str(note.message),
        where=say("第 {n} 行", "line {n}", n=line) if line else "",
        text=note.text,
        suggestion=note.suggestion if length else "",
        basis=note.basis,
        at=at,
        length=length,
    )


def _span(note: Note, text: str) -> tuple[int, int]:
    """Where in the field it stands: from the line of the file; nothing where the words there are others."""
    if not note.line or note.file:
        return 0, 0
    start = 0
    for _ in range(note.line - 1):
        start = text.find("\n", start) + 1
    at = start + note.column - 1
    body = _body_at(text)
    return (at - body, len(note.text)) if at >= body and text[at : at + len(note.text)] == note.text else (0, 0)


def _body_at(text: str) -> int:
    matter, body = parted(text)
    return 0 if matter is None else len(text) - len(body)


def _problem(message: str, line: int | None, text: str, severity: Severity = Severity.BLOCK) -> Remark:
    body_line = text.count("\n", 0, _body_at(text)) + 1
    at = (line or 0) - body_line + 1
    return Remark(
        level="veto" if severity is Severity.BLOCK else "hint",
        label=say("要改", "mend") if severity is Severity.BLOCK else say("提示", "note"),
        message=message,
        where=say("第 {n} 行", "line {n}", n=at) if at > 0 else say("稿头", "front matter"),
    )
