"""Text from outside as it may be shown: nothing that a terminal obeys, and no more of it than a person reads."""

import re
from collections.abc import Sequence
from typing import Final

from xuanfa.domain.reader import Reader
from xuanfa.domain.said import Row, Said, code_of

#: The most of one message that is shown. Characters.
MESSAGE_MAX: Final = 600
#: The most that is kept of what a channel said. Characters.
EVIDENCE_MAX: Final = 2000
#: What a terminal or a reader's software obeys instead of showing: controls but the line break, separators of lines, what turns the
#: direction of writing, and halves of characters, which no encoding takes.
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with whatever a terminal would obey written out (``\\x1b``)."""
    if isinstance(text, Said):
        return _printable(text)
    return _OBEYED.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def _printable(said: Said) -> str:
    """The sentence with its values written out; only its words, where one of them is no text and reads so all the same."""
    obeyed = any(isinstance(each, str) and _OBEYED.search(each) for each in said.all_in())
    changed = said.changed(printable) if obeyed else said
    words = str.__str__(changed)
    return Said(Row((printable(words),)), said.code) if _OBEYED.search(words) else changed


def file_name(path: str) -> str:
    """The name of a file, or the path to it, as people can read it on one line; another text than ``path`` where it cannot be shown as it is.

    Bytes that are no UTF-8 come from archives and FTP: they are read as GBK where that makes sense, with a mark, or else written out
    (``\\xb7``).
    """
    parts = [_as_gbk(part) for part in path.split("/")]
    mark = " [GBK]" if any(part is not None for part in parts) else ""
    whole = "/".join(part if part is not None else own for part, own in zip(parts, path.split("/"), strict=True))
    bare = _STRAY.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", whole)
    return printable(bare).replace("\n", "\\n") + mark


def has_stray_bytes(name: str) -> bool:
    """Whether the name of a file, as Python has it, holds bytes that are no UTF-8."""
    return _STRAY.search(name) is not None


#: A byte that is no UTF-8, as Python has it in the name of a file (PEP 383).
_STRAY = re.compile("[\udc80-\udcff]")


def _as_gbk(name: str) -> str | None:
    if not _STRAY.search(name):
        return None
    try:
        text = name.encode("utf-8", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return None
    return text if text.isprintable() else None


def escaped(text: str) -> str:
    """The text with the same written out as JSON has it (``\\u001b``), so that JSON stays JSON; a tab stays, which only makes room."""
    return _OBEYED.sub(lambda match: match[0] if match[0] == "\t" else f"\\u{ord(match[0]):04x}", text)


def masked(text: str, secrets: Sequence[str]) -> str:
    """The text with every secret replaced, the longest first, so that no half of one is left standing."""
    if isinstance(text, Said):
        return _masked(text, [secret for secret in secrets if secret])
    for secret in sorted({secret for secret in secrets if secret}, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _masked(said: Said, secrets: Sequence[str]) -> str:
    """The sentence with its values masked; only its words, where a secret stands across them."""
    if not _holds(said, secrets):
        return said
    changed = said.changed(lambda text: masked(text, secrets))
    return Said(Row((masked(str.__str__(said), secrets),)), said.code) if _holds(changed, secrets) else changed


def _holds(said: Said, secrets: Sequence[str]) -> bool:
    """Whether a secret is to be read in any language of it."""
    read = [said.form.worded(Reader("zh")), said.form.worded(Reader("en"))]
    return any(secret in text for secret in secrets for text in (*read, *map(str, said.all_in())))


def clipped(text: str, most: int = MESSAGE_MAX) -> str:
    """The text, its middle left out where it is longer than ``most``: what is wrong stands at its beginning, what to do at its end."""
    if len(text) <= most:
        return text
    if isinstance(text, Said):
        return _clipped(text, most)
    end = most // 3
    return f"{text[: most - end - 3]} … {text[-end:]}"


def _clipped(said: Said, most: int) -> str:
    """The sentence with its values clipped; only its words, where they are too long by themselves."""
    count = sum(isinstance(value, str) for value in said.all_in()) or 1
    shorter = said.changed(lambda text: clipped(text, max(most // (2 * count), 20)))
    return shorter if len(shorter) <= most else Said(Row((clipped(str.__str__(said)[:], most),)), code_of(said))
