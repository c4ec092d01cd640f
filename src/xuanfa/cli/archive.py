"""``xuanfa archive``: everything of a post in one sealed file, its check, and the index of a year."""

from pathlib import Path

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import person
from xuanfa.cli.shared import desk, json_option, looking, print_json, workspace_option
from xuanfa.cli.veil import opening_options
from xuanfa.domain.language import say

#: A year that somebody may mean.
_YEARS = click.IntRange(2000, 2999)


@click.command()
@workspace_option
@json_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=say(
        "写到哪里：归档包 .zip，目录 .xlsx；已有的文件不覆盖",
        "Where to: .zip, or .xlsx for an index; no file is overwritten",
    ),
)
@click.option(
    "--check",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=say(
        "核对一个归档包：是否完整、未被改动、在归档链上", "See whether a package is whole, unaltered and in the chain"
    ),
)
@opening_options
@click.argument("post", required=False, metavar="[POST | index YEAR]", shell_complete=slugs)
@click.argument("year", required=False, type=_YEARS, metavar="")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    workspace: Path | None,
    as_json: bool,
    output: Path | None,
    check: Path | None,
    post: str | None,
    year: int | None,
    why: str,
) -> None:
    if check is not None:
        if output is not None or post is not None:
            raise click.UsageError(say("--check 单独使用。", "--check goes alone."))
        ctx.exit(_check(workspace, check, as_json=as_json))
    if post is None or output is None:
        raise click.UsageError(
            say(
                "请写稿件和 -o 文件：xuanfa archive 稿件 -o 文件.zip；或 xuanfa archive index 年份 -o 文件.xlsx。",
                "Name a post and -o FILE: xuanfa archive POST -o FILE.zip, or xuanfa archive index YEAR -o FILE.xlsx.",
            )
        )
    if year is not None:
        if post != "index":
            raise click.UsageError(say("年份只和 index 一起用。", "A year goes with index only."))
        _index(workspace, year, output, as_json=as_json)
        return
    _archive(workspace, post, output, why, as_json=as_json)


def _archive(workspace: Path | None, post: str, output: Path, why: str, *, as_json: bool) -> None:
    from xuanfa.domain.act import ArchivePost  # noqa: PLC0415
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    with desk(workspace) as opened:
        made = carry_out(opened, ArchivePost(post=post, target=output.absolute()), person(opened, why))
    if as_json:
        print_json(
            {
                "post": post,
                "file": str(output),
                "number": made.number,
                "sha256": made.sha256,
                "previous": made.previous,
                "size": made.size,
            }
        )
        return
    click.echo(
        say(
            "已归档到 {file}：第 {n} 个包，{size} KB。\n{sha256}",
            "Archived in {file}: package {n}, {size} KB.\n{sha256}",
            file=output,
            n=made.number,
            size=f"{made.size / 1000:.0f}",
            sha256=made.sha256,
        )
    )


def _check(workspace: Path | None, path: Path, *, as_json: bool) -> int:
    from xuanfa.operations.papers.check import check_package  # noqa: PLC0415

    with looking(workspace) as opened:
        found = check_package(opened, path)
    if as_json:
        print_json(
            {
                "ok": not found.troubles,
                "post": found.post,
                "number": found.number,
                "sha256": found.sha256,
                "previous": found.previous,
                "files": found.files,
                "troubles": list(found.troubles),
            }
        )
    else:
        for trouble in found.troubles:
            click.echo(f"✗ {trouble}")
        if not found.troubles:
            click.echo(
                say(
                    "✓ 第 {n} 个包（稿件 {post}）完整，{files} 个文件未被改动，在归档链上。",
                    "✓ Package {n} (the post {post}) is whole: {files} files are as they were, and it is in the chain.",
                    n=found.number,
                    post=found.post,
                    files=found.files,
                )
            )
    return 1 if found.troubles else 0


def _index(workspace: Path | None, year: int, output: Path, *, as_json: bool) -> None:
    from xuanfa.operations.papers.index import write_index  # noqa: PLC0415

    with looking(workspace) as opened:
        items, without = write_index(opened, year, output.absolute())
    if as_json:
        print_json({"year": year, "file": str(output), "items": items, "without_package": without})
        return
    click.echo(
        say(
            "{year} 年目录已写到 {file}：{n} 条，其中 {without} 条还没有归档包。",
            "The index of {year} is in {file}: {n} items, of which {without} have no package yet.",
            year=year,
            file=output,
            n=items,
            without=without,
        )
    )
