"""Solemn periods (肃穆): days of mourning or of a grave event, in which entertainment and celebration stay back. Pure.

A person sets them, at once if need be, and they always have an end. What its author has not declared fit for such a day (``solemn_ok``) is held when
it becomes due, and so is whatever shows an emoji; when the period is over a person decides, because the text was written for its day.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar, Final

from xuanfa.domain.language import say
from xuanfa.domain.remedy import option
from xuanfa.domain.silence import Silence

#: No period is longer: whoever needs more sets another one.
LONGEST: Final = timedelta(days=31)
#: Characters that are shown as small pictures: the blocks of emoji of Unicode 16, and older signs where a variation selector asks for a picture.
#: How the front matter says that a post is fit.
DECLARED: Final = "solemn_ok: true"
_EMOJI: Final = re.compile(
    r"[\U0001F1E6-\U0001F1FF\U0001F300-\U0001F64F\U0001F680-\U0001F6FF\U0001F900-\U0001FAFF]|.\uFE0F"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSolemn:
    """From ``begins`` up to, not including, ``ends`` only what is fit for it goes out; ``reason`` is read beside what is held."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "set_solemn"
    begins: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSolemn:
    """A period is over before its end, or is not to begin."""

    delivery: ClassVar[None] = None
    channel: ClassVar[None] = None
    verb: ClassVar = "end_solemn"
    number: int


OfSolemn = SetSolemn | EndSolemn


@dataclass(frozen=True, slots=True, kw_only=True)
class Solemn:
    """A period as it was set, by whom and when; ``ended_at`` is when somebody has ended it, ``None`` where nobody has."""

    id: int
    begins: datetime
    ends: datetime
    reason: str
    actor: str
    set_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""

    @property
    def over_at(self) -> datetime:
        """When it is over."""
        return self.ends if self.ended_at is None else min(self.ends, self.ended_at)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.begins <= moment < self.over_at

    @property
    def asked_from(self) -> datetime:
        """Since when a release is one that knows of it."""
        return max(self.begins, self.set_at)

    def as_silence(self) -> Silence:
        """The same for whoever shows periods of both kinds."""
        return Silence(
            begins=self.begins, ends=self.over_at, reason=say("肃穆：{reason}", "solemn: {reason}", reason=self.reason)
        )

    def in_words(self, zone: tzinfo) -> str:
        """From when to when, why, and who has set it."""
        return say(
            "{begins:%Y-%m-%d %H:%M} 至 {ends:%Y-%m-%d %H:%M}，{reason}，{actor}设定",
            "{begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}, {reason}, set by {actor}",
            begins=self.begins.astimezone(zone),
            ends=self.over_at.astimezone(zone),
            reason=self.reason,
            actor=self.actor,
        )


def shows_emoji(text: str) -> bool:
    """Whether a text holds a small picture in place of words."""
    return _EMOJI.search(text) is not None


def why_held(*, declared: bool, emoji: bool) -> str:
    """Why a post stays back in such a period; empty where it need not."""
    if emoji:
        return say("文中有表情符号", "it shows an emoji")
    if not declared:
        return say(
            "稿头没有声明“肃穆期可发”{by}", "its front matter does not say that it is fit{by}", by=option(DECLARED)
        )
    return ""
