"""What reading the inbox did, and what is told of it: never more than people read, and the rest counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

#: Lines that are told of one file, and of all files of a pass.
OF_A_FILE: Final = 20
OF_A_PASS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """How a source of recurring posts stands. ``made`` are the slugs of occurrences that are to come; ``next_day`` is the turn after them, which is
    made on the day ``made_on``; ``None`` where the rule has no more."""

    slug: str
    path: str
    rule: str
    standing: str
    made: tuple[str, ...]
    #: The days of these, and what the source is called.
    days: tuple[date, ...]
    title: str
    next_day: date | None
    made_on: date | None

    @property
    def sentence(self) -> str:
        """That for people."""
        words = say(
            "重复稿件《{title}》（{path}）：{rule}；已排入 {n} 期{days}；",
            "“{title}” ({path}) recurs ({rule}): {n} occurrences are made{days}; ",
            title=self.title,
            path=self.path,
            rule=self.rule,
            n=len(self.made),
            days=say("（{days}）", " ({days})", days=say("、", ", ").join(day.isoformat() for day in self.days))
            if self.days
            else "",
        )
        if self.standing in {"gone", "broken"}:
            after = say("底稿不见了或读不成稿件，不再排入。", "its file is gone or is no post, and no more are made.")
        elif self.next_day is None:
            after = say("已到结束日期，没有下一期。", "it has come to its end.")
        else:
            after = say(
                "下一期 {day}，{on} 自动排入。",
                "the next is that of {day}, which is made by itself on {on}.",
                day=self.next_day.isoformat(),
                on=self.made_on.isoformat() if self.made_on else "",
            )
        return say("{words}{after}", "{words}{after}", words=words, after=after)


@dataclass(slots=True, kw_only=True)
class QueueReport:
    """What reading the inbox did. ``problems`` and ``notices`` are sentences with file and line, as many as are told."""

    new: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    #: How each source of recurring posts stands.
    recurring: list[Recurring] = field(default_factory=list)
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
