"""``xuanfa mcp``: a server for assistants, over standard input and output."""

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from xuanfa.cli.person import place_here
from xuanfa.cli.shared import desk, workspace_option
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say


@click.command()
@workspace_option
def command(workspace: Path | None) -> None:
    from xuanfa.bootstrap import keep_out_of_logs  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.mcp.server import server  # noqa: PLC0415

    # What commands print goes through a screen that knows what a terminal obeys; here programs speak, and need the stream itself.
    with desk(workspace) as opened, redirect_stdout(sys.__stdout__):
        token = _token()
        keep_out_of_logs(token)
        server(opened, token, place_here()).run("stdio")


def _token() -> str:
    token = os.environ.get("XUANFA_TOKEN", "").strip()
    if not token:
        raise ConfigError(
            say(
                "智能助手要以某个人的名义工作：请用 xuanfa users token 登录名 --scope read --scope write 做一个令牌，放进环境变量 XUANFA_TOKEN。",
                "An assistant works in somebody's name: make a token with xuanfa users token NAME --scope read --scope write, and give it as "
                "XUANFA_TOKEN.",
            )
        )
    return token
