"""The file of a backup: a ZIP whose last member, ``manifest.json``, says what every other one must be.

ZIP, because one that is cut short does not even open (its list of members stands at the end), each member can be read by itself, and
every desk has a program that shows it. The standard library's tar has only gzip over the whole.
"""

import hashlib
import json
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.refusals import is_there_already
from xuanfa.domain.strict_json import read_json
from xuanfa.operations.keeping.manifest import FORMAT, MANIFEST, Manifest, Member, WrongError, manifest_of
from xuanfa.store.database import SCHEMA

__all__ = ["MANIFEST", "PARTIAL", "Manifest", "Member", "Reader", "Writer", "damaged"]

#: The ending of a file that is still being written, or was when its process died.
PARTIAL = ".partial"
_CHUNK = 1 << 20
#: The most that a manifest and a row may hold. Bytes.
_MANIFEST_MAX, _ROW_MAX = 256 << 20, 64 << 20
#: What the libraries raise for an archive whose bytes are not what they were.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, LookupError, ValueError, EOFError, RuntimeError, OverflowError, TypeError,
)  # fmt: skip
#: Nothing to gain by compressing them again.
_PRESSED = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".docx", ".zip", ".gz", ".mp4", ".woff2"})


class Writer:
    """A backup being written beside ``target``, mode 0600; ``finish`` puts it in its place whole. Used in a ``with`` statement.

    Raises ConfigError where it cannot be written or something is there already. What a killed process leaves ends in ``.partial``.
    """

    def __init__(self, target: Path, manifest: Manifest) -> None:
        self.target = target
        self.manifest = manifest
        #: The fingerprint of the whole; known when it is finished.
        self.fingerprint = ""
        _refuse_existing(target)
        try:
            number, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=PARTIAL, dir=target.parent)
        except OSError as error:
            raise _cannot_write(target, error) from error
        self.partial = Path(name)
        self._file: BinaryIO = os.fdopen(number, "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def rows(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        """A table, one JSON object on each line; how many."""
        count, pieces = 0, list[bytes]()
        with self._member(name) as member:
            for row in rows:
                pieces.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
                count += 1
                if len(pieces) == 500:  # noqa: PLR2004 - so that a call for each row does not cost more than the row
                    member.write(b"".join(pieces))
                    pieces.clear()
            member.write(b"".join(pieces))
        return count

    def file(self, name: str, path: Path) -> None:
        """A file as it is now. One that has gone meanwhile is left out."""
        with suppress(FileNotFoundError), path.open("rb") as source:
            stat = os.fstat(source.fileno())
            with self._member(name, mode=stat.st_mode & 0o777, changed_ns=stat.st_mtime_ns) as member:
                while piece := source.read(_CHUNK):
                    member.write(piece)

    def finish(self) -> int:
        """Write the manifest, see everything safe on the disk, and put the file in its place; its size in bytes."""
        text, self.fingerprint = self.manifest.written()
        self._zip.writestr(MANIFEST, text)
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        _refuse_existing(self.target)
        self.partial.rename(self.target)
        descriptor = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return self.target.stat().st_size

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What did not come to its end is taken away again."""
        if error is None:
            return
        self._zip.fp = None  # or it would still want to write its list of members, whenever it is forgotten
        with suppress(OSError):  # what it holds back need not be written any more
            self._file.close()
        self.partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _cannot_write(self.target, error) from error

    def _member(self, name: str, *, mode: int = 0o600, changed_ns: int = 0) -> "_Member":
        return _Member(self._zip, name, self.manifest, mode=mode, changed_ns=changed_ns)


class _Member:
    """One member being written and hashed."""

    def __init__(self, archive: zipfile.ZipFile, name: str, manifest: Manifest, *, mode: int, changed_ns: int) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = (
            zipfile.ZIP_STORED if PurePosixPath(name).suffix.lower() in _PRESSED else zipfile.ZIP_DEFLATED
        )
        self._stream = archive.open(info, "w", force_zip64=True)
        self._name, self._manifest, self._mode, self._changed_ns = name, manifest, mode, changed_ns
        self._digest, self._size = hashlib.sha256(), 0

    def write(self, piece: bytes) -> None:
        """The next bytes."""
        self._digest.update(piece)
        self._size += len(piece)
        self._stream.write(piece)

    def __enter__(self) -> "_Member":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._manifest.members[self._name] = Member(
            sha256=self._digest.hexdigest(), size=self._size, mode=self._mode, changed_ns=self._changed_ns
        )


class Reader:
    """A backup that is there. Raises ConfigError for what is none, is damaged or altered, or is of a later program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            if self._zip.getinfo(MANIFEST).file_size > _MANIFEST_MAX:
                raise damaged(path, MANIFEST)
            facts = read_json(self._zip.read(MANIFEST))
        except OSError as error:
            raise ConfigError(
                say(
                    "读不了备份 {path}：{why}。",
                    "Cannot read the backup {path}: {why}.",
                    path=path,
                    why=machine_words(error),
                )
            ) from error
        except _BROKEN as error:
            raise damaged(path, MANIFEST) from error
        _refuse_later(path, facts)
        try:
            #: ``fingerprint`` stands for all of the archive; a person may have kept it.
            self.manifest, self.fingerprint = manifest_of(facts)
        except WrongError as wrong:
            raise damaged(path, str(wrong)) from wrong

    def check(self) -> None:
        """Read every member and compare it with the manifest. Raises ConfigError that names the first that is not what it was."""
        there = self._zip.infolist()
        expected = [*self.manifest.members, MANIFEST]
        for info, name in zip(there, expected, strict=False):
            if info.filename != name or not _is_plain(info):
                raise damaged(self.path, info.filename if info.filename.isprintable() else name)
        if len(there) != len(expected) or self._zip.comment:
            raise damaged(self.path, MANIFEST)
        for name, member in self.manifest.members.items():
            if self._sum(name, member.size) != (member.sha256, member.size):
                raise damaged(self.path, name)

    def _sum(self, name: str, most: int) -> tuple[str, int]:
        """Hash and size of a member's bytes, read no further than it may be long."""
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(name) as stream:
                while size <= most and (piece := stream.read(_CHUNK)):
                    digest.update(piece)
                    size += len(piece)
        except (*_BROKEN, OSError) as error:
            raise damaged(self.path, name) from error
        return digest.hexdigest(), size

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table. Raises ConfigError for one that is none."""
        with self._zip.open(name) as stream:
            while line := stream.readline(_ROW_MAX):
                try:
                    row = read_json(line) if line.endswith(b"\n") else None
                except ValueError as error:
                    raise damaged(self.path, name) from error
                if not isinstance(row, dict):
                    raise damaged(self.path, name)
                yield row

    def below(self, prefix: str) -> list[str]:
        """The members whose names begin so, in order."""
        return sorted(name for name in self.manifest.members if name.startswith(prefix))

    def extract(self, name: str, target: Path) -> None:
        """Write a member to a place where nothing is, whole or not at all, with its mode and its time of change."""
        member, partial = self.manifest.members[name], target.with_name(f"{target.name}{PARTIAL}")
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with self._zip.open(name) as source, partial.open("wb") as file:
            while piece := source.read(_CHUNK):
                file.write(piece)
        partial.chmod(member.mode)
        os.utime(partial, ns=(member.changed_ns, member.changed_ns))
        partial.rename(target)

    def close(self) -> None:
        """Give the file back."""
        self._zip.close()


def _refuse_existing(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise is_there_already(target)


def _cannot_write(target: Path, error: OSError) -> ConfigError:
    return ConfigError(
        say(
            "写不了备份 {path}：{why}。没有留下半个文件；请检查文件夹、权限和磁盘空间。",
            "Cannot write the backup {path}: {why}. Nothing half-made is left; check the folder, its permissions and the space.",
            path=target,
            why=machine_words(error),
        )
    )


def _refuse_later(path: Path, facts: Any) -> None:
    """Raise where a later program made it: nothing of it is understood then, not even what it says of itself."""
    given = facts if isinstance(facts, dict) else {}
    shape, schema = given.get("format", 1), given.get("schema", "")
    if (isinstance(shape, int) and shape > FORMAT) or (isinstance(schema, str) and schema > SCHEMA):
        raise ConfigError(
            say(
                "备份 {path} 是更新版本的 xuanfa 做的：请升级 xuanfa。",
                "The backup {path} was made by a later xuanfa: upgrade xuanfa.",
                path=path,
            )
        )


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """A file as we write them: no link, no device, nothing that lends its owner's rights, not encrypted."""
    mode = info.external_attr >> 16
    return (
        stat.S_IFMT(mode) in {0, stat.S_IFREG} and mode & 0o7000 == 0 and not info.is_dir() and not info.flag_bits & 1
    )


def damaged(path: Path, name: str) -> ConfigError:
    """What is said of a backup that is not what it was; ``name`` is where."""
    return ConfigError(
        say(
            "{path} 不是完整的备份，或被改动过（{name} 不对）：请换另一份备份，什么也没有改动。",
            "{path} is not a whole backup, or was altered ({name} is wrong): take another one; nothing was changed.",
            path=path,
            name=name,
        )
    )
