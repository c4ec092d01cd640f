"""``xuanfa reschedule``."""

from collections.abc import Sequence
from pathlib import Path

import click

from xuanfa.cli.decisions import each, ids_argument
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, typed_time, why_option, workspace_option
from xuanfa.domain.act import Reschedule
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@ids_argument
@click.option(
    "--at",
    "at",
    required=True,
    help=say("新的发布时间，如 2026-12-01 09:00，或“立即”", "The new time, such as 2026-12-01 09:00, or now"),
)
@as_option
@why_option(required=False)
def command(*, as_json: bool, workspace: Path | None, ids: Sequence[int], at: str, why: str) -> None:
    from xuanfa.operations.intake.foresight import remarks  # noqa: PLC0415

    with desk(workspace) as opened:
        moment = typed_time(at, opened)
        acts = [Reschedule(delivery=number, at=moment) for number in ids]
        each(opened, acts, person(opened, why), as_json=as_json)
        for words in remarks(opened, ids):
            click.echo(say("提示 {text}", "Note {text}", text=words), err=True)
