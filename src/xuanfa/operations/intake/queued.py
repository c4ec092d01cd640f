"""What reading the inbox did, and what is told of it: never more than people read, and the rest counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

#: Lines that are told of one file, and of all files of a pass.
OF_A_FILE: Final = 20
OF_A_PASS: Final = 200


@dataclass(slots=True, kw_only=True)
class QueueReport:
    """What reading the inbox did. ``problems`` and ``notices`` are sentences with file and line, as many as are told."""

    new: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    #: What keeps the folder itself from being read; empty where nothing does.
    folder_trouble: str = ""
    #: How many problems there are, told or not.
    trouble: int = 0
    #: Lines of problems and of notices for which there was no room any more.
    _untold: int = 0
    _unnoticed: int = 0

    def refuse(self, problems: Sequence[str], trouble: int = 0) -> None:
        """The problems of one file, of ``trouble`` that it has (0: as many as are given)."""
        self.trouble += trouble or len(problems)
        self._untold += self._add(self.problems, problems)

    def notice(self, *notices: str) -> None:
        """What is to be known; what was said of another file in the same words is not said again."""
        self._unnoticed += self._add(self.notices, [notice for notice in notices if notice not in self.notices])

    def end(self) -> None:
        """All is read: say how much was left out, among its like."""
        for listed, untold in ((self.problems, self._untold), (self.notices, self._unnoticed)):
            if untold:
                listed.append(
                    say(
                        "另有 {n} 行没有列出：请先处理上面的，或用 {posts} 查看。",
                        "{n} more lines are not listed: see to those above first, or see {posts}.",
                        n=untold,
                        posts=Remedy("posts"),
                    )
                )

    def _add(self, listed: list[str], messages: Sequence[str]) -> int:
        """How many lines of the messages were left out."""
        room = OF_A_PASS - 1 - _lines(listed)
        told = list(_within(messages, room))
        listed.extend(told)
        return _lines(messages) - _lines(told)


def bounded(messages: Sequence[str], shown_as: str) -> tuple[str, ...]:
    """The messages of a file, or so many of them, with the number of the rest, as are told of one."""
    if _lines(messages) <= OF_A_FILE:
        return tuple(messages)
    told = tuple(_within(messages, OF_A_FILE - 1))
    rest = say("{file}：另有 {n} 处。", "{file}: {n} more.", file=shown_as, n=len(messages) - len(told))
    return (*told, rest)


def _within(messages: Iterable[str], lines: int) -> Iterable[str]:
    for message in messages:
        lines -= _lines([message])
        if lines < 0:
            return
        yield message


def _lines(messages: Iterable[str]) -> int:
    return sum(message.count("\n") + 1 for message in messages)
