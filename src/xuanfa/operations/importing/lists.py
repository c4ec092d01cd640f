"""Lists: publications of years that somebody has in a spreadsheet."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final, TypeVar

from xuanfa.documents.spreadsheets.headings import Heading, mapped
from xuanfa.documents.spreadsheets.reading import ROWS_MAX, Row, likely_headings, opened
from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.documents.spreadsheets.values import CellProblem
from xuanfa.domain.errors import ConfigError, ContentError, machine_words
from xuanfa.domain.imported import LIST, origin_of
from xuanfa.domain.language import say
from xuanfa.domain.shown import file_name
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.names import channels_of, columns_of
from xuanfa.operations.importing.sifting import Candidate, Sieve, Sifted

T = TypeVar("T")
#: The headings of the contract, with others that offices use for the same, and the ledger's own keys, for whoever maps.
HEADINGS: Final = (
    Heading("title", ("标题", "题目", "稿件标题", "文章标题", "信息标题", "稿件名称"), required=True),
    Heading("column", ("栏目", "专栏", "栏目名称", "所属栏目", "column_title")),
    Heading("channel", ("渠道", "平台", "发布渠道", "发布平台", "账号", "channel_title"), required=True),
    Heading("date", ("发布日期", "发布时间", "日期", "published_at"), required=True),
    Heading("address", ("网址", "链接", "发布网址", "链接地址", "url")),
    Heading("department", ("供稿部门", "部门", "供稿单位", "报送部门", "报送单位")),
    Heading("author", ("作者", "供稿人", "撰稿人")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person says of a source besides: the headings of a list by other names, the channel and the column of whatever names none, and
    channels and columns that are no more."""

    renamed: Sequence[str] = ()
    channel: str = ""
    column: str = ""
    old_channels: Sequence[str] = ()
    old_columns: Sequence[str] = ()


def sift_list(
    desk: Desk,
    path: Path,
    choices: Choices,
    *,
    days: tuple[date | None, date | None] = (None, None),
    most: int | None = None,
) -> Sifted:
    """What a list would bring into the ledger, of the days from the first to the last. Reads only. What is wrong with its rows is in ``bad``.

    Raises ContentError for a file that is none, or has no such headings."""
    headings = mapped(HEADINGS, choices.renamed)
    if choices.channel:
        headings = [replace(each, required=False) if each.key == "channel" else each for each in headings]
    sieve = sieve_of(desk, origin_of(LIST, file_name(path.name)), choices, shown_as=str(path), digest=_digest(path))
    outside = 0
    with opened(path, headings, most=most or ROWS_MAX) as table:
        for row in table.rows():
            each = _candidate(desk, row, choices)
            if is_within(desk, each.when, *days):
                sieve.take(each)
            else:
                outside += 1
        sieve.sifted.notes[:0] = [*table.notes, *outside_in_words(outside)]
    sieve.leave_out_known()
    return sieve.sifted


def headings_in(path: Path) -> list[str]:
    """The headings of a list as they are written, for whoever says which is which. Raises ContentError for a file that is none."""
    return likely_headings(path)


def is_within(desk: Desk, when: date | datetime | None, since: date | None, until: date | None) -> bool:
    """Whether something lies in these days; what has no time does, so that somebody hears of it."""
    if when is None:
        return True
    day = when.astimezone(desk.zone).date() if isinstance(when, datetime) else when
    return (since is None or day >= since) and (until is None or day <= until)


def outside_in_words(count: int) -> list[str]:
    """That some of a source lies outside of the days that were asked for."""
    if not count:
        return []
    words = say(
        "{count} 条不在这段日子里，没有算。", "{count} lie outside of these days and were left out.", count=count
    )
    return [words]


def sieve_of(desk: Desk, origin: str, choices: Choices, *, shown_as: str, digest: str = "") -> Sieve:
    """A sieve for a source. Raises ContentError for a channel or column that a person has named and that there is not."""
    columns, channels = columns_of(desk, choices.old_columns), channels_of(desk, choices.old_channels)
    for known, typed in ((channels, choices.channel), (columns, choices.column)):
        if typed and known.id_of(typed) is None:
            raise ContentError(known.why(typed))
    return Sieve(desk, columns, channels, Sifted(origin, digest, BadRows(shown_as)))


def _candidate(desk: Desk, row: Row, choices: Choices) -> Candidate:
    broken: dict[str, str] = {}

    def read(key: str, of: Callable[[], T], empty: T) -> T:
        try:
            return of()
        except CellProblem as problem:
            broken[key] = problem.args[0]
            return empty

    texts = {key: read(key, lambda key=key: row.text(key), "") for key in _TEXTS}  # type: ignore[misc]
    nothing: date | datetime | None = None
    when = read("date", lambda: row.when("date", desk.zone), nothing)
    return Candidate(
        where=row.where,
        place=row.place,
        when=when,
        headings=_headings(row),
        broken=broken,
        title=texts["title"],
        column=texts["column"] or ("" if "column" in broken else choices.column),
        channel=texts["channel"] or ("" if "channel" in broken else choices.channel),
        address=texts["address"],
        department=texts["department"],
        author=texts["author"],
    )


_TEXTS: Final = ("title", "column", "channel", "address", "department", "author")


def _headings(row: Row) -> Mapping[str, str]:
    return {each.key: row.heading(each.key) or each.name for each in HEADINGS}


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise ContentError(say("没有文件 {path}。", "There is no file {path}.", path=path)) from error
    except OSError as error:
        raise ConfigError(
            say("读不了 {path}：{why}。", "Cannot read {path}: {why}.", path=path, why=machine_words(error))
        ) from error
