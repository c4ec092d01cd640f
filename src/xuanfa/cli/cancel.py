"""``xuanfa cancel``."""

from collections.abc import Sequence
from pathlib import Path

import click

from xuanfa.cli.decisions import each, ids_argument
from xuanfa.cli.shared import desk, person, why_option, workspace_option


@click.command()
@workspace_option
@ids_argument
@why_option(required=False)
def command(workspace: Path | None, ids: Sequence[int], why: str) -> None:
    from xuanfa.operations.decide import cancel  # noqa: PLC0415

    with desk(workspace) as opened:
        each(ids, lambda delivery: cancel(opened, delivery, person(why)))
