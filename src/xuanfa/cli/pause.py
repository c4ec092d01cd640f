"""``xuanfa pause``: the emergency stop, for everything or for one channel."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    channel_option,
    desk,
    json_option,
    print_json,
    why_option,
    workspace_option,
)
from xuanfa.domain.act import Pause
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk


@click.command()
@workspace_option
@json_option
@channel_option(say("只暂停这个渠道（缺省：全部）", "Only this channel (default: everything)"))
@as_option
@why_option(required=True)
def command(*, workspace: Path | None, as_json: bool, channel: str | None, why: str) -> None:
    with desk(workspace) as opened:
        pause_and_tell(opened, opened.known_channel(channel) if channel else None, why, as_json=as_json)


def pause_and_tell(opened: "Desk", channel: str | None, why: str, *, as_json: bool) -> None:
    """Pause a channel, or everything, and say so; a pause that was there keeps its reason."""
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    before = carry_out(opened, Pause(channel=channel or None), person(opened, why))
    if as_json:
        reason = why if before is None else before
        print_json({"channel": channel, "paused": True, "reason": reason, "was_paused": before is not None})
        return
    if channel:
        text = say(
            "渠道 {channel} 已暂停：一秒之内各进程都不再向它发送。恢复：xuanfa resume --channel {channel}",
            "The channel {channel} is paused: within a second no process sends to it. To go on: xuanfa resume --channel {channel}",
            channel=channel,
        )
    else:
        text = say(
            "已全部暂停：一秒之内各进程都不再发送；已经发出的照常核实。恢复：xuanfa resume",
            "Everything is paused: within a second no process sends; what has left is still looked after. To go on: xuanfa resume",
        )
    click.echo(text)
    if before is not None:
        text = say(
            "此前已经暂停，原因不变：{before}。这次写的原因记入了历史。",
            "It was paused before, and that reason stays: {before}. The one given now is in the history.",
            before=before,
        )
        click.echo(text)
