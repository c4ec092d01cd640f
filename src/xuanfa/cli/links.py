"""``xuanfa proof links``: the links that readers of what is out can follow, and how they stand."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.decisions import Number
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import desk, json_option, looking, print_json, shown_time, workspace_of_group_option
from xuanfa.cli.veil import veil
from xuanfa.domain.act_public import AcceptLink
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from datetime import tzinfo

    from xuanfa.domain.outward import OutLink


@click.command("links", help=say("已发布的稿件里的外部链接", "The links of what is out"))
@click.option("--all", "everything", is_flag=True, help=say("打得开的也列出", "those that open, too"))
@click.option("--look", is_flag=True, help=say("现在就逐个打开看", "open each of them now"))
@workspace_of_group_option
@json_option
@as_option
@click.pass_context
def links_command(ctx: click.Context, *, workspace: Path | None, as_json: bool, everything: bool, look: bool) -> None:
    from xuanfa.operations.proving.outward import look_at_links  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.reports.proofs import links_of  # noqa: PLC0415

    with desk(workspace) if look else looking(workspace) as opened:
        if look:
            every = links_of(opened.store, veil(opened), everything=True)
            look_at_links(opened, every, lambda: False, until=math.inf, sure=True)
        found = links_of(opened.store, veil(opened), everything=everything)
        zone = opened.zone
    wrong = [each for each in found if each.is_wrong]
    if as_json:
        print_json([each.as_json() for each in found])
    else:
        for line in _in_words(found, zone):
            click.echo(line)
    ctx.exit(1 if wrong else 0)


def _in_words(found: "Sequence[OutLink]", zone: "tzinfo") -> Iterator[str]:
    for each in found:
        state = each.state.label if each.state is not None else say("还没有看过", "not looked at yet")
        words = say("：{words}", ": {words}", words=each.words) if each.words else ""
        yield f"{'✗' if each.is_wrong else '✓' if each.state else '·'} {each.id} {each.address} {state}{words}"
        yield say("    稿件：{posts}", "    posts: {posts}", posts=say("、", ", ").join(each.posts))
        if each.looked_at is not None and each.since is not None:
            yield say(
                "    最近看过 {at}，从 {since} 起如此，连续 {n} 次",
                "    last looked at {at}, so since {since}, {n} times in a row",
                at=shown_time(each.looked_at, zone),
                since=shown_time(each.since, zone),
                n=each.times,
            )
    if not found:
        yield say("没有要处理的链接。", "No link needs anybody.")


@click.command("allow", help=say("链接没有问题，不再告警", "A link is all right: no more alarm"))
@click.argument("number", type=Number(), metavar="NUMBER")
@workspace_of_group_option
@json_option
@as_option
@click.option("--why", required=True, help=say("为什么没有问题", "why it is all right"))
def allow_command(*, workspace: Path | None, as_json: bool, number: int, why: str) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        it = carry_out(opened, AcceptLink(number=number), person(opened, why))
    if as_json:
        print_json({"id": it.number, "address": it.what, "why": it.why})
        return
    click.echo(
        say(
            "已认可链接 {n}：{why}。再有别的变化会重新告警。",
            "The link {n} is taken for right: {why}. Another change will be told again.",
            n=it.number,
            why=it.why,
        )
    )
