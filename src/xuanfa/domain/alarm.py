"""An alarm (告警): something that waits for a person, told once for as long as it lasts."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.said import remedies_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing to tell. ``name`` is stable and unique; ``look`` is what shows it (``where_to_look``)."""

    name: str
    words: str
    look: str


def where_to_look(*steps: Remedy | str) -> str:
    """What shows a cause, for people: the program's verbs, and addresses of others."""
    return say(" · ", " · ").join(step if isinstance(step, str) else say("{it}", "{it}", it=step) for step in steps)


def way_on(why: str, resume: Remedy) -> str:
    """Why something is paused, and how it goes on, unless the reason tells that itself."""
    if any(each.verb == resume.verb for each in remedies_of(why)):
        return why
    return say("{why}。恢复：{resume}", "{why}. To go on: {resume}", why=why, resume=resume)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A cause with when it began and when it was told; ``None``: not yet."""

    cause: Cause
    raised_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How telling one target went. ``target`` is safe to show; ``trouble`` is empty where the message was taken."""

    target: str
    trouble: str = ""


class Teller(Protocol):
    """Whoever brings a message to people."""

    def targets(self) -> tuple[Told, ...]:
        """Every target, with what is wrong with its address; nothing is sent. Raises ConfigError as ``tell`` does."""

    def tell(self, title: str, body: str) -> tuple[Told, ...]:
        """Bring it to every target, one after the other. Raises ConfigError where that cannot even be tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """What is alarmed of, and through whom. ``teller`` is ``None`` where nobody is to be told."""

    teller: Teller | None = None
    #: After a message, the next one waits this long and holds whatever has come meanwhile.
    quiet: timedelta = timedelta(minutes=10)
    #: After how long without a publication a column is worth an alarm; nought: never.
    nothing_published: timedelta = timedelta(days=14)
    #: Whether it is told of before a column or an account has been still for too long.
    warns_of_silence: bool = False
    #: When the daily digest goes out; ``None``: never.
    digest_at: time | None = None
