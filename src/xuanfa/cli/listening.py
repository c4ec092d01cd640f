"""Processes that stay: how they end, and ``--listen``, where they can be watched."""

import signal
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import is_for_machines, say

if TYPE_CHECKING:
    from xuanfa.engine.figures import Figures
    from xuanfa.engine.listen import Listener
    from xuanfa.engine.pulse import Pulse
    from xuanfa.operations.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])


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


def listen_option(function: F) -> F:
    """``--listen HOST:PORT``."""
    return click.option(
        "--listen",
        type=Address(),
        metavar="HOST:PORT",
        help=say("在这个地址提供 /metrics、/healthz、/readyz", "Serve /metrics, /healthz and /readyz there"),
    )(function)


class Stays(Protocol):
    """A process that stays until it is stopped."""

    @property
    def pulse(self) -> "Pulse":
        """Whether it gets on."""

    @property
    def reads_inbox(self) -> bool:
        """Whether it reads ``posts/``."""

    def run(self) -> None:
        """Until ``stop``."""

    def stop(self) -> None:
        """End soon."""


def stay(opened: "Desk", process: Stays, figures: "Figures | None", listen: tuple[str, int] | None, words: str) -> None:
    """Say ``words``, and run until SIGTERM or Ctrl+C; what is in flight then is finished."""
    with listener(opened, process, figures, listen) if listen else nullcontext():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: process.stop())
        tell(words)
        process.run()
        tell(say("已停止，没有半途而废的投递。", "Stopped; nothing is left half done."))


def tell(words: str, *, err: bool = False) -> None:
    """What a process that stays says of itself; among the lines of the log where those are for machines."""
    if is_for_machines():
        from xuanfa.bootstrap import announce  # noqa: PLC0415

        announce(words)
    else:
        click.echo(words, err=err)


def figures_of(opened: "Desk") -> "Figures | None":
    """The figures for ``/metrics``; whether the process is well can be asked without them."""
    from xuanfa.engine.figures import Figures  # noqa: PLC0415

    try:
        return Figures(opened)
    except ConfigError as error:
        tell(str(error), err=True)
        return None


def listener(opened: "Desk", process: Stays, figures: "Figures | None", address: tuple[str, int]) -> "Listener":
    from xuanfa.engine.listen import Listener, pages  # noqa: PLC0415

    made = Listener(address, pages(opened, process.pulse, figures, reads_inbox=process.reads_inbox))
    text = say(
        "监控地址 http://{host}:{port}/metrics（另有 /healthz、/readyz）。",
        "To watch it: http://{host}:{port}/metrics (also /healthz, /readyz).",
        host=f"[{address[0]}]" if ":" in address[0] else address[0],
        port=made.port,
    )
    tell(text)
    return made
