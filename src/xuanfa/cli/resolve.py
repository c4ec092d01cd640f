"""``xuanfa resolve``: a person has looked, and says what is true."""

from pathlib import Path

import click

from xuanfa.cli.decisions import Number, show_moved
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, typed_time, why_option, workspace_option
from xuanfa.domain.act import OfDelivery, ResolveAbsent, ResolveOnce, ResolvePublished
from xuanfa.domain.language import say
from xuanfa.domain.receipt import is_address


@click.command()
@workspace_option
@json_option
@click.argument("delivery", type=Number(), metavar="ID")
@click.option("--published", metavar="URL", help=say("已经发出，这是公开地址", "It is out; this is its public address"))
@click.option("--at", help=say("实际发布的时间，缺省为现在", "When it was published (default: now)"))
@click.option("--absent", is_flag=True, help=say("确认没有发出，重新发送", "It is certainly not out: send it again"))
@click.option(
    "--node-is-gone",
    is_flag=True,
    help=say(
        "与 --absent 一起：已确认发送它的进程或机器不在运行",
        "With --absent: whatever was sending it has certainly ended",
    ),
)
@click.option(
    "--once",
    is_flag=True,
    help=say("有两份发布证据的：已看过，公开的只有一份", "Of two proofs of publication: one publication is there"),
)
@click.option("--check", is_flag=True, help=say("先看这个地址能否打开", "First see whether the address can be opened"))
@as_option
@why_option(required=False)
def command(
    *,
    workspace: Path | None,
    as_json: bool,
    delivery: int,
    published: str | None,
    at: str | None,
    absent: bool,
    node_is_gone: bool,
    once: bool,
    check: bool,
    why: str,
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415
    from xuanfa.operations.sending.alive import require_over  # noqa: PLC0415
    from xuanfa.operations.watching.reach import require_reachable  # noqa: PLC0415

    if (published is not None) + absent + once != 1:
        text = say(
            "请在 --published 网址、--absent 与 --once 中选一个。",
            "choose one of --published URL, --absent and --once.",
        )
        raise click.UsageError(text)
    if once and not why:
        raise click.UsageError(_needs_why())
    if node_is_gone and not absent:
        raise click.UsageError(say("--node-is-gone 要与 --absent 一起用。", "--node-is-gone goes with --absent."))
    if (check or at) and published is None:
        text = say(
            "{option} 要与 --published 一起用。",
            "{option} goes with --published.",
            option="--check" if check else "--at",
        )
        raise click.UsageError(text)
    with desk(workspace) as opened:
        if published is not None:
            address = _checked(published)
            if check:
                require_reachable(address)
            moment = None if at is None else typed_time(at, opened)
            act: OfDelivery = ResolvePublished(delivery=delivery, address=address, at=moment)
        elif once:
            act = ResolveOnce(delivery=delivery)
        else:
            if not why:
                require_over(
                    opened, delivery, node_is_gone=node_is_gone
                )  # what may still be sending it comes before how its absence is known
                raise click.UsageError(_needs_why())
            act = ResolveAbsent(delivery=delivery, node_is_gone=node_is_gone)
        show_moved(opened, carry_out(opened, act, person(opened, why)), as_json=as_json)


def _needs_why() -> str:
    return say(
        "--absent 会再次发送，--once 会解除告警，请用 --why 写明依据。",
        "--absent sends again and --once ends an alarm: say with --why how you know.",
    )


def _checked(address: str) -> str:
    if not is_address(address):
        raise click.BadParameter(
            say(
                "“{a}”不是网址，请粘贴完整的公开地址。",
                "{a!r} is not an address; paste the whole public one.",
                a=address,
            )
        )
    return address
