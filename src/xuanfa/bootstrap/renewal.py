"""Settings that change while a process runs: it looks at their files now and then, and goes by the new ones once they are still and in order.

What is under way ends as it was begun: whoever begins something asks for the desk as it is now (``Desk.newest``). The database stays the one that
was opened; another address needs a restart, and that is told.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from threading import Lock
from typing import Final

from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.names import note_names
from xuanfa.settings import SETTINGS_FILE, Settings
from xuanfa.settings.layers import ENV_FILE

log = logging.getLogger(__name__)

#: So often at most the files are looked at. Seconds.
_EVERY: Final = 1.0
#: What of a desk does not come from the settings: who and where we are, the database, and what whoever made the desk has put in its place.
_STAYS: Final = frozenset(
    {
        *("folder", "store", "clock", "node", "process", "fate", "marks", "printed", "lacks_secrets", "samples", "may", "knows_user"),
        *("emit", "chance", "configured", "renewal", "tells_all"),
    }
)  # fmt: skip

Signature = tuple[tuple[int, int, int] | None, ...]


class WorkspaceRenewal:
    """Implements ``Renewal``. ``load`` reads and checks the settings, ``make`` makes of them a desk on the database of another one; both raise
    XuanfaError for what cannot be used."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        load: Callable[[], Settings],
        make: Callable[[Settings, Desk], Desk],
        even: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files = (folder / SETTINGS_FILE, folder / ENV_FILE)
        self._load, self._make, self._even = load, make, even
        self._settings = settings
        self._taken = self._seen = self._look()
        self._looked_at = even()
        self._newest: Desk | None = None
        self._guard = Lock()
        self.trouble = ""

    def __call__(self, desk: Desk, *, at_once: bool = False) -> Desk:
        """As ``Renewal`` has it."""
        with self._guard:
            now = self._even()
            if at_once or now - self._looked_at >= _EVERY:
                self._looked_at = now
                self._look_again(desk, at_once=at_once)
            return self._newest or desk

    def _look_again(self, desk: Desk, *, at_once: bool) -> None:
        found = self._look()
        is_still, self._seen = found == self._seen, found
        if found == self._taken or not (is_still or at_once):
            return
        self._taken = found
        try:
            self.trouble = self._take(desk)
        except XuanfaError as error:
            self.trouble = say(
                "设置文件改过，但现在这样用不了，程序还按原来的设置运行：{why}",
                "The settings were changed and cannot be used as they are; the program goes on by those of before: {why}",
                why=error,
            )
            log.error("%s", self.trouble)  # noqa: TRY400 - the message says what to do; a trace would bury it

    def _take(self, desk: Desk) -> str:
        """Go by what the files say; why that cannot be, empty where it is so."""
        settings = self._load()
        if settings == self._settings:
            return ""
        if settings.database_url != self._settings.database_url:
            trouble = say(
                "database_url 改了，重启程序以后才用新的设置。",
                "database_url is another one: the new settings count after a restart.",
            )
            log.error("%s", trouble)
            return trouble
        made = self._make(settings, desk)
        known = self._newest or desk
        self._newest = replace(
            known, **{each.name: getattr(made, each.name) for each in fields(made) if each.name not in _STAYS}
        )
        self._settings = settings
        note_names(self._newest)
        log.info(
            "%s",
            say("设置已更新，从现在起按新的设置运行。", "The settings have changed; the new ones count from now on."),
        )
        return ""

    def _look(self) -> Signature:
        return tuple(map(_signature, self._files))


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - a second of every process: no object for it
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
