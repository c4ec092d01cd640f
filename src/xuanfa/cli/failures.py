"""How a command that did not come off says so: a sentence for people, one JSON object for programs; the exit code is the same."""

import itertools
import logging
from collections.abc import Sequence
from typing import Any, Final

import click

from xuanfa.cli.wording import in_words, show_wrong_use
from xuanfa.domain.errors import (
    AlteredError,
    ConfigError,
    ContentError,
    StateError,
    StoreError,
    XuanfaError,
    machine_words,
)
from xuanfa.domain.language import is_for_machines, say

#: The exit codes: something needs a person, wrong use, stopped by Ctrl+C.
NEEDS_PERSON, WRONG_USE, INTERRUPTED = 1, 2, 130

_CODES: Final = (
    (ConfigError, "config"),
    (ContentError, "content"),
    (AlteredError, "altered"),
    (StateError, "state"),
    (StoreError, "store"),
)


def wants_json(args: Sequence[str]) -> bool:
    """Whether the command was asked to speak to a program, however wrongly it was called else."""
    before_end = args[: args.index("--")] if "--" in args else args
    named = itertools.pairwise(before_end)
    return "--json" in before_end or "--format=json" in before_end or ("--format", "json") in named


def tell_error(error: XuanfaError, *, as_json: bool) -> int:
    """What a person has to mend."""
    return _tell(code_of(error), str(error), NEEDS_PERSON, as_json=as_json)


def tell_wrong_use(error: click.UsageError, hint: str, *, as_json: bool) -> int:
    """How the command is used, and what is wrong; ``hint`` is added to it."""
    if as_json:
        return _tell("usage", in_words(error) + hint, WRONG_USE, as_json=True)
    show_wrong_use(error, hint)
    return WRONG_USE


def tell_abort(*, as_json: bool) -> int:
    """Ctrl+C, or the end of input where something was asked."""
    text = say("已中止。", "Aborted.")
    if as_json:
        return _tell("aborted", text, INTERRUPTED, as_json=True)
    click.echo(text, err=True)
    return INTERRUPTED


def tell_machine(error: OSError, *, as_json: bool) -> int:
    """The machine refused in the middle of something."""
    what = f"{error.filename} {machine_words(error)}" if error.filename else machine_words(error)
    text = say("{what}。请检查磁盘空间和权限。", "{what}. Check disk space and permissions.", what=what)
    return _tell("machine", text, NEEDS_PERSON, as_json=as_json)


def code_of(error: XuanfaError) -> str:
    """The sort of error, stable for programs."""
    return next((code for cls, code in _CODES if isinstance(error, cls)), "error")


def as_json_object(code: str, message: str, exit_code: int, **more: Any) -> dict[str, Any]:
    """The contract for programs."""
    return {"code": code, "message": message, "exit_code": exit_code} | more


def _tell(code: str, message: str, exit_code: int, *, as_json: bool) -> int:
    if as_json:
        from xuanfa.cli.shared import print_json  # noqa: PLC0415 - only for a mistake

        print_json(as_json_object(code, message, exit_code))
    else:
        _complain(say("错误：{text}", "Error: {text}", text=message))
    return exit_code


def _complain(text: str) -> None:
    """What ended a command; a line of the log where its lines are for machines."""
    if is_for_machines():
        from xuanfa.bootstrap import announce  # noqa: PLC0415 - heavy

        announce(text, logging.ERROR)
    else:
        click.echo(text, err=True)
