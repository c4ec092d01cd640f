"""Readers' figures, as WeChat counts them by days (``datacube/getarticletotaldetail``).

The platform's page of that interface: of every article that came out between two days, one row for each day since, up to thirty, with the sums of
all days up to that one; the last day that can be asked about is yesterday, and ``is_delay`` says that it is not counted yet. Read there too: the
names ``ref_date, msgid, detail_list, stat_date, read_user, share_user``. ``title, content_url, like_user, comment_count`` stand in clients of others
only (platforms.md, WeChat figures), how many days one question may span nowhere, so that one is asked for. Readers are people, each counted
once: what the interface before it told as readings (``int_page_read_count``) it does not.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from xuanfa.adapters.wechat.account import Account, Said, Trouble, trouble_of
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Rejected
from xuanfa.domain.page import bare
from xuanfa.domain.reader_marks import ReadersAsked, ReadersTold
from xuanfa.domain.readers import Figures
from xuanfa.domain.receipt import page_of

#: Articles of one question: those of one day.
AT_ONCE: Final = 100
_PATH: Final = "/datacube/getarticletotaldetail"
_NOT_ALLOWED: Final = 48001
#: By whose days the platform counts.
_BEIJING: Final = timezone(timedelta(hours=8))
_NAMES: Final = {"reads": "read_user", "likes": "like_user", "forwards": "share_user", "comments": "comment_count"}


class Reading:
    """Reads the figures of one account's articles."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def readers(self, asked: Sequence[ReadersAsked], _channel: str, now: datetime) -> ReadersTold | Trouble:
        """Of those that came out on the day of the first of them."""
        day = _day(asked[0].published_at)
        of_day = [each for each in asked if _day(each.published_at) == day]
        if day >= _day(now):
            return ReadersTold(missing={each.delivery: _not_yet() for each in of_day})
        span = {"begin_date": day.isoformat(), "end_date": day.isoformat()}
        said = self._account.call(_PATH, span)
        if not isinstance(said, Said):
            return said
        if not said.ok:
            return _not_allowed(said) if said.code == _NOT_ALLOWED else trouble_of(said, now)
        rows = [row for row in said.rows("list") if str(row.get("ref_date", day.isoformat())) == day.isoformat()]
        last = _day(now) - timedelta(days=2 if said.fields.get("is_delay") is True else 1)
        found = [_told(each, rows, of_day, last) for each in of_day]
        return ReadersTold(
            figures=tuple(each for each in found if isinstance(each, Figures)),
            missing={
                it.delivery: each for it, each in zip(of_day, found, strict=True) if not isinstance(each, Figures)
            },
        )


def _day(moment: datetime) -> date:
    return moment.astimezone(_BEIJING).date()


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), _BEIJING)


def _told(
    it: ReadersAsked, rows: Sequence[Mapping[str, Any]], of_day: Sequence[ReadersAsked], last: date
) -> Figures | str:
    """The figures of the first day that ends at the mark or behind it; or why there are none."""
    row = _row(it, rows, of_day)
    if isinstance(row, str):
        return row
    details = row.get("detail_list")
    days = [
        (day, each) for each in (details if isinstance(details, list) else []) if (day := _stat_day(each)) is not None
    ]
    for day, each in sorted(days, key=lambda pair: pair[0]):
        if _end(day) >= it.since and day <= last:
            values = {name: _whole(each.get(key)) for name, key in _NAMES.items()}
            if not any(value is not None for value in values.values()):
                return say("微信的回答里没有数", "WeChat's answer holds no figures")
            return Figures(delivery=it.delivery, at=_end(day), **values)
    if not days:
        return say("微信没有给出每天的数", "WeChat tells no figures by days")
    return _not_yet()


def _row(
    it: ReadersAsked, rows: Sequence[Mapping[str, Any]], of_day: Sequence[ReadersAsked]
) -> Mapping[str, Any] | str:
    """By its page; else by its title, where only one of that day has it, there and here."""
    if it.address:
        for row in rows:
            if row.get("content_url") and page_of(str(row["content_url"])) == page_of(it.address):
                return row
    alike = [row for row in rows if bare(str(row.get("title") or "")) == bare(it.title)]
    ours = [each for each in of_day if bare(each.title) == bare(it.title)]
    if len(alike) == len(ours) == 1:
        return alike[0]
    if alike:
        return say("同一天有同名的文章，分不清是哪一篇的数", "several articles of that day have this title")
    return say("微信当天的数据里没有这一篇", "WeChat's figures of that day do not name it")


def _stat_day(row: object) -> date | None:
    try:
        return date.fromisoformat(str(row.get("stat_date"))) if isinstance(row, dict) else None
    except ValueError:
        return None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _not_yet() -> str:
    return say("微信按天统计，当天的数次日上午才有", "WeChat counts by days, and tells of a day on the next morning")


def _not_allowed(said: Said) -> Rejected:
    message = say(
        "该公众号没有数据统计接口的权限（48001）：请在公众平台核对，或在渠道设置里写 readers = false。原话：{said}",
        "The account may not ask for figures (48001): see the console, or set readers = false in the channel. It said: {said}",
        said=said.excerpt,
    )
    return Rejected(findings=(Finding(code="wechat.readers", message=message),), blame=Blame.CHANNEL)
