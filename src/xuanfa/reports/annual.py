"""The annual table of government websites (政府网站工作年度报表), with the headings that 国办发〔2017〕47号 asks for; what this program does not know
is left to fill in."""

from collections.abc import Iterator
from typing import Final

from xuanfa.domain.column import holds_notices
from xuanfa.domain.report import Grid, Head, Value
from xuanfa.reports.house import House
from xuanfa.reports.tally import Tally

#: Kinds of channels that are websites, and those that are accounts of 政务新媒体, with their names.
_SITES: Final = ("site", "wordpress", "webhook", "manual")
_ACCOUNTS: Final = ("weibo", "wechat", "douyin")
_TO_FILL: Final = "（请填写）"


def annual_table(house: House, tally: Tally) -> Grid:
    """The table of a year, of items on websites; accounts one by one."""
    return Grid(
        title="政府网站工作年度报表",
        heads=(Head("项目", 10), Head("内容", 16), Head("数量", 6, "right"), Head("单位", 4, "center")),
        rows=list(_rows(house, tally)),
        note="数量只计本系统已确认的发布，条为渠道条次；政务动态与信息公开目录按专栏的形式区分。写“请填写”的本系统无从得知。",
    )


def _rows(house: House, tally: Tally) -> Iterator[tuple[Value, ...]]:
    desk = house.desk
    notices = {name for name, column in desk.columns.items() if holds_notices(column.form, column.title)}
    site = {
        column: sum(n for (kind, name), n in tally.kinds.items() if kind in _SITES and name == column)
        for column in tally.columns
    }
    public = sum(n for column, n in site.items() if column in notices)
    yield "信息发布", "总数", sum(site.values()), "条"
    yield "", "概况类信息更新量", _TO_FILL, "条"
    yield "", "政务动态信息更新量", sum(site.values()) - public, "条"
    yield "", "信息公开目录信息更新量", public, "条"
    yield "专栏专题", "维护数量", sum(1 for n in site.values() if n), "个"
    for project, contents in (
        ("解读回应", ("解读信息发布总数", "回应公众关注热点或重大舆情数量")),
        ("办事服务", ("政务服务事项数量", "办件量")),
        ("互动交流", ("收到留言数量", "办结留言数量", "平均办理时间")),
        ("安全防护", ("安全检测评估次数", "发现问题数量", "问题整改数量")),
    ):
        for at, content in enumerate(contents):
            yield ("" if at else project), content, _TO_FILL, ""
    accounts = [name for name, channel in desk.channels.items() if channel.kind in _ACCOUNTS]
    for at, name in enumerate(accounts):
        line = tally.channels.get(name)
        items = 0 if line is None else line.items
        yield ("" if at else "移动新媒体"), f"{desk.channels[name].title or name}信息发布量", items, "条"
    if not accounts:
        yield "移动新媒体", "信息发布量", _TO_FILL, "条"
    yield "创新发展", "无障碍浏览、多语言版本等", _TO_FILL, ""
