"""``xuanfa report``: what was published in a month, a quarter, a year or some days, as the files that offices circulate."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.completing import column_ids
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    Day,
    desk,
    group_of_workspace,
    json_option,
    known_column,
    looking,
    print_json,
    why_option,
    workspace_of_group_option,
)
from xuanfa.cli.veil import veil
from xuanfa.domain import term as terms
from xuanfa.domain.language import say
from xuanfa.domain.times import TimeProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from xuanfa.domain.term import Term
    from xuanfa.reports.paper import Asked
    from xuanfa.reports.writing import Done


command = group_of_workspace()


def _output(function: "Callable[..., None]") -> "Callable[..., None]":
    return click.option(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        type=click.Path(path_type=Path),
        help=say(
            "写到哪里：以 .xlsx、.docx、.csv、.html 或 .pdf 结尾；已有的文件不覆盖",
            "Where to: ends in .xlsx, .docx, .csv, .html or .pdf; no file is overwritten",
        ),
    )(function)


def _column(function: "Callable[..., None]") -> "Callable[..., None]":
    text = say("只看这个专栏（id 或名称）", "Only this column (id or title)")
    return click.option("--column", metavar="ID", shell_complete=column_ids, help=text)(function)


@command.command(help=say("月报", "The report of a month"))
@workspace_of_group_option
@json_option
@as_option
@_column
@_output
@click.argument("month", metavar="YYYY-MM")
def month(workspace: Path | None, as_json: bool, month: str, output: Path, column: str | None) -> None:
    _write(workspace, _named(terms.month_of, month), output, column, as_json=as_json)


@command.command(help=say("季报", "The report of a quarter"))
@workspace_of_group_option
@json_option
@as_option
@_column
@_output
@click.argument("quarter", metavar="YYYY-Qn")
def quarter(workspace: Path | None, as_json: bool, quarter: str, output: Path, column: str | None) -> None:
    _write(workspace, _named(terms.quarter_of, quarter), output, column, as_json=as_json)


@command.command(
    help=say("年报，含政府网站工作年度报表的各项", "The report of a year, with the annual table of government websites")
)
@workspace_of_group_option
@json_option
@as_option
@_column
@_output
@click.argument("year", metavar="YYYY")
def year(workspace: Path | None, as_json: bool, year: str, output: Path, column: str | None) -> None:
    _write(workspace, _named(terms.year_of, year), output, column, as_json=as_json)


@command.command("range", help=say("任意一段日子：起始日 截止日（都含）", "Any days, both included"))
@workspace_of_group_option
@json_option
@as_option
@_column
@_output
@click.argument("since", metavar="FROM", type=Day())
@click.argument("until", metavar="UNTIL", type=Day())
def range_(
    workspace: Path | None, *, as_json: bool, since: date, until: date, output: Path, column: str | None
) -> None:
    _write(workspace, _named(lambda _: terms.range_of(since, until), ""), output, column, as_json=as_json)


@command.command(help=say("自查表：每季度的自查，.docx 或 .pdf", "The self-check of a quarter, .docx or .pdf"))
@workspace_of_group_option
@json_option
@as_option
@click.option("--quarter", metavar="YYYY-Qn", help=say("哪个季度；缺省是本季度", "Which quarter; by default this one"))
@_output
def selfcheck(workspace: Path | None, as_json: bool, quarter: str | None, output: Path) -> None:
    from xuanfa.reports.house import House  # noqa: PLC0415
    from xuanfa.reports.writing import write_selfcheck  # noqa: PLC0415

    asked = None if quarter is None else _named(terms.quarter_of, quarter)
    with looking(workspace) as opened:
        house = House(desk=opened, now=opened.clock(), veil=veil(opened))
        here = house.today
        term = asked or terms.quarter_of(f"{here.year:04}-Q{(here.month + 2) // 3}")
        _require_begun(term, here)
        rows = write_selfcheck(house, term, output.absolute())
    if as_json:
        print_json({"file": str(output), "term": term.key, "rows": rows})
        return
    click.echo(
        say(
            "{term} 的自查表已写到 {file}，共 {rows} 项；写“请填写”的由人填写。",
            "The self-check of {term} is in {file}, {rows} rows; what is left open is for a person to fill in.",
            term=term.key,
            file=output,
            rows=rows,
        )
    )


@command.command(
    help=say(
        "封存一个过完的月份：当时的数字留底，此后的更正照实列出", "Seal a month that is over: what it counted is kept"
    )
)
@workspace_of_group_option
@json_option
@as_option
@why_option(required=False)
@click.argument("month", metavar="YYYY-MM")
def seal(workspace: Path | None, as_json: bool, month: str, why: str) -> None:
    from xuanfa.domain.sealed_month import SealMonth  # noqa: PLC0415
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    term = _named(terms.month_of, month)
    with desk(workspace) as opened:
        sealed = carry_out(opened, SealMonth(month=term.key), person(opened, why))
    if as_json:
        print_json(
            {
                "month": sealed.month,
                "items": sealed.items,
                "posts": sealed.posts,
                "sealed_at": sealed.sealed_at,
                "sealed_by": sealed.actor,
                "hash": sealed.hash,
            }
        )
        return
    click.echo(
        say(
            "{month} 已封存：{items} 条（去重稿件 {posts} 篇）。此后对它的更正，在统计和报表里照实列出。",
            "{month} is sealed: {items} items ({posts} distinct posts). What is corrected from now on shows as such in counts and reports.",
            month=sealed.month,
            items=sealed.items,
            posts=sealed.posts,
        )
    )


def _require_begun(term: "Term", today: date) -> None:
    try:
        terms.require_begun(term, today)
    except TimeProblem as problem:
        raise click.BadParameter(str(problem)) from problem


def _named(read: "Callable[[str], Term]", text: str) -> "Term":
    try:
        return read(text)
    except TimeProblem as problem:
        raise click.BadParameter(str(problem)) from problem


def _write(workspace: Path | None, term: "Term", output: Path, column: str | None, *, as_json: bool) -> None:
    from xuanfa.reports.house import House  # noqa: PLC0415
    from xuanfa.reports.paper import Asked  # noqa: PLC0415
    from xuanfa.reports.writing import write_report  # noqa: PLC0415

    with looking(workspace) as opened:
        house = House(desk=opened, now=opened.clock(), veil=veil(opened))
        _require_begun(term, house.today)
        known = None if column is None else known_column(opened, column)
        title = opened.columns[known].title if known is not None and known in opened.columns else known or ""
        asked = Asked(term=term, column=known, column_title=title)
        written = write_report(house, asked, output.absolute())
    _tell(asked, output, written, as_json=as_json)


def _tell(asked: "Asked", output: Path, written: "Done", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "file": str(output),
                "term": asked.term.key,
                "items": written.count.items,
                "posts": written.count.posts,
                "rows": written.rows,
                "listed": written.listed,
            }
        )
        return
    click.echo(
        say(
            "{term} 的报表已写到 {file}：发布 {items} 条（去重稿件 {posts} 篇），明细 {rows} 行。",
            "The report of {term} is in {file}: {items} items ({posts} distinct posts), {rows} rows.",
            term=asked.term.key,
            file=output,
            items=written.count.items,
            posts=written.count.posts,
            rows=written.rows,
        )
    )
    if written.listed < written.rows:
        click.echo(
            say(
                "文件里只列前 {n} 行，全部请写成 .xlsx 或 .csv。",
                "The file lists the first {n} rows; write .xlsx or .csv for all.",
                n=written.listed,
            )
        )
