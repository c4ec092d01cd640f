"""Dates and times as people write them."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from xuanfa.domain.language import say
from xuanfa.domain.post import Due

_NOW = frozenset({"now", "立即", "立刻", "马上", "现在"})
_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?P<part>[^\W\d_年月日号点时分T]{2})?\s*(?P<hour>\d{1,2})\s*[:点时]\s*(?P<minute>\d{1,2}|半)?\s*分?"
    r"(?::(?P<second>\d{1,2})(?:\.\d+)?)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
#: The years that people may write. They lie within what ``domain.moments`` takes from anybody, in every zone.
FIRST_YEAR, LAST_YEAR = 1971, 9998
_NOON = 12
#: What part of the day a word names, as hours of a clock of 24, first and last. An hour of a clock of 12 counts from noon where only that
#: falls into the part. 晚上12点 and 早上12点 are left out: people mean either end of the night by them. So is 夜里1点, whose day nobody can tell.
_PARTS = {
    "凌晨": (0, 5),
    "清晨": (1, 11),
    "早晨": (1, 11),
    "早上": (1, 11),
    "上午": (1, 11),
    "中午": (11, 14),
    "下午": (12, 23),
    "傍晚": (16, 20),
    "晚上": (17, 23),
    "晚间": (17, 23),
    "夜间": (18, 23),
    "夜里": (18, 23),
    "深夜": (21, 23),
}
_HALF_PAST = "半"
_EIGHT = re.compile(r"(19|20|21)\d{6}")
#: 2026年5月6日（星期三）, 2026-05-06 周三 09:00.
_WEEKDAY = re.compile(r"\s*(?:\(\s*)?(?:星期|周|礼拜)[一二三四五六日天](?:\s*\))?\s*")
#: Words for days near the one on which they are typed, and how many days these are from it.
_DAYS = {
    **dict.fromkeys(("今天", "今日", "today"), 0),
    **dict.fromkeys(("昨天", "昨日", "yesterday"), -1),
    **dict.fromkeys(("明天", "明日", "tomorrow"), 1),
    "前天": -2,
    "后天": 2,
}
_NEAR = re.compile("|".join(_DAYS), re.IGNORECASE)


class TimeProblem(ValueError):  # noqa: N818 - it says what is wrong with a time
    """A time that cannot be used; the text says why and how to write it."""


def parse_due(text: str, zone: tzinfo) -> datetime | Due:
    """``now``, 立即, or a time. Raises TimeProblem."""
    return Due.NOW if is_now(text) else parse_time(text, zone)


def is_now(text: str) -> bool:
    """Whether it says ``now`` in one of the ways in which people do."""
    return text.strip().lower() in _NOW


def parse_time(text: str, zone: tzinfo) -> datetime:
    """The moment that ``text`` names, in UTC; without an offset it is the wall clock of ``zone``. Raises TimeProblem."""
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise TimeProblem(
            say(
                "看不懂时间“{text}”。请写成 2026-12-01 09:00 这样。",
                "Cannot read the time {text!r}. Write it as 2026-12-01 09:00.",
                text=text,
            )
        )
    if match["hour"] is None:
        raise _only_a_day(text)
    return of_wall_clock(_wall_clock(match, text), _offset(match["offset"]) if match["offset"] else zone, text)


def of_wall_clock(wall: datetime, zone: tzinfo, text: str) -> datetime:
    """The moment, in UTC, at which the clocks of ``zone`` show ``wall``; ``text`` is how it was written. Raises TimeProblem for a time that they
    leave out, or a year that nobody means."""
    require_year(wall.year, text)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    shown = moment.astimezone(zone).replace(tzinfo=None)
    if shown != wall:
        reason = say("{zone} 当天调快时钟，没有这个钟点", "the clocks of {zone} go forward over it that day", zone=zone)
        raise _impossible(text, reason)
    return moment


def parse_typed(text: str, zone: tzinfo, now: datetime) -> datetime:
    """The moment that somebody means who types ``text`` now: besides a time, now itself, and a day near this one by its word (今天9点,
    yesterday 15:30). A file has no such words: it is read again on other days. Raises TimeProblem."""
    if is_now(text):
        return now
    plain = unicodedata.normalize("NFKC", text).strip()
    near = _NEAR.match(plain)
    if near is None:
        return parse_time(text, zone)
    if near.end() == len(plain):
        raise _only_a_day(plain)
    day = now.astimezone(zone).date() + timedelta(days=_DAYS[near[0].lower()])
    return parse_time(f"{day} {plain[near.end() :]}", zone)


def _only_a_day(text: str) -> TimeProblem:
    return TimeProblem(
        say(
            "“{text}”只有日期，没有几点几分。请写成 {text} 09:00 这样。",
            "{text!r} is a date without a time. Write it as {text} 09:00.",
            text=text,
        )
    )


def parse_day_or_time(text: str, zone: tzinfo) -> date | datetime:
    """The day that ``text`` names, or the moment (in UTC) where it names a time of the day too, as lists have them: with the day of the week
    behind, and eight digits for a day. Raises TimeProblem."""
    plain = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    if _EIGHT.fullmatch(plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    match = _WRITTEN.fullmatch(plain)
    if match is None:
        raise TimeProblem(
            say(
                "看不懂日期“{text}”。请写成 2026-12-01 或 2026-12-01 09:00 这样。",
                "Cannot read the date {text!r}. Write it as 2026-12-01 or 2026-12-01 09:00.",
                text=text,
            )
        )
    return _day(match, text) if match["hour"] is None else parse_time(plain, zone)


def parse_day(text: str) -> date:
    """The day that ``text`` names. Raises TimeProblem."""
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None or match["hour"] is not None or match["offset"]:
        raise TimeProblem(
            say(
                "“{text}”不是日期。请写成 2026-12-01 这样。",
                "{text!r} is no date. Write it as 2026-12-01.",
                text=text,
            )
        )
    return _day(match, text)


def in_words(moment: datetime, zone: tzinfo) -> str:
    """A moment for people: local, to the minute, with the offset."""
    local = moment.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def before_the_minute(at: datetime, other: datetime) -> bool:
    """Whether ``at`` is earlier, by the minutes: people type no seconds, and what came out at 8:28:07 may be told of 8:28."""
    return at < other.replace(second=0, microsecond=0)


def require_year(year: int, text: str) -> None:
    """Raise TimeProblem for years that not every zone and every database can hold; nobody means them."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        reason = say("只能写 {first} 到 {last} 年", "years go from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR)
        raise _impossible(text, reason)


def _wall_clock(match: re.Match[str], text: str) -> datetime:
    day = _day(match, text)
    minute = 30 if match["minute"] == _HALF_PAST else int(match["minute"] or 0)
    hour, second = _hour(match, text), int(match["second"] or 0)
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 - the zone is added by the caller
    except ValueError as error:
        reason = say("没有 {hour} 点 {minute} 分", "there is no {hour}:{minute:02}", hour=hour, minute=minute)
        raise _impossible(text, reason) from error


def _day(match: re.Match[str], text: str) -> date:
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    require_year(year, text)
    try:
        return date(year, month, day)
    except ValueError as error:
        reason = say(
            "没有 {year}年{month}月{day}日", "there is no {year}-{month}-{day}", year=year, month=month, day=day
        )
        raise _impossible(text, reason) from error


def _hour(match: re.Match[str], text: str) -> int:
    """The hour on a clock of 24. A part of the day and an hour that do not go together are refused, never guessed at."""
    written, part = int(match["hour"]), match["part"]
    if part is None:
        return written
    first, last = _PARTS.get(part, (1, 0))
    for hour in (written, *([written + _NOON] if 0 < written < _NOON else [])):
        if first <= hour <= last:
            return hour
    raise TimeProblem(
        say(
            "时间“{text}”里的“{part}{hour}点”可能有两种意思。请写成 24 小时制，如 2026-12-01 13:30。",
            "{part} {hour} in the time {text!r} can mean two things. Write it on a clock of 24 hours, as in 2026-12-01 13:30.",
            text=text,
            part=part,
            hour=written,
        )
    )


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=min(int(text[1:3]), 23), minutes=min(int(text[-2:]), 59)))


def _impossible(text: str, reason: str) -> TimeProblem:
    return TimeProblem(
        say(
            "时间“{text}”不存在：{reason}。请改成存在的时间。",
            "The time {text!r} does not exist: {reason}. Name one that does.",
            text=text,
            reason=reason,
        )
    )
