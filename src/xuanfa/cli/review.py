"""``xuanfa review``: submit, approve, return; consent by telephone, delegation, emergencies; what waits for whom."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xuanfa.cli import duties, papers
from xuanfa.cli.completing import slugs
from xuanfa.cli.person import as_option, person, reader
from xuanfa.cli.review_shown import print_reading, print_record, print_seen, seen_as_json, where_it_stands
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    print_json,
    shown_time,
    typed_time,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import opening_why, veil
from xuanfa.domain.act import (
    ApproveReview,
    ConfirmReview,
    DelegateReview,
    Emergency,
    OfReview,
    PhoneReview,
    ReturnReview,
    SubmitReview,
)
from xuanfa.domain.act_outward import RecallReview
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.reviewing.docket import Decided

F = TypeVar("F", bound=Callable[..., Any])
post_argument = click.argument("post", shell_complete=slugs)
step_option = click.option(
    "--step", type=click.IntRange(min=1), metavar="N", help=say("第几步（缺省：现在轮到的一步）", "Which step (default: the open one)")
)  # fmt: skip
check_option = click.option(
    "--check", "checks", multiple=True, metavar="GATE", help=say("确认一项把关，每项写一次", "A gate that is ticked; one for each")
)  # fmt: skip
digest_option = click.option(
    "--digest",
    "digests",
    multiple=True,
    metavar="D",
    help=say(
        "看过的摘要（全文或前 12 位以上），改动过就不通过", "What was read: a digest, 12 characters of it at least"
    ),
)
note_option = click.option("--note", default="", help=say("意见", "A note"))
for_option = click.option(
    "--for", "principal", default="", metavar="NAME", help=say("代谁审（登录名）", "In whose name: a login name")
)


command = group_of_workspace()


def _of_group(function: F) -> F:
    """What all commands of the group that decide take."""
    return workspace_of_group_option(json_option(as_option(function)))


@command.command("submit", help=say("送审", "Submit a post for its review"))
@post_argument
@note_option
@_of_group
def submit_command(*, workspace: Path | None, as_json: bool, post: str, note: str) -> None:
    """Exit 1 where it is refused."""
    _decide(workspace, SubmitReview(post=post, note=note), "", as_json=as_json)


@command.command("approve", help=say("通过一步", "Approve the open step"))
@post_argument
@step_option
@check_option
@digest_option
@for_option
@note_option
@why_option(required=False)
@_of_group
def approve_command(
    *,
    workspace: Path | None,
    as_json: bool,
    post: str,
    step: int | None,
    checks: Sequence[str],
    digests: Sequence[str],
    principal: str,
    note: str,
    why: str,
) -> None:
    """Exit 1 where it is refused."""
    act = ApproveReview(
        post=post, step=step, checks=tuple(checks), digests=tuple(digests), principal=principal, note=note
    )
    _decide(workspace, act, why, as_json=as_json)


@command.command("return", help=say("退回作者", "Send a post back to its author"))
@post_argument
@step_option
@digest_option
@for_option
@note_option
@click.option(
    "--at",
    "places",
    multiple=True,
    nargs=2,
    metavar="TEXT NOTE",
    help=say(
        "在原文的一处写意见：原文几个字、意见；可写多次", "Words of the text, and a note on them; may be repeated"
    ),
)
@why_option(required=True)
@_of_group
def return_command(
    *,
    workspace: Path | None,
    as_json: bool,
    post: str,
    step: int | None,
    digests: Sequence[str],
    principal: str,
    note: str,
    places: Sequence[tuple[str, str]],
    why: str,
) -> None:
    """Exit 1 where it is refused."""
    act = ReturnReview(
        post=post, step=step, digests=tuple(digests), principal=principal, note=note, places=tuple(places)
    )
    _decide(workspace, act, why, as_json=as_json)


@command.command("phone", help=say("登记电话同意，本人以后确认", "Enter a leader's consent by telephone"))
@post_argument
@click.option("--leader", required=True, metavar="NAME", help=say("谁同意（登录名）", "Who agreed: a login name"))
@click.option("--at", "at", required=True, metavar="TIME", help=say("通话时间", "When the call was"))
@click.option("--number", required=True, help=say("通话号码", "The number"))
@step_option
@check_option
@digest_option
@note_option
@why_option(required=False)
@_of_group
def phone_command(
    *,
    workspace: Path | None,
    as_json: bool,
    post: str,
    leader: str,
    at: str,
    number: str,
    step: int | None,
    checks: Sequence[str],
    digests: Sequence[str],
    note: str,
    why: str,
) -> None:
    """Exit 1 where it is refused."""
    with desk(workspace) as opened:
        act = PhoneReview(
            post=post,
            leader=leader,
            at=typed_time(at, opened),
            number=number,
            step=step,
            checks=tuple(checks),
            digests=tuple(digests),
            note=note,
        )
        _carry_out(opened, act, why, as_json=as_json)


@command.command("confirm", help=say("本人确认电话同意", "Confirm one's consent by telephone"))
@post_argument
@_of_group
def confirm_command(*, workspace: Path | None, as_json: bool, post: str) -> None:
    """Exit 1 where it is refused."""
    _decide(workspace, ConfirmReview(post=post), "", as_json=as_json)


@command.command("emergency", help=say("先发后审", "Let a post out before its review"))
@post_argument
@why_option(required=True)
@_of_group
def emergency_command(*, workspace: Path | None, as_json: bool, post: str, why: str) -> None:
    """Exit 1 where it is refused."""
    _decide(workspace, Emergency(post=post), why, as_json=as_json)


@command.command("recall", help=say("收回签发：还没发出的不再发", "Take an approval back, as far as nothing has left"))
@post_argument
@why_option(required=True)
@_of_group
def recall_command(*, workspace: Path | None, as_json: bool, post: str, why: str) -> None:
    """Exit 1 where it is refused."""
    _decide(workspace, RecallReview(post=post), why, as_json=as_json)


@command.command("delegate", help=say("委托别人代审一段时间", "Have somebody decide in one's name for a time"))
@click.option("--to", required=True, metavar="NAME", help=say("委托给谁（登录名）", "To whom: a login name"))
@click.option("--from", "begins", required=True, metavar="TIME", help=say("从什么时候起", "From when"))
@click.option("--until", "ends", required=True, metavar="TIME", help=say("到什么时候止", "Until when"))
@why_option(required=True)
@_of_group
def delegate_command(*, workspace: Path | None, as_json: bool, to: str, begins: str, ends: str, why: str) -> None:
    """Exit 1 where it is refused."""
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        act = DelegateReview(to=to, begins=typed_time(begins, opened), ends=typed_time(ends, opened))
        made = carry_out(opened, act, person(opened, why))
        zone = opened.zone
    if as_json:
        facts = {"principal": made.principal, "deputy": made.deputy, "from": made.begins, "until": made.ends}
        print_json(facts | {"why": made.why})
        return
    click.echo(
        say(
            "{deputy} 从 {begins} 到 {ends} 代 {principal} 审核",
            "{deputy} decides in the name of {principal} from {begins} until {ends}",
            deputy=made.deputy,
            principal=made.principal,
            begins=shown_time(made.begins, zone),
            ends=shown_time(made.ends, zone),
        )
    )


@command.command("list", help=say("列出等人审的稿件", "List posts whose review waits for somebody"))
@click.option("--mine", is_flag=True, help=say("只看轮到我审的", "Only those that wait for me"))
@click.option("--late", is_flag=True, help=say("只看已超时的", "Only those that are late"))
@_of_group
def list_command(*, workspace: Path | None, as_json: bool, mine: bool, late: bool) -> None:
    """Exit 1 where ``--mine`` does not know who asks."""
    from xuanfa.reports.reviews import waiting_reviews  # noqa: PLC0415

    with desk(workspace) as opened:
        name = _reader(opened)
        if mine and not name:
            raise StateError(
                say(
                    "--mine 要知道您是谁：请加 --as 登录名，或用 XUANFA_TOKEN。",
                    "--mine has to know who you are: add --as NAME, or use XUANFA_TOKEN.",
                )
            )
        rows = waiting_reviews(
            opened.store, opened.reviews, opened.zone, opened.clock(), name if mine else None, veil=veil(opened)
        )
        rows = [row for row in rows if row.is_late or not late]
        zone = opened.zone
    if as_json:
        print_json([row.as_json() for row in rows])
        return
    if not rows:
        click.echo(say("没有等人审的稿件。", "No review waits for anybody."))
        return
    head = [
        say("稿件", "post"),
        say("标题", "title"),
        say("步骤", "step"),
        say("由谁审", "role"),
        say("开始等待", "since"),
        say("期限", "due"),
    ]
    table = [
        [
            row.post,
            row.title,
            f"{row.step} {row.step_name}" + (say("（更正）", " (correction)") if row.correction else ""),
            say("、", ", ").join(row.who_shown) or say("没有人能审", "nobody can"),
            shown_time(row.waiting_since, zone),
            shown_time(row.due_at, zone) + (say("（已超时）", " (late)") if row.is_late else ""),
        ]
        for row in rows
    ]
    print_table(head, table, soft=(0, 1), last=True)


@command.command("show", help=say("查看一篇稿件的审核", "Show the review of a post"))
@post_argument
@opening_why
@_of_group
def show_command(*, workspace: Path | None, as_json: bool, post: str, why: str) -> None:
    """Exit 1 where there is no such post, or it is hidden from whoever asks."""
    from xuanfa.operations.restricting.rule import require_may_read  # noqa: PLC0415
    from xuanfa.operations.reviewing.reading import readings  # noqa: PLC0415
    from xuanfa.reports.reviews import review_record, seen_before  # noqa: PLC0415

    with desk(workspace) as opened:
        record = review_record(opened.store, opened.reviews, opened.known_post(post))
        assert record is not None  # noqa: S101 - the post is there
        require_may_read(veil(opened, post, why), post)
        seen = seen_before(opened.store, post, _reader(opened))
        reading = readings(opened, post)
        zone = opened.zone
    if as_json:
        print_json(record.as_json() | {"seen": seen_as_json(seen), "leaving": [each.as_json() for each in reading]})
        return
    print_record(record, zone)
    print_seen(seen, zone)
    print_reading(reading, zone)


def _reader(opened: "Desk") -> str:
    """Who reads, where they have said so; empty for the machine's account."""
    who = reader(opened)
    return "" if who is None else who.name


def _decide(workspace: Path | None, act: OfReview, why: str, *, as_json: bool) -> None:
    with desk(workspace) as opened:
        _carry_out(opened, act, why, as_json=as_json)


def _carry_out(opened: "Desk", act: OfReview, why: str, *, as_json: bool) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.reports.reviews import review_record  # noqa: PLC0415

    decided: Decided = carry_out(opened, act, person(opened, why))
    record = review_record(opened.store, opened.reviews, act.post)
    assert record is not None  # noqa: S101 - it has just been decided about
    if as_json:
        hidden = veil(opened).hides(act.post)
        shown = {"post": record.post, "state": record.state, "restricted": True} if hidden else record.as_json()
        print_json(shown | {"remarks": list(decided.remarks)})
        return
    click.echo(where_it_stands(record))
    for change in decided.changes:
        if State.SCHEDULED in {change.before.state, change.after.state}:
            click.echo(
                say(
                    "投递 {id}（{channel}）：{state}",
                    "delivery {id} ({channel}): {state}",
                    id=change.after.id,
                    channel=change.after.channel,
                    state=change.after.state.label,
                )
            )
    if record.correction is not None and record.state == "approved":
        click.echo(
            say(
                "更正已经通过，下一次发布时改到各渠道（常驻服务会自动做）",
                "the correction is approved, and made with the next pass, which the service does by itself",
            )
        )
    for words in decided.remarks:
        click.echo(say("提示 {text}", "Note {text}", text=words), err=True)


command.add_command(duties.emergencies, "emergencies")
command.add_command(duties.late, "late")
command.add_command(papers.form, "form")
command.add_command(papers.scan, "scan")
