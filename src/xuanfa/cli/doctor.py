"""``xuanfa doctor``: check everything, publish nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.person import as_option
from xuanfa.cli.shared import json_option, looking, print_json, workspace_option
from xuanfa.cli.veil import veil
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.watching.examined import Examined


@click.command()
@workspace_option
@json_option
@as_option
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool) -> None:
    from xuanfa.operations.watching.examine import examine  # noqa: PLC0415

    found: list[Examined] = []
    with looking(workspace) as opened:
        veil(opened)  # whom something concerns hears of it
        for item in examine(opened):
            found.append(item)
            if not as_json:
                click.echo(_line(item))
        found.append(_extra(opened.folder))
    if not as_json:
        click.echo(_line(found[-1]))
    bad = sum(1 for item in found if item.trouble and item.fatal)
    waiting = sum(1 for item in found if item.trouble and item.waits)
    if as_json:
        print_json(
            [
                {
                    "what": item.what,
                    "ok": not item.trouble,
                    "trouble": item.trouble,
                    "fatal": item.fatal,
                    "note": item.note,
                }
                for item in found
            ]
        )
    elif bad:
        click.echo(say("有 {n} 处需要处理。", "{n} things need attention.", n=bad))
    elif waiting:
        click.echo(
            say(
                "设置和渠道可用；有 {n} 件事等人处理，见上面标 ! 的行。",
                "Settings and channels are in order; {n} things wait for a person: see the lines with ! above.",
                n=waiting,
            )
        )
    else:
        click.echo(say("一切就绪。", "All is well."))
    ctx.exit(1 if bad else 0)


def _extra(folder: Path) -> "Examined":
    """Which parts of ``xuanfa check`` are installed; none of them is needed."""
    from xuanfa.bootstrap.proofreading import lacking  # noqa: PLC0415
    from xuanfa.operations.watching.examined import Examined  # noqa: PLC0415

    away = lacking(folder)
    what = say("检查的附加部分（xuanfa[proofreading]）", "the extra parts of checking (xuanfa[proofreading])")
    if not away:
        return Examined(what=what, note=say("已安装", "installed"))
    words = say(
        "未安装：{parts}；检查照常，只按规则",
        "not installed: {parts}; texts are checked by the rules alone",
        parts=say("、", ", ").join(away),
    )
    return Examined(what=what, note=words)


def _line(item: "Examined") -> str:
    mark = "✓" if not item.trouble else "✗" if item.fatal else "!"
    said = item.trouble or item.note
    return f"{mark} {item.what}{say('：', ': ') if said else ''}{said}"
