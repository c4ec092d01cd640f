"""A silent period (静默期): dates in which nothing goes out by itself, such as a day of national mourning."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from xuanfa.domain.language import say
from xuanfa.domain.times import parse_time, require_year

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """From ``begins`` up to, not including, ``ends``: aware moments. No channels or columns named means all of them.

    What is due in it is held and not put off: the text was written for its day, and only a person knows whether it is still right
    when the period is over.
    """

    begins: datetime
    ends: datetime
    reason: str
    channels: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()

    def concerns(self, channel: str, column: str) -> bool:
        """Whether it is for this channel and this column."""
        return (not self.channels or channel in self.channels) and (not self.columns or column in self.columns)

    def holds(self, moment: datetime) -> bool:
        """Whether ``moment`` lies in it."""
        return self.begins <= moment < self.ends

    def in_words(self, zone: tzinfo) -> str:
        """From when to when, and why."""
        begins, ends = self.begins.astimezone(zone), self.ends.astimezone(zone)
        return say(
            "{begins:%Y-%m-%d %H:%M} 至 {ends:%Y-%m-%d %H:%M}，{reason}",
            "{begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}, {reason}",
            begins=begins,
            ends=ends,
            reason=self.reason,
        )


def begin_of(text: str, zone: tzinfo) -> datetime:
    """The moment at which a silence begins: a time, or the first minute of a day. Raises TimeProblem or ValueError."""
    day = _day(text)
    return parse_time(text, zone) if day is None else datetime.combine(day, time(), zone)


def end_of(text: str, zone: tzinfo) -> datetime:
    """The moment at which a silence is over: a time, or the end of a day that belongs to it. Raises TimeProblem or ValueError."""
    day = _day(text)
    return parse_time(text, zone) if day is None else datetime.combine(day + timedelta(days=1), time(), zone)


def _day(text: str) -> date | None:
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    require_year(int(match[1]), text)
    return date(int(match[1]), int(match[2]), int(match[3]))
