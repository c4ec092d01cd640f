"""The site's folder on disk: whole files or none, one writer at a time.

Every file is first written whole into ``.xuanfa/staged`` (no web server shows it), synced, and then renamed into its place. What a crash
leaves in ``staged`` is swept by the next writer; nothing has to be looked for among the public files.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PUBLIC_FILE, _PUBLIC_FOLDER, _PRIVATE_FOLDER = 0o644, 0o755, 0o700


class Folder:
    """One site's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        #: Not for readers: closed to every other user of the machine, the web server's among them.
        self.private = root / ".xuanfa"
        self.catalogue = self.private / "catalogue.db"
        self._staged = self.private / "staged"
        self._touched: set[Path] = set()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The sole right to write, among threads and processes; given back by the system if this process dies."""
        self._make(self.root, _PUBLIC_FOLDER)
        self._make(self.private, _PRIVATE_FOLDER)
        self._make(self._staged, _PRIVATE_FOLDER)
        descriptor = os.open(self.private / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def stage(self, name: str, data: bytes) -> None:
        """Write a file where nobody sees it, and see it safe on the disk."""
        descriptor = os.open(self._staged / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _PUBLIC_FILE)
        try:
            os.fchmod(descriptor, _PUBLIC_FILE)  # whatever the umask: the web server must read it
            left = memoryview(data)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._touched.add(self._staged)

    def has_staged(self, name: str) -> bool:
        """Whether a staged file still waits for its place."""
        return (self._staged / name).exists()

    def place(self, name: str, target: str) -> None:
        """Put a staged file in its public place, replacing what is there, in one step."""
        self.make_folder_of(target)
        (self._staged / name).replace(self.root / target)
        self._touched.add((self.root / target).parent)

    def make_folder_of(self, target: str) -> None:
        """Make the folder in which a public file is to stand."""
        self._make((self.root / target).parent, _PUBLIC_FOLDER)

    def write(self, target: str, data: bytes) -> None:
        """Write a public file, unless it has these bytes already."""
        if self.read(target) != data:
            self.stage("next", data)
            self.place("next", target)

    def read(self, target: str) -> bytes | None:
        """The bytes of a public file; ``None`` where there is none."""
        try:
            return (self.root / target).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, target: str, sha256: str) -> bool:
        """Whether a public file with these bytes is there."""
        data = self.read(target)
        return data is not None and hashlib.sha256(data).hexdigest() == sha256

    def remove(self, target: str) -> None:
        """Delete a public file; one that is gone already is fine."""
        (self.root / target).unlink(missing_ok=True)
        self._touched.add((self.root / target).parent)

    def flush(self) -> None:
        """See the renames and deletions safe on the disk."""
        for folder in sorted(self._touched):
            if folder.is_dir():
                _sync_folder(folder)
        self._touched.clear()

    def sweep(self) -> None:
        """Delete what an interrupted writer has left. Only while nothing staged waits for its place."""
        for path in self._staged.iterdir():
            path.unlink()

    def _make(self, path: Path, mode: int) -> None:
        if path.is_dir():
            return
        missing = [path, *(parent for parent in path.parents if not parent.exists())]
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode if folder == path else _PUBLIC_FOLDER)
            self._touched.add(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
