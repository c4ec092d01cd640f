"""``xuanfa count``: how much was published, in figures that can be defended."""

from collections.abc import Set
from datetime import date
from pathlib import Path

import click

from xuanfa.cli.person import as_option
from xuanfa.cli.shared import (
    json_option,
    known_column,
    looking,
    period_options,
    print_json,
    require_order,
    workspace_option,
)
from xuanfa.cli.summary import titled
from xuanfa.cli.veil import veil
from xuanfa.domain.counting import By, definition, sentence
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@as_option
@period_options
@click.option(
    "--by",
    type=click.Choice(["channel", "column", "month", "department"]),
    default="channel",
    help=say("按渠道、专栏、月份或部门细分", "Split by channel, column, month or department"),
)
def command(
    *, workspace: Path | None, as_json: bool, since: date | None, until: date | None, column: str | None, by: By
) -> None:
    from xuanfa.reports.counts import Period, columns_counted, count  # noqa: PLC0415

    require_order(since, until)
    with looking(workspace) as opened:
        veil(opened)  # whom something concerns hears of it
        column = None if column is None else known_column(opened, column)
        found = count(opened.store, Period(zone=opened.zone, since=since, until=until, column=column), by)
        if as_json:
            print_json(
                {
                    "posts": found.posts,
                    "items": found.items,
                    "retracted": found.retracted,
                    "rehearsed": found.rehearsed,
                    "emergency": found.emergency,
                    "by": dict(found.by),
                    "definition": definition(),
                }
                | ({"twice": found.twice} if found.twice else {})
            )
            return
        only = column or _only_column(columns_counted(opened.store) | set(opened.columns))
        title = opened.columns[only].title if only and only in opened.columns else only or ""
        click.echo(_when(since, until) + sentence(titled(opened, found, by), title))
        click.echo(say("口径：", "Definition: ") + definition())


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
