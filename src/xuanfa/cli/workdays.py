"""``xuanfa workdays``: which days are off and which weekends are worked, shown and brought in."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.working_days import Marked, Plan, WorkingDays

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


command = group_of_workspace()


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


@command.command(
    "import",
    help=say("从表格导入放假调休安排（列：日期、类型、名称）", "Bring in a plan of days off, from a spreadsheet"),
)
@workspace_of_group_option
@json_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=say("只看会改什么，不写入", "Only show what would change"))
@as_option
@why_option(required=False)
def import_command(*, workspace: Path | None, as_json: bool, file: Path, dry_run: bool, why: str) -> None:
    from xuanfa.domain.act_lists import ImportWorkdays  # noqa: PLC0415 - not needed for --help
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - as above
    from xuanfa.operations.working_days.bringing import read_plan  # noqa: PLC0415 - as above

    with looking(workspace) if dry_run else desk(workspace) as opened:
        plan, before = read_plan(file, opened.zone), opened.days()
        if not dry_run:
            act = ImportWorkdays(origin=plan.origin, days=plan.days, cleared=plan.cleared)
            carry_out(opened, act, person(opened, why))
        _tell(plan, before, opened.days(), dry_run=dry_run, as_json=as_json)


def _tell(plan: "Plan", before: "WorkingDays", now: "WorkingDays", *, dry_run: bool, as_json: bool) -> None:
    changed = [each for each in plan.days if before.is_worked(each.day) is not (each.kind == "worked")]
    if as_json:
        print_json(
            {
                "origin": plan.origin,
                "dry_run": dry_run,
                "days": [_day(each) for each in plan.days],
                "cleared": [day.isoformat() for day in plan.cleared],
                "changed": [each.day.isoformat() for each in changed],
                "notes": list(plan.notes),
            }
        )
        return
    text = say("试导入，没有写入。", "Dry run; nothing was written.") if dry_run else say("已导入。", "Brought in.")
    more = say("和原来算法不同的有 {n} 天。", "{n} days are counted otherwise than before.", n=len(changed))
    click.echo(say("{done}{plan}。{more}", "{done} {plan}. {more}", done=text, plan=plan.in_words(), more=more))
    for note in plan.notes:
        click.echo(say("提示 {text}", "Note {text}", text=note), err=True)
    for year in plan.years if not dry_run else ():
        if not now.is_known(year):
            hint = say(
                "{year} 年导入的休息日太少，还不算一年的安排：请把放假的每一天（含周末）都列上。",
                "Too few days off of {year} were brought in for a plan of the year: list every one, weekends too.",
                year=year,
            )
            click.echo(hint, err=True)


def _as_json(known: "WorkingDays", year: int) -> dict[str, object]:
    return {"year": year, "known": known.is_known(year), "days": [_day(each) for each in known.in_year(year)]}


def _day(mark: "Marked") -> dict[str, str]:
    return {"day": mark.day.isoformat(), "kind": mark.kind.value, "name": mark.name, "origin": mark.origin}


def _print_year(known: "WorkingDays", year: int) -> None:
    from xuanfa.domain.working_days import bring_in, missing_in_words  # noqa: PLC0415 - not needed for --help
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
        words = say("{words}：{step}", "{words}: {step}", words=missing_in_words(year), step=bring_in())
        click.echo(say("{words}。", "{words}.", words=words))
