"""``xuanfa run``: stay, and publish on time."""

import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.shared import desk, workspace_option
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.engine.figures import Figures
    from xuanfa.engine.listen import Listener
    from xuanfa.engine.pulse import Pulse
    from xuanfa.operations.desk import Desk


class Address(click.ParamType[tuple[str, int]]):
    """``HOST:PORT``; an IPv6 address in square brackets."""

    name = "host:port"

    def convert(
        self, value: str | tuple[str, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """From what was typed."""
        host, colon, port = str(value).rpartition(":")
        if not (host and colon and port.isascii() and port.isdigit() and int(port) <= 65_535):  # noqa: PLR2004 - the largest port
            hint = say(
                "“{v}”应写成主机名加端口，如 127.0.0.1:9090。",
                "{v!r} must be HOST:PORT, such as 127.0.0.1:9090.",
                v=value,
            )
            self.fail(hint, param, ctx)
        return host.strip("[]"), int(port)


@click.command()
@workspace_option
@click.option("-q", "--quiet", is_flag=True, help=say("只记录需要人处理的事", "Log only what needs a person"))
@click.option(
    "--listen",
    type=Address(),
    metavar="HOST:PORT",
    help=say("在这个地址提供 /metrics、/healthz、/readyz", "Serve /metrics, /healthz and /readyz there"),
)
def command(workspace: Path | None, quiet: bool, listen: tuple[str, int] | None) -> None:
    from xuanfa.engine.embedded import Resident  # noqa: PLC0415

    with desk(workspace, verbose=not quiet) as opened, ExitStack() as stack:
        figures = _figures(opened) if listen else None
        resident = Resident(opened, in_flight=opened.in_flight, scan_every=opened.scan_every, figures=figures)
        if listen:
            stack.enter_context(_listener(opened, resident.pulse, figures, listen))
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


def _figures(opened: "Desk") -> "Figures | None":
    """The figures for ``/metrics``; whether the process is well can be asked without them."""
    from xuanfa.engine.figures import Figures  # noqa: PLC0415

    try:
        return Figures(opened)
    except ConfigError as error:
        click.echo(str(error), err=True)
        return None


def _listener(opened: "Desk", pulse: "Pulse", figures: "Figures | None", address: tuple[str, int]) -> "Listener":
    from xuanfa.engine.listen import Listener, pages  # noqa: PLC0415

    made = Listener(address, pages(opened, pulse, figures))
    text = say(
        "监控地址 http://{host}:{port}/metrics（另有 /healthz、/readyz）。",
        "To watch it: http://{host}:{port}/metrics (also /healthz, /readyz).",
        host=f"[{address[0]}]" if ":" in address[0] else address[0],
        port=made.port,
    )
    click.echo(text)
    return made
