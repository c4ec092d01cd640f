"""Findings that are kept, in words: where they are, how much they weigh, and what they say."""

from collections.abc import Iterable, Sequence
from typing import Final

from xuanfa.domain.checking import Level
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.verdict import UNREPEATED, Note

#: So many findings are named in a sentence; the rest is counted.
NAMED: Final = 3


def told(note: Note, path: str, channel: str) -> str:
    """One finding: where it is, its level, its rule, and what it says."""
    return say(
        "{where}: [{level}] {rule} {message}",
        "{where}: [{level}] {rule} {message}",
        where=_place(note, path, channel),
        level=say(*note.level.words),
        rule=note.rule,
        message=_message(note, path),
    )


def listed(left: Sequence[Note], path: str, channel: str) -> str:
    """The first of these findings, and how many more."""
    what = say("；", "; ").join(told(note, path, channel) for note in left[:NAMED])
    if len(left) > NAMED:
        what += say("；另有 {n} 处", "; and {n} more", n=len(left) - NAMED)
    return what


def as_findings(notes: Iterable[Note], path: str, channel: str) -> tuple[Finding, ...]:
    """What stands of these, for whoever reads the post before it leaves. What weighs little is told where its author can mend it."""
    return tuple(
        Finding(code=note.rule, message=told(note, path, channel), place=path, severity=Severity.WARN)
        for note in notes
        if note.line or note.level.weight >= Level.SEVERE.weight
    )


def _place(note: Note, path: str, channel: str) -> str:
    """Line and column of the file, the attachment, or what only that channel gets."""
    if note.line:
        return f"{path}:{note.line}:{note.column}"
    if note.file:
        return say("{path} 的附件“{file}”", "{path}, its attachment {file!r}", path=path, file=note.file)
    return say("{path}（{channel} 的成稿）", "{path} (what {channel} gets)", path=path, channel=channel)


def _message(note: Note, path: str) -> str:
    """What a finding says. Such sentences go into logs and messages: what must not go out is not repeated in them."""
    if note.rule.partition(".")[0] not in UNREPEATED:
        return note.message
    return say(
        "（原文不在这里重复，详见 {check}）",
        "(its words are not repeated here; see {check})",
        check=Remedy("check", path),
    )
