"""The term of a report (统计期间): a month, a quarter, a year or any days, as people name them."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from xuanfa.domain.language import say
from xuanfa.domain.times import FIRST_YEAR, LAST_YEAR, TimeProblem

Kind = Literal["month", "quarter", "year", "range"]
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{4})(\d{2})")
_QUARTER = re.compile(r"(\d{4})\s*[-/.年]?\s*(?:q\s*(\d{1,2})|第?\s*([一二三四\d])\s*季度)", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})\s*年?")
_ORDINALS: Final = "一二三四"


@dataclass(frozen=True, slots=True)
class Term:
    """Whole days, both ends included."""

    kind: Kind
    since: date
    until: date

    @property
    def key(self) -> str:
        """As programs have it: 2026-11, 2026-Q4, 2026, or both days."""
        match self.kind:
            case "month":
                return f"{self.since:%Y-%m}"
            case "quarter":
                return f"{self.since.year:04}-Q{(self.since.month + 2) // 3}"
            case "year":
                return f"{self.since.year:04}"
            case "range":
                return f"{self.since.isoformat()}..{self.until.isoformat()}"

    @property
    def title(self) -> str:
        """As an office's paper has it, in Chinese for every reader."""
        year = self.since.year
        match self.kind:
            case "month":
                return f"{year}年{self.since.month}月"
            case "quarter":
                return f"{year}年第{_ORDINALS[(self.since.month - 1) // 3]}季度"
            case "year":
                return f"{year}年"
            case "range":
                if self.since == self.until:
                    return day_title(self.since)
                return f"{day_title(self.since)}至{day_title(self.until)}"

    def is_over(self, today: date) -> bool:
        """Whether no day of it is left."""
        return self.until < today

    def months(self) -> list[str]:
        """Every month that it has a day of, as ``key`` has them."""
        found, year, month = [], self.since.year, self.since.month
        while (year, month) <= (self.until.year, self.until.month):
            found.append(f"{year:04}-{month:02}")
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months of a year
        return found


def day_title(day: date) -> str:
    """A day on an office's paper."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_of(text: str) -> Term:
    """``2026-11``, ``2026年11月``. Raises TimeProblem."""
    match = _MONTH.fullmatch(_plain(text))
    if match is None:
        raise TimeProblem(say("“{v}”不是月份，请写成 2026-11。", "{v!r} is no month; write 2026-11.", v=text))
    year, month = int(match[1] or match[3]), int(match[2] or match[4])
    _require_year(year, text)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise TimeProblem(
            say(
                "“{v}”：没有 {m} 月，月份是 01 到 12。",
                "{v!r}: there is no month {m}; they go from 01 to 12.",
                v=text,
                m=month,
            )
        )
    return Term("month", date(year, month, 1), _last(year, month))


def quarter_of(text: str) -> Term:
    """``2026-Q4``, ``2026年第四季度``. Raises TimeProblem."""
    match = _QUARTER.fullmatch(_plain(text))
    if match is None:
        raise TimeProblem(say("“{v}”不是季度，请写成 2026-Q4。", "{v!r} is no quarter; write 2026-Q4.", v=text))
    year, number = int(match[1]), match[2] or match[3]
    _require_year(year, text)
    quarter = _ORDINALS.index(number) + 1 if number in _ORDINALS else int(number)
    if not 1 <= quarter <= 4:  # noqa: PLR2004 - quarters of a year
        raise TimeProblem(
            say(
                "“{v}”：没有第 {q} 季度，季度是 Q1 到 Q4。",
                "{v!r}: there is no quarter {q}; they go from Q1 to Q4.",
                v=text,
                q=quarter,
            )
        )
    return Term("quarter", date(year, 3 * quarter - 2, 1), _last(year, 3 * quarter))


def year_of(text: str) -> Term:
    """``2026``. Raises TimeProblem."""
    match = _YEAR.fullmatch(_plain(text))
    if match is None:
        raise TimeProblem(say("“{v}”不是年份，请写成 2026。", "{v!r} is no year; write 2026.", v=text))
    year = int(match[1])
    _require_year(year, text)
    return Term("year", date(year, 1, 1), date(year, 12, 31))


def range_of(since: date, until: date) -> Term:
    """From one day to another. Raises TimeProblem where the second is before the first."""
    if since > until:
        raise TimeProblem(
            say(
                "起始日 {since} 晚于截止日 {until}：请对调，或改正其中一个。",
                "It would begin on {since}, after its end on {until}: exchange them, or correct one.",
                since=since,
                until=until,
            )
        )
    return Term("range", since, until)


def require_begun(term: Term, today: date) -> None:
    """Raise TimeProblem for a term of which no day has come yet: there is nothing to count."""
    if term.since > today:
        raise TimeProblem(
            say(
                "{key} 还没有开始（今天是 {today}），没有可统计的发布。",
                "{key} has not begun (today is {today}): there is nothing to count.",
                key=term.key,
                today=today,
            )
        )


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _require_year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise TimeProblem(
            say(
                "“{v}”：只能写 {first} 到 {last} 年。",
                "{v!r}: years go from {first} to {last}.",
                v=text,
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
        )
