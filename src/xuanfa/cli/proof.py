"""``xuanfa proof``: what is really on the public pages of what is out, kept and compared with what was sent."""

import signal
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Final

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.decisions import Number
from xuanfa.cli.links import allow_command, links_command
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    shown_time,
    typed_time,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.veil import opening_options, veil
from xuanfa.domain.act_public import AcceptPage, AcceptStranger, AddProof
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from datetime import tzinfo

    from xuanfa.domain.access import Veil
    from xuanfa.domain.public import Public
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.proving.look import Looked
    from xuanfa.reports.proofs import ProofReport

#: So many lines of a page's text are printed.
_LINES: Final = 30


command = group_of_workspace()


@command.command("check", help=say("现在去看公开页，和发出的比", "Look at the public pages now, and compare"))
@click.argument("names", nargs=-1, metavar="[POST|ID…]", shell_complete=slugs)
@workspace_of_group_option
@json_option
@as_option
@click.pass_context
def check_command(ctx: click.Context, /, *, workspace: Path | None, as_json: bool, names: Sequence[str]) -> None:
    """Exit 1 where something changed, is gone or was not reached."""
    from xuanfa.operations.proving.check import check, chosen  # noqa: PLC0415 - heavy, and not needed for --help

    stopping, lock, rows = Event(), Lock(), list[dict[str, Any]]()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with desk(workspace) as opened:
        seen_by = veil(opened)
        pages = chosen(opened, names)

        def told(looked: "Looked") -> None:
            with lock:
                rows.append(_as_json(looked, seen_by))
                if not as_json:
                    _print_looked(opened, looked, seen_by)

        left = check(opened, pages, told, stopping.is_set)
    rows += [_unlooked(it, seen_by) for it in left]
    if as_json:
        print_json(sorted(rows, key=lambda row: int(row["id"])))
    else:
        _print_left(left)
        _print_sum(rows, len(pages), len(left))
    wrong = any(row["state"] in {"changed", "gone", "sign_in", "unreached", None} for row in rows)
    ctx.exit(1 if wrong or len(rows) < len(pages) else 0)


@command.command("show", help=say("查看一条投递的存证", "Show what is kept of a delivery's page"))
@click.argument("delivery", type=Number(), metavar="ID")
@workspace_of_group_option
@json_option
@opening_options
def show_command(*, workspace: Path | None, as_json: bool, delivery: int, why: str) -> None:
    from xuanfa.operations.restricting.rule import require_may_read  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.reports.proofs import proof_of  # noqa: PLC0415

    with looking(workspace) as opened:
        found = proof_of(opened.store, opened.media, delivery)
        if found is None:
            raise StateError(
                say(
                    "投递 {id} 没有正式发布过，没有公开页的存证：用 xuanfa show {id} 查看它。",
                    "Delivery {id} was never out for real, and nothing is kept of a page: see xuanfa show {id}.",
                    id=delivery,
                )
            )
        require_may_read(veil(opened, found.it.post, why), found.it.post)
        zone = opened.zone
        note = "" if found.proofs else _why_none(opened, found.it)
    if as_json:
        print_json(found.as_json() | ({"difference": note} if note else {}))
        return
    _print_proof(found, zone, note)


@command.command("add", help=say("交一张公开页的截图（程序取不到时）", "Hand in a picture of a public page"))
@click.argument("delivery", type=Number(), metavar="ID")
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--at", help=say("截图是什么时候截的，缺省为现在", "When it was taken (default: now)"))
@workspace_of_group_option
@json_option
@as_option
@why_option(required=False)
def add_command(
    *, workspace: Path | None, as_json: bool, delivery: int, picture: Path, at: str | None, why: str
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.reports.proofs import proof_of  # noqa: PLC0415

    with desk(workspace) as opened:
        moment = None if at is None else typed_time(at, opened)
        kept = carry_out(opened, AddProof(delivery=delivery, file=picture, at=moment), person(opened, why))
        found = proof_of(opened.store, opened.media, delivery)
        assert found is not None  # noqa: S101 - a picture was just added
        file = found.picture(kept)
        if as_json:
            print_json({"id": delivery, "at": kept.at, "screenshot": str(file), "by": kept.actor})
            return
        click.echo(
            say(
                "已收下投递 {id} 的公开页截图（{at}）：{file}",
                "The picture of delivery {id}'s page ({at}) is kept: {file}",
                id=delivery,
                at=shown_time(kept.at, opened.zone),
                file=file,
            )
        )


@command.command("accept", help=say("页面上的差异没有问题，不再告警", "A difference is all right: no more alarm"))
@click.argument("delivery", type=Number(), metavar="ID")
@workspace_of_group_option
@json_option
@as_option
@why_option(required=True)
def accept_command(*, workspace: Path | None, as_json: bool, delivery: int, why: str) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        kept = carry_out(opened, AcceptPage(delivery=delivery), person(opened, why))
        if as_json:
            print_json({"id": delivery, "accepted": kept.difference, "at": opened.clock()})
            return
        click.echo(
            say(
                "已认可投递 {id} 公开页的差异：{what}。页面再有别的变化会重新告警。",
                "The difference of delivery {id}'s page is taken for right: {what}. Another one will be told again.",
                id=delivery,
                what=kept.difference,
            )
        )


@command.command(
    "strangers", help=say("账号上不是本程序发出的稿件", "What accounts show and this program did not send")
)
@click.option("--all", "everything", is_flag=True, help=say("已说明的也列出", "those that are explained, too"))
@click.option("--look", is_flag=True, help=say("现在就去各账号看一遍", "look at the accounts now"))
@workspace_of_group_option
@json_option
@click.pass_context
def strangers_command(
    ctx: click.Context, *, workspace: Path | None, as_json: bool, everything: bool, look: bool
) -> None:
    from xuanfa.cli.strangers import strangers_in_words  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.operations.proving.strangers import listing, look_at, standings  # noqa: PLC0415
    from xuanfa.reports.proofs import strangers_of  # noqa: PLC0415

    with desk(workspace) if look else looking(workspace) as opened:
        if look:
            for account, channel in listing(opened).items():
                look_at(opened, account, channel)
        found = strangers_of(opened.store, settled=everything)
        known = list(standings(opened))
        zone = opened.zone
    open_ = sum(each.settled_at is None for each in found)
    if as_json:
        print_json([each.as_json() for each in found])
    else:
        for line in strangers_in_words(found, known, zone):
            click.echo(line)
    ctx.exit(1 if open_ else 0)


@command.command(
    "explain", help=say("说明一条陌生稿件的来历，不再告警", "Say where a stranger comes from: no more alarm")
)
@click.argument("number", type=Number(), metavar="NUMBER")
@workspace_of_group_option
@json_option
@as_option
@why_option(required=True)
def explain_command(*, workspace: Path | None, as_json: bool, number: int, why: str) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        it = carry_out(opened, AcceptStranger(number=number), person(opened, why))
    if as_json:
        print_json({"id": it.number, "title": it.what, "why": it.why})
        return
    click.echo(
        say(
            "已说明 {n}《{title}》：{why}。",
            "{n} “{title}” is explained: {why}.",
            n=it.number,
            title=it.what,
            why=it.why,
        )
    )


def _as_json(looked: "Looked", seen_by: "Veil") -> dict[str, Any]:
    it, hidden = looked.it, seen_by.hides(looked.it.post)
    return {
        "id": it.id,
        "post": it.post,
        "channel": it.channel,
        "address": None if hidden else it.address or None,
        "state": looked.judged.state.value,
        "status": looked.status,
        "difference": "" if hidden else looked.judged.words,
        "new": looked.is_new,
    }


def _unlooked(it: "Public", seen_by: "Veil") -> dict[str, Any]:
    """What was not come to: its host had not answered for another page, or the command was stopped."""
    return {
        "id": it.id,
        "post": it.post,
        "channel": it.channel,
        "address": None if seen_by.hides(it.post) else it.address or None,
        "state": None,
        "status": None,
        "difference": say(
            "没有看：这个网站刚才没有回答，或中途停了", "not looked at: its host did not answer, or it was stopped"
        ),
        "new": False,
    }


def _print_looked(opened: "Desk", looked: "Looked", seen_by: "Veil") -> None:
    it, judged = looked.it, looked.judged
    hidden = seen_by.hides(it.post)
    words = say("：{words}", ": {words}", words=judged.words) if judged.words and not hidden else ""
    line: str = say(
        "{sign} #{id} {post}《{title}》 {channel} {state}{words}",
        "{sign} #{id} {post} “{title}” {channel} {state}{words}",
        sign=_sign(judged.state.value),
        id=it.id,
        post=it.post,
        title=seen_by.title(it.post, it.title),
        channel=it.channel,
        state=judged.state.label,
        words=words,
    )
    click.echo(line)
    if it.address and not hidden:
        click.echo(f"    {it.address}")
    if judged.state.value == "unseen":
        text = say(
            "    请人工看过，截图存证：xuanfa proof add {id} 图片",
            "    Look yourself, and hand in a picture: xuanfa proof add {id} PICTURE",
            id=it.id,
        )
        click.echo(text)
    elif judged.state.is_wrong:
        text = say(
            "    请打开核对。要改用 xuanfa correct {post}，要撤用 xuanfa withdraw {post} --why 原因；没有问题用 xuanfa proof accept {id} --why 原因",
            "    Open it. To mend it: xuanfa correct {post}; to take it down: xuanfa withdraw {post} --why REASON; if it is all right: "
            "xuanfa proof accept {id} --why REASON",
            post=it.post,
            id=it.id,
        )
        click.echo(text)


def _sign(state: str) -> str:
    return {"same": "✓", "unseen": "·"}.get(state, "✗")


def _print_left(left: Sequence["Public"]) -> None:
    """What was not looked at is named too: it is neither right nor wrong."""
    for it in left:
        line: str = say(
            "✗ #{id} {post} {channel} 没有去看：同一网站刚才没有答复，或中途停下了",
            "✗ #{id} {post} {channel} was not looked at: its host did not answer just now, or it was stopped",
            id=it.id,
            post=it.post,
            channel=it.channel,
        )
        click.echo(line)


def _print_sum(rows: Sequence[dict[str, Any]], asked: int, left: int) -> None:
    if not asked:
        click.echo(say("没有已公开的投递。", "Nothing is out."))
        return
    same = sum(row["state"] == "same" for row in rows)
    unseen = sum(row["state"] == "unseen" for row in rows)
    text = say(
        "共 {n} 条：{same} 条与发出的一致，{wrong} 条不一致或打不开，{left} 条没有去看，{unseen} 条程序取不到。",
        "{n} in all: {same} as they were sent, {wrong} not so or not reached, {left} not looked at, {unseen} that cannot be fetched.",
        n=asked,
        same=same,
        wrong=asked - same - unseen - left,
        left=left,
        unseen=unseen,
    )
    click.echo(text)


def _why_none(opened: "Desk", it: "Public") -> str:
    from xuanfa.operations.proving.look import unfetched_words  # noqa: PLC0415 - heavy, and not needed for --help

    return unfetched_words(opened, it) or say("还没有去看过公开页", "its page has not been looked at yet")


def _print_proof(found: "ProofReport", zone: "tzinfo", note: str) -> None:
    it = found.it
    text = say(
        "《{title}》 {post} #{id} {channel}",
        "“{title}” {post} #{id} {channel}",
        title=it.title,
        post=it.post,
        id=it.id,
        channel=it.channel,
    )
    click.echo(text)
    if it.address:
        click.echo(it.address)
    if not found.proofs:
        text = say(
            "没有存证：{why}。取不到的请截图，用 xuanfa proof add {id} 图片 交上来。",
            "Nothing is kept: {why}. Of what cannot be fetched, hand in a picture: xuanfa proof add {id} PICTURE.",
            why=note,
            id=it.id,
        )
        click.echo(text)
        return
    for proof in found.proofs:
        _print_one(found, proof, zone)
    if it.looked_at is not None:
        click.echo(say("最近一次看：{at}", "Last looked at: {at}", at=shown_time(it.looked_at, zone)))
    if found.lost:
        click.echo(found.lost)
    lines = found.text.splitlines()
    if lines:
        click.echo(say("页面文字：", "What the page said:"))
        for line in lines[:_LINES]:
            click.echo(f"  {line}")
        if len(lines) > _LINES:
            click.echo(
                say("  ……另有 {n} 行，全文用 --json 查看", "  … {n} more lines: see --json", n=len(lines) - _LINES)
            )


def _print_one(found: "ProofReport", proof: Any, zone: "tzinfo") -> None:
    at = shown_time(proof.at, zone)
    if proof.origin == "picture":
        text = say(
            "{at} 人工截图（{who}）：{file}",
            "{at} a picture by {who}: {file}",
            at=at,
            who=proof.actor,
            file=found.picture(proof),
        )
        click.echo(text)
        return
    status = f" {proof.status}" if proof.status else ""
    words = say("：{words}", ": {words}", words=proof.difference) if proof.difference else ""
    click.echo(f"{at}{status} {proof.state.label}{words}")
    if proof.sha256:
        click.echo(f"  sha256 {proof.sha256}")
    picture = found.picture(proof)
    shown = str(picture) if picture else proof.note
    click.echo(say("  截图：{shown}", "  picture: {shown}", shown=shown or "-"))


command.add_command(links_command)
command.add_command(allow_command)
