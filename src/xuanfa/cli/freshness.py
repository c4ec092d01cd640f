"""``xuanfa freshness``: how long nothing was published on each account and in each column, and the day on which that is too long."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.person import as_option
from xuanfa.cli.shared import json_option, looking, print_json, shown_time, workspace_option
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from datetime import date

    from xuanfa.domain.freshness import Fresh
    from xuanfa.operations.desk import Desk


@click.command()
@workspace_option
@json_option
@as_option
def command(workspace: Path | None, as_json: bool) -> None:
    from xuanfa.reports.freshness import as_json as for_programs  # noqa: PLC0415
    from xuanfa.reports.freshness import freshness  # noqa: PLC0415

    with looking(workspace) as opened:
        veil(opened)  # whom something concerns hears of it
        titles = {name: column.title for name, column in opened.columns.items()}
        titles |= {f"#{name}": channel.title or name for name, channel in opened.channels.items()}
        found = freshness(
            opened.store,
            opened.clock(),
            opened.zone,
            opened.columns,
            opened.channels,
            watched=opened.watched,
            titles=titles,
        )
        if as_json:
            print_json([for_programs(each) for each in found])
        else:
            _print(opened, found)


def _print(opened: "Desk", found: Sequence["Fresh"]) -> None:
    head = (
        say("名称", "Name"),
        say("状态", "Level"),
        say("最近发布", "Last"),
        say("天数", "Days"),
        say("更新周期", "Cycle"),
        say("下一条", "Next"),
        say("哪天断更", "Stale on"),
    )
    print_table(
        head,
        [
            (
                _named(each),
                each.level.label,
                shown_time(each.last, opened.zone),
                "-" if each.days is None else str(each.days),
                str(each.cycle),
                shown_time(each.next_at, opened.zone),
                _forecast(each),
            )
            for each in found
        ],
        soft=(0,),
    )
    empty = [each.title for each in found if each.last is None and not each.is_channel]
    if empty:
        click.echo(
            say(
                "空白专栏（还没有发布过）：{names}。",
                "Empty columns (nothing was ever published): {names}.",
                names=say("、", ", ").join(empty),
            )
        )
    limits = opened.watched.limits
    click.echo(
        say("口径：", "Definition: ")
        + say(
            "只计真实渠道上已取得回执、没有撤下的发布，演练和导入的不计；账号 {amber} 天临近、{red} 天快断更、{stale} 天断更，专栏按更新周期折算；"
            "哪天断更按已排定（已通过审核、会自动发出）的稿件推算。",
            "Only what was published for real, has a receipt and was not withdrawn counts, no rehearsals and nothing imported. An account is near "
            "after {amber} days, soon stale after {red} and stale after {stale}; columns in proportion to their cycle. The forecast goes by what is "
            "scheduled and approved.",
            amber=limits.amber,
            red=limits.red,
            stale=limits.stale,
        )
    )


def _named(each: "Fresh") -> str:
    if each.is_channel:
        return say("渠道“{title}”", "channel “{title}”", title=each.title)
    return say("专栏“{title}”", "column “{title}”", title=each.title)


def _forecast(each: "Fresh") -> str:
    """The day after all that is scheduled; before it a gap in the plan, where there is one."""
    if each.stale_on is None:
        return "-"
    if each.breaks_on is not None and each.breaks_on < each.stale_on:
        return say("{day}（中间断：{gap}）", "{day} (gap: {gap})", day=_day(each.stale_on), gap=_day(each.breaks_on))
    return _day(each.stale_on)


def _day(day: "date") -> str:
    return day.isoformat()
