"""``xuanfa check ignore``: what the rules found is none, and somebody says why."""

from pathlib import Path

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.decisions import show_moved
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, print_json, why_option, workspace_of_group_option
from xuanfa.domain.language import say


@click.command(
    "ignore", short_help=say("写明理由，忽略一处误报", "Say with a reason that a finding is none, and it is ignored")
)
@workspace_of_group_option
@json_option
@as_option
@click.argument("post", shell_complete=slugs)
@click.argument("rule")
@click.option("--text", required=True, help=say("哪几个字（照检查打印的写）", "Which words, as they are printed"))
@why_option(required=True)
@click.option(
    "--forever",
    "is_for_ever",
    is_flag=True,
    help=say("本工作区的稿件里永久忽略（只有管理员）", "In every post, for ever (administrators only)"),
)
def ignore_command(
    *, workspace: Path | None, as_json: bool, post: str, rule: str, text: str, why: str, is_for_ever: bool
) -> None:
    """写明理由，忽略一处误报。"""
    from xuanfa.domain.act import IgnoreFinding, IgnoreForEver  # noqa: PLC0415
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    act = IgnoreForEver if is_for_ever else IgnoreFinding
    with desk(workspace) as opened:
        done = carry_out(opened, act(post=post, rule=rule, text=text), person(opened, why))
    waiver = done.waiver
    if as_json:
        print_json(
            {
                "post": waiver.post or None,
                "rule": waiver.rule,
                "text": waiver.text,
                "by": waiver.actor,
                "why": waiver.why,
                "at": waiver.at,
                "going_on": [each.id for each in done.going_on if each.is_queued],
            }
        )
        return
    where = say("稿件 {post} 里", "in {post}", post=waiver.post) if waiver.post else say("所有稿件里", "in every post")
    click.echo(
        say(
            "已忽略：{where} {rule} 的“{text}”，{who}，{why}",
            "ignored: {rule} of “{text}” {where}, by {who}: {why}",
            where=where,
            rule=waiver.rule,
            text=waiver.shown,
            who=waiver.actor,
            why=waiver.why,
        )
    )
    for each in done.going_on:
        if each.is_queued:
            show_moved(opened, each)
