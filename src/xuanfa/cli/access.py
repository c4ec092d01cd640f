"""``xuanfa access``: who may read a restricted post (限阅), and letting in whom its file names besides."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, looking, print_json, workspace_option
from xuanfa.cli.veil import veil
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.access import Restriction


@click.command()
@workspace_option
@json_option
@as_option
@click.option(
    "--confirm",
    is_flag=True,
    help=say(
        "确认稿头里放宽的名单（名单上的人或作者）",
        "Confirm the longer list of the file (by whom is on it, or the author)",
    ),
)
@click.argument("post", required=False, shell_complete=slugs)
def command(workspace: Path | None, as_json: bool, confirm: bool, post: str | None) -> None:
    if confirm and post is None:
        raise click.UsageError(say("--confirm 要写明哪一篇稿件。", "--confirm needs a post."))
    if confirm and post is not None:
        _confirm(workspace, post, as_json=as_json)
        return
    from xuanfa.reports.restricted import restricted_posts  # noqa: PLC0415 - heavy, and not needed for --help

    with looking(workspace) as opened:
        veil(opened)  # whom something concerns hears of it
        found = restricted_posts(opened.store, post)
    if post is not None and not found:
        raise StateError(
            say("稿件 {post} 不限阅，或已经发布。", "The post {post} is not restricted, or is out.", post=post)
        )
    if as_json:
        print_json([_as_json(each) for each in found])
        return
    for each in found:
        click.echo(_in_words(each))
    if not found:
        click.echo(say("没有限阅稿件。", "No post is restricted."))


def _confirm(workspace: Path | None, post: str, *, as_json: bool) -> None:
    from xuanfa.domain.act import ConfirmAccess  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - as above

    with desk(workspace) as opened:
        after = carry_out(opened, ConfirmAccess(post=post), person(opened, ""))
    if as_json:
        print_json([] if after is None else [_as_json(after)])
    elif after is None:
        click.echo(say("稿件 {post} 不再限阅。", "The post {post} is restricted no longer.", post=post))
    else:
        click.echo(_in_words(after))


def _as_json(it: "Restriction") -> dict[str, Any]:
    wish = None if it.wish is None else [word.removeprefix("@") for word in sorted(it.wish.words)]
    return {"post": it.slug, "access": [word.removeprefix("@") for word in sorted(it.access.words)], "wish": wish}


def _in_words(it: "Restriction") -> str:
    line = say("{post}  限阅：{names}", "{post}  restricted to {names}", post=it.slug, names=it.access.shown())
    if it.wish is None:
        return line
    wished = it.wish.shown() or say("所有人（不限阅）", "everybody (not restricted)")
    return line + say("；等确认改为：{names}", "; to be confirmed: {names}", names=wished)
