"""``xuanfa worker``: one node of several machines that share the work."""

from collections.abc import Sequence
from pathlib import Path

import click

from xuanfa.cli.listening import figures_of, listen_option, stay
from xuanfa.cli.shared import channel_option, desk, workspace_option
from xuanfa.domain.language import say


@click.command()
@workspace_option
@click.option("-q", "--quiet", is_flag=True, help=say("只记录需要人处理的事", "Log only what needs a person"))
@channel_option(
    say("只负责这个渠道（可写多次；缺省：全部）", "See to this channel only (may be repeated; default: all)"),
    multiple=True,
)
@click.option(
    "--no-inbox",
    is_flag=True,
    help=say("不读 posts/（本机没有稿件文件夹）", "Do not read posts/ (this machine has no such folder)"),
)
@listen_option
def command(
    workspace: Path | None, quiet: bool, channels: Sequence[str], no_inbox: bool, listen: tuple[str, int] | None
) -> None:
    from xuanfa.engine.cluster.node import ClusterNode  # noqa: PLC0415

    with desk(workspace, verbose=not quiet, aside=True) as opened:
        figures = figures_of(opened) if listen else None
        seen_to = [opened.known_channel(channel) for channel in channels]
        node = ClusterNode(opened, channels=seen_to, inbox=not no_inbox, figures=figures)
        words = say(
            "节点 {node} 已启动，工作区 {folder}。按 Ctrl+C 停止，在途的会先发完。",
            "Node {node} is running in {folder}. Ctrl+C stops it when what is in flight is done.",
            node=opened.node,
            folder=opened.folder,
        )
        stay(opened, node, figures, listen, words)
