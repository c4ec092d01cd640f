"""What several commands share: their options, opening the workspace, and how things are shown."""

import gc
import getpass
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import east_asian_width

import click

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.decide import Person
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


@contextmanager
def desk(workspace: Path | None, *, verbose: bool = False) -> Iterator["Desk"]:
    """The desk of the workspace, with logging set up so that no secret gets out."""
    from xuanfa.bootstrap import find_workspace, open_desk  # noqa: PLC0415 - heavy, and not needed for --help

    with open_desk(find_workspace(workspace), verbose=verbose) as opened:
        # What imports have made lives as long as the process: it is not looked at again (see ``cli.__main__``).
        gc.freeze()
        gc.enable()
        yield opened


def person(why: str) -> "Person":
    """Who decides: the account that runs the command, or ``XUANFA_USER``."""
    from xuanfa.operations.decide import Person  # noqa: PLC0415

    return Person(name=os.environ.get("XUANFA_USER") or getpass.getuser(), why=why)


def known_channel(desk: "Desk", channel: str) -> str:
    """The id of a channel, as it was typed. Raises ConfigError where there is none."""
    if channel not in desk.channels:
        raise ConfigError(
            say(
                "没有渠道 {channel}：有 {all}。",
                "There is no channel {channel}: there are {all}.",
                channel=channel,
                all=say("、", ", ").join(desk.channels),
            )
        )
    return channel


def print_json(value: Any) -> None:
    """A value for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def shown_time(moment: datetime | None, zone: tzinfo) -> str:
    """A time for people: local, to the minute, with the offset."""
    from xuanfa.domain.times import in_words  # noqa: PLC0415

    return "-" if moment is None else in_words(moment, zone)


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def shorten(text: str, columns: int) -> str:
    """At most so many columns, with an ellipsis where something is left out."""
    if width(text) <= columns:
        return text
    kept = ""
    for letter in text:
        if width(kept + letter) > columns - 1:
            break
        kept += letter
    return kept + "…"


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows in columns that line up, whatever the script."""
    widths = [max(width(row[at]) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, *rows):
        cells = [cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row)]
        click.echo("  ".join(cells).rstrip())


def typed_time(text: str, zone: tzinfo) -> datetime:
    """A time that a person typed, in the workspace's zone where it has no offset. Raises a usage error."""
    from xuanfa.domain.times import TimeProblem, parse_time  # noqa: PLC0415

    try:
        return parse_time(text, zone)
    except TimeProblem as error:
        raise click.BadParameter(str(error)) from error
