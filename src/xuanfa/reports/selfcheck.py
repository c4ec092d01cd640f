"""The quarterly self-check (自查表): what inspections of 政务新媒体 and websites ask, answered as far as this program knows; the rest is left open.

Indicators: 国办秘函〔2019〕19号 (单项否决指标), 国办发〔2018〕123号, as the tables that units publish each quarter have them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xuanfa.domain.reader import Reader, read_by, reader
from xuanfa.domain.report import Grid, Head, Report, Section
from xuanfa.domain.term import Term
from xuanfa.reports.house import House
from xuanfa.reports.paper import Found
from xuanfa.reports.silences import Silence, silences
from xuanfa.reports.tally import Tally
from xuanfa.store import verdicts

#: What only a person can tell.
TO_FILL: Final = "（请填写）"
#: Kinds whose pages are a website's, of which the home page shows what is new; and how old that may be.
_WEBSITES: Final = frozenset({"site", "wordpress"})
_HOME_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class _Row:
    family: str
    indicator: str
    rule: str
    found: str
    evidence: str = TO_FILL


def selfcheck(house: House, term: Term, found: Found) -> Report:
    """The table of a quarter as a report."""
    with read_by(Reader("zh", reader().wording)):
        office = house.desk.organisation.name
        grid = Grid(
            title="",
            heads=(Head("指标", 7), Head("评分细则", 10), Head("检查情况", 11), Head("证据链接", 14)),
            rows=[
                (f"{row.family}：{row.indicator}", row.rule, row.found, row.evidence)
                for row in _rows(house, term, found)
            ],
            note="写“请填写”的各项本系统无从得知，由人检查后填写；细则以国办秘函〔2019〕19号、国办发〔2018〕123号和本地要求为准。",
        )
        over = [] if term.is_over(house.today) else [f"本季度未满，数字截至{house.today:%Y-%m-%d}。"]
        return Report(
            title_lines=[line for line in (office, "政府网站与政务新媒体自查表", f"（{term.title}）") if line],
            office=office,
            term_title=term.title,
            made_at=house.now,
            beside=over,
            sections=(Section("", (grid,)),),
        )


def _rows(house: House, term: Term, found: Found) -> Iterator[_Row]:
    quiet = silences(house, term, found.tally)
    yield from _of_safety(house, found)
    yield _of_accounts(house, found.tally, quiet)
    yield _Row("政务新媒体·单项否决", "互动回应差", "没有有效互动功能；购买粉丝、强制点赞", TO_FILL)
    yield _Row(
        "网站·单项否决",
        "站点无法访问",
        "一周内间隔访问 20 次以上，15 秒打不开的算一次，达到 5%",
        "本系统不作站点探测，请填写",
    )
    yield _of_home(house, term, found.tally)
    yield _of_columns(quiet)
    yield _of_empty(quiet)
    yield _Row("网站·单项否决", "互动回应差", "没有咨询渠道；有效留言超过三个月未回应", TO_FILL)
    yield _Row("网站·单项否决", "服务不实用", "没有办事服务，或要素缺失", TO_FILL)
    figures = found.figures
    yield _Row(
        "规范管理",
        "转载来源",
        "转载须注明来源，不得歪曲标题",
        f"本季度转载{figures.reposted}条，稿头均写有来源",
        "见明细“原创或转载”列",
    )
    yield _Row(
        "规范管理",
        "先审后发",
        "先审后发，分级分类审核",
        f"先发后审{found.count.emergency}条" if found.count.emergency else "没有先发后审的",
        "审核记录",
    )


def _of_safety(house: House, found: Found) -> Iterator[_Row]:
    with house.desk.store.read() as connection:
        hits = verdicts.published(connection)
    slugs = list(dict.fromkeys(hit.slug for hit in hits))
    told = (
        f"按现行规则，已发布的{len(slugs)}篇有严重问题待核实：{'、'.join(slugs[:5])}"
        if slugs
        else "按现行规则未查出严重问题"
    )
    withdrawn = f"；本季度发布后撤回{found.tally.withdrawn}条" if found.tally.withdrawn else ""
    rule = "严重表述错误、泄密、反动暴力色情内容或链接、造成恶劣影响"
    yield _Row("单项否决", "安全、泄密等严重问题", rule, told + withdrawn, "按规则复查的清单" if slugs else TO_FILL)
    yield _Row(
        "单项否决", "伪造发稿日期", "不得伪造发稿日期", "发布时间取自系统时钟和渠道回执，人工补登的记入历史", "操作历史"
    )


def _of_accounts(house: House, tally: Tally, quiet: list[Silence]) -> _Row:
    days = house.desk.watched.limits.stale
    accounts = [each for each in quiet if each.kind == "channel"]
    last = [line.last for line in tally.channels.values() if line.last is not None]
    evidence = "\n".join(f"{row.channel_title}：{row.address}" for row in last if row.address) or TO_FILL
    return _Row(
        "政务新媒体·单项否决",
        "内容不更新",
        f"检查日前{days}天内没有更新（逐个账号）",
        "；".join(map(_told, accounts)) if accounts else f"各账号没有超过{days}天不更新的",
        evidence,
    )


def _of_home(house: House, term: Term, tally: Tally) -> _Row:
    """The home page shows what every column has that is new, so that the newest publication on a website tells."""
    day = min(term.until, house.today)
    last = [
        line.last
        for name, line in tally.channels.items()
        if line.last is not None and name in house.desk.channels and house.desk.channels[name].kind in _WEBSITES
    ]
    told, evidence = TO_FILL, TO_FILL
    if last:
        newest = max(last, key=lambda row: row.published_at)
        published = newest.published_at.astimezone(house.desk.zone).date()
        days = (day - published).days
        told = f"最近一条在{published:%m月%d日}，距检查日{days}天" + ("，超过两周" if days > _HOME_DAYS else "")
        evidence = newest.address or TO_FILL
    return _Row("网站·单项否决", "首页不更新", "检查日前 2 周内首页没有新的内容", told, evidence)


def _of_columns(quiet: list[Silence]) -> _Row:
    stale = [each for each in quiet if each.kind == "column" and each.since is not None]
    rule = "动态、要闻类 2 周，通知公告、政策文件类 6 个月未更新；应更新未更新的栏目 10 个以上"
    return _Row(
        "网站·单项否决", "栏目不更新", rule, "；".join(map(_told, stale)) or "各栏目都在更新周期之内", "栏目列表页"
    )


def _of_empty(quiet: list[Silence]) -> _Row:
    empty = [each.title for each in quiet if each.kind == "column" and each.since is None]
    text = f"空白栏目{len(empty)}个：{'、'.join(empty)}" if empty else "没有空白栏目"
    return _Row("网站·单项否决", "空白栏目", "空白栏目 5 个以上", text, "栏目列表页")


def _told(each: Silence) -> str:
    if each.since is None:
        return f"{each.title}还没有发布过"
    goes_on = "，期末仍未更新" if each.open else ""
    return f"{each.title}{each.since:%m月%d日}至{each.until:%m月%d日}共{each.days}天没有更新{goes_on}"
