"""A page (页面) as anybody sees it who opens a public address."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

#: What servers say of an address at which nothing is any more.
_GONE = frozenset({404, 410})
_OK = 200
_UNSHOWN = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Page:
    """The status of the answer, and its text, bounded."""

    status: int
    text: str


class Miss(StrEnum):
    """Why nothing came of opening an address."""

    #: It leads into a closed network, and is not asked for.
    PRIVATE = "private"
    #: There is no such name.
    NAME = "name"
    #: No answer, or not in time, or one that cannot be understood.
    SILENT = "silent"
    #: It leads on and on.
    ROUND = "round"
    #: Nobody asks here: a rehearsal, or an address that is none.
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came of opening an address. ``address`` is where it led in the end; of what gave no page, ``miss`` says why, and ``words`` too."""

    address: str
    page: Page | None = None
    media_type: str = ""
    #: Whether only the beginning of it was read.
    is_cut: bool = False
    miss: Miss | None = None
    words: str = ""


class Seen(StrEnum):
    """What a look at a public address has shown."""

    GONE = "gone"
    THERE = "there"
    #: Nobody can tell from here.
    UNKNOWN = "unknown"


def seen_on(page: Page | None, title: str) -> Seen:
    """Whether the post of this title is still there for readers. A page without the title is a notice in its place; ``None`` tells nothing."""
    if page is None or (page.status != _OK and page.status not in _GONE):
        return Seen.UNKNOWN
    if page.status in _GONE:
        return Seen.GONE
    return Seen.THERE if has_words(page.text, title) else Seen.GONE


def has_words(text: str, words: str) -> bool:
    """Whether a text, or what a page of HTML shows of it, has these words, whatever white space and punctuation stand between them. Words
    of nothing else are in no text."""
    wanted = bare(words)
    return bool(wanted) and wanted in bare(shown_text(text))


def shown_text(text: str) -> str:
    """What a reader sees of HTML; of any other text itself."""
    return unescape(_TAG.sub("", _UNSHOWN.sub(" ", text)))


def bare(text: str) -> str:
    """The letters and digits alone, in one width and case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
