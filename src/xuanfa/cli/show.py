"""``xuanfa show``: one post or one delivery, with everything that happened."""

from pathlib import Path

import click

from xuanfa.cli.shared import desk, json_option, print_json, shown_time, workspace_option
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@click.argument("what", metavar="POST|ID")
def command(workspace: Path | None, as_json: bool, what: str) -> None:
    from xuanfa.reports.listing import history, list_deliveries  # noqa: PLC0415

    with desk(workspace) as opened:
        rows = list_deliveries(opened.store, ids=[int(what)]) if what.isdigit() else []
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
                | {
                    "history": [
                        {"at": line.at, "what": line.what, "who": line.who, "why": line.why}
                        for line in histories[row.id]
                    ]
                }
                for row in rows
            ]
        )
        return
    click.echo(f"《{rows[0].title}》 {rows[0].post} · {say('第 {n} 版', 'revision {n}', n=rows[0].revision)}")
    for row in rows:
        click.echo("")
        rehearsal = say("（演练）", " (rehearsal)") if row.rehearsal else ""
        click.echo(f"#{row.id} {row.channel}：{row.state.label}{rehearsal}　{row.address or row.reason}")
        click.echo("  " + say("应发 {due}", "due {due}", due=shown_time(row.due_at, zone)))
        if row.published_at is not None and row.state in {State.PUBLISHED, State.RETRACTED}:
            click.echo("  " + say("发布 {at}", "published {at}", at=shown_time(row.published_at, zone)))
        for line in histories[row.id]:
            why = f"　{line.why}" if line.why else ""
            click.echo(f"  {line.at.astimezone(zone):%m-%d %H:%M:%S} {line.what}　{line.who}{why}")
