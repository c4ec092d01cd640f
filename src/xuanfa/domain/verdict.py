"""A verdict (结论): what the rules have to say of what one channel gets, kept with it; and waivers (放过), by which people answer for that.

Pure: whether a finding stands is told from both alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Self

from xuanfa.domain.checking import Found, Level
from xuanfa.domain.said import heard, kept

#: So many findings are kept of a rendition, the heaviest first. More is no text that somebody has written with care.
KEPT: Final = 200
#: The classes of rules about what must not be known: their texts are repeated nowhere.
UNREPEATED: Final = frozenset({"privacy", "secrecy"})
#: So much of what was found and of its words is kept. Characters.
_TEXT, _WORDS = 200, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One finding as it is kept. ``line`` and ``column`` are those of the post's file, 0 where it does not stand there as it is: then it is of
    what only the channel gets. ``file`` is the attachment in which it stands; empty for the post itself."""

    rule: str
    level: Level
    text: str
    message: str
    suggestion: str = ""
    basis: str = ""
    line: int = 0
    column: int = 0
    start: int = 0
    end: int = 0
    file: str = ""

    @classmethod
    def of(cls, found: Found, *, line: int, column: int, file: str = "") -> Self:
        """What is kept of a finding."""
        return cls(
            rule=found.rule,
            level=found.level,
            text=found.text[:_TEXT],
            message=found.message,
            suggestion=found.suggestion[:_TEXT],
            basis=found.basis[:_WORDS],
            line=line,
            column=column,
            start=found.start,
            end=found.end,
            file=file,
        )

    @property
    def mark(self) -> tuple[str, str]:
        """By what a waiver knows it: rule and text."""
        return self.rule, self.text

    def data(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "rule": self.rule,
            "level": self.level.value,
            "text": self.text,
            "message": kept(self.message),
            "suggestion": self.suggestion,
            "basis": self.basis,
            "line": self.line,
            "column": self.column,
            "start": self.start,
            "end": self.end,
            **({"file": self.file} if self.file else {}),
        }

    @classmethod
    def heard(cls, data: Mapping[str, Any]) -> Self:
        """What was kept."""
        return cls(**{**data, "level": Level(data["level"]), "message": heard(data["message"])})

    def found(self, *, file: str, post: str, channel: str | None) -> Found:
        """As the command that checks tells it."""
        return Found(
            rule=self.rule,
            kind=self.rule.partition(".")[0],
            level=self.level,
            start=self.start,
            end=self.end,
            line=self.line,
            column=self.column,
            text=self.text,
            message=self.message,
            suggestion=self.suggestion,
            basis=self.basis,
            file=self.file or file,
            post=post,
            channel=channel,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found, by which rules (``stamp``), and on which days these find the same: from ``since`` up to the day before ``until``."""

    notes: tuple[Note, ...]
    stamp: str
    since: date = date.min
    until: date = date.max
    #: How many were found and are not kept, all of them no heavier than those that are.
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """That somebody answers for a finding: one of a ``post`` (by its slug), or of all where it is empty. With a ``digest`` of exactly that
    rendition: the finding stands and was accepted (承担); without one it is ignored (忽略)."""

    rule: str
    text: str
    post: str = ""
    digest: str = ""
    actor: str
    why: str
    at: datetime

    @property
    def shown(self) -> str:
        """The text as it may stand in a history: what must not be known is cut."""
        is_unrepeated = self.rule.partition(".")[0] in UNREPEATED
        return f"{self.text[:2]}***" if is_unrepeated else self.text

    @property
    def is_for_ever(self) -> bool:
        """Whether it holds for every post."""
        return not self.post

    @property
    def ignores(self) -> bool:
        """Whether the finding is none."""
        return not self.digest

    def answers(self, note: Note, post: str, digest: str) -> bool:
        """Whether it is about this finding there. A veto is answered by being ignored only."""
        if self.mark != note.mark or (self.post and self.post != post):
            return False
        return self.ignores or (self.digest == digest and note.level is not Level.VETO)

    @property
    def mark(self) -> tuple[str, str]:
        """The finding by which it is known."""
        return self.rule, self.text


def is_ignored(note: Note, waivers: Iterable[Waiver], post: str) -> bool:
    """Whether the finding is to be told to nobody any more."""
    return any(each.ignores and each.answers(note, post, "") for each in waivers)


def unanswered(
    notes: Iterable[Note], waivers: Collection[Waiver], *, post: str, digest: str, least: Level = Level.SEVERE
) -> list[Note]:
    """The findings of at least that level for which nobody answers, the heaviest first."""
    found = [
        note
        for note in notes
        if note.level.weight >= least.weight and not any(each.answers(note, post, digest) for each in waivers)
    ]
    return sorted(found, key=lambda note: -note.level.weight)


def stands(verdict: Verdict, waivers: Collection[Waiver], *, post: str, digest: str) -> Level | None:
    """The heaviest finding that stops something and for which nobody answers. Of more than are kept nobody can answer for all."""
    left = unanswered(verdict.notes, waivers, post=post, digest=digest)
    if left:
        return left[0].level
    over = verdict.left_out and verdict.notes and verdict.notes[-1].level.weight >= Level.SEVERE.weight
    return Level.SEVERE if over else None


def several(notes: Iterable[Note]) -> list[Note]:
    """The findings of several renditions, each once: in the order of the file, those that stand there first."""
    once: dict[tuple[str, str, int, int], Note] = {}
    for note in notes:
        once.setdefault((*note.mark, note.line, note.column), note)
    in_file = {note.mark for note in once.values() if note.line}
    told = [note for note in once.values() if note.line or note.mark not in in_file]
    return sorted(told, key=lambda note: (not note.line, note.line, note.column))


def bounded(notes: Sequence[Note]) -> tuple[tuple[Note, ...], int]:
    """So many as are kept, the heaviest first, and how many were left out."""
    ordered = sorted(notes, key=lambda note: -note.level.weight)
    return tuple(ordered[:KEPT]), max(0, len(ordered) - KEPT)
