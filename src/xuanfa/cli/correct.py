"""``xuanfa correct``: change what is out to what the post's file says now."""

from pathlib import Path

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, print_json, why_option, workspace_option
from xuanfa.domain.act import Correct
from xuanfa.domain.correction import Correction, Others, Progress
from xuanfa.domain.language import say

_WORDS = {
    Progress.REVIEW: ("等待审核，公开页面不变", "waits for its review, and what is out stays as it is"),
    Progress.OPEN: ("等待更正", "to be corrected"),
    Progress.DONE: ("已更正", "corrected"),
    Progress.FAILED: ("没有更正成", "not corrected"),
    Progress.REPLACED: ("已由新的决定取代", "replaced by a newer decision"),
    Progress.LEAVE: ("不能改，留着原样", "cannot be changed, and stays as it is"),
    Progress.AGAIN: ("不能改：撤下，另发一篇", "cannot be changed: taken back, and a new post follows"),
    Progress.POST: ("不能改：另发更正稿", "cannot be changed: a correction follows"),
}


@click.command()
@workspace_option
@json_option
@click.argument("post", metavar="POST", shell_complete=slugs)
@why_option(required=True)
@click.option(
    "--others",
    type=click.Choice([each.value for each in Others]),
    default=Others.LEAVE.value,
    help=say(
        "不能改的渠道：leave 留着，again 撤下另发，post 另发更正稿（缺省 leave）",
        "Channels that cannot change it: leave it, take it back and publish again, or post a correction (default: leave)",
    ),
)
@as_option
@click.pass_context
def command(ctx: click.Context, /, *, workspace: Path | None, as_json: bool, post: str, why: str, others: str) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415
    from xuanfa.operations.reviewing.correcting import remarks_of  # noqa: PLC0415

    with desk(workspace) as opened:
        who = person(opened, why)
        found = carry_out(opened, Correct(post=post, others=Others(others)), who)
        remarks = remarks_of(opened, post, who.name)
    if as_json:
        print_json([_as_json(each) for each in found])
    else:
        for each in found:
            _show(each)
    for words in remarks:
        click.echo(say("提示 {text}", "Note {text}", text=words), err=True)
    if any(each.state in {Progress.OPEN, Progress.FAILED} for each in found):
        ctx.exit(1)


def _as_json(it: Correction) -> dict[str, object]:
    return {
        "delivery": it.delivery_id,
        "channel": it.channel,
        "state": it.state.value,
        "digest": it.digest or None,
        "revision": it.revision,
        "reason": it.reason or None,
        "successor": it.successor or None,
        "wish": it.wish or None,
        "done_at": it.done_at,
    }


def _show(it: Correction) -> None:
    line: str = say(
        "#{id} {channel}：{state}",
        "#{id} {channel}: {state}",
        id=it.delivery_id,
        channel=it.channel,
        state=say(*_WORDS[it.state]),
    )
    more = it.reason or (say("稿件 {post}", "post {post}", post=it.successor) if it.successor else "")
    click.echo(f"{line}  {more}".rstrip())
