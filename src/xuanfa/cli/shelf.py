"""``xuanfa shelf``: what was written for a day on which nothing else is there (保底稿), listed and released."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    shown_time,
    typed_time,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.act import ReleaseFromShelf
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.shelf import OffShelf
    from xuanfa.operations.desk import Desk


command = group_of_workspace()


@command.command("list", help=say("列出架上的保底稿", "List what lies on the shelf"))
@workspace_of_group_option
@json_option
@as_option
def list_command(workspace: Path | None, as_json: bool) -> None:
    from xuanfa.reports.shelf import posts_on_shelf  # noqa: PLC0415 - heavy, and not needed for --help

    with looking(workspace) as opened:
        found = posts_on_shelf(opened.store, veil(opened), opened.clock(), opened.zone)
    if as_json:
        print_json([each.as_json() for each in found])
        return
    if not found:
        text = say(
            "架上没有保底稿：在稿头写 shelf: true，保存后用 xuanfa queue 读入。",
            "Nothing lies on the shelf: write shelf: true into the front matter of a post, and run xuanfa queue.",
        )
        click.echo(text)
        return
    head = (
        say("稿件", "Post"),
        say("标题", "Title"),
        say("渠道", "Channels"),
        say("复核日期", "Review date"),
        say("能否放行", "Can be released"),
    )
    rows = [
        (
            each.slug,
            each.title,
            say("、", ", ").join(each.channels),
            each.review_on.isoformat() if each.review_on else "-",
            each.why or say("可以", "yes"),
        )
        for each in found
    ]
    print_table(head, rows, soft=(1, 0), last=True)


@command.command(help=say("放行一篇保底稿", "Release a post from the shelf"))
@workspace_of_group_option
@json_option
@click.argument("post", metavar="POST", shell_complete=slugs)
@click.option("--at", metavar="TIME", help=say("什么时间发（缺省：马上）", "When to publish it (default: now)"))
@as_option
@why_option(required=False)
@click.pass_context
def release(
    ctx: click.Context, /, *, workspace: Path | None, as_json: bool, post: str, at: str | None, why: str
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        moment = None if at is None else typed_time(at, opened)
        done = carry_out(opened, ReleaseFromShelf(post=post, at=moment), person(opened, why))
        _tell(opened, done, as_json=as_json)
    if done.left:
        ctx.exit(1)


def _tell(opened: "Desk", done: "OffShelf", *, as_json: bool) -> None:
    if as_json:
        left = [
            {"id": each.id, "channel": each.channel, "state": each.state.value, "reason": each.reason}
            for each in done.left
        ]
        gone = [each.id for each in done.gone]
        print_json({"post": done.slug, "at": done.at, "released": gone, "left": left, "remarks": list(done.remarks)})
        return
    if done.gone:
        text = say(
            "稿件 {slug} 已放行：{channels}，{at} 发。",
            "{slug} is released: {channels}, to go out {at}.",
            slug=done.slug,
            channels=say("、", ", ").join(each.channel for each in done.gone),
            at=shown_time(done.at, opened.zone),
        )
        click.echo(text)
    for each in done.left:
        text = say(
            "没有放行：投递 {id}（{channel}）{state}{why}。",
            "not released: delivery {id} ({channel}), {state}{why}.",
            id=each.id,
            channel=each.channel,
            state=each.state.label,
            why=say("，{why}", ": {why}", why=each.reason) if each.reason else "",
        )
        click.echo(text, err=True)
    for remark in done.remarks:
        click.echo(say("提示 {text}", "Note {text}", text=remark), err=True)
