"""``xuanfa resume``: the end of a pause."""

from pathlib import Path

import click

from xuanfa.cli.shared import desk, known_channel, person, why_option, workspace_option
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.language import say


@click.command()
@workspace_option
@click.option(
    "--channel",
    metavar="ID",
    help=say("只恢复这个渠道（缺省：解除全部暂停）", "Only this channel (default: end the pause of everything)"),
)
@why_option(required=False)
def command(workspace: Path | None, channel: str | None, why: str) -> None:
    from xuanfa.operations.decide import resume  # noqa: PLC0415
    from xuanfa.reports.listing import everything_paused, paused_channels, restored  # noqa: PLC0415

    with desk(workspace) as opened:
        resume(opened, known_channel(opened, channel) if channel else EVERYTHING, person(why))
        whole, paused = everything_paused(opened.store), paused_channels(opened.store)
        waiting = restored(opened.store)
    if channel:
        text = say("渠道 {channel} 已恢复。", "The channel {channel} is resumed.", channel=channel)
    else:
        text = say("已解除全部暂停。", "The pause of everything is over.")
    click.echo(
        text
        + say("暂停期间错过时间的投递会暂缓，等人放行。", " What has become too late meanwhile is held for a person.")
    )
    if whole is not None:
        click.echo(say("仍处于全部暂停，请运行 xuanfa resume。", "Everything is still paused; run xuanfa resume."))
    elif waiting and not channel:
        text = say(
            "恢复备份留下的 {n} 条投递仍等人核对：xuanfa deliveries --state unknown --state held",
            "{n} deliveries that a restore has left still wait for a person: xuanfa deliveries --state unknown --state held",
            n=waiting,
        )
        click.echo(text)
    if paused and whole is None:
        names = say("、", ", ").join(sorted(paused))
        click.echo(say("仍单独暂停的渠道：{names}。", "Channels still paused by themselves: {names}.", names=names))
