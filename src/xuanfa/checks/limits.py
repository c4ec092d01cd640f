"""How long a text is, and by how much it is too long."""

import re
from html import unescape
from typing import Literal

from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say

Unit = Literal["characters", "bytes"]

_PLACES = {"title": ("标题", "the title"), "summary": ("摘要", "the summary"), "body": ("正文", "the body")}
#: All tags but pictures.
_TAGS = re.compile(r"<(?!img\b)[^>]*>")
#: What nobody sees: white space of every kind, and characters without width.
_BLANK = " \t\n\r\f\v\u00a0\u3000\u2002\u2003\u200b\u200c\u200d\ufeff"
#: A Chinese character in UTF-8.
_BYTES_PER_HAN = 3


def measure(text: str, unit: Unit) -> int:
    """The length of ``text``: Unicode code points, or bytes of UTF-8."""
    return len(text) if unit == "characters" else len(text.encode("utf-8", "surrogatepass"))


def too_long(text: str, limit: int | None, unit: Unit, *, code: str, place: str) -> Finding | None:
    """A finding where ``text`` exceeds ``limit``: how long it is, what is allowed, and by how much to shorten it."""
    if limit is None:
        return None
    length = measure(text, unit)
    if length <= limit:
        return None
    over = length - limit
    words = _in_characters if unit == "characters" else _in_bytes
    return Finding(code=code, message=words(say(*_PLACES.get(place, (place, place))), length, limit, over), place=place)


def _in_characters(what: str, length: int, limit: int, over: int) -> str:
    return say(
        "{what}有 {length} 个字，上限 {limit} 个，请至少删去 {over} 个字。",
        "{what} has {length} characters, {limit} are allowed: shorten it by at least {over}.",
        what=what,
        length=length,
        limit=limit,
        over=over,
    )


def _in_bytes(what: str, length: int, limit: int, over: int) -> str:
    return say(
        "{what}有 {length} 字节，上限 {limit} 字节，请至少删去 {over} 字节（约 {han} 个汉字）。",
        "{what} has {length} bytes in UTF-8, {limit} are allowed: shorten it by at least {over} ({han} Chinese characters).",
        what=what,
        length=length,
        limit=limit,
        over=over,
        han=-(-over // _BYTES_PER_HAN),
    )


def empty_body(text: str) -> Finding | None:
    """A finding where nothing is left to read or, in HTML, to look at."""
    if unescape(_TAGS.sub("", text)).strip(_BLANK):
        return None
    message = say("正文是空的，请写好正文再发布。", "The body is empty: write it before publishing.")
    return Finding(code="body.empty", message=message, place="body")
