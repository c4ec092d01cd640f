"""Reading: from the bytes of a file of ``posts/`` to what each channel will get. It needs no database, so that a process of its own can do it."""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.finding import Severity
from xuanfa.domain.language import say
from xuanfa.domain.shown import clipped, printable
from xuanfa.operations.inbox import InboxFile
from xuanfa.operations.queued import bounded

if TYPE_CHECKING:
    from xuanfa.domain.post import Post
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.press import Press
    from xuanfa.operations.render import Rendered

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file holds: a post with what its channels get, or problems. ``source`` is its text.

    Of problems and notices as many as are told; ``trouble`` is how many problems there are.
    """

    source: str = ""
    post: "Post | None" = None
    rendered: "dict[str, Rendered]" = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    trouble: int = 0
    #: The pictures that the post is made of, as ``content.reading`` has them.
    parts: tuple[tuple[str, int, int], ...] = ()
    #: Whether nothing is wrong but that there is no text yet.
    is_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crashed:
    """Reading ended the process that read. ``how`` is for people: the signal, or the limit that was passed."""

    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remnant:
    """A note of what was being read when the whole program died: the file as it was then, and the digest of its bytes."""

    shown_as: str
    size: int
    changed_ns: int
    digest: str


class Reader(Protocol):
    """Whoever reads files, for one look into the inbox."""

    def read(self, file: InboxFile, source: bytes, only: Collection[str] | None) -> Read | Crashed | None:
        """What the file with these bytes holds, rendered for ``only`` these channels or for all; ``None`` where it was told to stop."""

    def remnants(self) -> Sequence[Remnant]:
        """What programs that died have left behind, each told once."""


class Readers(Protocol):
    """Where readers come from."""

    def __call__(self, desk: "Desk", is_stopping: Callable[[], bool]) -> AbstractContextManager[Reader]:
        """One that lives as long as the ``with`` statement, and reads no further once it is to stop."""


class HereReader:
    """Reads in this process: for commands at which a person looks on, and where no process can be started."""

    def __init__(self, desk: "Desk", _is_stopping: Callable[[], bool]) -> None:
        self._desk = desk

    def __enter__(self) -> "HereReader":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is kept."""

    def read(self, file: InboxFile, source: bytes, only: Collection[str] | None) -> Read:
        """As ``Reader`` has it."""
        return read_source_of(self._desk, file, source, only)

    def remnants(self) -> Sequence[Remnant]:
        """None: nothing is noted."""
        return ()


def read_source_of(press: "Press", file: InboxFile, source: bytes, only: Collection[str] | None = None) -> Read:
    """What the file with the bytes ``source`` holds. Raises nothing for what it holds, whatever a library makes of that."""
    shown_as = file.shown_as
    try:
        return _read(press, file, source, only)
    except MemoryError:
        text = say(
            "读这个文件要用的内存超过上限，没有读进来。请把图片缩小，或把稿件分成几篇。",
            "reading this file takes more memory than it may, and it was not taken. Make its pictures smaller, or make it several posts.",
        )
    except Exception as error:
        log.exception("reading %s failed", shown_as)
        text = say(
            "读这个文件时程序出错（{kind}），没有读进来。请检查内容是否异常，并把日志交给管理员。",
            "reading this file failed ({kind}), and it was not taken. See whether its content is unusual, and show the log to the operator.",
            kind=type(error).__name__,
        )
    return Read(problems=(str(ContentError(text, Place(shown_as))),))


def _read(press: "Press", file: InboxFile, source: bytes, only: Collection[str] | None) -> Read:
    # Heavy libraries (Markdown, sanitiser, pictures) are needed only where a file has really changed.
    from xuanfa.content.reading import read_post  # noqa: PLC0415
    from xuanfa.content.sources import decode  # noqa: PLC0415
    from xuanfa.operations.render import render_post  # noqa: PLC0415

    shown_as = file.shown_as
    reading = read_post(
        source,
        path=file.path,
        shown_as=shown_as,
        zone=press.zone,
        columns=press.columns,
        media=press.media,
        slug=file.slug,
    )
    notices = tuple(str(notice) for notice in reading.notices)
    if reading.post is None:
        problems = tuple(str(problem) for problem in reading.problems)
        return Read(
            problems=bounded(problems, shown_as),
            notices=bounded(notices, shown_as),
            trouble=len(reading.problems),
            is_draft=reading.is_draft,
        )
    rendered = render_post(press, reading.post, only)
    return Read(
        source=decode(source, shown_as).text,
        post=reading.post,
        rendered=rendered,
        parts=reading.parts,
        notices=bounded((*notices, *dict.fromkeys(_warnings(rendered, shown_as))), shown_as),
    )


def _warnings(rendered: "dict[str, Rendered]", shown_as: str) -> list[str]:
    """What the operator must mend is one thing for many posts, and is said once; the rest names its file."""
    from xuanfa.operations.render import OPERATOR  # noqa: PLC0415 - as above

    return [
        finding.message if finding.code == OPERATOR else f"{shown_as}: {clipped(printable(finding.message))}"
        for made in rendered.values()
        for finding in made.findings
        if finding.severity is Severity.WARN or finding.code == OPERATOR
    ]


def lightened(read: Read) -> Read:
    """The same without the renditions that a finding blocks: nothing is frozen of them, and they may be large."""
    rendered = {
        name: made if made.is_sendable else replace(made, rendition=None) for name, made in read.rendered.items()
    }
    return replace(read, rendered=rendered)
