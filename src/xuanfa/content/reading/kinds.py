"""Which files hold posts: the kinds of sources by the ending of their names, and how each becomes text.

Whoever lists, reads or talks of files in ``posts/`` asks here, so that another kind is one more row.
"""

from collections.abc import Callable, Mapping
from typing import Final

from xuanfa.content.reading.sources import SourceText, decode
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say

#: Bytes and the name that people know as text. Raises ContentError for bytes that are none of the kind.
Reader = Callable[[bytes, str], SourceText]


def _word(source: bytes, shown_as: str) -> SourceText:
    from xuanfa.content.reading.word import read  # noqa: PLC0415 - needed only where a document has changed

    return read(source, shown_as)


READERS: Final[Mapping[str, Reader]] = {".md": decode, ".docx": _word}
#: What people may take for a post, and what is told where it lies in the folder.
MEANT: Final = (".txt", ".text", ".markdown", ".mdown", ".mkd", ".doc", ".docm", ".wps", ".rtf", ".odt")
#: Folders below ``posts/`` in which nothing is a post.
ATTACHMENT_FOLDERS: Final = ("附件", "attachments")
#: What Word puts beside a document as long as somebody has it open.
_OPEN_IN_WORD: Final = "~$"


def suffix_of(name: str) -> str:
    """The ending by which a file of this name holds a post, in small letters; empty where it holds none."""
    if name.startswith(_OPEN_IN_WORD):
        return ""
    return next((suffix for suffix in READERS if name.lower().endswith(suffix)), "")


def is_of_attachments(folder: str) -> bool:
    """Whether a folder of this name holds attachments of posts, and no posts."""
    return folder.lower() in ATTACHMENT_FOLDERS


def is_meant(name: str) -> bool:
    """Whether somebody may take a file of this name for a post, although it is not read."""
    return not suffix_of(name) and name.lower().endswith(MEANT) and not name.startswith(_OPEN_IN_WORD)


def text_of(source: bytes, name: str, shown_as: str) -> SourceText:
    """The text of a file of this name. Raises ContentError where it holds no post, or bytes that are none of its kind."""
    reader = READERS.get(suffix_of(name))
    if reader is None:
        raise ContentError(not_read(), Place(shown_as))
    return reader(source, shown_as)


def suffixes() -> str:
    """The endings in words."""
    return say("、", ", ").join(READERS)


def not_read() -> str:
    """What is said of a file that somebody may take for a post."""
    return say(
        "程序只读 {endings} 结尾的文件，没有读。Word、WPS 文件请另存为 .docx；纯文本请把文件名改成 .md 结尾；不是稿件就移到别处。",
        "only files whose names end in {endings} are read, and this was not. Save what Word or WPS wrote as .docx, name a plain text .md, and "
        "move what is no post elsewhere.",
        endings=suffixes(),
    )
