"""``xuanfa queue``: read ``posts/`` and publish nothing."""

import os
from pathlib import Path

import click

from xuanfa.cli.person import as_option, is_asked_for, person
from xuanfa.cli.progress import Meter
from xuanfa.cli.shared import json_option, looking, print_json, workspace_option
from xuanfa.cli.summary import print_problems, queue_sentence
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@as_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], workspace: Path | None, as_json: bool) -> None:
    from xuanfa.operations.intake.arrivals import bring  # noqa: PLC0415
    from xuanfa.operations.intake.queue import check, queue  # noqa: PLC0415
    from xuanfa.operations.sending.orphans import hold_orphans  # noqa: PLC0415
    from xuanfa.operations.watching.zones import zone_changes  # noqa: PLC0415

    with looking(workspace, aside=True) as opened:
        if files and opened.store.read_only:
            raise click.UsageError(
                say("这个账号只能看，不能放入稿件。", "This account may only look, and put no posts into the folder.")
            )
        by = person(opened, "") if is_asked_for() or os.environ.get("XUANFA_TOKEN") else None
        brought = bring(opened, files)
        meter = Meter()
        report = check(opened, meter.read) if opened.store.read_only else queue(opened, meter.read, by=by)
        meter.close()
        report.notices[:0] = brought
        report.notices += [
            say("投递 {id}：{why}", "delivery {id}: {why}", id=change.after.id, why=change.after.reason)
            for change in (() if opened.store.read_only else hold_orphans(opened))
        ]
        report.notices += [change.sentence for change in zone_changes(opened)]
    if as_json:
        print_json(
            {
                "new": report.new,
                "revised": report.revised,
                "unchanged": report.unchanged,
                "problems": report.problems,
                "notices": report.notices,
                "recurring": [
                    {
                        "slug": each.slug,
                        "path": each.path,
                        "rule": each.rule,
                        "standing": each.standing,
                        "made": list(each.made),
                        "next": each.next_day.isoformat() if each.next_day else None,
                        "made_on": each.made_on.isoformat() if each.made_on else None,
                    }
                    for each in report.recurring
                ],
            }
        )
    else:
        print_problems(report)
        click.echo(queue_sentence(report))
        for each in report.recurring:
            click.echo(each.sentence)
    ctx.exit(1 if report.problems else 0)
