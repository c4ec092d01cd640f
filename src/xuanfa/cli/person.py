"""Who decides: a user of the workspace, by ``--as`` with a password or by a token, or the machine's account where there are no users."""

import getpass
import os
import platform
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.shown import printable

if TYPE_CHECKING:
    from xuanfa.domain.person import Person
    from xuanfa.operations.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])
#: As long a name as the history keeps. Characters.
_PERSON_MAX: Final = 100
#: The same of where they are. Characters.
_PLACE_MAX: Final = 200
#: Under which a command's context keeps who is to decide, and that somebody was asked for.
_AS, _ASKED = "xuanfa.as", "xuanfa.person"
#: The same for who that was found to be.
_KNOWN: Final = "xuanfa.known"


def as_option(function: F) -> F:
    """``--as``: in whose name the command decides. ``person`` reads it."""

    def keep(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.meta[_AS] = value

    text = say(
        "以哪个用户的名义（登录名；另问密码，或用 XUANFA_PASSWORD_FILE、XUANFA_TOKEN）",
        "In whose name: a login name; the password is asked for, or see XUANFA_PASSWORD_FILE and XUANFA_TOKEN",
    )
    return click.option("--as", "as_name", metavar="NAME", expose_value=False, callback=keep, help=text)(function)


def person(opened: "Desk", why: str) -> "Person":
    """Who decides. Raises StateError for whoever cannot show that it is them, ConfigError for what they were to show it by, or for a name of
    the machine's account that the history cannot keep."""
    click.get_current_context().meta[_ASKED] = True
    return _known(opened, why)


def reader(opened: "Desk") -> "Person | None":
    """Who looks, where somebody has said so; ``None`` for the machine's account, which is nobody. Raises as ``person`` does."""
    has_token = bool(os.environ.get("XUANFA_TOKEN", "").strip())
    return _known(opened, "") if has_token or is_asked_for() else None


def _known(opened: "Desk", why: str) -> "Person":
    """The person, asked for once by each command."""
    meta = click.get_current_context().meta
    if _KNOWN not in meta:
        meta[_KNOWN] = _find_out(opened, meta, why)
    found: Person = replace(meta[_KNOWN], why=why)
    return found


def _find_out(opened: "Desk", meta: dict[str, Any], why: str) -> "Person":
    name, token = meta.get(_AS), os.environ.get("XUANFA_TOKEN", "").strip()
    if token:
        from xuanfa.bootstrap import keep_out_of_logs  # noqa: PLC0415 - heavy, and not needed for --help
        from xuanfa.operations.people.known import known_by_token  # noqa: PLC0415

        keep_out_of_logs(token)
        return known_by_token(opened, token, name, why=why, place=place_here())
    if name is None:
        return _account(why)
    return _by_password(opened, name, why)


def is_asked_for() -> bool:
    """Whether ``--as`` was given."""
    return click.get_current_context().meta.get(_AS) is not None


def machine_account(why: str) -> "Person":
    """The machine's account, for what is done where no database is yet. Raises ConfigError as ``person`` does."""
    return _account(why)


def seal_what_was_decided(opened: "Desk") -> None:
    """Where somebody was to decide, put what came of it under the seal at once: a line that is changed from now on is found."""
    ctx = click.get_current_context(silent=True)
    if ctx is None or not ctx.meta.pop(_ASKED, False):
        return
    from xuanfa.operations.keeping.seal import seal_now  # noqa: PLC0415

    seal_now(opened)


def _by_password(opened: "Desk", name: str, why: str) -> "Person":
    from xuanfa.bootstrap import keep_out_of_logs  # noqa: PLC0415
    from xuanfa.operations.people.known import known_by_password  # noqa: PLC0415

    password = _password(name)
    keep_out_of_logs(password)
    return known_by_password(opened, name, password, why=why, place=place_here())


def _password(name: str) -> str:
    """From the file that the variable names, a terminal that does not show it, or a line of standard input."""
    file = os.environ.get("XUANFA_PASSWORD_FILE")
    if file:
        return _from_file(Path(file))
    if sys.stdin.isatty():
        asked = say("{name} 的密码", "Password of {name}", name=printable(name))
        return str(click.prompt(asked, hide_input=True, err=True))
    return line_of_input(say("密码", "the password"))


def line_of_input(what: str) -> str:
    """The next line of standard input, which is no terminal. Raises ConfigError where there is none."""
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise ConfigError(
            say(
                "这里没有终端可以问{what}：请把它作为一行写到标准输入；自己的密码也可以放在文件里，用 XUANFA_PASSWORD_FILE 指明，或用 XUANFA_TOKEN。",
                "There is no terminal to ask for {what} at: give it as a line of standard input; one's own password may also stand in the file that "
                "XUANFA_PASSWORD_FILE names, or use XUANFA_TOKEN.",
                what=what,
            )
        )
    return line


def _from_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            mode, line = os.fstat(file.fileno()).st_mode, file.readline().rstrip("\r\n")
    except OSError as error:
        raise ConfigError(
            say(
                "读不了 XUANFA_PASSWORD_FILE 指的文件 {path}：{why}。",
                "Cannot read the file {path} that XUANFA_PASSWORD_FILE names: {why}.",
                path=path,
                why=machine_words(error),
            )
        ) from error
    if not line:
        raise ConfigError(
            say(
                "XUANFA_PASSWORD_FILE 指的文件 {path} 第一行是空的：请把密码写在第一行。",
                "The first line of {path}, which XUANFA_PASSWORD_FILE names, is empty: write the password there.",
                path=path,
            )
        )
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        warning = say(
            "提示：{path} 里有密码，别的账户也能读。请执行 chmod 600 {path}",
            "Note: {path} holds a password and other accounts can read it. Run chmod 600 {path}",
            path=path,
        )
        click.echo(warning, err=True)
    return line


def _account(why: str) -> "Person":
    """The account that runs the command, or ``XUANFA_USER``."""
    from xuanfa.domain.person import Person  # noqa: PLC0415

    name = os.environ.get("XUANFA_USER") or getpass.getuser()
    if len(name) > _PERSON_MAX or printable(name) != name:
        raise ConfigError(
            say(
                "操作人的名字（XUANFA_USER）不能用：最多 {most} 个字，不能有控制字符。请改短。",
                "The name of who decides (XUANFA_USER) cannot be used: {most} characters at most, no control characters. Shorten it.",
                most=_PERSON_MAX,
            )
        )
    return Person(name=name, why=why, place=place_here())


def place_here() -> str:
    """The account and the machine, as far as the history keeps them: ``XUANFA_USER`` may name anybody."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in a container
        account = f"uid {os.getuid()}"
    return printable(f"{account}@{platform.node()}")[:_PLACE_MAX]
