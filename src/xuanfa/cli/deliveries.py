"""``xuanfa deliveries``: where each post stands on each channel."""

from collections.abc import Sequence
from pathlib import Path

import click

from xuanfa.cli.shared import desk, json_option, print_json, print_table, shorten, shown_time, workspace_option
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in State]),
    help=say("只看这个状态（可写多次）", "Only this state (may be repeated)"),
)
@click.option("--channel", help=say("只看这个渠道", "Only this channel"))
@click.option("--post", help=say("只看这篇稿件（slug）", "Only this post (slug)"))
def command(
    workspace: Path | None, as_json: bool, states: Sequence[str], channel: str | None, post: str | None
) -> None:
    from xuanfa.reports.listing import DeliveryRow, list_deliveries  # noqa: PLC0415

    if list(states) == [State.UNKNOWN.value]:
        _show_doubts(workspace, channel, post, as_json=as_json)
        return
    with desk(workspace) as opened:
        rows = list_deliveries(opened.store, states=[State(name) for name in states], channel=channel, post=post)
        zone = opened.zone
    if as_json:
        print_json([row.as_json() for row in rows])
        return
    if not rows:
        click.echo(say("没有符合条件的投递。", "There are no such deliveries."))
        return

    def state_of(row: DeliveryRow) -> str:
        mark = say("（演练）", " (rehearsal)") if row.rehearsal and row.state is State.PUBLISHED else ""
        return row.state.label + mark

    head = (
        say("编号", "ID"),
        say("稿件", "Post"),
        say("渠道", "Channel"),
        say("状态", "State"),
        say("应发时间", "Due"),
        say("地址或原因", "Address or reason"),
    )
    print_table(
        head,
        [
            (
                str(row.id),
                shorten(row.post, 32),
                row.channel,
                state_of(row),
                shown_time(row.due_at, zone),
                shorten(_remark(row.address, row.reason, waiting=row.waiting), 60),
            )
            for row in rows
        ],
    )


def _show_doubts(workspace: Path | None, channel: str | None, post: str | None, *, as_json: bool) -> None:
    """What is in doubt is told at length: somebody has to settle it."""
    from xuanfa.cli.doubts import in_words  # noqa: PLC0415
    from xuanfa.reports.doubts import list_doubts  # noqa: PLC0415

    with desk(workspace) as opened:
        doubts = list_doubts(opened.store, channel=channel, post=post)
        zone, channels = opened.zone, opened.channels
    if as_json:
        print_json([doubt.as_json() for doubt in doubts])
        return
    if not doubts:
        click.echo(say("没有待核实的投递。", "Nothing is in doubt."))
    for doubt in doubts:
        click.echo("\n".join(in_words(doubt, channels.get(doubt.row.channel), zone)) + "\n")


def _remark(address: str | None, reason: str, *, waiting: bool) -> str:
    if address:
        return address
    if waiting and not reason:
        return say("等待本稿在另一渠道的地址", "waits for this post's address on another channel")
    return reason
