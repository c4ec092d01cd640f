"""``xuanfa db``: the database."""

from pathlib import Path

import click

from xuanfa.cli.person import as_option, person, seal_what_was_decided
from xuanfa.cli.shared import group_of_workspace, json_option, print_json, workspace_of_group_option
from xuanfa.domain.language import say

command = group_of_workspace()


@command.command("upgrade", help=say("把数据库升级到本程序的版本", "Bring the database to this program's version"))
@workspace_of_group_option
@json_option
def upgrade_command(workspace: Path | None, *, as_json: bool) -> None:
    from xuanfa.bootstrap import find_workspace, upgrade_database  # noqa: PLC0415

    before, after = upgrade_database(find_workspace(workspace))
    if as_json:
        print_json({"before": before, "after": after})
    elif before == after:
        click.echo(say("数据库已是最新版本（{v}）。", "The database is up to date ({v}).", v=after))
    else:
        text = say(
            "数据库已从 {a} 升级到 {b}。",
            "The database went from {a} to {b}.",
            a=before or say("空", "nothing"),
            b=after,
        )
        click.echo(text)


@command.command(
    "adopt",
    help=say(
        "让本工作区接管它的数据库（搬动时漏了 xuanfa.marks）", "Take the database for this workspace, wherever it was"
    ),
)
@as_option
@workspace_of_group_option
@json_option
def adopt_command(workspace: Path | None, *, as_json: bool) -> None:
    from xuanfa.bootstrap import find_workspace, open_desk  # noqa: PLC0415

    folder = find_workspace(workspace)
    with open_desk(folder, adopting=lambda desk: person(desk, "")) as desk:
        seal_what_was_decided(desk)
        database = desk.store.url.render_as_string(hide_password=True)
    if as_json:
        print_json({"database": database, "folder": str(folder)})
        return
    text = say(
        "数据库 {database} 归本工作区 {folder}，别的文件夹不能再用它。",
        "The database {database} is that of the workspace {folder}; no other folder can use it any more.",
        database=database,
        folder=folder,
    )
    click.echo(text)
