"""Marks on the disk: one file beside ``xuanfa.toml`` and one in the state folder of the account, to which lines are added.

Nothing here ever stops a publication: a place that cannot be read or written is remembered as a trouble, for whoever asks.
"""

import errno
import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xuanfa.domain.mark import Mark

#: The file beside the settings.
BESIDE = "xuanfa.marks"
_SUFFIX = ".marks"
#: How many of the newest lines are looked at, and in how many bytes at the end of a file they are looked for.
_RECENT, _TAIL = 20, 131_072
#: How often lines are seen safe on the disk while many are written. Seconds. A killed process loses none; a machine that loses its power
#: loses those since then, but its database does not lose what they say.
_SYNC = 1.0


def state_folder(environ: Mapping[str, str]) -> Path | None:
    """Where an account keeps what a program has to remember (XDG Base Directory Specification 0.8); ``None`` without a home."""
    named = environ.get("XDG_STATE_HOME", "")
    if Path(named).is_absolute():
        return Path(named) / "xuanfa"
    home = environ.get("HOME", "")
    return Path(home) / ".local" / "state" / "xuanfa" if Path(home).is_absolute() else None


def is_mark(source: str) -> bool:
    """Whether what remembers something is a file of marks, and no channel."""
    return source.endswith(_SUFFIX)


class Marks:
    """The marks of one workspace as one process sees them; without a folder there are none, and nothing is kept.

    ``workspace`` and ``database`` are whose marks are read and written; ``named`` says that the workspace's name is known from beside
    the settings, and not only by its folder.
    """

    def __init__(self, folder: Path | None = None, state: Path | None = None) -> None:
        self.folder = "" if folder is None else os.path.realpath(folder)
        self.beside = None if folder is None else Path(self.folder) / BESIDE
        self.state = None if folder is None else state
        self.use("", "", named=False)
        #: The key for hashes of the database that was opened last: one that is made in its place under a process that stays gets it too.
        self.salt = ""
        #: The number of the newest line of history that is noted, as far as this process knows.
        self.far = 0
        #: When it was last looked whether the database knows what they say, by the clock of ``time.monotonic``.
        self.seen_at = float("-inf")
        #: Whether the channels have been asked what they remember.
        self.asked = False
        #: Whether it was said that no place takes any.
        self.complained = False
        #: What is wrong with a place, by its path.
        self.troubles: dict[Path, OSError] = {}
        self._synced_at = time.monotonic()
        self._unsynced = False

    def use(self, workspace: str, database: str, *, named: bool) -> None:
        """Whose they are from now on."""
        self.workspace, self.database, self.named = workspace, database, named
        name = f"{workspace}-{database}{_SUFFIX}"
        #: Where lines are written now.
        self.places = [place for place in (self.beside, self.state and self.state / name) if place is not None]

    def name_for(self, salt: str) -> str:
        """What the workspace is called where nothing beside its settings says so: by its folder, so that each account that opens the
        database there, and each machine that has the workspace in the same place, calls it the same."""
        return hashlib.sha256(f"{salt}\n{self.folder}".encode()).hexdigest()[:32]

    def mark(self, at: datetime) -> Mark:
        """A mark that says nothing yet."""
        return Mark(workspace=self.workspace, database=self.database, folder=self.folder, at=at)

    def trouble(self, place: Path) -> OSError | None:
        """What keeps lines from being added there, found without adding any."""
        try:
            if place.exists():
                os.close(os.open(place, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC))
            else:
                nearest = next(folder for folder in place.parents if folder.exists())
                if not os.access(nearest, os.W_OK | os.X_OK):
                    return PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            return error
        return self.troubles.get(place)

    def owner(self) -> str | None:
        """The workspace that the mark beside the settings names; ``None`` where there is no such mark."""
        return (
            next((mark.workspace for mark in self._tail(self.beside) if mark.workspace), None) if self.beside else None
        )

    def is_unreadable(self) -> bool:
        """Whether there is a mark beside the settings that this account may not read."""
        return self.beside is not None and self.beside.exists() and not os.access(self.beside, os.R_OK)

    def recent(self) -> list[list[Mark]]:
        """The newest marks that speak of this workspace, of each place, the newest first: all that stand beside the settings, those of this
        database in the state folder, and those that another database left there about this folder."""
        found = [self._tail(self.beside)] if self.beside else []
        for path in self._in_state_folder():
            marks = self._tail(path)
            if path.name.endswith(f"-{self.database}{_SUFFIX}"):
                found.append(marks)
            elif any(mark.folder == self.folder for mark in marks[:1]):
                found.append([mark for mark in marks if mark.folder == self.folder])
        return found

    def newest(self) -> list[str]:
        """Names the newest mark of each place."""
        return [found[0].digest for found in self.recent() if found]

    def all(self) -> Iterator[tuple[str, Mark]]:
        """Every mark that speaks of this workspace, with the name of its place."""
        for path in ([self.beside] if self.beside else []) + self._in_state_folder():
            with suppress(OSError), path.open("rb") as file:
                for line in file:
                    mark = Mark.from_line(line.strip())
                    if mark is not None and self._concerns(mark):
                        yield str(path), mark

    def write(self, *marks: Mark) -> bool:
        """Add lines in every place; whether any took them."""
        if not marks or not self.folder:
            return True
        # Lines begin with an end of line, too: one that was torn spoils no other.
        data = b"".join(b"\n" + mark.as_line() + b"\n" for mark in marks)
        for place in self.places:
            try:
                _append(place, data)
                self.troubles.pop(place, None)
            except OSError as error:
                self.troubles[place] = error
        self._unsynced = True
        if time.monotonic() - self._synced_at >= _SYNC:
            self.sync()
        return any(place not in self.troubles for place in self.places)

    def end_former(self, at: datetime) -> list[Path]:
        """Say in each file of the state folder that speaks of a workspace in this folder that a new one begins here; which files those are."""
        found = [(path, self._tail(path)[:1]) for path in self._in_state_folder()]
        former = [path for path, newest in found if newest and newest[0].folder == self.folder and not newest[0].ends]
        for path in former:
            _append(path, b"\n" + replace(self.mark(at), database="-", ends=True).as_line() + b"\n")
        return former

    def sync(self) -> None:
        """See what was written safe on the disk."""
        if not self._unsynced:
            return
        self._synced_at, self._unsynced = time.monotonic(), False
        for place in self.places:
            try:
                _sync(place)
            except OSError as error:
                self.troubles[place] = error

    def folder_of(self, workspace: str) -> str:
        """Where a workspace was when this account last worked in it; empty where that is not known."""
        known = [mark for path in self._files(f"{workspace}-*{_SUFFIX}") for mark in self._tail(path)[:1]]
        return max(known, key=lambda mark: mark.at).folder if known else ""

    def _concerns(self, mark: Mark) -> bool:
        return mark.workspace == self.workspace or mark.database == self.database or mark.folder == self.folder

    def _in_state_folder(self) -> list[Path]:
        """Files that may speak of this workspace or its database, by their names; any where nothing beside the settings says what it is
        called."""
        if not self.named:
            return self._files(f"*{_SUFFIX}")
        return sorted({*self._files(f"{self.workspace}-*{_SUFFIX}"), *self._files(f"*-{self.database}{_SUFFIX}")})

    def _files(self, pattern: str) -> list[Path]:
        return sorted(self.state.glob(pattern)) if self.state is not None and self.state.is_dir() else []

    def _tail(self, path: Path | None) -> list[Mark]:
        """The newest lines of a file, the newest first."""
        if path is None:
            return []
        try:
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                # Every mark has an empty line before it. What is cut at the front, or torn, is no mark.
                lines = file.read().rsplit(b"\n", 2 * _RECENT)
        except FileNotFoundError:
            return []
        except OSError as error:
            self.troubles[path] = error
            return []
        found = [Mark.from_line(line) for line in reversed(lines) if line]
        return [mark for mark in found if mark is not None]


def _append(place: Path, data: bytes) -> None:
    """Add to a file in one step, and make it where there is none. Raises OSError."""
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        descriptor = _make(place)
    try:
        if os.write(descriptor, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)


def _make(place: Path) -> int:
    """A new file, open; root makes it for whoever owns the folder, or the service could not write it any more."""
    if place.suffix == _SUFFIX and place.name != BESIDE:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    if os.geteuid() == 0:
        owner = place.parent.stat()
        os.chown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
