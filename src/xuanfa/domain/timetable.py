"""A timetable (排期): the rule by which a column reserves slots.

A rule is either days and a time, ``"Mon,Wed,Fri 09:00"`` (also ``"周一,周三 9:00"``, ``"daily 08:30"``), or a cron expression of five
fields, ``"0 9 * * 1-5"``, as crontab(5) has it: Sunday is 0 or 7, and a day matches when either of two restricted day fields does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

#: How far ahead a slot is looked for. A rule such as 29 February needs up to eight years.
HORIZON = timedelta(days=366 * 9)

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE_DAYS = dict(zip("日一二三四五六", range(7), strict=True)) | {"天": 0}
_DAYS_AND_TIME = re.compile(r"(?P<days>\S+)\s+(?P<hour>\d{1,2})[:：](?P<minute>\d{2})")
_DAYS_OF_NAME = {
    "daily": range(7),
    "每天": range(7),
    "每日": range(7),
    "weekdays": range(1, 6),
    "工作日": range(1, 6),
    "weekends": (6, 0),
    "周末": (6, 0),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The minutes at which slots lie: sets of allowed values, weekdays counted from Sunday = 0."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    #: crontab(5): where both day fields are restricted, one of them is enough.
    either_day: bool = False

    def on(self, day: date) -> bool:
        """Whether the rule has slots on this day."""
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (by_date or by_weekday) if self.either_day else (by_date and by_weekday)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Rules of one column; no rules, no slots."""

    rules: tuple[Rule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules)

    def slots(self, after: datetime, zone: tzinfo) -> Iterator[datetime]:
        """Slots later than ``after``, in order, aware and in UTC.

        A wall time that a change to summer time skips has no slot that day; one that occurs twice has its slot at the first.
        """
        if after.tzinfo is None:
            raise ValueError("a naive time has no place on a timetable")
        day, last = after.astimezone(zone).date(), (after + HORIZON).astimezone(zone).date()
        while day <= last:
            yield from (slot for slot in self._on(day, zone) if slot > after)
            day += timedelta(days=1)

    def holds(self, at: datetime, zone: tzinfo) -> bool:
        """Whether ``at``, which is aware, is one of the slots."""
        return at in self._on(at.astimezone(zone).date(), zone)

    def next_slots(self, after: datetime, zone: tzinfo, count: int) -> tuple[datetime, ...]:
        """The next ``count`` slots, for showing."""
        return tuple(islice(self.slots(after, zone), count))

    def _on(self, day: date, zone: tzinfo) -> list[datetime]:
        walls = {
            datetime.combine(day, time(hour, minute), zone)
            for rule in self.rules
            if rule.on(day)
            for hour in rule.hours
            for minute in rule.minutes
        }
        return sorted({wall.astimezone(UTC) for wall in walls if _exists(wall)})


def _exists(wall: datetime) -> bool:
    """Whether the wall clock of its zone ever shows this time."""
    return wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None)


def parse_timetable(rules: tuple[str, ...] | list[str]) -> Timetable:
    """A timetable from its rules as text. Raises ConfigError that names the rule and what was expected."""
    return Timetable(tuple(parse_rule(rule) for rule in rules))


def parse_rule(text: str) -> Rule:
    """One rule from text; see the module for the two forms."""
    try:
        rule = _days_and_time(text) or _cron(text)
    except ValueError as error:
        raise _unreadable(text, str(error)) from error
    if rule is None:
        raise _unreadable(text, "")
    if next(Timetable((rule,)).slots(datetime(2024, 1, 1, tzinfo=UTC), UTC), None) is None:
        raise _unreadable(text, say("这样的日子不存在", "no such day exists"))
    return rule


def _unreadable(text: str, detail: str) -> ConfigError:
    detail = say("（{detail}）", " ({detail})", detail=detail) if detail else ""
    return ConfigError(
        say(
            "看不懂排期“{text}”{detail}。请写成 “Mon,Wed,Fri 09:00”、“周一，周三 9:00” 或五段 cron 表达式，如 “0 9 * * 1-5”。",
            "Cannot read the timetable rule {text!r}{detail}. "
            'Write "Mon,Wed,Fri 09:00" or a cron expression of five fields such as "0 9 * * 1-5".',
            text=text,
            detail=detail,
        )
    )


def _days_and_time(text: str) -> Rule | None:
    match = _DAYS_AND_TIME.fullmatch(re.sub(r"\s*[,，、]\s*", ",", text.strip()))
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour >= 24 or minute >= 60:  # noqa: PLR2004 - the clock's own
        raise ValueError(f"{match['hour']}:{match['minute']}")
    return Rule(
        minutes=frozenset({minute}),
        hours=frozenset({hour}),
        days=_span(1, 31),
        months=_span(1, 12),
        weekdays=_named_days(match["days"]),
    )


def _named_days(text: str) -> frozenset[int]:
    if text.lower() in _DAYS_OF_NAME:
        return frozenset(_DAYS_OF_NAME[text.lower()])
    plain = re.sub(r"[至到]", "-", re.sub(r"周|星期", "", text))
    plain = "".join(str(_CHINESE_DAYS.get(letter, letter)) for letter in plain)
    return _field(plain, 0, 7, _WEEKDAYS, weekday=True)


def _cron(text: str) -> Rule | None:
    fields = text.split()
    if len(fields) != 5:  # noqa: PLR2004 - crontab(5) has five
        return None
    minute, hour, day, month, weekday = fields
    return Rule(
        minutes=_field(minute, 0, 59),
        hours=_field(hour, 0, 23),
        days=_field(day, 1, 31),
        months=_field(month, 1, 12, _MONTHS, first=1),
        weekdays=_field(weekday, 0, 7, _WEEKDAYS, weekday=True),
        either_day=not day.startswith("*") and not weekday.startswith("*"),
    )


def _field(
    text: str, low: int, high: int, names: tuple[str, ...] = (), first: int = 0, *, weekday: bool = False
) -> frozenset[int]:
    """The values of one cron field: lists, ranges, steps and names. Weekday 7 is Sunday and becomes 0."""
    values: set[int] = set()
    for part in text.split(","):
        span, slash, step = part.partition("/")
        begin, dash, end = span.partition("-")
        last = 6 if weekday else high
        if span == "*":
            start, stop = low, last
        else:
            start = _value(begin, names, first)
            stop = _value(end, names, first) if dash else (max(start, last) if slash else start)
        every = _value(step, (), 0) if slash else 1
        if max(start, stop) > high:
            raise ValueError(part)
        if weekday and stop < start:  # "Fri-Mon", "Sat-Sun": over the end of the week
            stop += 7
        if not low <= start <= stop or every < 1:
            raise ValueError(part)
        values.update(range(start, stop + 1, every))
    return frozenset(value % 7 for value in values) if weekday else frozenset(values)


def _value(text: str, names: tuple[str, ...], first: int) -> int:
    short = text.lower()[:3]
    if short in names:
        return names.index(short) + first
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _span(low: int, high: int) -> frozenset[int]:
    return frozenset(range(low, high + 1))
