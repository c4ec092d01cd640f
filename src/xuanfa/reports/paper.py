"""The paper of a report: its outline filled with figures, from one tally; what only a person can write is left to write."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from xuanfa.domain.checking import Level
from xuanfa.domain.counting import Count, definition, sentence
from xuanfa.domain.figures import Figures
from xuanfa.domain.imported import origin_in_words
from xuanfa.domain.reader import Reader, read_by, reader
from xuanfa.domain.report import Blank, Chart, Grid, Head, Part, Point, Report, Section, Share, Value
from xuanfa.domain.term import Term, day_title
from xuanfa.reports.annual import annual_table
from xuanfa.reports.house import House
from xuanfa.reports.ledger import Publication
from xuanfa.reports.overridden import as_grid, overridden
from xuanfa.reports.sealed import sealed_within
from xuanfa.reports.silences import Silence, silences
from xuanfa.reports.tally import Line, Tally

#: So many departments or authors have a line; the rest is one. So many titles are named in a sentence.
_SENDERS, _TITLES = 30, 5
#: So many corrections of sealed months are named.
_LATER: Final = 100
#: More channels than that have no column of their own in the table of columns.
_CHANNELS: Final = 6
#: Up to so many days a chart shows each day, and then each month.
_BY_DAY: Final = 62
_ORDINALS: Final = "一二三四五六七八九"
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff（）“”]) (?=\d)|(?<=[\d%]) (?=[\u4e00-\u9fff（])")


def tight(text: str) -> str:
    """As an office's paper is set: no space between figures and Chinese."""
    return _SPACED.sub("", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which report: its term, and the only column that it is about, by id and title."""

    term: Term
    column: str | None = None
    column_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of the term: its rows as they add up, and the figures by the ledger's own questions."""

    tally: Tally
    count: Count
    figures: Figures


def paper(house: House, asked: Asked, found: Found, *, rows: int = 0) -> Report:
    """The report; ``rows`` is how long its list of publications is."""
    term = asked.term
    with read_by(Reader("zh", reader().wording)):
        office = house.desk.organisation.name
        about = f"“{asked.column_title}”专栏" if asked.column is not None else ""
        quiet = [] if asked.column is not None else silences(house, term, found.tally)
        return Report(
            title_lines=[line for line in (office, f"{about}{term.title}信息发布情况") if line],
            office=office,
            term_title=term.title,
            made_at=house.now,
            beside=tuple(_beside(house, term)),
            sections=(
                Section("一、总体情况", tuple(_whole(house, asked, found))),
                Section("二、存在问题", tuple(_problems(house, asked, found, quiet))),
                Section("三、下一步工作", (Blank("请填写下一步工作打算"),)),
            ),
            definitions=tuple(_definitions(found)),
            annexes=(annual_table(house, found.tally),) if term.kind == "year" and asked.column is None else (),
            rows=rows,
        )


def _beside(house: House, term: Term) -> Iterator[str]:
    if not term.is_over(house.today):
        yield f"本期未满，数字截至{day_title(house.today)}。"


def _whole(house: House, asked: Asked, found: Found) -> Iterator[Part]:
    tally, figures, term = found.tally, found.figures, asked.term
    named = {tally.titles.get(("channel", name), name): items for name, items in found.count.by.items()}
    said = replace(found.count, by=named, rehearsed=0, emergency=0, twice=0)
    yield tight(f"{term.title}，{sentence(said, asked.column_title)}")
    if figures.items:
        yield _kinds(figures)
    if tally.imported:
        origins = "、".join(f"{origin_in_words(origin)}（{n}条）" for origin, n in tally.imported.most_common())
        yield f"另有历史导入{tally.imported.total()}条，来源为{origins}。导入的由外部材料登记，没有经本系统核实，单列，不计入以上数字。"
    yield from _sealed(house, asked)
    if not tally.whole.items:
        return
    yield _channels(tally)
    if asked.column is None and len(tally.columns) > 1:
        yield _columns(tally)
    yield _times(term, tally)
    yield from _people(house, tally)


def _sealed(house: House, asked: Asked) -> Iterator[Part]:
    """What of the term was sealed, and what was corrected since."""
    found = sealed_within(house.desk.store, house.desk.zone, asked.term.since, asked.term.until)
    if asked.column is not None or not found:
        return
    for each in found:
        yield tight(each.in_words())
    later = [one for each in found for one in each.later]
    if later:
        heads = (Head("月份", 5, "center"), Head("更正", 7), Head("标题", 18), Head("渠道", 8))
        hidden = house.veil
        rows = [
            (
                one.month,
                one.label,
                "（限阅）" if hidden is not None and hidden.hides(one.entry.post) else one.entry.title,
                one.entry.channel,
            )
            for one in later[:_LATER]
        ]
        more = f"共{len(later)}条，这里列出前{_LATER}条。" if len(later) > _LATER else ""
        yield Grid(title="封存后的更正", heads=heads, rows=rows, note=more)


def _kinds(figures: Figures) -> str:
    parts = [
        f"原创{figures.original}条，占{Share(figures.original, figures.items)}；转载{figures.reposted}条；首发{figures.first}条",
        f"按时发布{figures.on_time}条，占{Share(figures.on_time, figures.items)}",
    ]
    if figures.pushes:
        parts.append(f"微信公众号推送{figures.pushes}次、{figures.articles}篇")
    if figures.corrected:
        parts.append(f"发布后更正{figures.corrected}条")
    return "。".join(parts) + "。"


def _channels(tally: Tally) -> Grid:
    lines = _largest(tally.channels)
    imported = bool(tally.imported)
    heads = [
        Head("渠道", 12),
        Head("条次", 5, "right"),
        Head("占比", 6, "right"),
        Head("原创", 5, "right"),
        Head("转载", 5, "right"),
        Head("首发", 5, "right"),
        Head("按时", 5, "right"),
        Head("迟发", 5, "right"),
        Head("最近一条", 9, "center"),
    ]
    return Grid(
        title="各渠道发布情况",
        heads=heads,
        rows=[(tally.titles["channel", name], *_figures(line, tally.whole.items)) for name, line in lines],
        total=("合计", *_figures(tally.whole, tally.whole.items)),
        note="导入的不在表内。" if imported else "",
        chart=Chart(
            title="各渠道发布条次",
            names=[tally.titles["channel", name] for name, _ in lines],
            values=[line.items for _, line in lines],
            kind="bars",
        ),
    )


def _figures(line: Line, whole: int) -> tuple[Value, ...]:
    last = None if line.last is None else line.last.published_at
    share = Share(line.items, whole)
    return line.items, share, line.original, line.items - line.original, line.first, line.on_time, line.late, last


def _columns(tally: Tally) -> Grid:
    channels = [name for name, _ in _largest(tally.channels)]
    shown = channels if len(channels) <= _CHANNELS else []
    lines = _largest(tally.columns)
    heads = [Head("专栏", 14), *(Head(tally.titles["channel", name], 7, "right") for name in shown)]
    return Grid(
        title="各专栏发布情况",
        heads=[*heads, Head("合计", 5, "right"), Head("占比", 6, "right")],
        rows=[
            (
                tally.titles["column", name] or "（限阅）",
                *(tally.cross[name, channel] for channel in shown),
                line.items,
                Share(line.items, tally.whole.items),
            )
            for name, line in lines
        ],
        total=(
            "合计",
            *(tally.channels[channel].items for channel in shown),
            tally.whole.items,
            Share(tally.whole.items, tally.whole.items),
        ),
    )


def _times(term: Term, tally: Tally) -> Grid:
    """By week or by month, whichever has few lines, with a chart by day or by month."""
    length = (term.until - term.since).days + 1
    if length > _BY_DAY:
        rows = [(_month_title(month, term), _in_month(tally, month)) for month in term.months()]
        chart = Chart(title="各月发布条次", names=[name for name, _ in rows], values=[n for _, n in rows])
        return Grid(title="各月发布情况", heads=_TIMES, rows=rows, total=("合计", tally.whole.items), chart=chart)
    days = [term.since + timedelta(days=n) for n in range(length)]
    chart = Chart(
        title="每日发布条次",
        names=[f"{day.day}" if term.kind == "month" else f"{day.month}/{day.day}" for day in days],
        values=[tally.days[day] for day in days],
    )
    return Grid(
        title="各周发布情况",
        heads=_TIMES,
        rows=list(_weeks(days, tally)),
        total=("合计", tally.whole.items),
        note="周一至周日为一周。",
        chart=chart,
    )


_TIMES: Final = (Head("时间", 20), Head("条次", 8, "right"))


def _month_title(month: str, term: Term) -> str:
    year, number = month.split("-")
    return f"{int(number)}月" if term.since.year == term.until.year else f"{year}年{int(number)}月"


def _in_month(tally: Tally, month: str) -> int:
    return sum(n for day, n in tally.days.items() if f"{day:%Y-%m}" == month)


def _weeks(days: Sequence[date], tally: Tally) -> Iterator[tuple[str, int]]:
    begin = 0
    for at, day in enumerate(days):
        if day.isoweekday() == 7 or at + 1 == len(days):  # noqa: PLR2004 - Sunday
            some = days[begin : at + 1]
            begin = at + 1
            title = f"{some[0].month}月{some[0].day}日至{some[-1].month}月{some[-1].day}日"
            if len(some) == 1:
                title = f"{some[0].month}月{some[0].day}日"
            yield title, sum(tally.days[each] for each in some)


def _people(house: House, tally: Tally) -> Iterator[Grid]:
    """Departments and authors, where anybody has named any; those of the office's list that have sent nothing stand there with nought."""
    office = house.desk.organisation
    for title, name, lines, empty in (
        ("各部门供稿情况", "部门", tally.departments, _without(office.departments, tally.departments)),
        ("各作者供稿情况", "作者", tally.authors, _without(office.authors, tally.authors)),
    ):
        if any(lines) or empty:
            yield _sent_by(title, name, lines, empty, tally.whole)


def _without(listed: Sequence[str], lines: Mapping[str, Line]) -> list[str]:
    """Who of a list has sent nothing in."""
    return [each for each in listed if each not in lines]


def _sent_by(title: str, name: str, lines: dict[str, Line], empty: Sequence[str], whole: Line) -> Grid:
    found = [(each or "（未填写）", line) for each, line in _largest(lines)]
    rows: list[tuple[Value, ...]] = [
        (each, line.items, Share(line.items, whole.items), line.original) for each, line in found[:_SENDERS]
    ]
    rest = [line for _, line in found[_SENDERS:]]
    if rest:
        items = sum(line.items for line in rest)
        rows.append((f"其余{len(rest)}个", items, Share(items, whole.items), sum(line.original for line in rest)))
    rows += [(each, 0, Share(0, whole.items), 0) for each in empty]
    return Grid(
        title=title,
        heads=[Head(name, 16), Head("条次", 6, "right"), Head("占比", 7, "right"), Head("原创", 6, "right")],
        rows=rows,
        total=("合计", whole.items, Share(whole.items, whole.items), whole.original),
        note=f"零报送：{'、'.join(empty)}。" if empty else "",
    )


def _largest(lines: dict[str, Line]) -> list[tuple[str, Line]]:
    return sorted(lines.items(), key=lambda each: (-each[1].items, each[0]))


def _problems(house: House, asked: Asked, found: Found, quiet: Sequence[Silence]) -> Iterator[Part]:
    tally, count = found.tally, found.count
    empty = _without(house.desk.organisation.departments, tally.departments)
    told = [
        ("内容更新", _of_silences(quiet)),
        ("发布时效", _of_late(found)),
        ("撤稿", _of_withdrawn(tally)),
        ("供稿", f"没有供稿的部门：{'、'.join(empty)}。" if empty and asked.column is None else ""),
        ("审核", f"先发后审{count.emergency}条。" if count.emergency else ""),
        ("发布证据", f"有{count.twice}条投递有两份发布证据，可能发出了两次，各计1条，待核实。" if count.twice else ""),
    ]
    over = [] if asked.column is not None else overridden(house, asked.term)
    vetoes = sum(each.level is Level.VETO for each in over)
    told.append(("检查", f"承担或忽略的严重问题{len(over)}处，其中否决级{vetoes}处，逐条见下表。" if over else ""))
    told = [(name, text) for name, text in told if text]
    for ordinal, (name, text) in zip(_ORDINALS, told, strict=False):
        yield Point(f"（{ordinal}）{name}。", text)
    if not told:
        yield "统计数字没有反映出断更、迟发、撤稿等问题。"
    if over:
        yield as_grid(house, over)
    yield Blank("其他问题请据实补充")


def _of_silences(quiet: Sequence[Silence]) -> str:
    texts = []
    for each in quiet:
        what = f"{'渠道' if each.kind == 'channel' else '专栏'}“{each.title}”"
        if each.since is None:
            texts.append(f"{what}还没有发布过")
        elif each.open:
            texts.append(f"{what}自{_short(each.since)}后{each.days}天没有发布，期末仍未更新")
        else:
            texts.append(f"{what}{_short(each.since)}至{_short(each.until)}之间{each.days}天没有发布")
    return "；".join(texts) + "。" if texts else ""


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _of_late(found: Found) -> str:
    if not found.figures.late:
        return ""
    minutes = int(found.figures.grace.total_seconds() // 60)
    return f"比应发时间晚{minutes}分钟以上的有{found.figures.late}条：{_named(found.tally.late_named, found.figures.late)}。"


def _of_withdrawn(tally: Tally) -> str:
    if not tally.withdrawn:
        return ""
    return f"本期发布后又撤回{tally.withdrawn}条，不计入以上数字：{_named(tally.withdrawn_named, tally.withdrawn)}。"


def _named(rows: Sequence[Publication], whole: int) -> str:
    text = "、".join(f"《{row.title}》（{row.channel_title}）" for row in rows[:_TITLES])
    return f"{text}等" if whole > _TITLES else text


def _definitions(found: Found) -> Iterator[str]:
    yield tight(definition())
    yield from (tight(f"{name}：{means}") for name, _, means in found.figures.in_words()[1:-2])
    yield "导入的历史记录由外部材料登记，没有经本系统核实，一律单列，不与本系统发布的相加。"
