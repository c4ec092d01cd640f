"""Reading: from the bytes of a file of ``posts/`` to what each channel will get. It needs no database, so that a process of its own can do it."""

import logging
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from xuanfa.domain.errors import ConfigError, ContentError, Place, where_it_broke
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.shown import clipped, printable
from xuanfa.operations.intake.inbox import InboxFile
from xuanfa.operations.intake.queued import bounded

if TYPE_CHECKING:
    from datetime import date

    from xuanfa.content.reading.posts import Reading
    from xuanfa.domain.post import Post
    from xuanfa.domain.rendition import Rendition
    from xuanfa.domain.verdict import Verdict
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.intake.render import Rendered
    from xuanfa.operations.press import Press

log = logging.getLogger(__name__)

#: What is told of a file whose reading took too much memory, or failed otherwise than by what it holds.
TOO_MUCH: Final = "reading.too_much"
FAILED: Final = "reading.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file holds: a post with what its channels get, or problems. ``source`` is its text.

    Of problems and notices as many as are told; ``trouble`` is how many problems there are.
    """

    source: str = ""
    post: "Post | None" = None
    #: Its author as printed.
    byline: str = ""
    rendered: "dict[str, Rendered]" = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    trouble: int = 0
    #: The pictures that the post is made of, as ``content.reading`` has them.
    parts: tuple[tuple[str, int, int], ...] = ()
    #: Whether nothing is wrong but that there is no text yet.
    is_draft: bool = False
    #: Whether the file says that its post is restricted: then nothing here holds a word of it.
    is_restricted: bool = False
    #: Why the rules for texts could not be read; empty where they were, or nobody asks them.
    unruled: str = ""
    #: Whether its problems are all told, and are the same as long as neither the file, nor its parts, nor the settings change.
    is_final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the rules say of renditions, by channel; or why they could not be read."""

    verdicts: "Mapping[str, Verdict]" = field(default_factory=dict)
    unruled: str = ""


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

    def judge(self, renditions: "Mapping[str, Rendition]", source: str, when: "date") -> Judged | None:
        """What the rules say of what was frozen, of this source; ``None`` where it was told to stop."""

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

    def judge(self, renditions: "Mapping[str, Rendition]", source: str, when: "date") -> Judged:
        """As ``Reader`` has it."""
        return judge_frozen(self._desk, renditions, source, when)

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
        ).coded(TOO_MUCH)
    except Exception as error:  # noqa: BLE001 - logged, as far as it may be
        _log_failure(shown_as, source, error)
        text = say(
            "读这个文件时程序出错（{kind}），没有读进来。请检查内容是否异常，并把日志交给管理员。",
            "reading this file failed ({kind}), and it was not taken. See whether its content is unusual, and show the log to the operator.",
            kind=type(error).__name__,
        ).coded(FAILED)
    return Read(problems=(str(ContentError(text, Place(shown_as))),))


def _log_failure(shown_as: str, source: bytes, error: Exception) -> None:
    """A trace may quote what was being read: of a restricted post only where it broke is kept."""
    from xuanfa.content.reading.restricted import names_access  # noqa: PLC0415 - only where something is broken

    if names_access(source.decode(errors="replace")):
        log.error("reading %s failed: %s", shown_as, where_it_broke(error))
    else:
        log.error("reading %s failed", shown_as, exc_info=error)


def _read(press: "Press", file: InboxFile, source: bytes, only: Collection[str] | None) -> Read:
    # Heavy libraries (Markdown, sanitiser, pictures) are needed only where a file has really changed.
    from xuanfa.content.reading.posts import read_post  # noqa: PLC0415
    from xuanfa.operations.intake.render import render_post  # noqa: PLC0415

    shown_as = file.shown_as
    reading = read_post(
        source,
        path=file.path,
        shown_as=shown_as,
        zone=press.zone,
        columns=press.columns,
        media=press.media,
        slug=file.slug,
        kinds=press.reviews.names,
    )
    notices = tuple(str(notice) for notice in reading.notices)
    if reading.is_restricted and not press.tells_all:
        return _read_discreetly(press, reading, file, only)
    if reading.post is None:
        problems = tuple(str(problem) for problem in reading.problems)
        return Read(
            problems=bounded(problems, shown_as),
            notices=bounded(notices, shown_as),
            trouble=len(reading.problems),
            parts=reading.parts,
            is_draft=reading.is_draft,
            is_final=reading.is_final and bounded(problems, shown_as) == problems,
        )
    text, printed = reading.text, file.signed(reading.post)
    made_, unruled = judged(press, printed, render_post(press, printed, only), text)
    rendered = {
        channel: replace(
            made, findings=tuple(_located(finding, text, shown_as, reading.places) for finding in made.findings)
        )
        for channel, made in made_.items()
    }
    return Read(
        source=text,
        post=reading.post,
        byline=printed.author,
        rendered=rendered,
        unruled=unruled,
        parts=reading.parts,
        notices=bounded((*notices, *dict.fromkeys(_warnings(rendered, shown_as))), shown_as),
    )


def _read_discreetly(press: "Press", reading: "Reading", file: InboxFile, only: Collection[str] | None) -> Read:
    """The same of a restricted post: where something is wrong with it, and not what. That is shown by a preview, to those on its list."""
    from xuanfa.operations.intake.render import OPERATOR, render_post  # noqa: PLC0415 - as above

    shown_as, printed = file.shown_as, None if reading.post is None else file.signed(reading.post)
    rendered, unruled = (
        ({}, "") if printed is None else judged(press, printed, render_post(press, printed, only), reading.text)
    )
    problems, notices = (tuple(_lines(told)) for told in (reading.problems, reading.notices))
    warned = any(finding.severity is Severity.WARN for made in rendered.values() for finding in made.findings)
    return Read(
        source="" if reading.post is None else reading.text,
        post=reading.post,
        byline="" if printed is None else printed.author,
        rendered={
            channel: replace(made, findings=tuple(_discreet(each, OPERATOR) for each in made.findings))
            for channel, made in rendered.items()
        },
        problems=() if reading.post is not None else (problems_in_words(shown_as, problems),),
        notices=(
            *((notices_in_words(shown_as, notices),) if notices or warned else ()),
            *dict.fromkeys(
                each.message for made in rendered.values() for each in made.findings if each.code == OPERATOR
            ),
        ),
        trouble=len(reading.problems),
        parts=reading.parts,
        is_draft=reading.is_draft,
        is_restricted=True,
        unruled=unruled,
        is_final=reading.is_final,
    )


def judge_frozen(press: "Press", renditions: "Mapping[str, Rendition]", source: str, when: "date") -> Judged:
    """What the rules say of what was frozen. Raises nothing for what it holds."""
    if press.rules is None:
        return Judged(unruled=say("这里不按规则检查。", "No rules are asked here."))
    try:
        return Judged(verdicts=press.rules.judge(renditions, source, when))
    except (ContentError, ConfigError) as error:
        return Judged(unruled=str(error))


def judged(
    press: "Press", post: "Post", rendered: "dict[str, Rendered]", source: str
) -> "tuple[dict[str, Rendered], str]":
    """What each channel gets, with what the rules say of it; and why nobody knows, where the rules themselves cannot be read."""
    sound = {name: made.rendition for name, made in rendered.items() if made.rendition is not None and made.is_sendable}
    if press.rules is None or not sound:
        return rendered, ""
    try:
        verdicts = press.rules.judge(sound, source, _day(press, post))
    except (ContentError, ConfigError) as error:
        return rendered, str(error)
    return {name: replace(made, verdict=verdicts.get(name)) for name, made in rendered.items()}, ""


def _day(press: "Press", post: "Post") -> "date | None":
    """The day on which it is out, by which rules hold or do not; ``None`` where its author has named none."""
    at = post.publish_at
    return at.astimezone(press.zone).date() if isinstance(at, datetime) else None


def discreetly(read: Read, shown_as: str) -> Read:
    """The same where the file does not say so and its post is restricted all the same: a longer list has not been confirmed yet."""
    from xuanfa.operations.intake.render import OPERATOR  # noqa: PLC0415 - as above

    if read.is_restricted:
        return read
    lines = sorted({int(at[1]) for each in read.problems if (at := re.match(rf"{re.escape(shown_as)}:(\d+): ", each))})
    return replace(
        read,
        problems=(problems_in_words(shown_as, lines or [1]),) if read.problems else (),
        notices=(notices_in_words(shown_as, ()),) if read.notices else (),
        rendered={
            channel: replace(made, findings=tuple(_discreet(each, OPERATOR) for each in made.findings))
            for channel, made in read.rendered.items()
        },
        is_restricted=True,
    )


def _lines(told: Sequence[ContentError]) -> list[int]:
    return sorted({each.place.line or 1 for each in told if each.place is not None} or ({1} if told else set()))


def problems_in_words(shown_as: str, lines: Sequence[int]) -> str:
    """What is said to everybody of what is wrong with the file of a restricted post."""
    text = say(
        "限阅稿件，第 {lines} 行有问题，没有排入；名单上的人可以看详情：{preview}",
        "this post is restricted; something is wrong in line {lines}, and it was not queued. Those on its list see what: {preview}",
        lines=_some(lines),
        preview=Remedy("preview", shown_as),
    )
    return str(ContentError(text, Place(shown_as)))


def notices_in_words(shown_as: str, lines: Sequence[int]) -> str:
    """The same of what stops nothing."""
    where = say("（第 {lines} 行）", " (line {lines})", lines=_some(lines)) if lines else ""
    text = say(
        "限阅稿件，有要留意的地方{where}；名单上的人可以看详情：{preview}",
        "this post is restricted; there is something to be known{where}. Those on its list see what: {preview}",
        where=where,
        preview=Remedy("preview", shown_as),
    )
    return str(ContentError(text, Place(shown_as)))


def _some(lines: Sequence[int]) -> str:
    shown = say("、", ", ").join(str(line) for line in lines[:_LINES_SHOWN])
    return shown + ("…" if len(lines) > _LINES_SHOWN else "")


#: So many lines are named.
_LINES_SHOWN = 10


def _discreet(finding: Finding, operators: str) -> Finding:
    """What a finding is about, without the words in which it was found. What the operator must mend says nothing of the text."""
    if finding.code == operators:
        return finding
    words = say(
        "限阅稿件的成稿有一项检查要看（{code}），名单上的人可以看详情：{preview}",
        "a check has something to say of this restricted post ({code}); those on its list see what: {preview}",
        code=finding.code,
        preview=Remedy("preview"),
    )
    return Finding(code=finding.code, severity=finding.severity, message=words, place=finding.place)


def _located(finding: Finding, text: str, shown_as: str, places: Sequence[int]) -> Finding:
    """The finding with the line of the file that it speaks of, where its words stand there as they are."""
    from xuanfa.content.reading.posts import place_of  # noqa: PLC0415 - as above

    at = text.find(finding.about) if finding.about else -1
    if at < 0:
        return finding
    line = text.count("\n", 0, at) + 1
    words = finding.message
    if places:
        paragraph = max(place_of(line, places), 0)
        words = say("第 {n} 段：{words}", "paragraph {n}: {words}", n=paragraph, words=words) if paragraph else words
        return replace(finding, place=shown_as, message=words)
    if finding.severity is Severity.BLOCK:  # it becomes a delivery's reason, which has no place
        words = say("第 {n} 行：{words}", "line {n}: {words}", n=line, words=words)
    return replace(finding, place=f"{shown_as}:{line}", message=words)


def _warnings(rendered: "dict[str, Rendered]", shown_as: str) -> list[str]:
    """What the operator must mend is one thing for many posts, and is said once; the rest names its file."""
    from xuanfa.operations.intake.render import OPERATOR  # noqa: PLC0415 - as above

    return [
        finding.message
        if finding.code == OPERATOR
        else _where(finding, shown_as) + ": " + clipped(printable(finding.message))
        for made in rendered.values()
        for finding in made.findings
        if finding.severity is Severity.WARN or finding.code == OPERATOR
    ]


def _where(finding: Finding, shown_as: str) -> str:
    return finding.place if finding.place.startswith(f"{shown_as}:") else shown_as


def lightened(read: Read) -> Read:
    """The same without the renditions that a finding blocks: nothing is frozen of them, and they may be large."""
    rendered = {
        name: made if made.is_sendable else replace(made, rendition=None) for name, made in read.rendered.items()
    }
    return replace(read, rendered=rendered)
