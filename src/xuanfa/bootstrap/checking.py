"""The rules of a workspace, ready, without its database: a text is checked before there is one."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.verdict import Verdict
from xuanfa.settings import SETTINGS_FILE, Settings, find_workspace, load
from xuanfa.store.marks import state_folder

if TYPE_CHECKING:
    from xuanfa.adapters.protocol import Traits
    from xuanfa.checks.rules.engine import Engine
    from xuanfa.domain.checking import Found
    from xuanfa.operations.checking.lists import ListStore


def workspace_or_none(start: Path | None) -> Path | None:
    """The workspace where one is named or one is here; a passage may be checked anywhere. Raises ConfigError for one that is named and is none."""
    if start is not None:
        return find_workspace(start)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / SETTINGS_FILE).is_file()), None)


def rules_of(folder: Path | None) -> "Engine":
    """The engine for that workspace. Raises ConfigError and ContentError for what is wrong in it."""
    from xuanfa.operations.checking.workspace import engine_of  # noqa: PLC0415 - reads all tables

    _prepare()
    return engine_of(None, lists=None) if folder is None else _engine(load(folder, looking=True))


def lists_of(folder: Path) -> "ListStore":
    """Where the lists of a workspace are."""
    return _lists(load(folder, looking=True))


def _engine(settings: Settings) -> "Engine":
    from xuanfa.operations.checking.workspace import engine_of  # noqa: PLC0415 - as above

    _prepare()
    return engine_of(
        settings.folder,
        lists=_lists(settings),
        own_lines=settings.check.own_lines,
        foreign_hosts=settings.check.foreign_hosts,
        name=settings.office.name,
    )


def _prepare() -> None:
    """Take what an earlier process has prepared for these rules."""
    from xuanfa.bootstrap.prepared import prepare  # noqa: PLC0415 - as above

    prepare(_shipped())


def _lists(settings: Settings) -> "ListStore":
    from xuanfa.operations.checking.lists import ListStore  # noqa: PLC0415 - as above

    state = state_folder(os.environ)
    return ListStore(
        folder=settings.var_folder / "lists",
        key_file=None if state is None else state / "lists.key",
        key=settings.check.list_key.get_secret_value() if settings.check.list_key else "",
    )


class WorkspaceRules:
    """Implements ``operations.press.Rules``: read when a text is first judged, and anew when a file of theirs has changed."""

    def __init__(self, settings: Settings, today: Callable[[], date], media: MediaStore) -> None:
        self._settings = settings
        self._media = media
        self._today = today
        self._read: tuple[str, Engine] | None = None

    def stamp(self) -> str:
        """As ``Rules`` has it: the program's tables and programs, the files of the workspace, and what the settings say of the office."""
        digest = hashlib.sha256(_shipped())
        told = self._settings.check
        digest.update(repr((told.own_lines, told.foreign_hosts, self._settings.office.name)).encode())
        for path in _files_of(self._settings):
            content = path.read_bytes()
            digest.update(f"\n{path.name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def judge(self, renditions: Mapping[str, Rendition], source: str, when: date | None) -> dict[str, Verdict]:
        """As ``Rules`` has it."""
        from xuanfa.operations.checking.judging import judge  # noqa: PLC0415 - as above

        stamp, engine = self._engine()
        return judge(engine, renditions, source, when=when or self._today(), stamp=stamp, media=self._media)

    def found(self, text: str, when: date | None, *, part: str = "body", is_post: bool = False) -> "list[Found]":
        """As ``Rules`` has it."""
        from xuanfa.operations.checking.posts import check_text  # noqa: PLC0415 - as above

        return check_text(self._engine()[1], text, when=when or self._today(), part=part, is_post=is_post)

    def _engine(self) -> "tuple[str, Engine]":
        stamp, read = self.stamp(), self._read
        if read is None or read[0] != stamp:
            self._read = read = stamp, _engine(self._settings)
        return read


def _files_of(settings: Settings) -> Iterator[Path]:
    """What a workspace adds to the rules."""
    for folder, pattern in ((settings.folder / "rules", "*.toml"), (settings.var_folder / "lists", "*.list")):
        yield from sorted(path for path in folder.glob(pattern) if path.is_file())


@cache
def _shipped() -> bytes:
    """A digest of the rules that come with the program, their tables and what reads them."""
    digest = hashlib.sha256()
    package = files("xuanfa.checks.rules")
    for folder in (package, package / "data"):
        for entry in sorted(folder.iterdir(), key=lambda each: each.name):
            if entry.is_file() and entry.name.endswith((".py", ".toml", ".txt")):
                digest.update(entry.name.encode() + entry.read_bytes())
    return digest.digest()


def traits_named(folder: Path | None, name: str) -> "Traits | None":
    """What is true of a channel that is named by its id in the workspace, or by its kind; ``None`` for neither."""
    from xuanfa.adapters.registry import adapter_class, kinds  # noqa: PLC0415 - heavy

    kind = str(load(folder, looking=True).channels.get(name, {}).get("kind", name)) if folder is not None else name
    return adapter_class(kind).traits if kind in kinds() else None
