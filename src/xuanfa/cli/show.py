"""``xuanfa show``: one post or one delivery, with everything that happened."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.decisions import as_number
from xuanfa.cli.shared import desk, json_option, print_json, shown_time, workspace_option
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import language, say

if TYPE_CHECKING:
    from xuanfa.reports.listing import AttemptFacts

#: The words of a history besides the states: actions, their outcomes, decisions. Programs get them as they are.
_WORDS = {
    "stage": "准备",
    "publish": "发布",
    "confirm": "查询",
    "retract": "撤稿",
    "staged": "备妥",
    "deferred": "改期",
    "unsent": "未发出",
    "absent": "查无",
    "lost": "中断",
    "rescheduled": "改期",
    "late_answer": "迟到的回音",
    "restored": "从备份恢复",
    "node_gone": "确认进程已结束",
    "second_proof": "第二份发布证据",
    "once": "确认只有一份",
}


@click.command()
@workspace_option
@json_option
@click.argument("what", metavar="POST|ID")
def command(workspace: Path | None, as_json: bool, what: str) -> None:
    from xuanfa.reports.listing import history, list_deliveries  # noqa: PLC0415

    with desk(workspace) as opened:
        number = as_number(what.removeprefix("#"))
        rows = [] if number is None else list_deliveries(opened.store, ids=[number])
        rows = rows or list_deliveries(opened.store, post=what)
        if not rows:
            text = say(
                "没有名为“{what}”的稿件，也没有这个编号的投递：用 xuanfa posts 或 xuanfa deliveries 查看。",
                "There is no post and no delivery {what!r}: see xuanfa posts and xuanfa deliveries.",
                what=what,
            )
            raise StateError(text)
        histories = {row.id: history(opened.store, row.id) for row in rows}
        zone = opened.zone
    if as_json:
        print_json(
            [
                row.as_json()
                | {"title": row.title}
                | ({"title_now": row.title_now} if row.title_now != row.title else {})
                | {"history": [line.as_json() for line in histories[row.id]]}
                for row in rows
            ]
        )
        return
    first = rows[0]
    title = say(
        "《{t}》 {post} · 第 {n} 版", "{t} ({post}, revision {n})", t=first.title, post=first.post, n=first.revision
    )
    click.echo(title)
    if first.title_now != first.title:
        click.echo(say("稿件现在的标题：《{t}》", "the post's title now: {t}", t=first.title_now))
    for row in rows:
        click.echo("")
        rehearsal = say("（演练）", " (rehearsal)") if row.rehearsal else ""
        line = say(
            "#{id} {channel}：{state}",
            "#{id} {channel}: {state}",
            id=row.id,
            channel=row.channel,
            state=row.state.label,
        )
        click.echo(f"{line}{rehearsal}  {row.address or row.reason}".rstrip())
        click.echo("  " + say("应发 {due}", "due {due}", due=shown_time(row.due_at, zone)))
        if row.account:
            click.echo("  " + say("账号 {account}", "account {account}", account=row.account))
        if row.published_at is not None and row.state in {State.PUBLISHED, State.RETRACTED}:
            click.echo("  " + say("发布 {at}", "published {at}", at=shown_time(row.published_at, zone)))
        for entry in histories[row.id]:
            line = f"  {entry.at.astimezone(zone):%m-%d %H:%M:%S} {_in_words(entry.what)}  {entry.who}  {entry.why}"
            click.echo(f"{line.rstrip()}{_counted(entry.attempt)}")


def _counted(attempt: "AttemptFacts | None") -> str:
    """How much of an attempt's request left this machine, unless its evidence says so already."""
    if attempt is None or attempt.bytes_total is None or attempt.outcome in {"unsent", "unknown"}:
        return ""
    sent, total = attempt.bytes_sent, attempt.bytes_total
    return say(
        "  （{sent:,}/{total:,} 字节离开本机）",
        "  ({sent:,} of {total:,} bytes left this machine)",
        sent=sent,
        total=total,
    )


def _in_words(what: str) -> str:
    """A line of history in the reader's language."""
    if language() == "en":
        return what
    words = _WORDS | {state.value: state.label for state in State}
    return re.sub(r"[a-z_]+", lambda match: words.get(match[0], match[0]), what).replace(": ", "：")
