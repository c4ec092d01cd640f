"""``xuanfa readers``: what was read, liked and forwarded, as people enter it; each entry with its origin and time."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from xuanfa.cli.decisions import Number
from xuanfa.cli.failures import NEEDS_PERSON
from xuanfa.cli.mapping import map_option
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    desk,
    group_of_workspace,
    json_option,
    looking,
    print_json,
    shown_time,
    typed_time,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import opening_options, veil
from xuanfa.domain.act_public import ImportReaders, SetReaders
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.readers import LABELS, NAMES, Figures, figures_in_words, origin_in_words, shown
from xuanfa.domain.remedy import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from xuanfa.domain.reader_marks import MarkRow
    from xuanfa.domain.readers import Snapshot
    from xuanfa.operations.readers.lists import ReadersList
    from xuanfa.reports.readers import ReadersRow

#: So many deliveries stand in the table unless more are asked for, and so many repeated rows are told one by one.
_SHOWN, _TOLD = 50, 20
#: What databases take for a bound. Rows.
_MOST: Final = 10_000_000


command = group_of_workspace()


@command.command("set", help=say("登记一条投递的阅读数据", "Enter figures of a delivery"))
@click.argument("delivery", type=Number(), metavar="ID")
@click.option("--reads", metavar="N", type=int, help=say("阅读量", "reads"))
@click.option("--likes", metavar="N", type=int, help=say("点赞", "likes"))
@click.option("--forwards", metavar="N", type=int, help=say("转发、分享", "forwards"))
@click.option("--comments", metavar="N", type=int, help=say("评论", "comments"))
@click.option("--followers", metavar="N", type=int, help=say("账号的粉丝数", "followers of the account"))
@click.option("--at", metavar="TIME", required=True, help=say("什么时候的数", "when they stood so"))
@workspace_of_group_option
@json_option
@as_option
def set_command(*, workspace: Path | None, as_json: bool, delivery: int, at: str, **values: int | None) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        figures = Figures(delivery=delivery, at=typed_time(at, opened), **values)
        added = carry_out(opened, SetReaders(delivery=delivery, figures=figures), person(opened, ""))
        when = shown_time(figures.at, opened.zone)
    if as_json:
        facts = {"id": delivery, "at": figures.at, **{name: getattr(figures, name) for name in NAMES}}
        print_json(facts | {"new": bool(added)})
        return
    words = figures_in_words(figures)
    if added:
        text = say(
            "已登记投递 {id} 的阅读数据（{at}）：{figures}。",
            "The figures of delivery {id} ({at}) are entered: {figures}.",
            id=delivery,
            at=when,
            figures=words,
        )
    else:
        text = say(
            "投递 {id} 的这些数（{at}）已经登记过，没有再记：{figures}。",
            "These figures of delivery {id} ({at}) are there already, and were not entered again: {figures}.",
            id=delivery,
            at=when,
            figures=words,
        )
    click.echo(text)


@command.command(
    "show", help=say("查看阅读数据：一条投递的，或全部最新的", "Show the figures of a delivery, or of all")
)
@click.argument("delivery", type=Number(), metavar="[ID]", required=False)
@click.option(
    "--last",
    metavar="N",
    type=click.IntRange(1, _MOST),
    help=say("只列最近发布的 N 条（表格缺省 50）", "only the N that came out last (50 in a table)"),
)
@workspace_of_group_option
@json_option
@opening_options
def show_command(*, workspace: Path | None, as_json: bool, delivery: int | None, last: int | None, why: str) -> None:
    from xuanfa.operations.restricting.rule import require_may_read  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.reports.readers import marks_of, newest_of_all, readers_of  # noqa: PLC0415

    with looking(workspace) as opened:
        zone = opened.zone
        if delivery is None:
            most = last if last or as_json else _SHOWN + 1
            rows = newest_of_all(opened.store, veil(opened), most)
            if as_json:
                print_json([row.as_json() for row in rows])
            else:
                _print_all(rows, last or _SHOWN, zone)
            return
        found = readers_of(opened.store, delivery)
        if found is None:
            raise StateError(
                say(
                    "投递 {id} 没有正式发布过，没有阅读数据：见 {show}。",
                    "Delivery {id} was never out for real, and has no readers: see {show}.",
                    id=delivery,
                    show=Remedy("show", delivery),
                )
            )
        require_may_read(veil(opened, found[0].post, why), found[0].post)
        marks = marks_of(opened.store, [delivery])[delivery]
    if as_json:
        of = {each.id: [mark.as_json() for mark in marks if mark.figure == each.id] for each in found[1]}
        print_json([{"id": delivery} | each.as_json() | {"marks": of[each.id]} for each in found[1]])
        return
    _print_one(delivery, found[1], marks, zone)


def _labels() -> list[str]:
    return [say(*LABELS[name]) for name in NAMES]


def _print_all(rows: "Sequence[ReadersRow]", most: int, zone: "tzinfo") -> None:
    if not rows:
        click.echo(say("还没有正式发布的投递。", "Nothing is out yet."))
        return
    head = (say("编号", "id"), say("渠道", "channel"), say("标题", "title"), *_labels(), say("统计时间", "at"))
    lines = [
        (
            str(row.id),
            row.channel,
            row.title,
            *(shown(getattr(row.snapshot.figures, name) if row.snapshot else None) for name in NAMES),
            shown_time(row.snapshot.figures.at, zone) if row.snapshot else "-",
        )
        for row in rows[:most]
    ]
    print_table(head, lines, soft=(2,))
    if len(rows) > most:
        click.echo(
            say(
                "只列了最近发布的 {n} 条；要看更多，加 --last，或用 --json。",
                "Only the {n} that came out last are listed; see --last and --json for more.",
                n=most,
            )
        )


def _print_one(delivery: int, found: "Sequence[Snapshot]", marks: "Sequence[MarkRow]", zone: "tzinfo") -> None:
    if found:
        head = (
            say("统计时间", "at"),
            *_labels(),
            say("时点", "mark"),
            say("来源", "from"),
            say("登记时间", "entered"),
            say("谁", "by"),
        )
        lines = [
            (
                shown_time(each.figures.at, zone),
                *(shown(getattr(each.figures, name)) for name in NAMES),
                say("、", ", ").join(mark.in_words() for mark in marks if mark.figure == each.id) or "-",
                origin_in_words(each.origin),
                shown_time(each.entered_at, zone),
                each.actor,
            )
            for each in found
        ]
        print_table(head, lines, soft=(6, 7))
    else:
        click.echo(say("投递 {id} 的阅读数据尚无。", "There are no figures of delivery {id} yet.", id=delivery))
    for line in open_marks(marks, zone):
        click.echo(line)


def open_marks(marks: "Sequence[MarkRow]", zone: "tzinfo") -> "Iterator[str]":
    """A sentence for each mark that has no figures: yet, or ever."""
    for each in marks:
        if each.figure is not None:
            continue
        if each.is_missed:
            yield say("{mark}的数没有取到：{why}。", "No figures at {mark}: {why}.", mark=each.mark.label, why=each.why)
        else:
            why = say("：{why}", ": {why}", why=each.why) if each.why else ""
            yield say(
                "{mark}的数在 {at} 以后取{why}。",
                "Figures at {mark} are asked for from {at} on{why}.",
                mark=each.mark.label,
                at=shown_time(each.next_at or each.due_at, zone),
                why=why,
            )


@command.command("ask", help=say("现在就向平台取到时的阅读数据", "Ask the platforms now for what is due"))
@workspace_of_group_option
@json_option
@click.pass_context
def ask_command(ctx: click.Context, *, workspace: Path | None, as_json: bool) -> None:
    from xuanfa.operations.readers.asking import take_figures, telling  # noqa: PLC0415 - heavy, and not needed for --help

    with desk(workspace) as opened:
        known = sorted(telling(opened))
        taken = take_figures(opened)
    if as_json:
        print_json({"channels": known, "taken": taken.figures, "missed": taken.missed, "troubles": taken.troubles})
    elif not known:
        click.echo(
            say(
                "没有渠道能从平台取阅读数据：请用 xuanfa readers set 登记，或用 xuanfa readers import 导入。",
                "No channel's platform tells readers’ figures: enter them with xuanfa readers set or import.",
            )
        )
    else:
        for name, why in taken.troubles.items():
            click.echo(
                say("渠道 {name} 取不到：{why}", "the channel {name} tells none: {why}", name=name, why=why), err=True
            )
        click.echo(
            say(
                "取到 {n} 条快照，{missed} 个时点没有取到。",
                "{n} snapshots were taken; {missed} marks were missed.",
                n=taken.figures,
                missed=taken.missed,
            )
        )
    ctx.exit(NEEDS_PERSON if taken.troubles else 0)


@command.command("import", help=say("从表格导入阅读数据", "Bring in figures from a spreadsheet"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=say("只看会导入什么，不写入", "Only show what would come"))
@map_option("看过=阅读，序号=编号")
@workspace_of_group_option
@json_option
@as_option
def import_command(
    *, workspace: Path | None, as_json: bool, file: Path, dry_run: bool, renamed: tuple[str, ...]
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.operations.readers.lists import read_list  # noqa: PLC0415

    with looking(workspace) if dry_run else desk(workspace) as opened:
        read = read_list(opened, file, renamed)
        new = len(read.rows)
        if not dry_run:
            read.bad.require_none()
            if read.rows:
                new = carry_out(opened, ImportReaders(origin=read.origin, rows=read.rows), person(opened, ""))
    if as_json:
        print_json(_as_json(read, new, dry_run=dry_run))
    else:
        _tell(read, new, dry_run=dry_run)
    if read.bad.count:
        raise click.exceptions.Exit(NEEDS_PERSON)


def _as_json(read: "ReadersList", new: int, *, dry_run: bool) -> dict[str, Any]:
    entries = [
        {"id": each.delivery, "at": each.at, **{name: getattr(each, name) for name in NAMES}} for each in read.rows
    ]
    return {
        "origin": read.origin,
        "dry_run": dry_run,
        "new": new,
        "repeated": len(read.repeated),
        "notes": [*read.repeated, *read.notes],
        "wrong": read.bad.lines,
        "wrong_count": read.bad.count,
        "entries": entries,
    }


def _tell(read: "ReadersList", new: int, *, dry_run: bool) -> None:
    for line in read.bad.lines:
        click.echo(line, err=True)
    if read.bad.count > len(read.bad.lines):
        more = read.bad.count - len(read.bad.lines)
        click.echo(say("另有 {more} 处没有列出。", "{more} more are not listed.", more=more), err=True)
    for text in [*read.repeated[:_TOLD], *read.notes]:
        click.echo(say("提示 {text}", "Note {text}", text=text), err=True)
    if len(read.repeated) > _TOLD:
        more = len(read.repeated) - _TOLD
        click.echo(
            say("另有 {more} 行也已有或重复。", "{more} more rows are there already or twice.", more=more), err=True
        )
    facts = {"new": new, "repeated": len(read.repeated), "count": read.bad.count}
    if not dry_run:
        text = say(
            "已导入 {new} 行阅读数据，已有或重复 {repeated} 行。",
            "Brought in {new} rows of figures; {repeated} were there already or twice.",
            **facts,
        )
    elif read.bad.count:
        text = say(
            "试导入，没有写入：有 {count} 处不对，改好之前什么都不会导入。",
            "Dry run; nothing was written: {count} things are wrong, and nothing is imported before they are mended.",
            **facts,
        )
    else:
        text = say(
            "试导入，没有写入：会新增 {new} 行，已有或重复 {repeated} 行。",
            "Dry run; nothing was written: {new} rows would come, {repeated} are there already or twice.",
            **facts,
        )
    click.echo(text)
