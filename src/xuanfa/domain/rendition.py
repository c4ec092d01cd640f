"""A rendition (成稿): a post rendered for one channel, frozen, and the digest that stands for it.

Two things cannot be known when a rendition is frozen: the public address of the same post on another channel, and the minute at which it
is published. Both stand in the body as a **late-bound** mark and are filled in when the rendition leaves; the digest covers the mark.
"""

import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from xuanfa.domain.language import say
from xuanfa.domain.post import Picture

#: What the length of a text is counted in; bytes are those of UTF-8.
Unit = Literal["characters", "bytes"]
#: Marks are plain ASCII and shaped as an address, so that sanitisers, escapers and JSON leave them alone. ``.invalid`` never resolves (RFC 2606).
_MARKED = "https://late.invalid/"
_MARK = re.compile(r"https://late\.invalid/(?:link/(?P<channel>[\w.%-]+)|time/(?P<time>iso|minute|date|chinese))/")
#: What no address holds unescaped (RFC 3986): it could end an attribute, a string or a line of the body.
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\"'<>\\^`{|}\x7f]")


#: The host of the marks, as people might type it: it stands for nothing in a text that is not ours.
_RESERVED = re.compile(r"late\.invalid", re.IGNORECASE)


def reserved_at(text: str) -> int | None:
    """Where a text that comes from outside names the host of our marks; ``None`` where it does not. It must not be rendered: a mark of
    the author's own would be filled in as ours are."""
    found = _RESERVED.search(text)
    return None if found is None else found.start()


def without_marks(text: str) -> str:
    """The text with a sound address in place of each of our marks, for whoever looks at the addresses in it."""
    if _MARKED not in text:
        return text
    return _MARK.sub(lambda match: "" if match["time"] else "https://www.example.com/", text)


def in_place_of_marks(text: str, sign: str) -> str:
    """The text with ``sign`` in place of each of our marks, for whoever compares it with what came of it."""
    return _MARK.sub(sign, text) if _MARKED in text else text


def link_mark(channel: str) -> str:
    """The mark that becomes the public address of the post on ``channel``."""
    return f"https://late.invalid/link/{channel}/"


def time_mark(name: str) -> str:
    """The mark that becomes the minute of publication: ``iso`` with the offset, ``minute`` as YYYY-MM-DD HH:MM, ``date``, ``chinese``."""
    return f"https://late.invalid/time/{name}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """What one channel is to receive.

    ``body`` is the text that leaves, of ``media_type`` (``application/json``, ``text/html``, ``text/plain`` …). ``pictures`` are those that
    the body refers to or that are staged with it. ``needs`` are the channels whose address the body waits for. ``extra`` are further
    named texts of the adapter's own (a caption, a cover's choice); they are part of the digest too.
    """

    title: str
    body: str
    media_type: str
    summary: str = ""
    pictures: tuple[Picture, ...] = ()
    needs: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over everything a reader could see, in hexadecimal."""
        parts = [
            self.title,
            self.summary,
            self.media_type,
            self.body,
            [[picture.sha256, picture.alt, picture.caption] for picture in self.pictures],
            sorted(self.extra.items()),
        ]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def proof(self, digest: str, *, post: str, channel: str, column: str, revision: int) -> str:
        """SHA-256 over all that leaves of a delivery: for the history, when it is frozen, and for comparing when it is sent.

        ``digest`` is this rendition's own. Besides what that covers: what the pictures are called and said to be, whose addresses are
        waited for, and what the channel is told of the post.
        """
        pictures = [[p.source, p.media_type, p.size, p.width, p.height] for p in self.pictures]
        parts = [digest, post, channel, column, revision, pictures, list(self.needs)]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    @property
    def is_bound(self) -> bool:
        """Whether nothing is left to fill in."""
        texts = (self.body, self.summary, *self.extra.values())
        return not any(_MARKED in text and _MARK.search(text) for text in texts)


def storable(rendition: Rendition) -> Rendition:
    """The rendition with what no database takes as text put in other signs: a NUL as U+2400, half a surrogate pair as U+FFFD.

    Done before the digest is taken, so that what is read back is what was frozen, on every database.
    """
    texts = (rendition.title, rendition.summary, rendition.media_type, rendition.body, *rendition.extra.values())
    named = [text for picture in rendition.pictures for text in (picture.source, picture.alt, picture.caption)]
    if not any(_UNSTORABLE.search(text) for text in (*texts, *named, *rendition.extra)):
        return rendition
    return replace(
        rendition,
        title=_stored(rendition.title),
        summary=_stored(rendition.summary),
        media_type=_stored(rendition.media_type),
        body=_stored(rendition.body),
        extra={_stored(name): _stored(text) for name, text in rendition.extra.items()},
        pictures=tuple(
            replace(p, source=_stored(p.source), alt=_stored(p.alt), caption=_stored(p.caption))
            for p in rendition.pictures
        ),
    )


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _stored(text: str) -> str:
    return _UNSTORABLE.sub(lambda match: "\u2400" if match[0] == "\0" else "\ufffd", text)


def late_bound(rendition: Rendition) -> tuple[str, ...]:
    """What is filled in when it leaves, in words, in order of appearance: nobody can read that beforehand."""
    texts = (rendition.body, rendition.summary, *rendition.extra.values())
    return tuple(dict.fromkeys(_in_words(match) for text in texts for match in _MARK.finditer(text)))


def with_marks_told(text: str) -> str:
    """The text with each mark told as such, for whoever reads it before it leaves."""
    return _MARK.sub(
        lambda match: say("【发布时填入：{what}】", "[filled in when it leaves: {what}]", what=_in_words(match)), text
    )


def _in_words(match: re.Match[str]) -> str:
    if match["channel"] is not None:
        return say("本稿在 {channel} 的地址", "the address of this post on {channel}", channel=match["channel"])
    return say("发布的时间（{name}）", "the time of publication ({name})", name=match["time"])


def needed_channels(texts: Sequence[str]) -> tuple[str, ...]:
    """The channels whose addresses ``texts`` wait for, in order of appearance."""
    names = (match["channel"] for text in texts for match in _MARK.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name is not None))


def bind(rendition: Rendition, addresses: Mapping[str, str], leaves_at: datetime) -> Rendition:
    """The rendition with its marks filled in; ``leaves_at`` is the minute of publication, aware, in the zone in which it is to be shown.

    Raises KeyError for a channel whose address is missing: the caller waits for it first.
    """
    if rendition.is_bound:
        return rendition

    def fill(text: str, escape: Callable[[str], str]) -> str:
        if _MARKED not in text:
            return text
        return _MARK.sub(lambda match: escape(_value(match, addresses, leaves_at)), text)

    return replace(
        rendition,
        summary=fill(rendition.summary, str),
        body=fill(rendition.body, _ESCAPES.get(rendition.media_type, str)),
        extra={name: fill(text, str) for name, text in rendition.extra.items()},
    )


def _value(match: re.Match[str], addresses: Mapping[str, str], leaves_at: datetime) -> str:
    if match["channel"] is not None:
        return _NOT_IN_ADDRESSES.sub(lambda bad: f"%{ord(bad[0]):02X}", addresses[match["channel"]])
    return _TIMES[match["time"]](leaves_at)


_TIMES: Mapping[str, Callable[[datetime], str]] = {
    "iso": lambda at: at.isoformat(timespec="seconds"),
    "minute": lambda at: at.isoformat(" ", timespec="minutes")[:16],
    "date": lambda at: at.date().isoformat(),
    "chinese": lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
}
#: How a filled-in value is written in a body of that type, so that an address cannot break out of its place.
_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "text/html": html.escape,
    "application/xml": html.escape,
    "application/json": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
}
