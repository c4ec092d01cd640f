"""``xuanfa ledger``: the list of everything published, and what comes into it from elsewhere."""

from pathlib import Path

import click

from xuanfa.cli.ledger_import import import_command, imports_command, undo_command
from xuanfa.cli.shared import workspace_option


@click.group()
@workspace_option
@click.pass_context
def command(ctx: click.Context, workspace: Path | None) -> None:
    ctx.obj = workspace


command.add_command(import_command)
command.add_command(imports_command)
command.add_command(undo_command)
