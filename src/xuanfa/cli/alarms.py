"""``xuanfa alarms``: what waits for a person, and whether anybody would hear of it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.person import as_option
from xuanfa.cli.shared import json_option, looking, print_json, shown_time, workspace_option
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk


@click.command()
@workspace_option
@json_option
@as_option
@click.option("--test", "is_test", is_flag=True, help=say("给每个地址发一条测试消息", "Send a test to every target"))
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool, is_test: bool) -> None:
    with looking(workspace) as opened:
        veil(opened)  # whom something concerns hears of it
        code = _test(opened, as_json=as_json) if is_test else _list(opened, as_json=as_json)
    ctx.exit(code)


def _list(opened: "Desk", *, as_json: bool) -> int:
    from xuanfa.operations.watching.alarms import standing  # noqa: PLC0415

    found = standing(opened)
    if as_json:
        print_json(
            [
                {
                    "cause": each.cause.name,
                    "words": each.cause.words,
                    "look": each.cause.look,
                    "raised_at": each.raised_at,
                    "told_at": each.told_at,
                }
                for each in found
            ]
        )
    elif found:
        head = (say("起于", "Since"), say("已告知", "Told"), say("事由", "Cause"), say("查看", "Look"))
        print_table(
            head,
            [
                (
                    shown_time(each.raised_at, opened.zone),
                    shown_time(each.told_at, opened.zone),
                    each.cause.words,
                    each.cause.look,
                )
                for each in found
            ],
            soft=(3,),
            last=True,
        )
    else:
        click.echo(say("没有等人处理的事。", "Nothing waits for a person."))
    return 1 if found else 0


def _test(opened: "Desk", *, as_json: bool) -> int:
    from xuanfa.operations.watching.alarms import send_test  # noqa: PLC0415

    if opened.alarms.teller is None:
        raise ConfigError(
            say(
                "没有设置 alarms.targets，没有人会收到告警：写法见 docs/alarms.md。",
                "alarms.targets is not set, so nobody is told: docs/alarms.md shows how.",
            )
        )
    told = send_test(opened)
    if as_json:
        print_json([{"target": each.target, "ok": not each.trouble, "trouble": each.trouble} for each in told])
    else:
        for each in told:
            said = say("：{why}", ": {why}", why=each.trouble) if each.trouble else say("：对方已收下", ": taken")
            click.echo(f"{'✗' if each.trouble else '✓'} {each.target}{said}")
    return 1 if any(each.trouble for each in told) else 0
