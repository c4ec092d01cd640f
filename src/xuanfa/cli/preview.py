"""``xuanfa preview``: what each channel would get."""

from collections.abc import Sequence
from pathlib import Path

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.shared import channel_option, findings_json, json_option, looking, print_json, workspace_option
from xuanfa.cli.veil import look, opening_options
from xuanfa.domain.finding import Severity
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@opening_options
@channel_option(say("只看这个渠道（可写多次）", "Only this channel (may be repeated)"), multiple=True)
@click.option(
    "--open", "open_it", is_flag=True, help=say("在浏览器里打开全部渠道的一页", "Open the page with all of them")
)
@click.argument("post", shell_complete=slugs)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    workspace: Path | None,
    as_json: bool,
    channels: Sequence[str],
    open_it: bool,
    post: str,
    why: str,
) -> None:
    from xuanfa.operations.practising.preview import preview  # noqa: PLC0415

    with looking(workspace) as opened:
        chosen = [opened.known_channel(channel) for channel in channels]
        found = preview(opened, post, chosen, look(opened, why))
    if as_json:
        print_json(
            [
                {
                    "channel": one.channel,
                    "path": None if one.path is None else str(one.path),
                    "findings": findings_json(one.findings),
                    "notices": list(found.notices),
                }
                for one in found.channels
            ]
        )
    else:
        for notice in found.notices:
            click.echo(f"! {notice}")
        for one in found.channels:
            click.echo(f"{one.channel}{say('：', ': ')}{one.path or say('没有成稿', 'no rendition')}")
            for finding in one.findings:
                click.echo(f"  {'✗' if finding.severity is Severity.BLOCK else '!'} {finding.message}")
        click.echo(say("全部渠道在一页上：{path}", "All channels on one page: {path}", path=found.index))
    if open_it:
        click.launch(str(found.index))
    blocked = any(finding.severity is Severity.BLOCK for one in found.channels for finding in one.findings)
    ctx.exit(1 if blocked else 0)
