"""Files that come in parts, so that a line that breaks costs the last part only: kept below ``var`` until the page asks for the whole of them."""

import hashlib
import re
import secrets
import threading
import time
from pathlib import Path
from typing import Final

from xuanfa.content.pictures.media import PICTURE_MAX
from xuanfa.content.reading.sources import DOCUMENT_MAX
from xuanfa.domain.errors import ContentError, MachineError, StateError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk

#: Bytes of a picture, and of a Word file, at most.
PICTURE, DOCUMENT = PICTURE_MAX, DOCUMENT_MAX
#: Bytes of one part at most; pages send them of a million.
PART_MAX: Final = 1_000_000
#: By what a page calls a file that it sends.
_NAME: Final = re.compile(r"[0-9a-f]{16,64}")
#: What was not asked for within so many seconds is thrown away; and one person may have so many under way.
_KEPT, _UNDER_WAY = 24 * 3600, 20
_ONE_AT_A_TIME: Final = threading.Lock()


def part_there(desk: Desk, person: Person, name: str) -> int:
    """How many bytes of it are there."""
    path = _path(desk, person, name)
    return path.stat().st_size if path.is_file() else 0


def take_part(desk: Desk, person: Person, name: str, offset: int, data: bytes) -> int:
    """Put a part behind what is there already, and say how much is there now: a part that is there is not taken twice, and one that does not
    follow is not taken. Raises ContentError for what is larger than anything may be."""
    if offset + len(data) > DOCUMENT_MAX or len(data) > PART_MAX:
        raise ContentError(too_large(offset + len(data), DOCUMENT_MAX))
    path = _path(desk, person, name)
    try:
        with _ONE_AT_A_TIME:
            if not path.exists():
                _make_room(path)
            with path.open("ab") as file:
                path.chmod(0o600)
                if file.tell() == offset:
                    file.write(data)
                return file.tell()
    except OSError as error:
        raise MachineError(
            say(
                "存不下传来的文件：{why}。请管理员看磁盘和权限。",
                "What was sent cannot be kept: {why}. Whoever keeps the server should look at disk and modes.",
                why=machine_words(error),
            )
        ) from error


def put_whole(desk: Desk, person: Person, data: bytes) -> str:
    """Keep a file that came with a form until it is wanted again, and return by what it is asked for. Raises ContentError for what is too large."""
    if len(data) > DOCUMENT_MAX:
        raise ContentError(too_large(len(data), DOCUMENT_MAX))
    name = secrets.token_hex(16)
    for offset in range(0, max(len(data), 1), PART_MAX):
        take_part(desk, person, name, offset, data[offset : offset + PART_MAX])
    return name


def whole(desk: Desk, person: Person, name: str) -> bytes:
    """All of it, and it stays. Raises StateError where nothing is there any more."""
    return _read(_path(desk, person, name))


def taken_whole(desk: Desk, person: Person, name: str) -> bytes:
    """All of it; it is kept no longer. Raises StateError where nothing is there any more: it is sent anew."""
    path = _path(desk, person, name)
    data = _read(path)
    path.unlink(missing_ok=True)
    return data


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise StateError(
            say("传来的文件已经不在了，请重新选一次。", "What was sent is not there any more; choose it anew.")
        ) from error


def picture_too_large(size: int) -> str:
    """That a picture is."""
    return too_large(size, PICTURE)


def too_large(size: int, most: int) -> str:
    """That a file is too large, and by what."""
    if most == PICTURE_MAX:
        return say(
            "这张图 {size} MB，最多 {most} MB，没有收。请缩小后再传。",
            "This picture has {size} MB, the most is {most} MB; it was not taken.",
            size=f"{size / 1e6:.0f}",
            most=most // 1_000_000,
        )
    return say(
        "这个文件 {size} MB，最多 {most} MB，没有收。请压缩图片后再传。",
        "This file has {size} MB, the most is {most} MB; it was not taken. Compress its pictures first.",
        size=f"{size / 1e6:.0f}",
        most=most // 1_000_000,
    )


def _path(desk: Desk, person: Person, name: str) -> Path:
    """Where it is kept: nobody reaches another one's by its name. Raises ContentError for what is no name of ours."""
    if not _NAME.fullmatch(name):
        raise ContentError(say("传来的文件没有名字，没有收。", "What was sent has no name; it was not taken."))
    return _folder(desk) / f"{_of(person)}{hashlib.sha256(name.encode()).hexdigest()[:32]}.part"


def _folder(desk: Desk) -> Path:
    return desk.folder / "var" / "uploads"


def _of(person: Person) -> str:
    return hashlib.sha256(person.name.encode()).hexdigest()[:16] + "-"


def _make_room(path: Path) -> None:
    """Throw away what nobody has asked for."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = sorted(path.parent.glob("*.part"), key=lambda each: each.stat().st_mtime)
    own = [each for each in found if each.name.startswith(path.name[:17])]
    old = [each for each in found if time.time() - each.stat().st_mtime > _KEPT]
    for each in {*old, *own[: max(0, len(own) - _UNDER_WAY + 1)]}:
        each.unlink(missing_ok=True)
