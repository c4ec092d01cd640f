"""Lists of words that the office was given: imported from a file, kept encrypted, and read for checking.

They are somebody's compilation, and may hold what nobody should read in passing: on the disk they are AES-GCM, with a key that lies outside
the workspace, so that a copy of the workspace is no copy of the list.
"""

import os
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.checks.rules.index import LONGEST
from xuanfa.checks.rules.listed import Listed
from xuanfa.documents.spreadsheets.reading import plain_rows, too_many
from xuanfa.domain.checking import Level
from xuanfa.domain.errors import ConfigError, ContentError, Place
from xuanfa.domain.language import say

#: So many rows are taken, and so large a file. Bytes.
SHORTEST: Final = 2
MOST_ROWS, MOST_BYTES = 300_000, 60_000_000
_MAGIC: Final = b"XFLIST1\n"
_SUFFIX: Final = ".list"
_NAME = re.compile(r"[\w\u4e00-\u9fff-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import."""

    name: str
    level: Level
    words: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStore:
    """Where lists are kept: their folder in the workspace, and the file of the key outside it; a key that is set goes before."""

    folder: Path
    key_file: Path | None
    key: str = ""

    def read(self) -> list[Listed]:
        """All of them. Raises ConfigError for one that cannot be opened."""
        if not self.folder.is_dir():
            return []
        return [self._open(path) for path in sorted(self.folder.glob(f"*{_SUFFIX}"))]

    def keep(self, name: str, level: Level, words: Iterable[tuple[str, str]]) -> int:
        """Keep a list under a name, in place of an earlier one, and say how many words it has."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - heavy

        chosen = dict(words)
        plain = "\n".join([level.value, *(f"{one}\t{two}" for one, two in chosen.items())]).encode()
        nonce = secrets.token_bytes(12)
        sealed = _MAGIC + nonce + AESGCM(self._key(make=True)).encrypt(nonce, zlib.compress(plain), name.encode())
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{name}{_SUFFIX}"
        beside = target.with_suffix(".new")
        beside.write_bytes(sealed)
        beside.replace(target)
        return len(chosen)

    def _open(self, path: Path) -> Listed:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        name, sealed = path.stem, path.read_bytes()
        start = len(_MAGIC)
        try:
            plain = zlib.decompress(
                AESGCM(self._key(make=False)).decrypt(sealed[start : start + 12], sealed[start + 12 :], name.encode())
            )
            level, _, lines = plain.decode().partition("\n")
        except (InvalidTag, ValueError, zlib.error) as error:
            raise _closed(path) from error
        return Listed(name, Level(level), _words(lines))

    def _key(self, *, make: bool) -> bytes:
        if self.key:
            import hashlib  # noqa: PLC0415

            return hashlib.sha256(self.key.encode()).digest()
        if self.key_file is None:
            raise ConfigError(
                say(
                    "没有地方存放清单的密钥：请设置 [check] list_key。",
                    "There is no place for the lists' key: set list_key under [check].",
                )
            )
        if not self.key_file.exists():
            if not make:
                raise _closed(self.folder)
            self.key_file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
                file.write(secrets.token_bytes(32))
        return self.key_file.read_bytes()[:32].ljust(32, b"\0")


def _words(lines: str) -> dict[str, str]:
    """The words, each with what should stand there: on a line with it, behind a tab. Fifty thousand of them at each start: at the speed of C."""
    cells = lines.replace("\n", "\t").split("\t")
    if len(cells) == 2 * (lines.count("\n") + 1):
        return dict(zip(cells[::2], cells[1::2], strict=True))
    pairs = (line.partition("\t") for line in lines.split("\n"))  # what was imported when a tab could stand in it
    return {one: two for one, _, two in pairs}


def _closed(path: Path) -> ConfigError:
    return ConfigError(
        say(
            "清单 {path} 打不开：密钥不在这台机器的这个账户下，或文件被改动。请在这里重新导入清单，或设置 [check] list_key。",
            "The list {path} cannot be opened: its key is not with this account on this machine, or "
            "the file was changed. Import it here anew, or set list_key under [check].",
            path=path,
        )
    )


def import_list(store: ListStore, path: Path, *, name: str, level: Level) -> Imported:
    """Import a file of words. Raises ContentError for one that is none."""
    shown_as = str(path)
    name = name or path.stem
    if not _NAME.fullmatch(name):
        raise ContentError(
            say(
                "清单名只用汉字、字母、数字、减号和下划线，最多 40 个。",
                "A list's name has letters, digits, hyphens and underscores, at most 40.",
            ),
            Place(shown_as),
        )
    if not path.is_file():
        raise ContentError(say("没有这个文件。", "There is no such file."), Place(shown_as))
    if path.stat().st_size > MOST_BYTES:
        raise ContentError(
            say(
                "文件超过 {most} MB，没有导入。",
                "The file has more than {most} MB and was not imported.",
                most=MOST_BYTES // 1_000_000,
            ),
            Place(shown_as),
        )
    rows, left_out = _rows(path, shown_as)
    good = [
        (one, " ".join(two.split())[:200])
        for one, two in rows
        if SHORTEST <= len(one) <= LONGEST and "\t" not in one and "\n" not in one
    ]
    if not good:
        raise ContentError(
            say(
                "没有可用的词：每行一个，2 到 {most} 个字。",
                "There is no word in it: one on each line, of 2 to {most} characters.",
                most=LONGEST,
            ),
            Place(shown_as),
        )
    kept = store.keep(name, level, good)
    return Imported(name=name, level=level, words=kept, left_out=left_out + len(rows) - len(good))


def _rows(path: Path, shown_as: str) -> tuple[Sequence[tuple[str, ...]], int]:
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".csv"):
        return plain_rows(path, 2, MOST_ROWS)
    if suffix != ".txt":
        raise ContentError(
            say("只导入 .txt、.csv 和 .xlsx。", "Only .txt, .csv and .xlsx are imported."), Place(shown_as)
        )
    return list(_rows_of_text(_decoded(path.read_bytes(), shown_as), shown_as)), 0


def _rows_of_text(text: str, shown_as: str) -> Iterator[tuple[str, ...]]:
    """One word on each line; behind a tab what should stand there."""
    count = 0
    for line in text.splitlines():
        one, _, two = line.strip().partition("\t")
        if one and not one.startswith("#"):
            count += 1
            if count > MOST_ROWS:
                raise too_many(shown_as, MOST_ROWS)
            yield one.strip(), two.strip()


def _decoded(source: bytes, shown_as: str) -> str:
    """A list's text: as Windows and editors save it. A list may be longer than a post."""
    encodings = ("utf-16",) if source[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return source.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ContentError(
        say("不是文字文件，请另存为 UTF-8 再导入。", "This is no text: save it as UTF-8 and import it again."),
        Place(shown_as),
    )
