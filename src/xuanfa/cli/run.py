"""``xuanfa run``: stay, and publish on time."""

import signal
from contextlib import ExitStack
from pathlib import Path

import click

from xuanfa.cli.listening import figures_of, listen_option, listener
from xuanfa.cli.shared import desk, workspace_option
from xuanfa.domain.language import say


@click.command()
@workspace_option
@click.option("-q", "--quiet", is_flag=True, help=say("只记录需要人处理的事", "Log only what needs a person"))
@listen_option
def command(workspace: Path | None, quiet: bool, listen: tuple[str, int] | None) -> None:
    from xuanfa.engine.embedded import Resident  # noqa: PLC0415

    with desk(workspace, verbose=not quiet) as opened, ExitStack() as stack:
        figures = figures_of(opened) if listen else None
        resident = Resident(opened, in_flight=opened.in_flight, scan_every=opened.scan_every, figures=figures)
        if listen:
            stack.enter_context(listener(opened, resident.pulse, figures, listen))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: resident.stop())
        click.echo(
            say(
                "宣发已启动，工作区 {folder}。按 Ctrl+C 停止，在途的会先发完。",
                "xuanfa is running in {folder}. Ctrl+C stops it when what is in flight is done.",
                folder=opened.folder,
            )
        )
        resident.run()
        click.echo(say("已停止，没有半途而废的投递。", "Stopped; nothing is left half done."))
