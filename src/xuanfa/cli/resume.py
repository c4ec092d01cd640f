"""``xuanfa resume``: the end of a pause."""

from pathlib import Path

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
from xuanfa.domain.act import AllPostsAreHere, Resume
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@channel_option(say("只恢复这个渠道（缺省：解除全部暂停）", "Only this channel (default: end the pause of everything)"))
@click.option(
    "--all-posts-are-here",
    is_flag=True,
    help=say(
        "恢复备份之后：备份以后写的稿件都已放进 posts/，此后新读到的算新稿",
        "After a restore: every newer post is in posts/, and what is read from now on is new",
    ),
)
@as_option
@why_option(required=False)
def command(*, workspace: Path | None, as_json: bool, channel: str | None, all_posts_are_here: bool, why: str) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415
    from xuanfa.reports.listing import (  # noqa: PLC0415
        everything_paused,
        lacks_posts,
        paused_channels,
        restored,
    )

    if channel and all_posts_are_here:
        words = say("--all-posts-are-here 不与 --channel 连用。", "--all-posts-are-here does not go with --channel.")
        raise click.UsageError(words)
    with desk(workspace) as opened:
        channel = opened.known_channel(channel) if channel else None
        if all_posts_are_here:
            carry_out(opened, AllPostsAreHere(), person(opened, why))
        else:
            carry_out(opened, Resume(channel=channel or None), person(opened, why))
        whole, paused = everything_paused(opened.store), paused_channels(opened.store)
        waiting, lacking = restored(opened.store), lacks_posts(opened.store)
    if as_json:
        print_json(
            {
                "channel": channel,
                "everything_paused": whole is not None,
                "paused": sorted(paused),
                "restored_waiting": waiting,
                "posts_may_lack": lacking,
            }
        )
        return
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
    if lacking and not channel:
        text = say(
            "此刻之前的稿件文件（备份以后写的）放进 posts/ 仍会暂缓，不会自己发出；都放好之后运行 xuanfa resume --all-posts-are-here。",
            "Files of posts that are older than this moment are still held when they are put into posts/; when all are in, run "
            "xuanfa resume --all-posts-are-here.",
        )
        click.echo(text)
    if paused and whole is None:
        names = say("、", ", ").join(sorted(paused))
        click.echo(say("仍单独暂停的渠道：{names}。", "Channels still paused by themselves: {names}.", names=names))
