"""``xuanfa reschedule``."""

from collections.abc import Sequence
from pathlib import Path

import click

from xuanfa.cli.decisions import each, ids_argument
from xuanfa.cli.shared import desk, person, typed_time, why_option, workspace_option
from xuanfa.domain.language import say


@click.command()
@workspace_option
@ids_argument
@click.option(
    "--at", "at", required=True, help=say("新的发布时间，如 2026-12-01 09:00", "The new time, such as 2026-12-01 09:00")
)
@why_option(required=False)
def command(workspace: Path | None, ids: Sequence[int], at: str, why: str) -> None:
    from xuanfa.operations.decide import reschedule  # noqa: PLC0415

    with desk(workspace) as opened:
        moment = typed_time(at, opened.zone)
        each(ids, lambda delivery: reschedule(opened, delivery, moment, person(why)))
