"""What several commands share: their options, opening the workspace, and how things are shown."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xuanfa.cli.completing import channel_ids, column_ids
from xuanfa.cli.person import seal_what_was_decided
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.named import both, id_of
from xuanfa.domain.times import TimeProblem, require_year

if TYPE_CHECKING:
    from xuanfa.domain.finding import Finding
    from xuanfa.operations.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])


def workspace_option(function: F) -> F:
    """``--workspace/-w``."""
    return click.option(
        "-w",
        "--workspace",
        type=click.Path(path_type=Path),
        envvar="XUANFA_WORKSPACE",
        help=say("工作区文件夹（缺省：当前文件夹向上找）", "The workspace (default: the current folder, upwards)"),
    )(function)


def group_of_workspace() -> click.Group:
    """A command that only has others below it, and may be told the workspace before them."""

    @click.group()
    @workspace_option
    @click.pass_context
    def command(ctx: click.Context, workspace: Path | None) -> None:
        ctx.obj = workspace

    return command


def workspace_of_group_option(function: F) -> F:
    """``--workspace/-w`` of a command whose group has it too: given there, or here, or as the variable says."""

    def chosen(ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
        found: Path | None = value or ctx.obj
        return found

    text = say("工作区文件夹；也可写在前一级命令后面", "The workspace; may be named after the outer command as well")
    option = click.option("-w", "--workspace", type=click.Path(path_type=Path), callback=chosen, help=text)
    return option(function)


def json_option(function: F) -> F:
    """``--json``."""
    return click.option(
        "--json", "as_json", is_flag=True, help=say("输出 JSON，供程序读取", "Print JSON for programs")
    )(function)


def why_option(*, required: bool) -> Callable[[F], F]:
    """``--why``: the reason that is kept with a decision."""
    text = say("原因，记入历史", "The reason, kept in the history")
    # An explicit default, even None, would count as an answer to a required option.
    return click.option("--why", required=True, help=text) if required else click.option("--why", default="", help=text)


def channel_option(text: str, *, multiple: bool = False) -> Callable[[F], F]:
    """``--channel ID``, which the shell can complete."""
    name = "channels" if multiple else "channel"
    return click.option("--channel", name, metavar="ID", multiple=multiple, shell_complete=channel_ids, help=text)


def channel_argument(function: F) -> F:
    """The channel that a command is about."""
    return click.argument("channel", shell_complete=channel_ids)(function)


def findings_json(findings: Iterable["Finding"]) -> list[dict[str, str]]:
    """Findings for programs."""
    return [{"code": each.code, "severity": each.severity.value, "message": each.message} for each in findings]


class Day(click.ParamType[date]):
    """A date: 2026-11-23, 2026/11/23 or 2026年11月23日."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """From what was typed."""
        if isinstance(value, date):
            return value
        text = value.strip().replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
        try:
            day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
            require_year(day.year, value)
        except TimeProblem as problem:
            self.fail(str(problem), param, ctx)
        except ValueError:
            hint = say("“{v}”不是日期，请写成 2026-11-23。", "{v!r} is not a date; write 2026-11-23.", v=value)
            self.fail(hint, param, ctx)
        return day


def period_options(function: F) -> F:
    """``--since``, ``--until`` and ``--column``."""
    column = say("只看这个专栏（id）", "Only this column (id)")
    function = click.option("--column", metavar="ID", shell_complete=column_ids, help=column)(function)
    until = say("到这一天止（含），按发布时间", "Up to this day (included), by time of publication")
    function = click.option("--until", type=Day(), help=until)(function)
    since = say("从这一天起（含），按发布时间", "From this day on (included), by time of publication")
    return click.option("--since", type=Day(), help=since)(function)


def require_order(since: date | None, until: date | None) -> None:
    """Raise a usage error for a period that ends before it begins."""
    if since and until and since > until:
        raise click.BadParameter(say("--since 晚于 --until。", "--since is after --until."))


@contextmanager
def desk(workspace: Path | None, *, verbose: bool = False, aside: bool = False) -> Iterator["Desk"]:
    """The desk of the workspace, with logging set up so that no secret gets out. ``aside``: the command reads ``posts/``, in a process of
    its own."""
    from xuanfa.bootstrap import find_workspace, open_desk  # noqa: PLC0415 - heavy, and not needed for --help

    with open_desk(find_workspace(workspace), verbose=verbose, aside=aside) as opened:
        # What imports have made lives as long as the process: it is not looked at again (see ``cli.__main__``).
        gc.freeze()
        gc.enable()
        try:
            yield opened
        finally:
            seal_what_was_decided(opened)


@contextmanager
def looking(workspace: Path | None, *, aside: bool = False) -> Iterator["Desk"]:
    """The same for a command that only looks: accounts of the workspace's group may use it, who may write neither database nor ``var``."""
    from xuanfa.bootstrap import desk_for_looking, find_workspace  # noqa: PLC0415

    with desk_for_looking(find_workspace(workspace), aside=aside) as opened:
        gc.freeze()
        gc.enable()
        try:
            yield opened
        finally:
            if not opened.store.read_only:
                seal_what_was_decided(opened)


def known_channel_ever(desk: "Desk", channel: str) -> str:
    """As ``Desk.known_channel``, and one that the settings no longer have, where anything was queued for it."""
    from xuanfa.reports.listing import channels_ever  # noqa: PLC0415

    if channel in desk.channels:
        return channel  # every delivery there ever was is looked through only for one that the settings have lost
    return channel if channel in channels_ever(desk.store) else desk.known_channel(channel)


def known_column(desk: "Desk", column: str) -> str:
    """The id of a column, as it was typed or by its title. Raises ConfigError where neither the settings nor the ledger know it."""
    from xuanfa.reports.listing import columns_ever  # noqa: PLC0415

    titles = {known.id: known.title for known in desk.columns.values()}
    if column in titles:
        return column
    named = id_of(column, dict.fromkeys(columns_ever(desk.store), "") | titles)
    if named is None:
        raise ConfigError(
            say(
                "没有专栏 {column}：有 {all}。",
                "There is no column {column}: there are {all}.",
                column=column,
                all=both(titles),
            )
        )
    return named


def print_json(value: Any) -> None:
    """A value for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def plain(value: Any) -> Any:
    """What JSON has no form for, for programs: times in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def shown_time(moment: datetime | None, zone: tzinfo) -> str:
    """A time for people: local, to the minute, with the offset."""
    from xuanfa.domain.times import in_words  # noqa: PLC0415

    return "-" if moment is None else in_words(moment, zone)


def typed_time(text: str, opened: "Desk") -> datetime:
    """A time that a person typed, in the workspace's zone where it has no offset; words for now, and for a day near this one, too. Raises a
    usage error."""
    from xuanfa.domain.times import TimeProblem, parse_typed  # noqa: PLC0415

    try:
        return parse_typed(text, opened.zone, opened.clock())
    except TimeProblem as error:
        raise click.BadParameter(str(error)) from error
