"""How long a text is, and by how much it is too long."""

import re
from html import unescape

from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.rendition import Unit, reserved_at

_PLACES = {"title": ("标题", "the title"), "summary": ("摘要", "the summary"), "body": ("正文", "the body")}
#: All tags but pictures. A ``<`` ends the search for ``>``, or a text of nothing else would be searched again from each.
_TAGS = re.compile(r"<(?!img\b)[^<>]*>")
_ALL_TAGS = re.compile(r"<[^<>]*>")
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


def reserved_address(html: str) -> Finding | None:
    """A finding where a text names the host of our marks, in its markup or in what readers see of it: it may have been put together of parts."""
    if reserved_at(html) is None and reserved_at(unescape(_ALL_TAGS.sub("", html))) is None:
        return None
    message = say(
        "正文里有 late.invalid，这是系统留作地址占位的。请删去，或写成真正的网址。",
        "The text holds late.invalid, which stands for addresses that the program fills in. Remove it, or write the real address.",
    )
    return Finding(code="body.reserved", message=message, place="body")


def empty_body(text: str) -> Finding | None:
    """A finding where nothing is left to read or, in HTML, to look at."""
    if unescape(_TAGS.sub("", text)).strip(_BLANK):
        return None
    message = say("正文是空的，请写好正文再发布。", "The body is empty: write it before publishing.")
    return Finding(code="body.empty", message=message, place="body")
