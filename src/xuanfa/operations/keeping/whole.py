"""Files that are written whole or not at all."""

import os
import tempfile
from pathlib import Path

from xuanfa.operations.keeping.access import share_with_group


def write_whole(path: Path, data: bytes, changed_ns: int | None = None) -> None:
    """Write a file below ``posts/`` whole or not at all, last changed at ``changed_ns`` where that is given; one that was there keeps its mode.

    Raises OSError.
    """
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
        share_with_group(path.parent)
    handle, made = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        share_with_group(Path(made))
        if path.exists():
            Path(made).chmod(path.stat().st_mode & 0o7777)
        if changed_ns is not None:
            os.utime(made, ns=(changed_ns, changed_ns))
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
