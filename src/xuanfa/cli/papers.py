"""``xuanfa review form`` and ``xuanfa review scan``: the form that people sign by hand, and its way back."""

from pathlib import Path

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, looking, print_json, workspace_of_group_option
from xuanfa.cli.veil import opening_options, veil
from xuanfa.domain.language import say


@click.command(
    help=say("把发布审核表写成 .docx 或 .pdf，供打印签字", "Write the review form as .docx or .pdf, to be signed")
)
@workspace_of_group_option
@json_option
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=say(
        "写到哪里，以 .docx 或 .pdf 结尾；已有的文件不覆盖", "Where to; ends in .docx or .pdf; no file is overwritten"
    ),
)
@opening_options
@click.argument("post", shell_complete=slugs)
def form(workspace: Path | None, as_json: bool, output: Path, post: str, why: str) -> None:
    from xuanfa.operations.papers.form import write_form  # noqa: PLC0415

    with looking(workspace) as opened:
        made = write_form(opened, post, output.absolute(), veil(opened, post, why))
    if as_json:
        print_json({"post": post, "file": str(output), "digest": made.review.digest, "revision": made.review.revision})
        return
    click.echo(
        say(
            "审核表已写到 {file}，摘要值 {digest}：打印签字后，扫描件用 xuanfa review scan {post} 文件 交回。",
            "The form is in {file}, for the digest {digest}: print it, have it signed, and hand the scan in with xuanfa review scan {post} FILE.",
            file=output,
            digest=made.review.short,
            post=post,
        )
    )


@click.command(help=say("交回签字的审核表：PDF 或图片", "Hand in the signed form: a PDF or a picture"))
@workspace_of_group_option
@json_option
@as_option
@click.argument("post", shell_complete=slugs)
@click.argument("file", type=click.Path(path_type=Path))
def scan(workspace: Path | None, as_json: bool, post: str, file: Path) -> None:
    from xuanfa.domain.act import AttachScan  # noqa: PLC0415
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    with desk(workspace) as opened:
        kept = carry_out(opened, AttachScan(post=post, file=file.absolute()), person(opened, ""))
    if as_json:
        print_json(
            {"post": post, "digest": kept.digest, "pages": kept.pages, "sha256": kept.sha256, "original": kept.original}
        )
        return
    click.echo(
        say(
            "已收下签字件 {pages} 页，附在稿件 {post} 的摘要值 {digest} 上。",
            "The signed form, {pages} pages, is attached to {post} at the digest {digest}.",
            pages=kept.pages,
            post=post,
            digest=kept.digest[:12],
        )
    )
