"""``xuanfa solemn``: days of mourning and of grave events (肃穆期), set and ended at once."""

from pathlib import Path
from typing import Any

import click

from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    shown_time,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.domain.language import say
from xuanfa.domain.silence import begin_of, end_of
from xuanfa.domain.solemn import EndSolemn, SetSolemn, Solemn
from xuanfa.domain.times import is_now

command = group_of_workspace()


@command.command("list", help=say("列出肃穆期", "List solemn periods"))
@workspace_of_group_option
@json_option
def list_command(workspace: Path | None, as_json: bool) -> None:
    from xuanfa.reports.solemn import every_period  # noqa: PLC0415 - heavy, and not needed for --help

    with looking(workspace) as opened:
        found = every_period(opened.store)
        now, zone = opened.clock(), opened.zone
        if as_json:
            print_json([_as_json(each) | {"under_way": each.holds(now)} for each in found])
            return
        if not found:
            click.echo(say("没有设过肃穆期。", "No solemn period was ever set."))
            return
        head = (
            say("编号", "Id"),
            say("开始", "From"),
            say("结束", "Until"),
            say("状态", "State"),
            say("事由", "Reason"),
            say("设定", "Set by"),
        )
        rows = [
            (
                str(each.id),
                shown_time(each.begins, zone),
                shown_time(each.over_at, zone),
                _state(each, under_way=each.holds(now), over=each.over_at <= now),
                each.reason,
                each.actor,
            )
            for each in found
        ]
    print_table(head, rows, soft=(4,), last=True)


def _state(each: Solemn, *, under_way: bool, over: bool) -> str:
    if over:
        return say("已结束", "over") if each.ended_at is None else say("提前结束", "ended")
    return say("正在肃穆", "under way") if under_way else say("将要开始", "to come")


@command.command("set", help=say("设一段肃穆期，立刻生效", "Set a solemn period, at once"))
@workspace_of_group_option
@json_option
@as_option
@click.option(
    "--from",
    "begins",
    default="now",
    metavar="TIME",
    help=say("从何时起：日期、时间或“立即”（缺省）", "From when: a day, a time, or now (default)"),
)
@click.option(
    "--until",
    "ends",
    required=True,
    metavar="TIME",
    help=say("到何时止：日期（含当天）或时间，必须写", "Until when: a day (which belongs to it) or a time"),
)
@click.option("--why", required=True, help=say("事由，如“国家公祭日”", "The reason, such as a day of mourning"))
def set_command(*, workspace: Path | None, as_json: bool, begins: str, ends: str, why: str) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        first = opened.clock() if is_now(begins) else _moment("--from", begin_of, begins, opened.zone)
        last = _moment("--until", end_of, ends, opened.zone)
        made = carry_out(opened, SetSolemn(begins=first, ends=last, reason=why), person(opened, why))
        zone = opened.zone
    if as_json:
        print_json(_as_json(made))
        return
    text = say(
        "已设肃穆期 {number}：{words}。没有写 solemn_ok: true 的、带表情符号的稿件到期会暂缓，过后由人决定；提前结束用 {end}。",
        "Solemn period {number} is set: {words}. Posts without solemn_ok: true, or with emoji, are held when due; a person decides afterwards. "
        "End it with {end}.",
        number=made.id,
        words=made.in_words(zone),
        end=f"xuanfa solemn end {made.id}",
    )
    click.echo(text)


def _moment(option: str, read: Any, text: str, zone: Any) -> Any:
    from xuanfa.domain.times import TimeProblem  # noqa: PLC0415 - as above

    try:
        return read(text, zone)
    except TimeProblem as problem:
        raise click.UsageError(f"{option}: {problem}") from problem
    except ValueError as problem:
        words = say(
            "{option}：没有“{text}”这一天。请写成 2026-12-13 或 2026-12-13 09:00。",
            "{option}: there is no day {text!r}. Write 2026-12-13 or 2026-12-13 09:00.",
            option=option,
            text=text,
        )
        raise click.UsageError(words) from problem


@command.command("end", help=say("提前结束一段肃穆期", "End a solemn period before its time"))
@workspace_of_group_option
@json_option
@as_option
@click.argument("number", type=click.IntRange(1, 2**31 - 1), metavar="ID")
@click.option("--why", default="", help=say("原因，记入历史", "The reason, kept in the history"))
def end_command(*, workspace: Path | None, as_json: bool, number: int, why: str) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        ended = carry_out(opened, EndSolemn(number=number), person(opened, why))
        zone = opened.zone
    if as_json:
        print_json(_as_json(ended))
        return
    text = say(
        "肃穆期 {number} 已结束：{words}。期间暂缓的稿件不会自己补发，请逐条决定：{held}",
        "Solemn period {number} is over: {words}. What was held is not sent by itself; decide about each: {held}",
        number=ended.id,
        words=ended.in_words(zone),
        held="xuanfa deliveries --state held",
    )
    click.echo(text)


def _as_json(each: Solemn) -> dict[str, Any]:
    return {
        "id": each.id,
        "begins": each.begins.isoformat(),
        "ends": each.ends.isoformat(),
        "reason": each.reason,
        "set_by": each.actor,
        "set_at": each.set_at.isoformat(),
        "ended_at": each.ended_at.isoformat() if each.ended_at else None,
        "ended_by": each.ended_by or None,
    }
