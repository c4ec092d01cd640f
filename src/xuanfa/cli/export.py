"""``xuanfa export``: a post as a Word document, with what has changed as tracked changes."""

from pathlib import Path

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.shared import json_option, looking, print_json, workspace_of_group_option
from xuanfa.cli.veil import opening_options, veil
from xuanfa.domain.language import say


@click.command()
@workspace_of_group_option
@json_option
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=say("写到哪里，以 .docx 结尾；已有的文件不覆盖", "Where to; ends in .docx; no file is overwritten"),
)
@click.option(
    "--since",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help=say(
        "与第几版比较（缺省：第 1 版，作者写的）", "Compare with this revision (default: 1, as its author wrote it)"
    ),
)
@opening_options
@click.argument("post", shell_complete=slugs)
def command(workspace: Path | None, as_json: bool, output: Path, post: str, *, since: int, why: str) -> None:
    from xuanfa.operations.papers.export import export  # noqa: PLC0415

    with looking(workspace) as opened:
        made = export(opened, post, output.absolute(), since, veil(opened, post, why))
    if as_json:
        print_json({"post": made.slug, "file": str(output), "since": made.since, "revision": made.revision})
        return
    click.echo(
        say(
            "已写到 {file}：第 {revision} 版，与第 {since} 版的不同之处是修订，可在 Word 里接受或拒绝。",
            "Written to {file}: revision {revision}; what differs from revision {since} are tracked changes.",
            file=output,
            revision=made.revision,
            since=made.since,
        )
    )
    if made.missing:
        click.echo(
            say(
                "有 {n} 张图片没有存档，没有放进去。",
                "{n} pictures are not kept any more, and are not in it.",
                n=made.missing,
            ),
            err=True,
        )
