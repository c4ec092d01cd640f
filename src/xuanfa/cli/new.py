"""``xuanfa new``: a post file, ready to be written in."""

from datetime import datetime
from pathlib import Path

import click

from xuanfa.cli.shared import desk, workspace_option
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say


@click.command()
@workspace_option
@click.option("--column", help=say("专栏（只有一个时可不写）", "The column (may be left out where there is one)"))
@click.argument("title")
def command(workspace: Path | None, column: str | None, title: str) -> None:
    from xuanfa.operations.new import new_post_file  # noqa: PLC0415

    with desk(workspace) as opened:
        chosen = column or (next(iter(opened.columns)) if len(opened.columns) == 1 else None)
        if chosen is None or chosen not in opened.columns:
            text = say(
                "请用 --column 指明专栏：有 {all}。",
                "Name a column with --column: there are {all}.",
                all=say("、", ", ").join(opened.columns),
            )
            raise ConfigError(text)
        today = datetime.now(opened.zone).date()
        path = new_post_file(opened, title, column=opened.columns[chosen], today=today)
    click.echo(say("已建立 {path}，写好正文保存即可。", "Made {path}: write the text and save it.", path=path))
