"""``xuanfa queue``: read ``posts/`` and publish nothing."""

from pathlib import Path

import click

from xuanfa.cli.progress import Meter
from xuanfa.cli.shared import desk, json_option, print_json, workspace_option
from xuanfa.cli.summary import print_problems, queue_sentence


@click.command()
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool) -> None:
    from xuanfa.operations.queue import queue  # noqa: PLC0415
    from xuanfa.operations.zones import zone_changes  # noqa: PLC0415

    with desk(workspace, aside=True) as opened:
        meter = Meter()
        report = queue(opened, meter.read)
        meter.close()
        report.notices += [change.sentence for change in zone_changes(opened)]
    if as_json:
        print_json(
            {
                "new": report.new,
                "revised": report.revised,
                "unchanged": report.unchanged,
                "problems": report.problems,
                "notices": report.notices,
            }
        )
    else:
        print_problems(report)
        click.echo(queue_sentence(report))
    ctx.exit(1 if report.problems else 0)
