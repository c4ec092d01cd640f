"""What a site tells of its past, one publication after another, and how that becomes rows for the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.lists import Choices, is_within, outside_in_words, sieve_of
from xuanfa.operations.importing.sifting import Candidate, Sieve, Sifted

#: So many publications of one source are taken where nothing else is said.
MOST: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A publication as a site tells of it. ``sorts`` are what it files it under, of which one may be a column."""

    title: str
    address: str
    when: date | datetime | None
    sorts: tuple[str, ...] = ()
    author: str = ""
    department: str = ""
    #: Why the time could not be read.
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole days in the workspace's zone, both ends included; ``None`` is no end. ``most``: how many publications."""

    since: date | None = None
    until: date | None = None
    most: int = MOST

    def has(self, desk: Desk, when: date | datetime | None) -> bool:
        """Whether it is in it; what has no time is, so that somebody hears of it."""
        return is_within(desk, when, self.since, self.until)

    def moments(self, desk: Desk) -> tuple[datetime | None, datetime | None]:
        """The first moment, and the last that belongs to it."""
        return (
            None if self.since is None else datetime.combine(self.since, time(), desk.zone),
            None if self.until is None else datetime.combine(self.until, time.max, desk.zone),
        )


def sift_found(desk: Desk, found: Iterable[Found], *, origin: str, source: str, choices: Choices, span: Span) -> Sifted:
    """What a site would bring into the ledger. Raises ContentError for a channel that is not named, or for more than ``span.most``."""
    if not choices.channel:
        raise ContentError(
            say(
                "请用 --channel 说明这是哪个渠道的；设置里已经没有的，另加 --old-channel id=名称。",
                "Say by --channel of which channel this is; for one that the settings lack, add --old-channel ID=TITLE.",
            )
        )
    sieve = sieve_of(desk, origin, choices, shown_as=source)
    outside = 0
    for number, each in enumerate(found, start=1):
        if number > span.most:
            raise _too_many(source, span.most)
        if not span.has(desk, each.when):
            outside += 1
            continue
        sieve.take(_candidate(sieve, number, each, choices))
    sieve.sifted.notes.extend(outside_in_words(outside))
    sieve.leave_out_known()
    return sieve.sifted


def _candidate(sieve: Sieve, number: int, each: Found, choices: Choices) -> Candidate:
    known = [sort for sort in each.sorts if sieve.columns.id_of(sort) is not None]
    column = known[0] if known else choices.column or next(iter(each.sorts), "")
    title = each.title if len(each.title) <= _SHOWN else each.title[:_SHOWN] + "…"
    return Candidate(
        where=say("第 {number} 条“{title}”", "entry {number}, {title!r}", number=number, title=title or each.address),
        place=str(number),
        title=each.title,
        column=column,
        channel=choices.channel,
        when=each.when,
        address=each.address,
        department=each.department,
        author=each.author,
        headings=_names(),
        broken={"date": each.why} if each.why else {},
    )


#: So much of a title is told with its number. Characters.
_SHOWN: Final = 30


def _names() -> dict[str, str]:
    return {
        "title": say("标题", "title"),
        "column": say("栏目", "column"),
        "channel": say("渠道", "channel"),
        "date": say("发布日期", "date"),
        "address": say("网址", "address"),
        "department": say("供稿部门", "department"),
        "author": say("作者", "author"),
    }


def _too_many(source: str, most: int) -> ContentError:
    return ContentError(
        say(
            "{source} 超过 {most} 条，没有导入。请按起止日期分段导入，或放宽条数上限。",
            "{source} has more than {most}, and nothing was imported. Part it by days, or allow more.",
            source=source,
            most=most,
        )
    )
