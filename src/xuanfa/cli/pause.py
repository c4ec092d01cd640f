"""``xuanfa pause``: the emergency stop, for everything or for one channel."""

from pathlib import Path

import click

from xuanfa.cli.shared import desk, known_channel, person, why_option, workspace_option
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.language import say


@click.command()
@workspace_option
@click.option(
    "--channel", metavar="ID", help=say("只暂停这个渠道（缺省：全部）", "Only this channel (default: everything)")
)
@why_option(required=True)
def command(workspace: Path | None, channel: str | None, why: str) -> None:
    from xuanfa.operations.decide import pause  # noqa: PLC0415

    with desk(workspace) as opened:
        pause(opened, known_channel(opened, channel) if channel else EVERYTHING, person(why))
    if channel:
        click.echo(
            say(
                "渠道 {channel} 已暂停：一秒之内各进程都不再向它发送。恢复：xuanfa resume --channel {channel}",
                "The channel {channel} is paused: within a second no process sends to it. To go on: xuanfa resume --channel {channel}",
                channel=channel,
            )
        )
        return
    click.echo(
        say(
            "已全部暂停：一秒之内各进程都不再发送；已经发出的照常核实。恢复：xuanfa resume",
            "Everything is paused: within a second no process sends; what has left is still looked after. To go on: xuanfa resume",
        )
    )
