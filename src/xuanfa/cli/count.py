"""``xuanfa count``: how much was published, in figures that can be defended."""

from collections.abc import Sequence, Set
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xuanfa.cli.person import as_option
from xuanfa.cli.scores import no_scores_with, show_scores
from xuanfa.cli.shared import (
    channel_option,
    json_option,
    known_channel_ever,
    known_column,
    looking,
    period_options,
    print_json,
    require_order,
    workspace_option,
)
from xuanfa.cli.summary import titled
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.counting import ALL_BY, SPLIT_MAX, By, definition, definition_of, sentence
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.counting import Count
    from xuanfa.operations.desk import Desk


@click.command()
@workspace_option
@json_option
@as_option
@period_options
@click.option(
    "--by",
    type=click.Choice(ALL_BY),
    default="channel",
    help=say(
        "怎样细分：渠道、专栏、活动、部门、作者、类型、原创或转载、日、周、月、季、年",
        "How it is split: by channel, column, campaign, department, author, kind, original or repost, day, week, month, quarter or year",
    ),
)
@channel_option(say("只统计这个渠道", "Only this channel"))
@click.option(
    "--department", metavar="NAME", help=say("只统计这个部门（照稿头写的）", "Only this department, as typed")
)
@click.option(
    "--scores",
    "as_scores",
    is_flag=True,
    help=say(
        "各部门采用情况（要在设置里写 [scoring]）", "What departments' posts come to (needs [scoring] in the settings)"
    ),
)
@click.option("--ranked", is_flag=True, help=say("采用情况按得分排名次", "With --scores: in the order of points"))
def command(
    *,
    workspace: Path | None,
    as_json: bool,
    as_scores: bool,
    ranked: bool,
    since: date | None,
    until: date | None,
    column: str | None,
    by: By,
    channel: str | None,
    department: str | None,
) -> None:
    from xuanfa.reports.counts import Period, columns_counted, count  # noqa: PLC0415
    from xuanfa.reports.sealed import sealed_within  # noqa: PLC0415

    require_order(since, until)
    if as_scores:
        no_scores_with(channel, department)
    elif ranked:
        raise click.UsageError(say("--ranked 只和 --scores 一起用。", "--ranked goes with --scores only."))
    with looking(workspace) as opened:
        seen_by = veil(opened)  # whom something concerns hears of it
        column = None if column is None else known_column(opened, column)
        channel = None if channel is None else known_channel_ever(opened, channel)
        period = Period(
            zone=opened.zone, since=since, until=until, column=column, channel=channel, department=department
        )
        if as_scores:
            show_scores(opened, period, seen_by, in_order=ranked, as_json=as_json)
            return
        found = count(opened.store, period, by)
        listed = _expected(opened, by) if department is None else ()
        only = column or _only_column(columns_counted(opened.store) | set(opened.columns))
        title = opened.columns[only].title if only and only in opened.columns else only or ""
        said = titled(opened, found, by)
        narrowed = _of(department, None if channel is None else _title_of(opened, channel))
        sealed = sealed_within(opened.store, opened.zone, since, until)
    text = _when(since, until) + narrowed + sentence(said, title)
    if as_json:
        more: dict[str, Any] = {"zero": found.without(listed)} if listed else {}
        more |= {"sealed": [each.as_json() for each in sealed]} if sealed else {}
        print_json(_as_json(found, by, text) | more)
        return
    click.echo(text)
    brought = said.imported.by if said.imported else {}
    if brought:
        head = (say("名称", "Name"), say("条", "Items"), say("导入", "Imported"))
        every = dict.fromkeys((*said.by, *brought))
        print_table(head, [(name or "-", str(said.by.get(name, 0)), str(brought.get(name, 0))) for name in every])
    elif len(said.by) > SPLIT_MAX:
        print_table((say("名称", "Name"), say("条", "Items")), [(name, str(n)) for name, n in said.by.items()])
    _tell_of_list(found, by, listed)
    for each in sealed:
        click.echo(each.in_words())
    click.echo(say("口径：", "Definition: ") + definition())
    click.echo(say("细分：", "Split: ") + definition_of(by))


def _as_json(found: "Count", by: By, text: str) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "posts": found.posts,
        "items": found.items,
        "rounded": found.rounded,
        "retracted": found.retracted,
        "rehearsed": found.rehearsed,
        "emergency": found.emergency,
        "by": dict(found.by),
        "definition": definition(),
        "definition_of_split": definition_of(by),
        "sentence": text,
    }
    figures |= {"twice": found.twice} if found.twice else {}
    return figures | ({"imported": asdict(found.imported)} if found.imported else {})


def _expected(opened: "Desk", by: By) -> Sequence[str]:
    """Who is to send posts in, by the settings."""
    office = opened.organisation
    return {"department": office.departments, "author": office.authors}.get(by, ())


def _tell_of_list(found: "Count", by: By, listed: Sequence[str]) -> None:
    """Who of the list has nothing, and which names are on no list: a slip of the pen parts a department, or a person, in two."""
    if not listed:
        return
    between = say("、", ", ")
    missing = found.without(listed)
    if missing:
        click.echo(say("零报送：{names}。", "Nothing from: {names}.", names=between.join(missing)))
    unknown = [name for name in found.by if name and name not in listed]
    if unknown:
        click.echo(
            say(
                "提示 设置里的{what}名单没有：{names}。请核对是不是写法不同。",
                "Note: not on the list of {what} in the settings: {names}. See whether they are spelt otherwise.",
                what=say("作者", "authors") if by == "author" else say("部门", "departments"),
                names=between.join(unknown),
            ),
            err=True,
        )


def _of(department: str | None, channel: str | None) -> str:
    """What the figures are narrowed to besides."""
    text = ""
    if channel is not None:
        text += say("“{channel}”渠道，", "channel “{channel}”: ", channel=channel)
    if department is not None:
        named = department or say("（未写部门）", "(no department)")
        text += say("“{department}”供稿，", "from “{department}”: ", department=named)
    return text


def _title_of(opened: "Desk", channel: str) -> str:
    return opened.channels[channel].title if channel in opened.channels else channel


def _only_column(columns: Set[str]) -> str | None:
    """The one that all figures are of; with one that has left the settings there are two."""
    return next(iter(columns)) if len(columns) == 1 else None


def _when(since: date | None, until: date | None) -> str:
    if since and until:
        return say("{a} 至 {b}，", "{a} to {b}: ", a=_day(since), b=_day(until))
    if since:
        return say("{a}以来，", "Since {a}: ", a=_day(since))
    return say("截至 {b}，", "Until {b}: ", b=_day(until)) if until else ""


def _day(day: date) -> str:
    return say("{d.year}年{d.month}月{d.day}日", "{d}", d=day)
