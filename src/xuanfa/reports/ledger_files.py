"""The ledger as a file that offices circulate: .csv and .xlsx, streamed. What counts comes first; what was withdrawn stands apart, and what was
only rehearsed in no file at all."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import IO, Final

from xuanfa.documents.spreadsheets.writing import Head, Value, Workbook, csv_lines
from xuanfa.domain.access import Veil
from xuanfa.domain.figures import Figures
from xuanfa.reports.ledger import OWN, Publication, Which, publications
from xuanfa.reports.period import Period
from xuanfa.store.database import Store

#: The columns. The file is the office's own record, and Chinese for every reader; an import knows the first of these names again.
HEADS: Final = (
    Head("序号", 7), Head("标题", 50), Head("栏目", 18), Head("渠道", 16), Head("发布日期", 17), Head("供稿部门", 16), Head("作者", 12),
    Head("类型", 10), Head("原创或转载", 10), Head("首发", 6), Head("状态", 10), Head("应发时间", 17), Head("迟发（分钟）", 11),
    Head("批准人", 12), Head("网址", 50), Head("平台编号", 26), Head("更正时间", 17), Head("撤回时间", 17), Head("来源", 14),
    Head("稿件编号", 28), Head("投递编号", 10),
)  # fmt: skip
#: The first columns, up to what became of it, are what fits on a page that can be read.
PRINTED: Final = 11
#: The sheets of a workbook, in their order.
SHEETS: Final = {Which.COUNTED: "已发布", Which.IMPORTED: "导入（不计入）", Which.APART: "另列（不计入）"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How ids are printed: kinds by their templates' names, people by their login names."""

    zone: tzinfo
    kinds: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Written:
    """How many rows were written of each sort, and how many rehearsals were left out."""

    rows: Counter[Which] = field(default_factory=Counter)
    rehearsed: int = 0

    @property
    def counted(self) -> int:
        """What counts."""
        return self.rows[Which.COUNTED]

    @property
    def imported(self) -> int:
        """What was imported."""
        return self.rows[Which.IMPORTED]

    @property
    def apart(self) -> int:
        """What was withdrawn, or only says what was wrong."""
        return self.rows[Which.APART]


def write_csv(file: IO[bytes], rows: Iterator[Publication], wording: Wording) -> Written:
    """The rows as a .csv, one after the other."""
    written = Written()
    for line in csv_lines(HEADS, (values for _, values in lines(rows, wording, written))):
        file.write(line)
    return written


def write_workbook(
    file: IO[bytes], rows: Iterator[Publication], wording: Wording, *, notes: list[list[Value]], made_at: datetime
) -> Written:
    """The rows as a .xlsx with a sheet for what counts and one for what does not; ``notes`` are a third, to be read beside them."""
    written = Written()
    with Workbook(file, made_at=made_at.astimezone(wording.zone)) as book:
        sheets = {which: book.sheet(title, HEADS, printed=PRINTED) for which, title in SHEETS.items()}
        for row, values in lines(rows, wording, written):
            sheets[row.which].add(values)
        for sheet in sheets.values():
            sheet.finish()
        rows_of: list[list[Value]] = [[f"“{title}”行数", written.rows[which]] for which, title in SHEETS.items()]
        book.notes("说明", [*notes, *rows_of], (24, 100))
    return written


def in_parts(store: Store, period: Period, veil: Veil | None = None) -> Generator[Publication]:
    """Everything of a period, first what counts, then what was imported, then what does not count, each by time; all of one moment."""
    return publications(store, period, veil, parts=tuple(SHEETS))


def notes_of(office: str, period: Period, found: Figures, made_at: datetime) -> list[list[Value]]:
    """What a file says of itself: of which time and of what it is, the figures, and what each means."""
    until = "现在" if period.until is None else str(period.until)
    named = (("专栏", period.column), ("渠道", period.channel), ("部门", period.department))
    narrowed = "；".join(f"{what}：{name}" for what, name in named if name is not None)
    rows: list[list[Value]] = [
        ["单位", office],
        ["期间", f"{'开始' if period.since is None else period.since} 至 {until}"],
        ["范围", narrowed or "全部"],
        ["生成时间", f"{made_at.astimezone(period.zone):%Y-%m-%d %H:%M}"],
    ]
    for label, figure, meaning in found.in_words():
        rows.append([str(label), f"{figure}（{meaning.rstrip('。')}）"])
    return rows


def state_in_words(row: Publication) -> str:
    """Whether it counts, and if not, why not."""
    if row.rehearsal:
        return "演练"
    if row.retracted_at is not None:
        return "已撤回"
    if row.notice:
        return "更正说明"
    if row.origin != OWN:
        return "导入"
    return "已更正" if row.corrected_at is not None else "已发布"


def lines(rows: Iterator[Publication], wording: Wording, written: Written) -> Iterator[tuple[Publication, list[Value]]]:
    """Each publication with what stands in its row; rehearsals are left out. ``written`` counts them."""
    for row in rows:
        if row.rehearsal:
            written.rehearsed += 1
            continue
        written.rows[row.which] += 1
        yield row, _values(row, wording, written.rows[row.which])


def _values(row: Publication, wording: Wording, number: int) -> list[Value]:
    zone = wording.zone

    def local(moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(zone)

    return [
        number,
        row.title,
        row.column_title,
        row.channel_title,
        local(row.published_at),
        row.department,
        row.author,
        wording.kinds.get(row.kind, row.kind),
        "" if row.origin != OWN else "原创" if row.original else "转载",
        "是" if row.first else "",
        state_in_words(row),
        local(row.due_at),
        row.minutes,
        wording.people.get(row.approved_by or "", row.approved_by or ""),
        row.address or "",
        row.remote_id or "",
        local(row.corrected_at),
        local(row.retracted_at),
        "" if row.origin == OWN else row.origin,
        row.post,
        row.id if row.origin == OWN else None,
    ]
