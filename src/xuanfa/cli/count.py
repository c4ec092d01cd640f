"""``xuanfa count``: how much was published, in figures that can be defended."""

from datetime import date, datetime
from pathlib import Path

import click

from xuanfa.cli.shared import desk, json_option, print_json, workspace_option
from xuanfa.cli.summary import titled
from xuanfa.domain.counting import By, definition, sentence
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say


class Day(click.ParamType[date]):
    """A date: 2026-11-23, 2026/11/23 or 2026年11月23日; a month means its first or last day."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """From what was typed."""
        if isinstance(value, date):
            return value
        text = value.strip().replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            hint = say("“{v}”不是日期，请写成 2026-11-23。", "{v!r} is not a date; write 2026-11-23.", v=value)
            self.fail(hint, param, ctx)


@click.command()
@workspace_option
@json_option
@click.option("--since", type=Day(), help=say("从这一天起（含）", "From this day on (included)"))
@click.option("--until", type=Day(), help=say("到这一天止（含）", "Up to this day (included)"))
@click.option("--column", help=say("只统计这个专栏（id）", "Only this column (id)"))
@click.option(
    "--by",
    type=click.Choice(["channel", "column", "month", "department"]),
    default="channel",
    help=say("按渠道、专栏、月份或部门细分", "Split by channel, column, month or department"),
)
def command(
    *, workspace: Path | None, as_json: bool, since: date | None, until: date | None, column: str | None, by: By
) -> None:
    from xuanfa.reports.counts import Period, count  # noqa: PLC0415

    if since and until and since > until:
        raise click.BadParameter(say("--since 晚于 --until。", "--since is after --until."))
    with desk(workspace) as opened:
        if column is not None and column not in opened.columns:
            text = say(
                "没有专栏 {column}：有 {all}。",
                "There is no column {column}: there are {all}.",
                column=column,
                all=say("、", ", ").join(opened.columns),
            )
            raise ConfigError(text)
        found = count(opened.store, Period(zone=opened.zone, since=since, until=until, column=column), by)
        if as_json:
            print_json(
                {
                    "posts": found.posts,
                    "items": found.items,
                    "retracted": found.retracted,
                    "rehearsed": found.rehearsed,
                    "by": dict(found.by),
                    "definition": definition(),
                }
            )
            return
        only = column or (next(iter(opened.columns)) if len(opened.columns) == 1 else None)
        click.echo(
            _when(since, until) + sentence(titled(opened, found, by), opened.columns[only].title if only else "")
        )
        click.echo(say("口径：", "Definition: ") + definition())


def _when(since: date | None, until: date | None) -> str:
    if since and until:
        return say("{a} 至 {b}，", "{a} to {b}: ", a=_day(since), b=_day(until))
    if since:
        return say("{a}以来，", "Since {a}: ", a=_day(since))
    return say("截至 {b}，", "Until {b}: ", b=_day(until)) if until else ""


def _day(day: date) -> str:
    return say("{d.year}年{d.month}月{d.day}日", "{d}", d=day)
