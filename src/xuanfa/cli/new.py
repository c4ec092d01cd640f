"""``xuanfa new``: a post file, ready to be written in."""

from datetime import datetime
from pathlib import Path

import click

from xuanfa.cli.completing import column_ids
from xuanfa.cli.shared import json_option, looking, print_json, workspace_option
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.named import both, id_of


@click.command()
@workspace_option
@click.option(
    "--column",
    metavar="ID",
    shell_complete=column_ids,
    help=say("专栏（只有一个时可不写）", "The column (may be left out where there is one)"),
)
@click.option(
    "--name",
    default="",
    help=say(
        "文件名和网址里用的名称，如拼音 xunhui-shenpan；写 date 则只用日期和序号（缺省：标题）",
        "What file and address are called, such as court-on-tour; date: the date with a number (default: the title)",
    ),
)
@json_option
@click.argument("title")
def command(*, workspace: Path | None, column: str | None, name: str, title: str, as_json: bool) -> None:
    from xuanfa.operations.intake.new import new_post_file  # noqa: PLC0415

    with looking(workspace) as opened:
        titles = {known.id: known.title for known in opened.columns.values()}
        chosen = id_of(column, titles) if column else next(iter(titles)) if len(titles) == 1 else None
        if chosen is None:
            text = say(
                "请用 --column 指明专栏：有 {all}。",
                "Name a column with --column: there are {all}.",
                all=both(titles),
            )
            raise ConfigError(text)
        today = datetime.now(opened.zone).date()
        path = new_post_file(opened, title, column=opened.columns[chosen], today=today, name=name)
        shown = path.relative_to(opened.folder) if path.is_relative_to(opened.folder) else path
    if as_json:
        print_json({"post": path.stem, "path": str(path)})
        return
    click.echo(say("已建立 {path}，写好正文保存即可。", "Made {path}: write the text and save it.", path=shown))
    if not path.stem.isascii():
        click.echo(
            say(
                "网址用文件名，中文在网址里会变成一长串 %；想要短网址，可用 --name 写拼音，或 --name date 只用日期。",
                "The address takes the file's name, in which Chinese becomes long rows of %; --name gives a short one, --name date the date only.",
            )
        )
