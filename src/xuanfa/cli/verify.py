"""``xuanfa verify``: is what is stored whole, consistent, and as it was written?"""

from pathlib import Path

import click

from xuanfa.cli.shared import json_option, looking, print_json, shown_time, workspace_option
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@click.option(
    "--seal",
    metavar="NUMBER:HASH",
    help=say("核对以前保存的封印是否仍在链上", "See whether a seal that you kept is still in the chain"),
)
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool, seal: str | None) -> None:
    from xuanfa.operations.keeping.verify import Verified, as_claim, newest_seal, verify  # noqa: PLC0415

    claim = as_claim(seal) if seal is not None else None
    found: list[Verified] = []
    with looking(workspace) as opened:
        for item in verify(opened, claim):
            found.append(item)
            if not as_json:
                mark, rest = ("✗", say("：", ": ") + item.trouble) if item.trouble else ("✓", "")
                click.echo(f"{mark} {item.what}{rest}")
        last, zone = newest_seal(opened), opened.zone
    bad = sum(1 for item in found if item.trouble)
    shown = None if last is None else f"{last.number}:{last.hash}"
    if as_json:
        checks = [{"what": item.what, "ok": not item.trouble, "trouble": item.trouble} for item in found]
        print_json({"ok": not bad, "checks": checks, "seal": shown, "sealed_at": last.sealed_at if last else None})
    else:
        if last is not None:
            text = say(
                "最新的封印（{at}），抄在别处，日后可用 --seal 核对：\n{seal}",
                "The newest seal ({at}); keep it elsewhere, and check it later with --seal:\n{seal}",
                at=shown_time(last.sealed_at, zone),
                seal=shown,
            )
            click.echo(text)
        click.echo(say("有 {n} 处不对。", "{n} things are wrong.", n=bad) if bad else say("一切完好。", "All is well."))
    ctx.exit(1 if bad else 0)
