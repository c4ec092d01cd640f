"""``xuanfa recover``: what marks and channels remember to have been sent, when the database does not."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xuanfa.cli.shared import json_option, print_json, shown_time, workspace_option
from xuanfa.cli.tables import print_table
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.keeping.recover import Recovered, Recovery


@click.command()
@workspace_option
@json_option
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=say("连数据库自己也知道的一起列出", "What the database knows itself, too"),
)
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool, everything: bool) -> None:
    from xuanfa.bootstrap import find_workspace, looking_desk  # noqa: PLC0415
    from xuanfa.operations.keeping.lost import source_in_words  # noqa: PLC0415
    from xuanfa.operations.keeping.recover import recover  # noqa: PLC0415

    with looking_desk(find_workspace(workspace)) as desk:
        found = recover(desk, everything=everything)
        zone = desk.zone
    if as_json:
        print_json([_as_json(item) for item in found.items])
    else:
        head = [
            say(*words)
            for words in (("稿件", "post"), ("渠道", "channel"), ("时间", "time"), ("来源", "source"), ("这里", "here"))
        ]
        rows = [
            [
                item.remembered.post,
                item.remembered.channel,
                shown_time(item.remembered.at, zone),
                source_in_words(item.remembered.source),
                _here(item),
            ]
            for item in found.items
        ]
        if rows:
            print_table(head, rows)
        click.echo(_sum(found))
    ctx.exit(1 if found.is_open else 0)


def _as_json(item: "Recovered") -> dict[str, Any]:
    here = item.here
    return {
        "post": item.remembered.post,
        "channel": item.remembered.channel,
        "at": item.remembered.at,
        "source": list(item.remembered.source),
        "delivery": here.id if here else None,
        "state": here.state.value if here else None,
        "open": item.open,
    }


def _here(item: "Recovered") -> str:
    if item.here is None:
        return say("没有", "nothing")
    waits = say("，等人核对", ", waits for a person") if item.open else ""
    return f"{item.here.id} {item.here.state.label}{waits}"


def _sum(found: "Recovery") -> str:
    number = sum(item.open for item in found.items)
    if not found.is_open:
        return say(
            "没有要核对的：各处记得的，数据库都知道，或有人已作决定。",
            "Nothing is open: whatever is remembered, the database knows, or a person has decided.",
        )
    return say(
        "等人核对 {n} 条；这里什么也没有改动，什么也不会自己发出。\n"
        "有备份：停掉各进程，运行 xuanfa restore 备份文件 -w 工作区；数据库里已有以前的投递时，先把它移开或换一个空文件夹。\n"
        "没有备份：\n"
        "  1. 放好 posts/，运行 xuanfa queue（新读到的都会暂缓，不会发出）\n"
        "  2. 逐条到渠道上看（xuanfa deliveries --state unknown --state held）：\n"
        "     已发出：xuanfa resolve 编号 --published 网址；没有：xuanfa release 编号，或 xuanfa resolve 编号 --absent --why 依据\n"
        "  3. xuanfa resume；稿件都放齐了就加 --all-posts-are-here，此后新读到的算新稿",
        "{n} are open; nothing was changed here, and nothing is sent by itself.\n"
        "With a backup: stop every process, run xuanfa restore FILE -w WORKSPACE; where the database holds deliveries of before, move it away "
        "first, or take an empty folder.\n"
        "Without one:\n"
        "  1. put posts/ in place and run xuanfa queue (whatever is new is held, and not sent)\n"
        "  2. look at the channel for each (xuanfa deliveries --state unknown --state held):\n"
        "     it is out: xuanfa resolve ID --published URL; it is not: xuanfa release ID, or resolve ID --absent\n"
        "  3. xuanfa resume; with --all-posts-are-here once every post is in place, after which what is read is new",
        n=number,
    )
