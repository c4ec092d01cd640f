"""``xuanfa channels``: list them; pause and resume one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.shared import desk, json_option, person, print_json, print_table, why_option, workspace_option
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool) -> None:
    ctx.obj = workspace
    if ctx.invoked_subcommand is None:
        with desk(workspace) as opened:
            _list(opened, as_json=as_json)


def _list(opened: "Desk", *, as_json: bool) -> None:
    from xuanfa.reports.listing import paused_channels  # noqa: PLC0415

    paused = paused_channels(opened.store)
    if as_json:
        print_json(
            [
                {
                    "id": channel.id,
                    "kind": channel.kind,
                    "title": channel.title,
                    "rehearsal": channel.rehearsal,
                    "paused": channel.id in paused,
                    "reason": paused.get(channel.id, ""),
                    "columns": [c.id for c in opened.columns.values() if channel.id in c.channels],
                }
                for channel in opened.channels.values()
            ]
        )
        return
    head = (
        say("渠道", "Channel"),
        say("名称", "Title"),
        say("类型", "Kind"),
        say("情况", "Standing"),
        say("专栏", "Columns"),
    )
    rows = []
    for channel in opened.channels.values():
        standing = say("演练", "rehearsal") if channel.rehearsal else say("正式", "real")
        if channel.id in paused:
            standing += say("，已暂停：{why}", ", paused: {why}", why=paused[channel.id])
        columns = say("、", ", ").join(c.title for c in opened.columns.values() if channel.id in c.channels)
        rows.append((channel.id, channel.title, channel.kind, standing, columns))
    print_table(head, rows)


@command.command("pause", help=say("暂停：不再向这个渠道发送", "Send nothing to a channel"))
@click.argument("channel")
@why_option(required=True)
@click.pass_obj
def pause_command(workspace: Path | None, channel: str, why: str) -> None:
    from xuanfa.operations.decide import pause  # noqa: PLC0415

    with desk(workspace) as opened:
        pause(opened, _known(opened, channel), person(why))
    click.echo(say("渠道 {channel} 已暂停。", "The channel {channel} is paused.", channel=channel))


@command.command("resume", help=say("恢复：重新向这个渠道发送", "Send to a channel again"))
@click.argument("channel")
@why_option(required=False)
@click.pass_obj
def resume_command(workspace: Path | None, channel: str, why: str) -> None:
    from xuanfa.operations.decide import resume  # noqa: PLC0415

    with desk(workspace) as opened:
        resume(opened, _known(opened, channel), person(why))
    click.echo(
        say(
            "渠道 {channel} 已恢复。暂停期间错过时间的投递会暂缓，等人放行。",
            "The channel {channel} is resumed. What has become too late meanwhile is held for a person.",
            channel=channel,
        )
    )


def _known(opened: "Desk", channel: str) -> str:
    if channel not in opened.channels:
        raise ConfigError(
            say(
                "没有渠道 {channel}：有 {all}。",
                "There is no channel {channel}: there are {all}.",
                channel=channel,
                all=say("、", ", ").join(opened.channels),
            )
        )
    return channel
