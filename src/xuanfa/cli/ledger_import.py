"""``xuanfa ledger import``, ``ledger imports`` and ``ledger undo``: publications of before come into the ledger, and out of it again."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from xuanfa.cli.completing import column_ids
from xuanfa.cli.failures import NEEDS_PERSON
from xuanfa.cli.mapping import map_option
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    Day,
    channel_option,
    desk,
    json_option,
    looking,
    print_json,
    require_order,
    shown_time,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

if TYPE_CHECKING:
    from xuanfa.domain.imported import Import, Past
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.importing.sifting import Sifted

F = TypeVar("F", bound=Callable[..., Any])
#: So many rows of a dry run are shown; the rest is counted, and all are told to programs.
_SHOWN: Final = 200


def _naming_options(function: F) -> F:
    """What a person says of a source besides."""
    old = say(
        "以前的渠道，设置里没有了：id=名称，可重复", "A channel of before that the settings lack: ID=TITLE, repeatable"
    )
    function = click.option("--old-channel", "old_channels", multiple=True, metavar="ID=TITLE", help=old)(function)
    old = say(
        "以前的专栏，设置里没有了：id=名称，可重复", "A column of before that the settings lack: ID=TITLE, repeatable"
    )
    function = click.option("--old-column", "old_columns", multiple=True, metavar="ID=TITLE", help=old)(function)
    text = say("没有写栏目的，都算这个专栏（id 或名称）", "The column of what names none (id or title)")
    function = click.option("--column", metavar="ID", default="", shell_complete=column_ids, help=text)(function)
    text = say("没有写渠道的，都算这个渠道（id 或名称）", "The channel of what names none (id or title)")
    return channel_option(text)(function)


def _source_options(function: F) -> F:
    """Where publications come from, where that is no file, and how much of it."""
    options = (
        click.option("--wordpress", metavar="ADDRESS", help=say("从这个 WordPress 网站读", "From this WordPress site")),
        click.option(
            "--feed",
            metavar="ADDRESS",
            help=say("从这个 RSS、Atom 或站点地图读", "From this RSS or Atom feed, or sitemap"),
        ),
        click.option(
            "--wechat",
            metavar="CHANNEL",
            help=say("从这个公众号渠道的发布列表读", "From the list of what this WeChat channel has published"),
        ),
        click.option("--since", type=Day(), help=say("从这一天起（含）", "From this day on (included)")),
        click.option("--until", type=Day(), help=say("到这一天止（含）", "Up to this day (included)")),
        click.option(
            "--most",
            type=click.IntRange(1, 200_000),
            help=say(
                "最多多少条，超过就不导入（缺省：表格 200000，网站 20000）",
                "How many at most; more is not imported (default: 200000 of a spreadsheet, 20000 of a site)",
            ),
        ),
        click.option(
            "--allow-private",
            is_flag=True,
            help=say("网址在本单位内网，允许打开", "The address is one of your own network and may be opened"),
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command(
    "import",
    help=say(
        "把以前的发布记录导入台账：表格，或网站、公众号自己的列表",
        "Import publications of before into the ledger: from a spreadsheet, a site or an account",
    ),
)
@workspace_of_group_option
@json_option
@click.argument("file", type=click.Path(path_type=Path), required=False)
@_source_options
@map_option("文章=标题，日子=发布日期")
@_naming_options
@click.option("--dry-run", is_flag=True, help=say("只看会导入什么，不写入", "Only show what would come"))
@as_option
@why_option(required=False)
def import_command(
    *,
    workspace: Path | None,
    as_json: bool,
    file: Path | None,
    dry_run: bool,
    why: str,
    **asked: Any,
) -> None:
    sources = {name: asked[name] for name in ("wordpress", "feed", "wechat") if asked[name]}
    if (file is not None) + len(sources) != 1:
        raise click.UsageError(
            say(
                "请写一个来源：表格文件，或 --wordpress、--feed、--wechat 中的一个。",
                "Name one source: a spreadsheet, or one of --wordpress, --feed and --wechat.",
            )
        )
    require_order(asked["since"], asked["until"])
    with looking(workspace) if dry_run and "wechat" not in sources else desk(workspace) as opened:
        sifted = _sifted(opened, file, sources, asked)
        if dry_run:
            _show_dry_run(opened, sifted, as_json=as_json)
            return
        sifted.bad.require_none()
        made = _carried_out(opened, sifted, why)
    _show_import(sifted, made, as_json=as_json)


def _sifted(opened: "Desk", file: Path | None, sources: Mapping[str, str], asked: Mapping[str, Any]) -> "Sifted":
    from xuanfa.operations.importing.lists import Choices, sift_list  # noqa: PLC0415

    choices = Choices(
        renamed=asked["renamed"],
        channel=asked["channel"] or sources.get("wechat", ""),
        column=asked["column"],
        old_channels=asked["old_channels"],
        old_columns=asked["old_columns"],
    )
    if file is not None:
        return sift_list(opened, file, choices, days=(asked["since"], asked["until"]), most=asked["most"])
    from xuanfa.bootstrap.visiting import visitor  # noqa: PLC0415
    from xuanfa.operations.importing.found import MOST, Span  # noqa: PLC0415
    from xuanfa.operations.importing.patience import Patient  # noqa: PLC0415
    from xuanfa.operations.importing.sources import sift_source  # noqa: PLC0415

    way_on = say("；确是本单位的，加 --allow-private", "; if it is your own, add --allow-private")
    visit = visitor(opened.folder, allow_private=asked["allow_private"], way_on=way_on)
    patient = Patient(visit, time.sleep, _tell)
    span = Span(since=asked["since"], until=asked["until"], most=asked["most"] or MOST)
    ((kind, source),) = sources.items()
    return sift_source(opened, kind, source, patient=patient, choices=choices, span=span)


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _carried_out(opened: "Desk", sifted: "Sifted", why: str) -> "Import | None":
    """What was entered; ``None`` where there was nothing new."""
    from xuanfa.domain.act_lists import ImportLedger  # noqa: PLC0415
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    if not sifted.rows:
        return None
    act = ImportLedger(origin=sifted.origin, digest=sifted.digest, rows=sifted.rows)
    return carry_out(opened, act, person(opened, why))


def _show_dry_run(opened: "Desk", sifted: "Sifted", *, as_json: bool) -> None:
    bad = sifted.bad
    if as_json:
        print_json(
            _facts(sifted)
            | {"dry_run": True, "id": None, "wrong": bad.lines, "wrong_count": bad.count}
            | {"entries": [_entry(past) for past in sifted.rows]}
        )
    else:
        _print_rows(opened, sifted)
        _print_notes(sifted)
        for line in bad.lines:
            click.echo(line, err=True)
        if bad.count > len(bad.lines):
            more = say("另有 {more} 处没有列出。", "{more} more are not listed.", more=bad.count - len(bad.lines))
            click.echo(more, err=True)
        click.echo(_sum_of_dry_run(sifted))
    if bad.count:
        raise click.exceptions.Exit(NEEDS_PERSON)


def _sum_of_dry_run(sifted: "Sifted") -> str:
    text = say(
        "试导入：会新增 {new} 条，已有或重复 {repeated} 条，没有写入。",
        "Dry run: {new} entries would come, {repeated} are there already or twice; nothing was written.",
        new=len(sifted.rows),
        repeated=sifted.repeated,
    )
    if sifted.bad.count:
        text += say(
            "有 {count} 处不对，改好之前什么都不会导入。",
            " {count} things are wrong; nothing is imported before they are mended.",
            count=sifted.bad.count,
        )
    return text


def _print_rows(opened: "Desk", sifted: "Sifted") -> None:
    head = (
        say("位置", "place"),
        say("发布时间", "published"),
        say("渠道", "channel"),
        say("栏目", "column"),
        say("标题", "title"),
        say("网址", "address"),
    )
    rows = [
        (
            past.place or "-",
            shown_time(past.published_at, opened.zone),
            past.channel_title or past.channel,
            past.column_title or past.column or "-",
            past.title,
            past.address or "-",
        )
        for past in sifted.rows[:_SHOWN]
    ]
    if rows:
        print_table(head, rows, soft=(4,), last=True)
    if len(sifted.rows) > _SHOWN:
        click.echo(
            say(
                "另有 {more} 条没有列出；--json 列出全部。",
                "{more} more are not listed; --json lists all.",
                more=len(sifted.rows) - _SHOWN,
            )
        )


def _print_notes(sifted: "Sifted") -> None:
    from xuanfa.operations.importing.sifting import bounded  # noqa: PLC0415

    for note in bounded(sifted.notes):
        click.echo(say("提示 {text}", "Note {text}", text=note), err=True)
    if sifted.without_address:
        click.echo(
            say(
                "提示 {count} 条没有网址：按渠道、日期和标题认，以后也无法用网址证明。",
                "Note {count} have no address: they are known by channel, day and title, and no page can prove them.",
                count=sifted.without_address,
            ),
            err=True,
        )


def _show_import(sifted: "Sifted", made: "Import | None", *, as_json: bool) -> None:
    if as_json:
        facts = _facts(sifted) | {"dry_run": False, "id": made.id if made else None}
        print_json(facts | {"new": made.entries if made else 0})
        return
    _print_notes(sifted)
    if made is None:
        click.echo(
            say(
                "没有新的条目，台账没有变（已有或重复 {repeated} 条）。",
                "Nothing new; the ledger stays as it is ({repeated} are there already or twice).",
                repeated=sifted.repeated,
            )
        )
        return
    click.echo(
        say(
            "已导入 {new} 条（导入 {id}，来源 {origin}），已有或重复 {repeated} 条。统计时与本系统发布的分列；"
            "要整批撤销：{undo}。",
            "Imported {new} entries (import {id}, origin {origin}); {repeated} were there already or twice. They are counted apart from what this "
            "program published. To take them back as a whole: {undo}.",
            new=made.entries,
            id=made.id,
            origin=made.origin,
            repeated=sifted.repeated,
            undo=Remedy("undo_import", made.id),
        )
    )


def _facts(sifted: "Sifted") -> dict[str, Any]:
    return {
        "origin": sifted.origin,
        "new": len(sifted.rows),
        "repeated": sifted.repeated,
        "without_address": sifted.without_address,
        "notes": [str(note) for note in sifted.notes],
    }


def _entry(past: "Past") -> dict[str, Any]:
    names = ("place", "title", "address", "published_at", "column", "column_title", "channel", "channel_title")
    return {name: getattr(past, name) for name in (*names, "department", "author")}


@click.command("imports", help=say("列出导入过的批次", "List what was imported, and when"))
@workspace_of_group_option
@json_option
def imports_command(workspace: Path | None, as_json: bool) -> None:
    from xuanfa.reports.imported import imports_made  # noqa: PLC0415

    with looking(workspace) as opened:
        found, zone = imports_made(opened.store), opened.zone
    if as_json:
        names = ("id", "origin", "digest", "entries", "imported_at", "actor", "undone_at", "undone_by")
        print_json([{name: getattr(each, name) for name in names} for each in found])
        return
    if not found:
        click.echo(say("没有导入过。", "Nothing was imported."))
        return
    head = (
        say("编号", "id"),
        say("来源", "origin"),
        say("条数", "entries"),
        say("时间", "at"),
        say("谁", "by"),
        say("撤销", "undone"),
    )
    rows = [
        (
            str(each.id),
            each.origin,
            str(each.entries),
            shown_time(each.imported_at, zone),
            each.actor,
            f"{shown_time(each.undone_at, zone)} {each.undone_by}" if each.undone_at else "-",
        )
        for each in found
    ]
    print_table(head, rows, soft=(1,))


@click.command("undo", help=say("撤销一次导入（整批）", "Take an import back, as a whole"))
@workspace_of_group_option
@json_option
@click.argument("number", type=click.IntRange(1, 2**31 - 1), metavar="ID")
@as_option
@why_option(required=False)
def undo_command(*, workspace: Path | None, as_json: bool, number: int, why: str) -> None:
    from xuanfa.domain.act_lists import UndoImport  # noqa: PLC0415
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    with desk(workspace) as opened:
        undone = carry_out(opened, UndoImport(number=number), person(opened, why))
    if as_json:
        print_json({"id": undone.id, "origin": undone.origin, "entries": undone.entries, "undone_at": undone.undone_at})
        return
    click.echo(
        say(
            "已撤销导入 {id}（{origin}，{count} 条）：不再计入台账，记录仍保留。别的导入里与它重复而没有登记的行，需要时请再导入那个文件。",
            "The import {id} ({origin}, {count} entries) is undone: it counts no more, and stays on record. Rows that other imports left out because "
            "they stood here come when those files are imported again.",
            id=undone.id,
            origin=undone.origin,
            count=undone.entries,
        )
    )
