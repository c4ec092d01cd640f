"""``xuanfa schedule import``: many posts get their times by a spreadsheet, all of them or none."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xuanfa.cli.failures import NEEDS_PERSON
from xuanfa.cli.mapping import map_option
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    print_json,
    shown_time,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.bulk import Made, Moved, Scheduled
    from xuanfa.operations.desk import Desk


command = group_of_workspace()


@command.command(
    "import",
    help=say(
        "按表格批量排期：每行改一篇的时间或新建一篇", "Schedule by a spreadsheet: each row moves a post, or makes one"
    ),
)
@workspace_of_group_option
@json_option
@click.argument("file", type=click.Path(path_type=Path))
@map_option("编号=稿件，几时=发布时间")
@click.option("--dry-run", is_flag=True, help=say("只看会怎样，不改动", "Only show what would happen"))
@as_option
@why_option(required=False)
def import_command(
    *,
    workspace: Path | None,
    as_json: bool,
    file: Path,
    renamed: tuple[str, ...],
    dry_run: bool,
    why: str,
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.operations.importing.schedules import read_schedule  # noqa: PLC0415

    with desk(workspace) as opened:
        read = read_schedule(opened, file, renamed, veil(opened))
        by = person(opened, why)
        if dry_run or read.bad.count:
            from xuanfa.operations.deciding.moving import tried  # noqa: PLC0415

            done, bad = tried(opened, read.act, by)
            read.bad.take(bad)
        if not dry_run:
            read.bad.require_none()
            done = carry_out(opened, read.act, by)
        rows = _rows(opened, done)
        remarks = [] if dry_run else _remarks(opened, done)
    wrong, count = read.bad.lines, read.bad.count
    if as_json:
        facts: dict[str, Any] = {"dry_run": dry_run, "moved": [_moved(each) for each in done.moved]}
        facts |= {"made": [_made(each) for each in done.made], "notes": [*read.notes, *remarks]}
        print_json(facts | {"wrong": wrong, "wrong_count": count})
    else:
        _print(rows, done, [*read.notes, *remarks], dry_run=dry_run)
        for line in wrong:
            click.echo(line, err=True)
    if count:
        if not as_json:
            click.echo(
                say(
                    "有 {count} 处不对，改好之前什么都不会改动。",
                    "{count} things are wrong; nothing is changed before they are mended.",
                    count=count,
                ),
                err=True,
            )
        raise click.exceptions.Exit(NEEDS_PERSON)


def _remarks(opened: "Desk", done: "Scheduled") -> list[str]:
    from xuanfa.operations.intake.foresight import remarks  # noqa: PLC0415

    return remarks(opened, [each.after.id for each in done.moved])


def _rows(opened: "Desk", done: "Scheduled") -> list[Sequence[str]]:
    zone = opened.zone
    moved = [
        (
            each.where,
            each.post,
            each.after.channel,
            shown_time(each.before.due_at, zone),
            shown_time(each.after.due_at, zone),
            each.after.state.label,
        )
        for each in done.moved
    ]
    made = [
        (each.where, each.path, "-", say("新建", "new"), shown_time(each.at, zone), say("等写正文", "to be written"))
        for each in done.made
    ]
    return [*moved, *made]


def _print(rows: Sequence[Sequence[str]], done: "Scheduled", notes: Sequence[str], *, dry_run: bool) -> None:
    head = (
        say("位置", "row"),
        say("稿件", "post"),
        say("渠道", "channel"),
        say("原时间", "before"),
        say("新时间", "after"),
        say("状态", "state"),
    )
    if rows:
        print_table(head, rows, soft=(1,))
    for note in notes:
        click.echo(say("提示 {text}", "Note {text}", text=note), err=True)
    counts = {"moved": len(done.moved), "posts": len({each.post for each in done.moved}), "made": len(done.made)}
    if dry_run:
        text = say(
            "试排：会改 {posts} 篇的 {moved} 条投递，新建 {made} 篇，没有改动。",
            "Dry run: {moved} deliveries of {posts} posts would move, {made} posts would be made; nothing was changed.",
            **counts,
        )
    else:
        text = say(
            "已改 {posts} 篇的 {moved} 条投递，新建 {made} 篇。",
            "Moved {moved} deliveries of {posts} posts, made {made} posts.",
            **counts,
        )
    click.echo(text)


def _moved(each: "Moved") -> dict[str, Any]:
    before, after = each.before, each.after
    return {
        "row": str(each.where),
        "post": each.post,
        "delivery": after.id,
        "channel": after.channel,
        "before": before.due_at,
        "at": after.due_at,
        "state": after.state.value,
    }


def _made(each: "Made") -> dict[str, Any]:
    return {"row": str(each.where), "title": each.title, "at": each.at, "path": each.path}
