"""``xuanfa workdays``: which days are off and which weekends are worked, shown and brought in."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xuanfa.cli.shared import json_option, looking, print_json, workspace_of_group_option, workspace_option
from xuanfa.cli.tables import print_table
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.working_days import WorkingDays

_WEEKDAYS: Final = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)
_YEARS: Final = click.IntRange(2000, 2100)


@click.group()
@workspace_option
@click.pass_context
def command(ctx: click.Context, workspace: Path | None) -> None:
    ctx.obj = workspace


@command.command(
    help=say("列出一年的放假和调休上班日", "List the days off of a year, and the weekends that are worked")
)
@workspace_of_group_option
@json_option
@click.argument("year", type=_YEARS, required=False)
def show(workspace: Path | None, as_json: bool, year: int | None) -> None:
    with looking(workspace) as opened:
        known, asked = opened.days(), year or opened.clock().astimezone(opened.zone).year
    if as_json:
        print_json(_as_json(known, asked))
        return
    _print_year(known, asked)


def _as_json(known: "WorkingDays", year: int) -> dict[str, object]:
    days = [
        {"day": each.day.isoformat(), "kind": each.kind.value, "name": each.name, "origin": each.origin}
        for each in known.in_year(year)
    ]
    return {"year": year, "known": known.is_known(year), "days": days}


def _print_year(known: "WorkingDays", year: int) -> None:
    from xuanfa.domain.working_days import missing_in_words  # noqa: PLC0415 - not needed for --help
    from xuanfa.operations.working_days.known import origin_in_words  # noqa: PLC0415 - as above

    found = known.in_year(year)
    rows = [
        (
            each.day.isoformat(),
            say(*_WEEKDAYS[each.day.weekday()]),
            each.kind.label,
            each.name or "-",
            origin_in_words(each),
        )
        for each in found
    ]
    if rows:
        head = (
            say("日期", "day"),
            say("星期", "weekday"),
            say("类型", "kind"),
            say("名称", "name"),
            say("来源", "from"),
        )
        print_table(head, rows, soft=(3, 4))
    if not known.is_known(year):
        click.echo(say("{words}。", "{words}.", words=missing_in_words(year)))
