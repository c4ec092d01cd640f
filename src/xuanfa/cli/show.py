"""``xuanfa show``: one post or one delivery, with everything that happened."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.decisions import as_number
from xuanfa.cli.shared import json_option, looking, print_json, shown_time, workspace_option
from xuanfa.cli.veil import opening_options, veil
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.readers import figures_in_words, origin_in_words
from xuanfa.domain.remedy import Remedy
from xuanfa.reports.history_words import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from xuanfa.domain.reader_marks import MarkRow
    from xuanfa.domain.readers import Snapshot
    from xuanfa.reports.listing import AttemptFacts, DeliveryRow, HistoryRow


class Read(NamedTuple):
    """What is known of readers, by delivery."""

    snapshots: "Mapping[int, list[Snapshot]]"
    marks: "Mapping[int, list[MarkRow]]"


@click.command()
@workspace_option
@json_option
@opening_options
@click.argument("what", metavar="POST|ID", shell_complete=slugs)
def command(workspace: Path | None, as_json: bool, what: str, why: str) -> None:
    from xuanfa.operations.restricting.rule import require_may_read  # noqa: PLC0415
    from xuanfa.reports.listing import history, list_deliveries  # noqa: PLC0415
    from xuanfa.reports.readers import marks_of, snapshots_of  # noqa: PLC0415

    with looking(workspace) as opened:
        number = as_number(what.removeprefix("#"))
        rows = [] if number is None else list_deliveries(opened.store, ids=[number])
        rows = rows or list_deliveries(opened.store, post=what)
        if not rows and number is None:
            opened.known_post(what)
        if not rows:
            text = say(
                "没有名为“{what}”的稿件，也没有这个编号的投递：用 xuanfa posts 或 xuanfa deliveries 查看。",
                "There is no post and no delivery {what!r}: see xuanfa posts and xuanfa deliveries.",
                what=what,
            )
            raise StateError(text)
        slug = rows[0].post
        seen_by = veil(opened, slug, why)
        require_may_read(seen_by, slug)
        rows = list_deliveries(opened.store, ids=[row.id for row in rows], veil=seen_by)
        histories = {row.id: history(opened.store, row.id) for row in rows}
        read = snapshots_of(opened.store, [row.id for row in rows])
        marks = marks_of(opened.store, [row.id for row in rows])
        zone = opened.zone
    if as_json:
        print_json(
            [
                row.as_json()
                | ({"title_now": row.title_now} if row.title_now != row.title else {})
                | {"readers": [each.as_json() for each in read[row.id]]}
                | {"reader_marks": [each.as_json() for each in marks[row.id]]}
                | {"history": [line.as_json() for line in histories[row.id]]}
                for row in rows
            ]
        )
        return
    _print(rows, histories, Read(read, marks), zone)


def _print(
    rows: "list[DeliveryRow]",
    histories: "Mapping[int, list[HistoryRow]]",
    read: Read,
    zone: "tzinfo",
) -> None:
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
        line: str = say(
            "#{id} {channel}：{state}",
            "#{id} {channel}: {state}",
            id=row.id,
            channel=row.channel,
            state=row.state.label,
        )
        click.echo(f"{line}{rehearsal}  {row.address or row.reason}".rstrip())
        if row.emergency:
            said = say("先发后审：{who}", "before its review, by {who}", who=row.approved_by or "-")
            click.echo(f"  {said}  {shown_time(row.approved_at, zone)}")
        click.echo("  " + _due(row, zone))
        if row.account:
            click.echo("  " + say("账号 {account}", "account {account}", account=row.account))
        if row.published_at is not None and row.state in {State.PUBLISHED, State.RETRACTED}:
            click.echo("  " + say("发布 {at}", "published {at}", at=shown_time(row.published_at, zone)))
        _print_readers(row, read, zone)
        for entry in histories[row.id]:
            drill = say("（演练）", " (rehearsal)") if entry.attempt is not None and entry.attempt.rehearsal else ""
            line = (
                f"  {entry.at.astimezone(zone):%m-%d %H:%M:%S} {in_words(entry.what)}{drill}  {entry.who}  {entry.why}"
            )
            click.echo(f"{line.rstrip()}{_counted(entry.attempt)}")


def _print_readers(row: "DeliveryRow", found: Read, zone: "tzinfo") -> None:
    """The newest of readers' figures of what is out, or was, and which are yet to come; all are told by ``xuanfa readers show``."""
    from xuanfa.cli.readers import open_marks  # noqa: PLC0415 - sentences that only show where something is out

    read = found.snapshots[row.id]
    if read:
        newest = read[-1]
        line: str = say(
            "阅读数据（{at}，{origin}）：{figures}",
            "readers ({at}, {origin}): {figures}",
            at=shown_time(newest.figures.at, zone),
            origin=origin_in_words(newest.origin),
            figures=figures_in_words(newest.figures),
        )
        click.echo("  " + line)
    elif row.state is State.PUBLISHED and not row.rehearsal:
        click.echo("  " + say("阅读数据尚无", "no figures of readers yet"))
    for line in open_marks(found.marks[row.id], zone):
        click.echo("  " + line)


def _due(row: "DeliveryRow", zone: "tzinfo") -> str:
    """When it is to go out; of what lies on the shelf, that a person says so."""
    if row.has_no_time:
        return say(
            "保底稿，没有发布时间，由人放行：{step}",
            "on the shelf, without a time: {step}",
            step=Remedy("release_shelf", row.post),
        )
    return say("应发 {due}", "due {due}", due=shown_time(row.due_at, zone))


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
