"""``xuanfa withdraw``: take a post down everywhere."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, looking, print_json, shown_time, why_option, workspace_option
from xuanfa.cli.veil import veil
from xuanfa.domain.act import ApproveWithdrawal, Withdraw
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk
    from xuanfa.reports.withdrawals import ChannelRow, WithdrawalReport


@click.command()
@workspace_option
@json_option
@click.argument("post", required=False, metavar="POST", shell_complete=slugs)
@why_option(required=False)
@click.option(
    "--show", is_flag=True, help=say("只看撤稿进度和要人工做的步骤", "Only show how far it is, and the steps by hand")
)
@click.option(
    "--approve", is_flag=True, help=say("追认别人下的撤稿", "Approve afterwards what another person has ordered")
)
@click.option(
    "--also-containing",
    "words",
    metavar="TEXT",
    help=say("只列出含这句话的其他已发稿件，不改动", "Only list what else is out with these words; changes nothing"),
)
@as_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    workspace: Path | None,
    as_json: bool,
    post: str | None,
    why: str,
    show: bool,
    approve: bool,
    words: str | None,
) -> None:
    if words is not None:
        _list(workspace, words, post or "", as_json=as_json)
        return
    if not post:
        raise click.UsageError(
            say(
                "请写明撤哪一篇：xuanfa withdraw POST --why 原因。", "Name the post: xuanfa withdraw POST --why REASON."
            )
        )
    if show:
        with looking(workspace) as opened:
            _show(opened, post, as_json=as_json)
        return
    if not why.strip() and not approve:
        raise click.UsageError(say("请用 --why 写明原因。", "Give the reason with --why."))
    from xuanfa.engine.watch import tell_once  # noqa: PLC0415
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    with desk(workspace) as opened:
        act = ApproveWithdrawal(post=post) if approve else Withdraw(post=post)
        carry_out(opened, act, person(opened, why))
        report = _show(opened, post, as_json=as_json)
        tell_once(opened)
    if report.minutes is None:
        ctx.exit(1)


def _show(opened: "Desk", post: str, *, as_json: bool) -> "WithdrawalReport":
    from xuanfa.reports.withdrawals import steps_of, withdrawal_of  # noqa: PLC0415

    steps = steps_of(opened.adapters, opened.channels)
    report = withdrawal_of(opened.store, post, opened.channels, steps, veil(opened))
    if report is None:
        raise StateError(say("稿件 {post} 没有撤过。", "The post {post} was never withdrawn.", post=post))
    if as_json:
        print_json(report.as_json())
        return report
    order = report.order
    click.echo(
        say(
            "撤稿：《{title}》（{post}），{by} 于 {at}：{why}",
            "withdrawal of “{title}” ({post}), by {by} at {at}: {why}",
            title=order.title,
            post=order.post,
            by=order.actor,
            at=shown_time(order.ordered_at, opened.zone),
            why=order.why,
        )
    )
    for row in report.channels:
        _show_channel(row)
    _show_end(opened, report)
    return report


def _show_channel(row: "ChannelRow") -> None:
    by = say("接口", "interface") if row.how == "interface" else say("人工", "by hand")
    took = "" if row.minutes is None else say("，{n} 分钟", ", {n} minutes", n=row.minutes)
    seen = {"there": say("，仍能看到", ", still seen"), "gone": say("，复查已看不到", ", seen to be gone")}.get(
        row.seen, ""
    )
    click.echo(
        say(
            "#{id} {channel}：{state}（{by}{took}{seen}）",
            "#{id} {channel}: {state} ({by}{took}{seen})",
            id=row.delivery,
            channel=row.channel,
            state=row.state.label,
            by=by,
            took=took,
            seen=seen,
        )
    )
    for step in row.steps:
        click.echo(f"  {step}")


def _show_end(opened: "Desk", report: "WithdrawalReport") -> None:
    order = report.order
    if report.minutes is not None:
        click.echo(say("已全部撤下，用时 {n} 分钟。", "Down everywhere, after {n} minutes.", n=report.minutes))
    else:
        click.echo(say("还没有撤完，请照上面的步骤做。", "Not down everywhere yet: see the steps above."))
    if order.snapshot:
        click.echo(
            say(
                "撤前的样子：var/withdrawn/{hash}.json",
                "What readers could see: var/withdrawn/{hash}.json",
                hash=order.snapshot,
            )
        )
    if order.approve_by is not None and order.approved_at is None:
        click.echo(
            say(
                "请另一位同事在 {at} 前追认：xuanfa withdraw {post} --approve。",
                "Another person approves it before {at}: xuanfa withdraw {post} --approve.",
                at=shown_time(order.approve_by, opened.zone),
                post=order.post,
            )
        )


def _list(workspace: Path | None, words: str, post: str, *, as_json: bool) -> None:
    from xuanfa.reports.withdrawals import containing  # noqa: PLC0415

    with looking(workspace) as opened:
        seen_by = veil(opened)
        found = containing(opened.store, words, but=post, veil=seen_by)
    if seen_by.hidden:
        text = say(
            "限阅稿件 {slugs} 没有找：名单上的人写明是谁（--as）就会一起找。",
            "Not looked through, because they are restricted: {slugs}. Who is on their lists says so (--as).",
            slugs=say("、", ", ").join(sorted(seen_by.slugs)),
        )
        click.echo(text, err=True)
    if as_json:
        print_json([place.as_json() for place in found])
        return
    for place in found:
        click.echo(
            say(
                "#{id} {post}《{title}》 {channel}：{state}  {address}",
                "#{id} {post} “{title}” {channel}: {state}  {address}",
                id=place.delivery,
                post=place.post,
                title=place.title,
                channel=place.channel,
                state=place.state.label,
                address=place.address,
            ).rstrip()
        )
    click.echo(say("共 {n} 处，没有改动。", "{n} in all; nothing was changed.", n=len(found)))
