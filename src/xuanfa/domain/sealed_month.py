"""A sealed month (封存月份): what a month that is over counted when somebody sealed it; what is corrected later shows as such."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from xuanfa.domain.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class SealMonth:
    """A month that is over is sealed: what it counts now is kept."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "seal_month"
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item as it counted: the number of its delivery, its post, and what tables go by. ``at`` is microseconds since 1970."""

    id: int
    post: str
    title: str
    column: str
    channel: str
    department: str
    author: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a month counts."""

    posts: int
    retracted: int
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedMonth:
    """A month as it was sealed; ``actor`` is a login name."""

    month: str
    items: int
    posts: int
    retracted: int
    hash: str
    sealed_at: datetime
    actor: str


What = Literal["withdrawn", "added", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """One thing that was corrected after the month was sealed."""

    month: str
    what: What
    entry: Entry

    @property
    def label(self) -> str:
        """For people."""
        match self.what:
            case "withdrawn":
                return say("封存后撤回", "withdrawn after the seal")
            case "added":
                return say("封存后补登", "entered after the seal")
            case "changed":
                return say("封存后更正", "corrected after the seal")


def differences(month: str, before: Sequence[Entry], now: Sequence[Entry]) -> Iterator[Later]:
    """What has changed, by the number of the delivery."""
    then: Mapping[int, Entry] = {each.id: each for each in before}
    today: Mapping[int, Entry] = {each.id: each for each in now}
    for number in sorted(then.keys() | today.keys()):
        if number not in today:
            yield Later(month=month, what="withdrawn", entry=then[number])
        elif number not in then:
            yield Later(month=month, what="added", entry=today[number])
        elif then[number] != today[number]:
            yield Later(month=month, what="changed", entry=today[number])
