"""``xuanfa posts``: what is queued."""

from pathlib import Path

import click

from xuanfa.cli.person import as_option
from xuanfa.cli.shared import json_option, looking, print_json, shown_time, workspace_option
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@as_option
def command(workspace: Path | None, as_json: bool) -> None:
    from xuanfa.operations.intake.foresight import far_posts  # noqa: PLC0415
    from xuanfa.reports.listing import file_problems, list_posts  # noqa: PLC0415

    with looking(workspace) as opened:
        rows, problems = list_posts(opened.store, veil(opened)), file_problems(opened.store)
        zone, far = opened.zone, far_posts(opened)
    if as_json:
        print_json(
            [
                {
                    "post": row.slug,
                    "title": row.title,
                    "path": row.path,
                    "column": row.column,
                    "revision": row.revision,
                    "queued_at": row.queued_at,
                    "emergency": row.emergency,
                    "states": {state.value: number for state, number in row.states.items()},
                    "restricted": row.restricted,
                }
                for row in rows
            ]
        )
        return
    for problem in problems:
        click.echo(say("有问题 {text}", "Problem {text}", text=problem), err=True)
    for words in far:
        click.echo(say("提示 {text}", "Note {text}", text=words), err=True)
    if not rows:
        click.echo(say('还没有稿件：用 xuanfa new "标题" 写一篇。', 'No posts yet: write one with xuanfa new "title".'))
        return
    head = (
        say("稿件", "Post"),
        say("标题", "Title"),
        say("版本", "Rev"),
        say("排入时间", "Queued"),
        say("投递", "Deliveries"),
    )
    print_table(
        head,
        [
            (
                row.slug,
                row.title,
                str(row.revision),
                shown_time(row.queued_at, zone),
                say("，", ", ").join(f"{state.label} {number}" for state, number in row.states.items())
                + (say("（先发后审）", " (before its review)") if row.emergency else ""),
            )
            for row in rows
        ],
        soft=(1, 0),
    )
