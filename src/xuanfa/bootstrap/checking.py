"""The rules of a workspace, ready, without its database: a text is checked before there is one."""

import os
from pathlib import Path

from xuanfa.checks.rules.engine import Engine
from xuanfa.operations.checking.lists import ListStore
from xuanfa.operations.checking.workspace import engine_of
from xuanfa.settings import SETTINGS_FILE, find_workspace, load
from xuanfa.store.marks import state_folder


def workspace_or_none(start: Path | None) -> Path | None:
    """The workspace where one is named or one is here; a passage may be checked anywhere. Raises ConfigError for one that is named and is none."""
    if start is not None:
        return find_workspace(start)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / SETTINGS_FILE).is_file()), None)


def rules_of(folder: Path | None) -> Engine:
    """The engine for that workspace. Raises ConfigError and ContentError for what is wrong in it."""
    if folder is None:
        return engine_of(None, lists=None)
    settings = load(folder, looking=True)
    return engine_of(folder, lists=lists_of(folder), own_lines=settings.check.own_lines, name=settings.office.name)


def lists_of(folder: Path) -> ListStore:
    """Where the lists of a workspace are."""
    settings = load(folder, looking=True)
    state = state_folder(os.environ)
    return ListStore(
        folder=settings.var_folder / "lists",
        key_file=None if state is None else state / "lists.key",
        key=settings.check.list_key.get_secret_value() if settings.check.list_key else "",
    )
