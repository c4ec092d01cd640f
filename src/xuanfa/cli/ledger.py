"""``xuanfa ledger``: the list of everything that was published, from which every figure comes, and what comes into it from elsewhere."""

import io
import json
import sys
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeVar

import click

from xuanfa.cli.ledger_import import import_command, imports_command, undo_command
from xuanfa.cli.person import as_option
from xuanfa.cli.screen import obeyed
from xuanfa.cli.shared import (
    channel_option,
    json_option,
    known_channel_ever,
    known_column,
    looking,
    period_options,
    plain,
    require_order,
    workspace_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.counting import definition
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.shown import escaped

if TYPE_CHECKING:
    from xuanfa.domain.access import Veil
    from xuanfa.domain.figures import Figures
    from xuanfa.operations.desk import Desk
    from xuanfa.reports.ledger import Publication
    from xuanfa.reports.ledger_files import Wording, Written
    from xuanfa.reports.period import Period

T = TypeVar("T")
Form = Literal["table", "json", "csv", "xlsx"]
#: So many rows are laid out together: a table of a million has its widths anew from time to time.
_TOGETHER: Final = 2_000


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@period_options
@channel_option(say("只看这个渠道", "Only this channel"))
@click.option(
    "--department", metavar="NAME", help=say("只看这个部门（照稿头写的）", "Only this department, as it was typed")
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "xlsx"]),
    help=say("格式；写了 -o 的，缺省看文件名", "How; by default a table, or as the name of the file says"),
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=say("写到哪里；已有的文件不覆盖", "Where to; no file is overwritten"),
)
@as_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    workspace: Path | None,
    as_json: bool,
    since: date | None,
    until: date | None,
    column: str | None,
    channel: str | None,
    department: str | None,
    form: Form | None,
    output: Path | None,
) -> None:
    ctx.obj = workspace
    if ctx.invoked_subcommand is not None:
        return
    require_order(since, until)
    if as_json and form not in {None, "json"}:
        raise click.UsageError(say("--json 与 --format 只写一个。", "Use either --json or --format."))
    chosen = _form_of("json" if as_json else form, output)
    with looking(workspace) as opened:
        from xuanfa.reports.period import Period  # noqa: PLC0415

        seen_by = veil(opened)
        period = Period(
            zone=opened.zone,
            since=since,
            until=until,
            column=None if column is None else known_column(opened, column),
            channel=None if channel is None else known_channel_ever(opened, channel),
            department=department,
        )
        _Asked(opened, period, seen_by, output).answer(chosen)


command.add_command(import_command)
command.add_command(imports_command)
command.add_command(undo_command)


def _form_of(form: Form | None, output: Path | None) -> Form:
    """How it is to be written. Raises a usage error where the name of the file says otherwise, or there is none for a workbook."""
    ending = "" if output is None else output.suffix.lower().lstrip(".")
    known: dict[str, Form] = {"csv": "csv", "xlsx": "xlsx", "json": "json"}
    if output is not None and ending not in known:
        raise ConfigError(
            say(
                "文件名 {path} 要以 .xlsx、.csv 或 .json 结尾。",
                "The name {path} has to end in .xlsx, .csv or .json.",
                path=output,
            )
        )
    chosen: Form = form or (known[ending] if output is not None else "table")
    if output is not None and known[ending] != chosen:
        raise click.UsageError(
            say(
                "--format {form} 与文件名 {path} 不符。", "--format {form} and {path} differ.", form=chosen, path=output
            )
        )
    if chosen == "xlsx" and output is None:
        raise click.UsageError(say("xlsx 要写明文件：-o 台账.xlsx。", "A workbook needs a file: -o ledger.xlsx."))
    return chosen


class _Standard(io.RawIOBase, IO[bytes]):
    """Standard output for a file of text as bytes: UTF-8 whatever the terminal is set to, in which no control is left."""

    def __init__(self) -> None:
        self._stream = obeyed(sys.stdout)
        self._stream.flush()
        self._bytes: IO[bytes] | None = getattr(self._stream, "buffer", None)

    def write(self, data: Any) -> int:
        """All of it."""
        if self._bytes is None:
            return self._stream.write(bytes(data).decode())
        return self._bytes.write(data)

    def flush(self) -> None:
        """As far as the operating system."""
        (self._bytes or self._stream).flush()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for, and the answer in each form."""

    opened: "Desk"
    period: "Period"
    veil: "Veil"
    output: Path | None

    def answer(self, form: Form) -> None:
        """Write it where it belongs."""
        {"table": self._table, "json": self._json, "csv": self._csv, "xlsx": self._workbook}[form]()

    def _rows(self) -> "Generator[Publication]":
        from xuanfa.reports.ledger_files import in_parts  # noqa: PLC0415

        return in_parts(self.opened.store, self.period, self.veil)

    def _figures(self) -> "Figures":
        from xuanfa.reports.figures import figures  # noqa: PLC0415

        return figures(self.opened.store, self.period)

    def _wording(self) -> "Wording":
        from xuanfa.reports.ledger_files import Wording  # noqa: PLC0415
        from xuanfa.reports.people import names_of  # noqa: PLC0415

        return Wording(zone=self.opened.zone, kinds=self.opened.reviews.names, people=names_of(self.opened.store))

    def _put(self, write: Callable[[IO[bytes]], T]) -> T:
        """Have it written to the file, whole or not at all, or to standard output."""
        from xuanfa.operations.papers.form import put_by, refuse_existing  # noqa: PLC0415

        if self.output is None:
            standard = _Standard()
            found = write(standard)
            standard.flush()
            return found
        refuse_existing(self.output)
        answers: list[T] = []
        put_by(self.output.absolute(), lambda file: answers.append(write(file)))
        return answers[0]

    def _json(self) -> None:
        from xuanfa.reports.ledger import publications  # noqa: PLC0415

        def write(file: IO[bytes]) -> int:
            number = 0
            with closing(publications(self.opened.store, self.period, self.veil)) as rows:
                for number, row in enumerate(rows, 1):
                    text = escaped(json.dumps(row.as_json(), ensure_ascii=False, default=plain))
                    file.write(f"{'[' if number == 1 else ','}\n  {text}".encode())
            file.write(b"\n]\n" if number else b"[]\n")
            return number

        number = self._put(write)
        if self.output is not None:
            click.echo(say("已写到 {file}：{n} 行。", "Written to {file}: {n} rows.", file=self.output, n=number))

    def _csv(self) -> None:
        from xuanfa.reports.ledger_files import write_csv  # noqa: PLC0415

        with closing(self._rows()) as rows:
            written = self._put(lambda file: write_csv(file, rows, self._wording()))
        self._tell(written)

    def _workbook(self) -> None:
        from xuanfa.reports.ledger_files import notes_of, write_workbook  # noqa: PLC0415

        now = self.opened.clock()
        notes = notes_of(self.opened.organisation.name, self.period, self._figures(), now)
        with closing(self._rows()) as rows:
            written = self._put(lambda file: write_workbook(file, rows, self._wording(), notes=notes, made_at=now))
        self._tell(written)

    def _tell(self, written: "Written") -> None:
        """What was written and what was left out; beside the rows, where these are on standard output."""
        text = say(
            "计入 {n} 行；导入 {k} 行；另列 {m} 行（已撤回、更正说明）",
            "{n} rows that count; {k} imported; {m} apart (withdrawn, or notices of corrections)",
            n=written.counted,
            k=written.imported,
            m=written.apart,
        )
        if self.output is not None:
            text = say("已写到 {file}：", "Written to {file}: ", file=self.output) + text
        if written.rehearsed:
            text += say("；演练 {n} 条没有写入", "; {n} rehearsals are left out", n=written.rehearsed)
        click.echo(text + say("。", "."), err=self.output is None)

    def _table(self) -> None:
        from xuanfa.reports.ledger import Which  # noqa: PLC0415

        apart = {
            Which.IMPORTED: say("导入的，不计入：", "Imported, and not counted:"),
            Which.APART: say("另列，不计入：", "Apart, and not counted:"),
        }
        with closing(self._rows()) as rows:
            told = Counter[Which]()
            while some := list(islice(rows, _TOGETHER)):
                for which, part in groupby(some, key=lambda row: row.which):
                    if which in apart and not told[which]:
                        click.echo(f"\n{apart[which]}")
                    shown = list(part)
                    self._show(shown)
                    told[which] += len(shown)
        if not told:
            click.echo(say("没有发布过。", "Nothing was published."))
        click.echo("")
        for label, figure, _ in self._figures().in_words():
            click.echo(say("{label}：{figure}", "{label}: {figure}", label=label, figure=figure))
        click.echo(say("口径：", "Definition: ") + definition())

    def _show(self, rows: "list[Publication]") -> None:
        head = (
            say("编号", "ID"),
            say("发布时间", "Published"),
            say("标题", "Title"),
            say("专栏", "Column"),
            say("渠道", "Channel"),
            say("部门", "Department"),
            say("状态", "State"),
            say("迟（分）", "Late (min)"),
            say("批准人", "Approved by"),
            say("地址", "Address"),
        )
        zone = self.opened.zone
        cells = [
            (
                str(row.id),
                f"{row.published_at.astimezone(zone):%Y-%m-%d %H:%M}",
                row.title,
                row.column_title or "-",
                row.channel_title,
                row.department or "-",
                _state(row),
                "-" if row.minutes is None else str(row.minutes),
                row.approved_by or "-",
                row.address or "-",
            )
            for row in rows
        ]
        print_table(head, cells, soft=(2, 3), last=True)


def _state(row: "Publication") -> str:
    if row.rehearsal:
        return say("演练", "rehearsed")
    if row.retracted_at is not None:
        return say("已撤回", "retracted")
    if row.notice:
        return say("更正说明", "notice of a correction")
    if row.origin != "own":
        return say("导入", "imported")
    return say("已更正", "corrected") if row.corrected_at is not None else say("已发布", "published")
