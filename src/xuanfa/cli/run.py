"""``xuanfa run``: stay, and publish on time."""

from pathlib import Path

import click

from xuanfa.cli.listening import figures_of, listen_option, stay
from xuanfa.cli.shared import desk, workspace_option
from xuanfa.domain.language import say


@click.command()
@workspace_option
@click.option("-q", "--quiet", is_flag=True, help=say("只记录需要人处理的事", "Log only what needs a person"))
@listen_option
def command(workspace: Path | None, quiet: bool, listen: tuple[str, int] | None) -> None:
    from xuanfa.engine.embedded import Resident  # noqa: PLC0415

    with desk(workspace, verbose=not quiet, aside=True) as opened:
        figures = figures_of(opened) if listen else None
        resident = Resident(opened, in_flight=opened.in_flight, scan_every=opened.scan_every, figures=figures)
        words = say(
            "宣发已启动，工作区 {folder}。按 Ctrl+C 停止，在途的会先发完。",
            "xuanfa is running in {folder}. Ctrl+C stops it when what is in flight is done.",
            folder=opened.folder,
        )
        stay(opened, resident, figures, listen, words)
