"""Access: who may read what of a workspace. Set where the program makes something, put right where it opens it, and checked by ``doctor``.

Everything is the owner's, and its group's to read; posts are the group's to write, secrets are the owner's alone, and only the website is for
others. So staff look with the group's rights, and what they change they change as the account that runs the service.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.domain.language import say

#: The folder of what the program keeps for itself.
_VAR: Final = "var"
#: What may lie in a workspace, with its mode; documented in ``docs/operations.md``.
MODES: Final = {
    "xuanfa.toml": 0o640,
    ".env": 0o600,
    "posts": 0o2770,
    _VAR: 0o750,
    "xuanfa.marks": 0o640,
}
#: Beside the file of an SQLite database.
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_OTHERS: Final = 0o007
_GROUP_READS: Final = 0o050


@dataclass(frozen=True, slots=True)
class Open:
    """Something that more people can read than should."""

    path: Path
    mode: int
    wanted: int

    @property
    def sentence(self) -> str:
        """The fault in words, with what to do."""
        return say(
            "权限是 {mode:04o}，{who}能读：chmod {wanted:04o} {path}",
            "its mode is {mode:04o}, and {who} can read it: chmod {wanted:04o} {path}",
            mode=self.mode,
            wanted=self.wanted,
            path=self.path,
            who=say("本机别的账号", "other accounts of this machine")
            if self.mode & _OTHERS
            else say("同组的账号", "its group"),
        )


def tighten(folder: Path, database: Path | None) -> list[str]:
    """Give what the program keeps in a workspace the modes that it is to have; what others could read before, in sentences.

    What belongs to another account stays as it is: whoever may not change it is told of it by ``doctor``.
    """
    changed = []
    var = folder / _VAR
    if var.is_dir():
        _have_group_of(folder, var)
        _set(var, _folder_mode(folder))
    for path in _database_files(database):
        changed += _set(path, 0o640)
    return changed


def _folder_mode(folder: Path) -> int:
    """Of ``var``: what is made there has the group of the workspace, whoever makes it."""
    return 0o750 if folder.stat().st_gid == os.getegid() else 0o2750


def _have_group_of(folder: Path, var: Path) -> None:
    group = folder.stat().st_gid
    if var.stat().st_gid != group:
        with suppress(
            OSError
        ):  # who is not of the group cannot give it anything; ``doctor`` looks at the mode all the same
            os.chown(var, -1, group)


def _set(path: Path, wanted: int) -> list[str]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = wanted & ~0o700 | mode & 0o700  # what the owner has taken from itself stays taken
        if mode == wanted:
            return []
        path.chmod(wanted)
    except OSError:
        return []
    if not mode & _OTHERS:
        return []
    return [
        say(
            "{path} 的权限原是 {mode:04o}，本机别的账号能读，已改为 {wanted:04o}。",
            "The mode of {path} was {mode:04o}, which other accounts of this machine could read; it is {wanted:04o} now.",
            path=path,
            mode=mode,
            wanted=wanted,
        )
    ]


def _database_files(database: Path | None) -> Iterator[Path]:
    for ending in _BESIDE if database is not None else ():
        path = Path(f"{database}{ending}")
        if path.is_file():
            yield path


def open_to_others(folder: Path, database: Path | None, backups: Path | None = None) -> list[Open]:
    """What people can read who should not: secrets, the database, backups, what the program keeps for itself."""
    found = [_open(folder / name, MODES[name]) for name in (".env", _VAR, "xuanfa.marks")]
    found += [_open(path, 0o640) for path in _database_files(database)]
    if backups is not None:
        with suppress(OSError):
            found += [_open(path, 0o600) for path in sorted(backups.glob("*.zip"))]
    return [each for each in found if each is not None]


def _open(path: Path, wanted: int) -> Open | None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
    return Open(path, mode, wanted) if mode & ~wanted & (_OTHERS | _GROUP_READS) else None


def share_with_group(path: Path) -> None:
    """What lies in ``posts/`` is the group's to change: a file or folder that was just made there."""
    path.chmod(0o2770 if path.is_dir() else 0o660)


def close_to_others(folder: Path) -> None:
    """Take from others what was made in a folder for a website, whose files are for everybody."""
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & _OTHERS and not path.is_symlink():
            path.chmod(mode & ~_OTHERS)
