"""Readers' figures that somebody has in a spreadsheet: each row finds its delivery by number or by address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from xuanfa.documents.spreadsheets.headings import Heading, mapped
from xuanfa.documents.spreadsheets.reading import Row, opened
from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.documents.spreadsheets.values import CellProblem
from xuanfa.domain.language import say
from xuanfa.domain.public import Public
from xuanfa.domain.readers import LIST, NAMES, Figures, fault_of
from xuanfa.domain.receipt import is_address, page_of
from xuanfa.domain.shown import file_name
from xuanfa.operations.desk import Desk
from xuanfa.store import readers

HEADINGS: Final = (
    Heading("at", ("统计时间", "统计日期", "截止时间", "时间", "日期"), required=True),
    Heading("id", ("投递编号", "编号", "投递")),
    Heading("address", ("网址", "链接", "地址", "url")),
    Heading("reads", ("阅读", "阅读量", "阅读数", "点击量", "点击", "播放量", "浏览量")),
    Heading("likes", ("点赞", "点赞数", "点赞量")),
    Heading("forwards", ("转发", "转发量", "转发数", "分享", "分享量", "分享数")),
    Heading("comments", ("评论", "评论数", "评论量")),
    Heading("followers", ("粉丝", "粉丝数", "关注人数")),
)
_ORIGIN_MAX: Final = 250
_NUMBER_MAX: Final = 2**31 - 1


@dataclass(slots=True)
class ReadersList:
    """What a list would bring: ``rows`` are new, ``repeated`` tells of each row that stands there already or twice. ``notes`` are sentences
    about the file, ``bad`` is what is wrong with its rows."""

    origin: str
    bad: BadRows
    rows: list[Figures] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Read:
    """A row whose cells could be read; ``day`` where it names no time of the day."""

    row: Row
    number: int | None
    address: str
    at: datetime
    day: date | None
    values: dict[str, int | None]


def read_list(desk: Desk, path: Path, renamed: Sequence[str] = ()) -> ReadersList:
    """Read a list. Nothing is entered. Raises ContentError for a file that is none, or has no such headings."""
    found = ReadersList(f"{LIST}:{file_name(path.name)}"[:_ORIGIN_MAX], BadRows(str(path)))
    now = desk.clock()
    with opened(path, mapped(HEADINGS, renamed)) as table:
        read = [each for row in table.rows() if (each := _read(desk, row, found.bad, now))]
        found.notes += table.notes
    if not read and not found.bad.count:
        found.bad.add("", "", say("没有数据行", "there are no rows"))
    _Sifting(desk, found, now).sift(read)
    return found


def _read(desk: Desk, row: Row, bad: BadRows, now: datetime) -> _Read | None:
    before = bad.count

    def note(key: str, why: str) -> None:
        bad.add(row.where, row.heading(key) or next(each.name for each in HEADINGS if each.key == key), why)

    whole: dict[str, int | None] = {}
    for key in ("id", *NAMES):
        try:
            whole[key] = row.whole(key)
        except CellProblem as problem:
            note(key, str(problem.args[0]))
    address, when = "", None
    try:
        address = row.text("address")
        if address and not is_address(address):
            note("address", say("不是网址", "no address of a page"))
    except CellProblem as problem:
        note("address", str(problem.args[0]))
    try:
        when = row.when("at", desk.zone)
        if when is None:
            note("at", say("没有写时间", "there is no time"))
    except CellProblem as problem:
        note("at", str(problem.args[0]))
    if bad.count > before or when is None:
        return None
    number = whole.pop("id")
    if number is None and not address:
        key = "address" if row.heading("address") or not row.heading("id") else "id"
        note(key, say("没有投递编号，也没有网址", "there is neither a number nor an address"))
        return None
    if isinstance(when, datetime):
        return _Read(row, number, address, when, None, whole)
    # A day alone is its end, or now where that is today.
    end = datetime.combine(when, time(23, 59, 59), desk.zone)
    today = now.astimezone(desk.zone).date()
    return _Read(row, number, address, now if when == today else end, when, whole)


class _Sifting:
    """Finds the delivery of each row, and what stands there already."""

    def __init__(self, desk: Desk, found: ReadersList, now: datetime) -> None:
        self._desk, self._found, self._now = desk, found, now
        self._pages: dict[str, list[int]] = {}
        self._out: dict[int, Public] = {}
        #: By delivery and time, or day, the figures and where they stand; nowhere for what was entered before.
        self._there: dict[tuple[int, datetime], tuple[Figures, str]] = {}
        self._days: set[tuple[int, date, tuple[int | None, ...]]] = set()
        self._stored: set[Figures] = set()

    def sift(self, read: Sequence[_Read]) -> None:
        """Into new rows, rows that are repeated, and rows that cannot be."""
        self._look_up(read)
        for each in read:
            figures = self._figures(each)
            if figures is not None:
                self._place(each, figures)

    def _look_up(self, read: Iterable[_Read]) -> None:
        pages = {page_of(each.address) for each in read if each.address}
        numbers = {each.number for each in read if each.number is not None and 0 < each.number <= _NUMBER_MAX}
        with self._desk.store.read() as connection:
            self._pages = readers.at_pages(connection, pages)
            self._out = readers.out(connection, numbers.union(*self._pages.values()))
            for kept in readers.of_deliveries(connection, self._out):
                self._stored.add(kept.figures)
                self._days.add(self._of_day(kept.figures))

    def _of_day(self, figures: Figures) -> tuple[int, date, tuple[int | None, ...]]:
        values = tuple(getattr(figures, name) for name in NAMES)
        return figures.delivery, figures.at.astimezone(self._desk.zone).date(), values

    def _figures(self, each: _Read) -> Figures | None:
        it = self._delivery(each)
        if it is None:
            return None
        figures = Figures(delivery=it.id, at=each.at, **each.values)
        key, fault = fault_of(figures, published_at=it.published_at, now=self._now, zone=self._desk.zone)
        if fault:
            self._bad(each, key, fault)
            return None
        return figures

    def _place(self, each: _Read, figures: Figures) -> None:
        where, key = each.row.where, (figures.delivery, figures.at)
        before = self._there.setdefault(key, (figures, where))
        if before[1] != where and before[0] != figures:
            why = say(
                "和{before}是同一条、同一时间，数却不同",
                "the same delivery and time as {before}, with other figures",
                before=before[1],
            )
            self._bad(each, "at", why)
        elif before[1] != where:
            self._repeat(say("{where}和{before}相同", "{where} is the same as {before}", where=where, before=before[1]))
        elif figures in self._stored or (each.day is not None and self._of_day(figures) in self._days):
            self._repeat(say("{where}已经登记过", "{where} is entered already", where=where))
        else:
            self._found.rows.append(figures)

    def _repeat(self, told: str) -> None:
        self._found.repeated.append(told)

    def _bad(self, each: _Read, key: str, why: str) -> None:
        name = next(heading.name for heading in HEADINGS if heading.key == key)
        self._found.bad.add(each.row.where, each.row.heading(key) or name, why)

    def _delivery(self, each: _Read) -> Public | None:
        at_page = self._pages.get(page_of(each.address), []) if each.address else []
        if each.number is not None:
            it = self._out.get(each.number)
            if it is None:
                self._bad(
                    each, "id", say("没有正式发布过的投递 {n}", "no delivery {n} was ever out for real", n=each.number)
                )
            elif not it.is_out:
                self._bad(each, "id", say("投递 {n} 已经撤下", "delivery {n} was taken down", n=each.number))
            elif each.address and it.id not in at_page:
                self._bad(each, "address", say("不是投递 {n} 的网址", "not the address of delivery {n}", n=it.id))
            else:
                return it
            return None
        if not at_page:
            self._bad(each, "address", say("没有发布在这个网址的投递", "nothing is out at this address"))
        elif len(at_page) > 1:
            numbers = say("、", ", ").join(map(str, at_page))
            why = say(
                "这个网址有几条投递（{all}），请写投递编号",
                "several deliveries are there ({all}): write the number",
                all=numbers,
            )
            self._bad(each, "address", why)
        else:
            return self._out[at_page[0]]
        return None
