"""``xuanfa audit``: what people have decided and were refused, for whoever has to answer for it."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import as_option
from xuanfa.cli.shared import (
    Day,
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    require_order,
    shown_time,
    workspace_of_group_option,
)
from xuanfa.cli.veil import veil
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.reports.history_words import in_words

if TYPE_CHECKING:
    from xuanfa.operations.keeping.audit import Audited


command = group_of_workspace()


@command.command(
    "show", help=say("列出谁在何时何处作了什么决定，被拒绝的也在内", "List who decided what, when and where")
)
@click.option("--since", type=Day(), help=say("从这一天起（含）", "From this day on (included)"))
@click.option("--until", type=Day(), help=say("到这一天止（含）", "Up to this day (included)"))
@click.option("--who", metavar="NAME", help=say("只看这个人（登录名）", "Only this person, by login name"))
@click.option("--post", metavar="SLUG", shell_complete=slugs, help=say("只看这篇稿件", "Only this post"))
@as_option
@workspace_of_group_option
@json_option
def show_command(
    *,
    since: date | None,
    until: date | None,
    who: str | None,
    post: str | None,
    workspace: Path | None,
    as_json: bool,
) -> None:
    from xuanfa.reports.audit import audited  # noqa: PLC0415

    require_order(since, until)
    with looking(workspace) as opened:
        zone, post = opened.zone, None if post is None else opened.known_post(post)
        lines = audited(
            opened.store,
            since=None if since is None else datetime.combine(since, time(), zone),
            until=None if until is None else datetime.combine(until + timedelta(days=1), time(), zone),
            who=who,
            post=post,
            veil=veil(opened),
        )
    if as_json:
        print_json([line.as_json() for line in lines])
        return
    for line in lines:
        result = "" if not line.is_refused else say("，未获准", ", refused")
        how = say("（{how}，{place}）", " ({how}, {place})", how=line.how, place=line.place) if line.how else ""
        about = " ".join(str(each) for each in (line.post, line.channel, line.subject) if each)
        text = f"{line.number}  {shown_time(line.at, zone)}  {line.who}{how}  {in_words(line.act or line.after)}{result}  {about}  {line.why}"
        click.echo(text.rstrip())
    if not lines:
        click.echo(say("没有记录。", "Nothing is recorded."))


@command.command(
    "export", help=say("把全部历史写成一个可核对的文件", "Write the whole history into a file that can be checked")
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=say("写到哪里", "Where to"))
@workspace_of_group_option
@json_option
def export_command(output: Path, workspace: Path | None, *, as_json: bool) -> None:
    from xuanfa.operations.keeping.audit import export  # noqa: PLC0415

    with desk(workspace) as opened:
        done = export(opened, output)
    if as_json:
        print_json({"file": str(output.absolute()), "lines": done.lines, "hash": done.hash})
        return
    text = say(
        "已写入 {path}：{n} 条。请把这一行另存：{hash}（它与文件末行的 hash 相同，文件就没有被改动）。核对：xuanfa audit verify {path}",
        "{path}: {n} records. Keep this elsewhere: {hash} (the hash of the file's last line). To check: xuanfa audit verify {path}",
        path=output,
        n=done.lines,
        hash=done.hash,
    )
    click.echo(text)


@command.command(
    "verify", help=say("核对历史（或导出的文件）有没有被改动", "See whether the history, or a file of it, was changed")
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@workspace_of_group_option
@json_option
@click.pass_context
def verify_command(ctx: click.Context, file: Path | None, workspace: Path | None, *, as_json: bool) -> None:
    found = _of_database(workspace) if file is None else _of_file(file, workspace)
    bad = [item for item in found if item.trouble]
    if as_json:
        print_json(
            {
                "ok": not bad,
                "checks": [{"what": item.what, "ok": not item.trouble, "trouble": item.trouble} for item in found],
                "wrong": [_fault(fault) for item in found for fault in item.faults],
            }
        )
    else:
        for item in found:
            mark = "✗" if item.trouble else "✓"
            click.echo(f"{mark} {item.what}{say('：', ': ') if item.trouble else ''}{item.trouble}")
    ctx.exit(1 if bad else 0)


def _of_database(workspace: Path | None) -> "list[Audited]":
    from xuanfa.operations.keeping.audit import verify_history  # noqa: PLC0415

    with looking(workspace) as opened:
        return list(verify_history(opened))


def _of_file(file: Path, workspace: Path | None) -> "list[Audited]":
    """Whoever checks a file may have no workspace: then the file is checked by itself, and that is said."""
    from xuanfa.bootstrap import find_workspace  # noqa: PLC0415
    from xuanfa.operations.keeping.audit import verify_file  # noqa: PLC0415

    try:
        folder = find_workspace(workspace)
    except ConfigError:
        if workspace is not None:
            raise
        return list(verify_file(file, None))
    with looking(folder) as opened:
        return list(verify_file(file, opened))


def _fault(fault: Any) -> dict[str, Any]:
    return {"number": fault.number, "wrong": fault.wrong.value, "last": fault.last, "seal": fault.seal}
