"""The bytes of a post as text, whatever editor wrote them."""

import codecs
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from xuanfa.content.reading.hidden import of_controls
from xuanfa.content.text.bounds import CONTROLS
from xuanfa.domain.errors import ContentError, Place, machine_words
from xuanfa.domain.language import say

#: A post is text; more than this is a picture or a film with the wrong name. Bytes.
SOURCE_MAX = 4_000_000
#: A document holds its pictures. Bytes.
DOCUMENT_MAX = 40_000_000
_DOCUMENTS = (".docx", ".xlsx", ".pptx", ".pdf")

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: Of the characters beyond ASCII, at least this share must be everyday Chinese (GB 2312) before bytes are believed to be GB18030.
_PLAUSIBLE = 0.9
#: So many of them tell.
_LOOKED_AT = 50_000


class OutOfReachError(ContentError):
    """The machine does not let us read a file: that says nothing about what is in it."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text and how it was encoded; ``notice`` is empty, or a sentence that the author should see."""

    text: str
    encoding: str
    notice: str
    #: Of a text that was made of a document, where each of its lines comes from: the number of a paragraph, as a negative number the line of the
    #: file beside it, or 0. Empty for what is text by itself.
    places: tuple[int, ...] = ()
    #: What has to be decided before it may be published, and what stops nothing.
    questions: tuple[ContentError, ...] = ()
    notices: tuple[ContentError, ...] = ()
    #: The pictures within it, by the names that the text has for them.
    inner: "Inner" = field(default_factory=dict[str, bytes])


class Inner(Protocol):
    """Pictures within a document; each is unpacked when it is asked for."""

    def __contains__(self, name: object, /) -> bool: ...

    def __getitem__(self, name: str, /) -> bytes:
        """The bytes of one that is there. Raises ContentError where they cannot be unpacked."""


def read_source(path: Path, shown_as: str) -> bytes:
    """The bytes of a post's file, no more than a post may have. Raises ContentError where it is no such file, OutOfReachError where it
    cannot be read.

    It is asked what it is before it is opened and after: opening a pipe waits for a writer, a device never ends, and names are exchanged.
    """
    try:
        most = most_of(shown_as)
        _require_file(path.stat(), shown_as)
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with open(handle, "rb") as file:  # noqa: PTH123 - a handle, not a path
            _require_file(os.fstat(handle), shown_as)
            source = file.read(most + 1)
    except OSError as error:
        raise OutOfReachError(
            say(
                "读不了这个文件（{why}）。请检查文件是否还在、是否有读取权限。",
                "cannot read this file ({why}). Check that it is there and may be read.",
                why=machine_words(error),
            ),
            Place(shown_as),
        ) from error
    if len(source) > most:  # it has grown meanwhile
        raise ContentError(_too_large(len(source), most), Place(shown_as))
    return source


def most_of(name: str) -> int:
    """How large a file of this name may be. Bytes."""
    return DOCUMENT_MAX if name.lower().endswith(_DOCUMENTS) else SOURCE_MAX


def _require_file(facts: os.stat_result, shown_as: str) -> None:
    problem = unreadable(facts, shown_as)
    if problem:
        raise ContentError(problem, Place(shown_as))


def unreadable(facts: os.stat_result, name: str = "") -> str:
    """Why a file of this kind and size is no post and is not even opened, in words; empty where it may be one."""
    if stat.S_ISDIR(facts.st_mode):
        return say(
            "这是文件夹，名字却像稿件文件，里面的内容没有读。请改掉文件夹的名字。",
            "this is a folder whose name is that of a post's file, and nothing in it was read. Rename the folder.",
        )
    if not stat.S_ISREG(facts.st_mode):
        return say(
            "这不是普通文件（是管道、设备之类），没有读。请删去它，放上稿件文件。",
            "this is no plain file (a pipe, a device or the like) and was not read. Remove it and put the post's file there.",
        )
    most = most_of(name)
    return _too_large(facts.st_size, most) if facts.st_size > most else ""


def decode(source: bytes, shown_as: str) -> SourceText:
    """The text of ``source``: UTF-8, UTF-16 with its mark, or GB18030 where that is plausible. Line ends become LF."""
    if len(source) > SOURCE_MAX:
        raise ContentError(_too_large(len(source)), Place(shown_as))
    for mark, encoding in _MARKED:
        if source.startswith(mark):
            return _marked(source[len(mark) :], encoding, shown_as)
    try:
        return _tidy(source.decode("utf-8"), "utf-8", "", shown_as)
    except UnicodeDecodeError as error:
        return _unmarked(source, error.start, shown_as)


def _too_large(size: int, most: int = SOURCE_MAX) -> str:
    if most != SOURCE_MAX:
        return say(
            "文件有 {size} MB，上限 {most} MB，没有读。请在 Word 里压缩图片后再保存。",
            "The file is {size} MB, {most} MB at most, and was not read. Compress its pictures in Word and save it again.",
            size=f"{size / 1e6:.1f}",
            most=most // 1_000_000,
        )
    return say(
        "文件有 {size} MB，不像一篇文字稿件（上限 4 MB），没有读。请把图片另存为文件，在正文里引用。",
        "The file is {size} MB, which is no text (4 MB at most), and was not read. Keep pictures as files of their own.",
        size=f"{size / 1e6:.1f}",
    )


def _marked(source: bytes, encoding: str, shown_as: str) -> SourceText:
    try:
        return _tidy(source.decode(encoding), encoding, "", shown_as)
    except UnicodeDecodeError as error:
        before = source[: error.start].decode(encoding, "ignore")
        raise _damaged(before.count("\n") + 1, shown_as, encoding.upper()[:6].rstrip("-")) from error


def _unmarked(source: bytes, bad: int, shown_as: str) -> SourceText:
    """Bytes that are not UTF-8: GB18030, or UTF-8 with a broken place, or no text at all."""
    if _mostly_utf8(source):
        raise _damaged(source[:bad].count(b"\n") + 1, shown_as, "UTF-8")
    try:
        text = source.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if not _plausible(text):
        raise ContentError(
            say(
                "文件编码既不是 UTF-8 也不是 GB18030（GBK），无法读取。请用记事本打开，“另存为”，编码选 UTF-8，再放回来。",
                "The file is neither UTF-8 nor GB18030. Open it in an editor and save it as UTF-8.",
            ),
            Place(shown_as),
        )
    notice = say(
        "文件是 GB18030（GBK）编码，已按此读取；建议另存为 UTF-8。",
        "The file is GB18030 (GBK) and was read as such; better save it as UTF-8.",
    )
    return _tidy(text, "gb18030", notice, shown_as)


def _mostly_utf8(source: bytes) -> bool:
    """Whether more Chinese characters are whole in UTF-8 than are broken: GB18030 text hardly ever forms any."""
    text = source.decode("utf-8", "replace")
    whole = sum("\u2e80" <= letter < "\ufffd" for letter in text)
    return whole > text.count("\ufffd")


def _plausible(text: str) -> bool:
    beyond = [letter for letter in text if letter >= "\x80"][:_LOOKED_AT]
    everyday = sum(_is_everyday(letter) for letter in beyond)
    return "\0" not in text and bool(beyond) and everyday >= _PLAUSIBLE * len(beyond)


def _is_everyday(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return letter in "—·"  # the two that GB 2312 and Unicode write differently
    return True


def _tidy(text: str, encoding: str, notice: str, shown_as: str) -> SourceText:
    if "\0" in text:
        raise ContentError(
            say(
                "这不是文本文件（含有二进制内容）。Word 文档请先另存为纯文本（UTF-8）。",
                "This is no text file (it holds binary data). Save Word documents as plain text (UTF-8) first.",
            ),
            Place(shown_as, text[: text.index("\0")].count("\n") + 1),
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return SourceText(text.translate(CONTROLS), encoding, notice, notices=tuple(of_controls(text, shown_as)))


def _damaged(line: int, shown_as: str, encoding: str) -> ContentError:
    return ContentError(
        say(
            "文件是 {encoding} 编码，但这一行有损坏的字节。请重新输入这一行，或从原稿重新保存为 UTF-8。",
            "The file is {encoding}, but this line holds broken bytes. Retype the line, or save the file as UTF-8 again.",
            encoding=encoding,
        ),
        Place(shown_as, line),
    )
