"""What an account's own platform lists of its past: WeChat's list of what is published, and of what was sent to followers."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from xuanfa.domain.errors import ConfigError, ContentError
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.page import bare
from xuanfa.domain.past import ListsPast, PastPage
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.found import Found, Span
from xuanfa.operations.importing.patience import Patient

#: Where readers find articles: what was read from the account stands under this host.
HOST: Final = "mp.weixin.qq.com"
_PAGES_MAX: Final = 2_000
_TRIES: Final = 4
_WAIT, _WAIT_MAX = timedelta(seconds=5), timedelta(minutes=5)
_Asked = PastPage | Deferred | Rejected | Unknown | Unsent


def in_account(desk: Desk, patient: Patient, channel: str, span: Span, notes: list[str]) -> Iterator[Found]:
    """What the account of a channel has published, the latest first; then, where the span begins, what it has sent to followers day by day and
    the list does not show. Raises ConfigError for a channel that has no such list, ContentError where it cannot be read."""
    listing = _listing(desk, channel)
    seen: set[tuple[str, date]] = set()
    for number in range(_PAGES_MAX):
        page = _read(patient, channel, lambda number=number: listing.past(number))  # type: ignore[misc]
        for item in page.items:
            found = Found(title=item.title, address=item.address, when=item.at, author=item.author)
            day = item.at.astimezone(desk.zone).date() if isinstance(item.at, datetime) else item.at
            seen |= {(bare(item.title), day + timedelta(days=days)) for days in (-1, 0, 1)}
            yield found
        if page.is_last:
            break
    if span.since is None:
        notes.append(
            say(
                "群发给粉丝的图文，微信按天统计，列表里不一定有：写明起始日期（从哪天起）才逐天去读（没有网址）。",
                "What was sent to followers may be missing from the list; WeChat tells of it day by day (without addresses), which is read where "
                "a first day is given.",
            )
        )
        return
    for day in _days(desk, span.since, span.until):
        page = _read(patient, channel, lambda day=day: listing.sent_on(day))  # type: ignore[misc]
        for item in page.items:
            if (bare(item.title), day) not in seen:
                yield Found(title=item.title, address="", when=day)


def _days(desk: Desk, since: date, until: date | None) -> Iterator[date]:
    """Up to yesterday, of which WeChat tells today."""
    yesterday = desk.clock().astimezone(desk.zone).date() - timedelta(days=1)
    last = min(until or yesterday, yesterday)
    for number in range((last - since).days + 1):
        yield since + timedelta(days=number)


def _listing(desk: Desk, channel: str) -> ListsPast:
    known = desk.known_channel(channel)
    if desk.channels[known].rehearsal:
        raise ConfigError(
            say(
                "渠道 {channel} 是演练，没有真实的发布可导入。",
                "The channel {channel} is a rehearsal, and has published nothing.",
                channel=known,
            )
        )
    adapter = desk.adapters.bound(known)
    if not isinstance(adapter, ListsPast):
        raise ConfigError(
            say(
                "渠道 {channel} 的平台没有可读的发布列表。请用表格导入。",
                "The platform of {channel} has no list that can be read. Import a spreadsheet.",
                channel=known,
            )
        )
    return adapter


def _read(patient: Patient, channel: str, ask: Callable[[], _Asked]) -> PastPage:
    for number in range(_TRIES):
        found = ask()
        if isinstance(found, PastPage):
            return found
        if isinstance(found, Rejected):
            words = "".join(str(each.message) for each in found.findings)
            raise ContentError(
                say(
                    "渠道 {channel} 的发布列表读不到：{words}",
                    "The list of {channel} cannot be read: {words}",
                    channel=channel,
                    words=words,
                )
            )
        words = found.reason if isinstance(found, Deferred) else found.evidence
        pause = found.after if isinstance(found, Deferred) else _WAIT * (number + 1)
        if number == _TRIES - 1 or pause > _WAIT_MAX:
            raise ContentError(
                say(
                    "渠道 {channel} 的发布列表读不到：{words}。没有导入，请稍后再试。",
                    "The list of {channel} cannot be read: {words}. Nothing was imported; try again later.",
                    channel=channel,
                    words=words,
                )
            )
        patient.pause(channel, words, pause)
    raise AssertionError
