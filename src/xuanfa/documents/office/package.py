"""The zip of an office file: what lies in it, and why one is not opened."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final
from xml.etree.ElementTree import Element

from xuanfa.documents.office.markup import MarkupError, pieces, whole
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say

#: The largest office file that is opened. Bytes.
FILE_MAX: Final = 40_000_000
#: How many files its zip may hold, and how large one part of XML, and all of them, may become. Bytes.
_FILES_MAX, _XML_MAX, _ALL_MAX = 5_000, 60_000_000, 400_000_000
#: XML is packed to a tenth; what becomes so many times as large, and larger than this, is a bomb. Bytes.
_RATIO_MAX, _RATIO_FROM = 300, 8_000_000
#: Old Word, Excel, WPS files, and new ones that are encrypted (MS-CFB 2.2).
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
#: What reading a damaged zip raises.
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a reference of a part leads: another part of the file, or an address."""

    kind: str
    target: str
    is_outside: bool


class Package:
    """An office file that was opened, or is opened from its bytes. What is read of it is measured as it is unpacked, whatever its list says."""

    def __init__(self, data: bytes | zipfile.ZipFile) -> None:
        self._zip = data if isinstance(data, zipfile.ZipFile) else _opened(data)
        self.names: Final = frozenset(self._zip.namelist())

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a part, at most ``most`` and one more. Raises ContentError."""
        try:
            with self._zip.open(name) as part:
                return part.read(most + 1)
        except (KeyError, *DAMAGED) as error:
            raise damaged() from error

    def tree(self, name: str) -> Element | None:
        """A part of XML as a whole; ``None`` where there is none. Raises ContentError."""
        if name not in self.names:
            return None
        try:
            with self._part(name) as part:
                return whole(part, _XML_MAX)
        except (MarkupError, *DAMAGED) as error:
            raise damaged() from error

    def pieces(self, name: str, depth: int) -> Iterator[Element]:
        """The elements of a part that lie ``depth`` deep, one after another. Raises ContentError."""
        try:
            with self._part(name) as part:
                yield from pieces(part, _XML_MAX, depth)
        except (KeyError, MarkupError, *DAMAGED) as error:
            raise damaged() from error

    def relations(self, name: str) -> Mapping[str, Relation]:
        """What the references of a part lead to, by their ids."""
        folder, base = posixpath.split(name)
        root = self.tree(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
        found: dict[str, Relation] = {}
        for each in root if root is not None else ():
            target, outside = each.get("Target", ""), each.get("TargetMode", "") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            found[each.get("Id", "")] = Relation(each.get("Type", "").rpartition("/")[2], target, outside)
        return found

    def main(self) -> str:
        """The name of the part with which it begins (``word/document.xml``); empty where it names none."""
        return next((each.target for each in self.relations("").values() if each.kind == "officeDocument"), "")

    def _part(self, name: str) -> IO[bytes]:
        return self._zip.open(name)


def _opened(data: bytes) -> zipfile.ZipFile:
    if len(data) > FILE_MAX:
        raise ContentError(
            say(
                "文件有 {size} MB，上限 {most} MB，没有读。请在 Word 里压缩图片后再保存。",
                "The file is {size} MB, {most} MB at most, and was not read. Compress its pictures in Word and save it again.",
                size=f"{len(data) / 1e6:.1f}",
                most=FILE_MAX // 1_000_000,
            )
        )
    refuse_old(data)
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        listed = opened.infolist()
    except DAMAGED as error:
        raise ContentError(_none() if not data.startswith(b"PK") else str(damaged())) from error
    if any(each.flag_bits & 1 for each in listed):
        raise ContentError(_encrypted())
    if len({each.filename for each in listed}) != len(listed):
        raise damaged()
    if is_bomb(listed, _ALL_MAX):
        raise ContentError(
            say(
                "文件展开后大得不正常（像压缩炸弹），没有读。请在 Word 里新建文档，把文字复制过去再保存。",
                "The file becomes abnormally large when it is unpacked, and was not read. Copy its text into a new document and save that.",
            )
        )
    return opened


def is_bomb(listed: Sequence[zipfile.ZipInfo], most: int) -> bool:
    """Whether a zip unpacks to more than ``most`` bytes, to more than XML can have been packed from, or to too many files."""
    bomb = any(
        each.file_size > _RATIO_FROM and each.file_size > _RATIO_MAX * max(each.compress_size, 1) for each in listed
    )
    return bomb or len(listed) > _FILES_MAX or sum(each.file_size for each in listed) > most


def refuse_old(data: bytes) -> None:
    """Raise ContentError for a file of Word or WPS of the old format, or an encrypted one, whatever it is called."""
    if data.startswith(OLE):
        raise ContentError(_encrypted() if _ENCRYPTED in data else _old())


def damaged() -> ContentError:
    """The refusal of an office file that cannot be read to its end, or holds what no office program writes."""
    return ContentError(
        say(
            "文件已损坏，或含有办公软件不会写的内容，没有读。请用 Word 或 WPS 打开，另存为新的文件再放进来。",
            "The file is damaged, or holds what no office program writes, and was not read. Open it in Word and save it as a new file.",
        )
    )


def _old() -> str:
    return say(
        "这是旧格式的 Word 或 WPS 文件，没有读。请另存为 .docx 再放进来。",
        "This is a Word or WPS file of the old format, and was not read. Save it as .docx.",
    )


def _encrypted() -> str:
    return say(
        "文件加了密码，没有读。请在 Word 里去掉密码，另存为 .docx 再放进来。",
        "The file is encrypted, and was not read. Remove its password in Word and save it as .docx.",
    )


def _none() -> str:
    return say(
        "这不是 Word 文件（名字是 .docx，内容不是），没有读。请用 Word 或 WPS 打开，另存为 .docx 再放进来。",
        "This is no Word file, whatever its name says, and was not read. Open it in Word and save it as .docx.",
    )
