"""What the rules need besides their tables is prepared once, and kept for the next process: in the account's folder for such things.

A file that is not ours alone to write, that is damaged or that is of other rules or of another machine is not taken, and everything is prepared anew;
nothing is told of it, for nothing is lost but a fifth of a second.
"""

import atexit
import hashlib
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from xuanfa.checks.rules import prepared

#: It is no longer. Bytes.
_LONGEST: Final = 20_000_000
_PREFIX, _SUFFIX = "rules-", ".json"


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Where an account keeps what can be made anew (XDG Base Directory Specification 0.8); ``None`` without a home."""
    named = environ.get("XDG_CACHE_HOME", "")
    if Path(named).is_absolute():
        return Path(named) / "xuanfa"
    home = environ.get("HOME", "")
    return Path(home) / ".cache" / "xuanfa" if Path(home).is_absolute() else None


@cache
def prepare(rules: bytes) -> None:
    """Take what was kept for rules of that digest, and keep what this process prepares besides when it ends."""
    folder = cache_folder(os.environ)
    if folder is None:
        return
    name = hashlib.sha256(rules + prepared.MACHINE.encode()).hexdigest()[:32]
    path = folder / f"{_PREFIX}{name}{_SUFFIX}"
    with suppress(OSError, ValueError):  # there is none yet, or it is not one of ours: made anew
        prepared.take(_read(path))
    atexit.register(_keep, path)


def _read(path: Path) -> bytes:
    """What the file holds. Raises OSError for one that cannot be read, ValueError for one that is not to be trusted."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or others or found.st_size > _LONGEST:
            raise ValueError("not ours alone to write")
        digest, _, data = file.read().partition(b"\n")
    if hashlib.sha256(data).hexdigest().encode() != digest:
        raise ValueError("damaged")
    return data


def _keep(path: Path) -> None:
    """Write it beside and put it in its place; those of other rules go. Where the folder cannot be written, the next process prepares too."""
    if not prepared.has_more():
        return
    data = prepared.kept()
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(data).hexdigest().encode() + b"\n" + data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        for old in path.parent.glob(f"{_PREFIX}*{_SUFFIX}"):
            if old != path:
                old.unlink(missing_ok=True)
