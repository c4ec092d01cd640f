"""``xuanfa retract``: take a post back."""

from pathlib import Path

import click

from xuanfa.cli.decisions import Number, show_moved
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, why_option, workspace_option
from xuanfa.domain.act import Retract, RetractDone
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@click.argument("delivery", type=Number(), metavar="ID")
@click.option(
    "--done", is_flag=True, help=say("已在平台上人工撤下，只做登记", "It was taken down by hand; only record it")
)
@as_option
@why_option(required=False)
@click.pass_context
def command(
    ctx: click.Context, /, *, workspace: Path | None, as_json: bool, delivery: int, done: bool, why: str
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    if not done and not why.strip():
        raise click.MissingParameter(ctx=ctx, param=next(each for each in ctx.command.params if each.name == "why"))
    with desk(workspace) as opened:
        act = RetractDone(delivery=delivery) if done else Retract(delivery=delivery)
        told = why if why.strip() or not done else say("已在平台上人工撤下", "taken down by hand on the platform")
        after = carry_out(opened, act, person(opened, told))
        show_moved(opened, after, as_json=as_json)
    if after.state is not State.RETRACTED:
        text = say(
            "没有撤成：{reason}。请在平台上人工撤下，再运行 xuanfa retract {id} --done --why 原因。",
            "Not withdrawn: {reason}. Take it down by hand, then run xuanfa retract {id} --done --why REASON.",
            reason=after.reason or say("原因不明", "no reason given"),
            id=delivery,
        )
        click.echo(text, err=True)
        ctx.exit(1)
