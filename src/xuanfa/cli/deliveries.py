"""``xuanfa deliveries``: where each post stands on each channel."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.completing import slugs, words_of
from xuanfa.cli.person import as_option
from xuanfa.cli.shared import (
    channel_option,
    json_option,
    known_channel_ever,
    known_column,
    looking,
    period_options,
    print_json,
    require_order,
    workspace_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.process import Fate

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from xuanfa.domain.access import Veil
    from xuanfa.operations.desk import Desk
    from xuanfa.reports.listing import DeliveryRow


class StateName(click.ParamType[State]):
    """A state by its name for programs or for people, in either language: ``published``, 已发布."""

    name = "state"

    def convert(self, value: str | State, param: click.Parameter | None, ctx: click.Context | None) -> State:
        """From what was typed."""
        named = {name: state for state in State for name in (state.value, *state.labels)}
        found = value if isinstance(value, State) else named.get(value.strip().lower())
        if found is None:
            known = say("、", ", ").join(f"{state.value} {state.label}" for state in State)
            self.fail(say("没有状态“{v}”。可选：{known}。", "No state {v!r}. Possible: {known}.", v=value, known=known))
        return found

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        """Both names."""
        return words_of([name for state in State for name in (state.value, state.label)], incomplete)


@click.command()
@workspace_option
@json_option
@click.option(
    "--state",
    "states",
    multiple=True,
    type=StateName(),
    help=say("只看这个状态，如 published 或 已发布（可写多次）", "Only this state (may be repeated)"),
)
@period_options
@channel_option(say("只看这个渠道", "Only this channel"))
@as_option
@click.option("--post", metavar="SLUG", shell_complete=slugs, help=say("只看这篇稿件（slug）", "Only this post (slug)"))
def command(
    *,
    workspace: Path | None,
    as_json: bool,
    states: Sequence[State],
    since: date | None,
    until: date | None,
    column: str | None,
    channel: str | None,
    post: str | None,
) -> None:
    from xuanfa.operations.intake.folder import folder_problems  # noqa: PLC0415
    from xuanfa.operations.intake.notices import unreached_changes  # noqa: PLC0415
    from xuanfa.reports.counts import Period  # noqa: PLC0415
    from xuanfa.reports.listing import file_problems, list_deliveries  # noqa: PLC0415

    require_order(since, until)
    with looking(workspace) as opened:
        channel = None if channel is None else known_channel_ever(opened, channel)
        post = None if post is None else opened.known_post(post)
        column = None if column is None else known_column(opened, column)
        seen_by = veil(opened)
        period = Period(zone=opened.zone, since=since, until=until, column=column)
        if list(states) == [State.UNKNOWN] and not (since or until or column):
            _show_doubts(opened, channel, post, seen_by, as_json=as_json)
            return
        rows = list_deliveries(opened.store, states=states, channel=channel, post=post, period=period, veil=seen_by)
        if as_json:
            print_json([row.as_json() for row in rows])
            return
        zone, problems = opened.zone, [*folder_problems(opened), *file_problems(opened.store)]
        changed = unreached_changes(opened)
    if rows:
        _show(rows, zone)
    else:
        click.echo(say("没有符合条件的投递。", "There are no such deliveries."))
    _tell(changed, say("提示", "Note"), "alarms")
    _tell(problems, say("有问题", "Problem"), "posts")


def _tell(lines: Sequence[str], mark: str, rest: str) -> None:
    """As many lines as people read, and where the others are."""
    from xuanfa.operations.intake.queued import OF_A_FILE  # noqa: PLC0415

    for line in lines[:OF_A_FILE]:
        click.echo(f"{mark} {line}")
    if len(lines) > OF_A_FILE:
        more = say("另有 {n} 处：xuanfa {rest}", "{n} more: xuanfa {rest}", n=len(lines) - OF_A_FILE, rest=rest)
        click.echo(f"{mark} {more}")


def _show(rows: Sequence["DeliveryRow"], zone: tzinfo) -> None:
    head = (
        say("编号", "ID"),
        say("稿件", "Post"),
        say("标题", "Title"),
        say("渠道", "Channel"),
        say("状态", "State"),
        say("应发时间", "Due"),
        say("发布时间", "Published"),
        say("地址或原因", "Address or reason"),
    )
    print_table(
        head,
        [
            (
                str(row.id),
                row.post,
                row.title,
                row.channel,
                _state_of(row),
                "-" if row.has_no_time else _minute(row.due_at, zone),
                _minute(row.published_at, zone),
                _remark(row),
            )
            for row in rows
        ],
        soft=(1, 2),
        last=True,
    )


def _show_doubts(opened: "Desk", channel: str | None, post: str | None, seen_by: "Veil", *, as_json: bool) -> None:
    """What is in doubt is told at length: somebody has to settle it."""
    from xuanfa.cli.doubts import in_words  # noqa: PLC0415
    from xuanfa.reports.doubts import list_doubts  # noqa: PLC0415

    found = list_doubts(opened.store, channel=channel, post=post, veil=seen_by)
    fate = opened.fate
    doubts = [doubt.without({s.node for s in doubt.senders if fate(s.process) is Fate.GONE}) for doubt in found]
    if as_json:
        print_json([doubt.as_json() for doubt in doubts])
        return
    if not doubts:
        click.echo(say("没有待核实的投递。", "Nothing is in doubt."))
    for doubt in doubts:
        known = opened.channels.get(doubt.row.channel)
        click.echo("\n".join(in_words(doubt, known, opened.zone, fate, opened.host)) + "\n")


def _state_of(row: "DeliveryRow") -> str:
    mark = say("（演练）", " (rehearsal)") if row.rehearsal and row.state is not State.SCHEDULED else ""
    first = say("（先发后审）", " (before its review)") if row.emergency else ""
    return row.state.label + mark + first


def _minute(moment: datetime | None, zone: tzinfo) -> str:
    """A time in the workspace's zone; the offset, the same in every line, would cost the width of a title."""
    return "-" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _remark(row: "DeliveryRow") -> str:
    if row.address:
        return row.address
    if row.waits_for and not row.reason:
        return say(
            "等待本稿在 {channels} 的公开地址",
            "waits for the public address of this post on {channels}",
            channels=say("、", ", ").join(row.waits_for),
        )
    return row.reason
