"""What a page of figures is asked for, as its address says: a time, a column, a channel, a department; and the addresses that narrow it down."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from xuanfa.console.visit import Visit
from xuanfa.domain.language import say
from xuanfa.reports.called import last_called
from xuanfa.reports.period import Period

#: The times that are asked for most, by the value in the address.
_SPANS: Final[Mapping[str, tuple[str, str]]] = {
    "year": ("今年", "this year"),
    "month": ("本月", "this month"),
    "last-month": ("上个月", "last month"),
    "quarter": ("本季度", "this quarter"),
    "last-year": ("去年", "last year"),
    "all": ("全部时间", "all time"),
    "own": ("自己定", "other dates"),
}
_QUARTER: Final = 3
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``columns`` and ``channels`` are all that were ever published to, by id, as they are or were called last. ``fault`` says what is wrong with
    what was asked; the period is not to be used then."""

    period: Period
    span: str
    this_month: str
    columns: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    since_typed: str = ""
    until_typed: str = ""

    @property
    def spans(self) -> Mapping[str, str]:
        """The choices of time, in words."""
        return {name: say(*words) for name, words in _SPANS.items()}

    @property
    def when(self) -> str:
        """The time at the head of the sentence."""
        since, until = self.period.since, self.period.until
        if since and until:
            return say("{a}至{b}，", "{a} to {b}: ", a=_day(since), b=_day(until, after=since))
        if since:
            return say("{a}以来，", "Since {a}: ", a=_day(since))
        return say("截至{b}，", "Until {b}: ", b=_day(until)) if until else ""

    @property
    def narrowed(self) -> str:
        """Channel and department at the head of the sentence."""
        text, channel = "", self.period.channel
        if channel is not None:
            name = self.channels.get(channel, channel)
            text += say("“{name}”渠道，", "channel “{name}”: ", name=name)
        if self.period.department is not None:
            name = self.period.department or say("（未写部门）", "(no department)")
            text += say("“{name}”供稿，", "from “{name}”: ", name=name)
        return text

    @property
    def column_title(self) -> str:
        """Of the column that is asked for, or of the only one there is."""
        if self.period.column is not None:
            return self.columns.get(self.period.column, self.period.column)
        return next(iter(self.columns.values())) if len(self.columns) == 1 else ""

    def ledger(self, **more: str) -> str:
        """The rows behind a figure."""
        return f"/ledger?{self._query(more)}"

    def counts(self, **more: str) -> str:
        """The figures for this, or for something beside it."""
        return f"/counts?{self._query(more)}"

    def ledger_of_month(self, month: str) -> str:
        """The rows of a month (``2026-11``), as far as it lies in what is asked for."""
        year, number = map(int, month.split("-"))
        first = date(year, number, 1)
        last = date(year, number, calendar.monthrange(year, number)[1])
        since = max(first, self.period.since or first)
        until = min(last, self.period.until or last)
        return self.ledger(span="own", since=since.isoformat(), until=until.isoformat())

    def kept(self) -> dict[str, str]:
        """What stands in the address, for forms and links."""
        own = self.span == "own"
        return {
            "span": self.span,
            "since": self.since_typed if own else "",
            "until": self.until_typed if own else "",
            "column": self.period.column or "",
            "channel": self.period.channel or "",
            **({"department": self.period.department} if self.period.department is not None else {}),
        }

    @property
    def query(self) -> str:
        """What is asked for, as an address says it."""
        return self._query({})

    def _query(self, more: Mapping[str, str]) -> str:
        every = {**self.kept(), **more}
        return urlencode({name: value for name, value in every.items() if value or name == "department"})


def asked_of(visit: Visit) -> Asked:
    """What the address of this request asks for; this year where it says nothing."""
    desk, today = visit.desk, visit.now.astimezone(visit.desk.zone).date()
    typed = {name: visit.query(name)[:_LONGEST] for name in ("since", "until", "column", "channel", "department")}
    span = visit.query("span")
    if span not in _SPANS:
        span = "own" if typed["since"] or typed["until"] else "year"
    fault = ""
    since, until = _bounds(span, today)
    if span == "own":
        since, until, fault = _own(typed["since"], typed["until"])
    has_department = "department" in visit.request.query_params and visit.query("department") != "*"
    return Asked(
        period=Period(
            zone=desk.zone,
            since=since,
            until=until,
            column=typed["column"] or None,
            channel=typed["channel"] or None,
            department=typed["department"] if has_department else None,
            own=visit.own(),
        ),
        span=span,
        this_month=f"{today:%Y-%m}",
        columns=last_called(desk.store, "column") | {name: each.title for name, each in desk.columns.items()},
        channels=last_called(desk.store, "channel") | {name: each.title for name, each in desk.channels.items()},
        fault=fault,
        since_typed=typed["since"],
        until_typed=typed["until"],
    )


def _bounds(span: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of a span that is asked for by its name; days to come hold nothing."""
    first = today.replace(day=1)
    if span == "month":
        return first, today
    if span == "last-month":
        last = first - timedelta(days=1)
        return last.replace(day=1), last
    if span == "quarter":
        return first.replace(month=(today.month - 1) // _QUARTER * _QUARTER + 1), today
    if span == "last-year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    return (None, None) if span == "all" else (date(today.year, 1, 1), today)


def _own(since: str, until: str) -> tuple[date | None, date | None, str]:
    """The days as a browser's date field sends them, and what is wrong with them."""
    found: list[date | None] = []
    for text in (since, until):
        try:
            found.append(date.fromisoformat(text) if text else None)
        except ValueError:
            return (
                None,
                None,
                say(
                    "日期 {text} 看不懂，请写成 2026-11-30 这样。",
                    "{text} is no date; write it as 2026-11-30.",
                    text=text,
                ),
            )
    first, last = found
    if first is not None and last is not None and first > last:
        return (
            None,
            None,
            say(
                "开始日期 {a} 在结束日期 {b} 之后，请对调。",
                "{a} is after {b}; put them the other way round.",
                a=first,
                b=last,
            ),
        )
    return first, last, ""


def _day(day: date, after: date | None = None) -> str:
    """A day in words; the year is not said again behind one of the same."""
    if after is not None and after.year == day.year:
        return say("{d.month}月{d.day}日", "{d}", d=day)
    return say("{d.year}年{d.month}月{d.day}日", "{d}", d=day)
