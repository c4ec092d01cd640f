"""``xuanfa retract``: take a post back."""

from pathlib import Path

import click

from xuanfa.cli.decisions import Number, show_moved
from xuanfa.cli.shared import desk, person, why_option, workspace_option
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say


@click.command()
@workspace_option
@click.argument("delivery", type=Number(), metavar="ID")
@click.option(
    "--done", is_flag=True, help=say("已在平台上人工撤下，只做登记", "It was taken down by hand; only record it")
)
@why_option(required=True)
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, delivery: int, done: bool, why: str) -> None:
    from xuanfa.operations.retract import retract, retracted_by_hand  # noqa: PLC0415

    with desk(workspace) as opened:
        if done:
            show_moved(retracted_by_hand(opened, delivery, person(why)))
            return
        result = retract(opened, delivery, person(why))
    show_moved(result.delivery)
    if result.delivery.state is not State.RETRACTED:
        text = say(
            "没有撤成：{reason}。请在平台上人工撤下，再运行 xuanfa retract {id} --done --why “…”。",
            'Not withdrawn: {reason}. Take it down by hand, then run xuanfa retract {id} --done --why "…".',
            reason=result.reason or say("原因不明", "no reason given"),
            id=delivery,
        )
        click.echo(text, err=True)
        ctx.exit(1)
