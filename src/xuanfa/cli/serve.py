"""``xuanfa serve``: the console and, in the same process, the engine that sends."""

import ipaddress
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.listening import Address, tell
from xuanfa.cli.shared import desk, workspace_option
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.node import CONSOLE

if TYPE_CHECKING:
    from xuanfa.engine.heartbeat import Heartbeat
    from xuanfa.operations.desk import Desk


@click.command()
@workspace_option
@click.option(
    "--listen",
    type=Address(),
    metavar="HOST:PORT",
    default="127.0.0.1:8000",
    show_default=True,
    help=say("控制台的地址", "Where the console listens"),
)
@click.option(
    "--no-engine", is_flag=True, help=say("只开控制台，不发送（另有 worker 在发）", "The console alone; workers send")
)
@click.option(
    "--insecure",
    metavar="WHY",
    help=say("不经 TLS 直接对外监听的理由，记入日志", "Why plain HTTP may be served to others; kept in the log"),
)
@click.option("-q", "--quiet", is_flag=True, help=say("只记录需要人处理的事", "Log only what needs a person"))
def command(
    *, workspace: Path | None, listen: tuple[str, int], no_engine: bool, insecure: str | None, quiet: bool
) -> None:
    _require_safe(listen[0], insecure)
    with desk(workspace, verbose=not quiet, aside=True) as opened, ExitStack() as stack:
        _first_account(opened)
        if insecure:
            tell(say("不经 TLS 对外监听，理由：{why}", "Plain HTTP is served to others, because: {why}", why=insecure))
        stack.enter_context(_alone(opened) if no_engine else _engine(opened))
        _serve(opened, listen)


def _require_safe(host: str, insecure: str | None) -> None:
    """Passwords and sessions go over the wire: plain HTTP is for this machine, behind a proxy that speaks TLS."""
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here and not (insecure or "").strip():
        raise ConfigError(
            say(
                "在 {host} 上监听，密码会不加密地经过网络。请只监听 127.0.0.1，前面用 Caddy 或 nginx 做 TLS；确实要这样，请用 --insecure 写明理由。",
                "Listening on {host} sends passwords over the network in the clear. Listen on 127.0.0.1 behind Caddy or nginx with TLS (see "
                "deploy/), or say why it has to be so: --insecure REASON.",
                host=host,
            )
        )


def _first_account(opened: "Desk") -> None:
    from xuanfa.operations.people.sessions import first_administrator  # noqa: PLC0415 - heavy, and not needed for --help

    password = first_administrator(opened)
    if password is not None:
        click.echo(
            say(
                "第一次启动，建了管理员账号。密码只显示这一次，登录后要换成自己的。\n  用户名：admin\n  密码：{password}",
                "The first start: an administrator's account was made. The password is shown this once, and changed at the first sign-in.\n"
                "  name: admin\n  password: {password}",
                password=password,
            )
        )


def _engine(opened: "Desk") -> ExitStack:
    """The engine on a thread of its own; on leaving, what is in flight is finished."""
    from threading import Thread  # noqa: PLC0415

    from xuanfa.engine.embedded import Resident  # noqa: PLC0415

    resident = Resident(opened, in_flight=opened.in_flight, scan_every=opened.scan_every, role="serve")
    thread = Thread(target=resident.run, name="xuanfa-engine")
    stack = ExitStack()
    stack.callback(thread.join)
    stack.callback(resident.stop)
    thread.start()
    return stack


def _alone(opened: "Desk") -> "Heartbeat":
    """The console without an engine: others are told that it is there, and which settings it goes by."""
    from xuanfa.engine.heartbeat import Heartbeat  # noqa: PLC0415 - heavy, and not needed for --help

    return Heartbeat(opened, CONSOLE, follows=True)


def _serve(opened: "Desk", listen: tuple[str, int]) -> None:
    from xuanfa.console.server import serve  # noqa: PLC0415 - heavy, and not needed for --help

    serve(
        opened,
        *listen,
        ready=lambda address: tell(say("控制台在 {address}", "The console is at {address}", address=address)),
    )
