"""Bodies of answers as text, whatever their encoding; and pages of HTML, which machines in between answer with."""

import re
from collections.abc import Mapping
from html import unescape

#: Declared far more often than meant, and able to decode anything: worth nothing.
_ANYTHING = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)
_PAGE = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|center|h1|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"<title[^>]*>([^<]*)</title", re.IGNORECASE)
_UNSHOWN = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
#: What a page holds that asks to sign in, or sends a browser to where that is done (the pages of networks that want a sign-in first do).
_ASKS = re.compile(
    r"type\s*=\s*[\"']?password|http-equiv\s*=\s*[\"']?refresh|\blocation(?:\.href)?\s*=[^=]|\blocation\.(?:replace|assign)\s*\("
    r"|portal|认证|登录|登陆|\bsign[ -]?in\b|\blog[ -]?in\b|authenticat",
    re.IGNORECASE,
)


def decoded(body: bytes, headers: Mapping[str, str]) -> str:
    """The text of a body: in the encoding that it declares, where that can be; else as UTF-8, else as GB 18030 (which is GBK and more).

    Many systems in China write GBK and declare UTF-8, or nothing.
    """
    declared = _CHARSET.search(headers.get("content-type", ""))
    named = [declared[1].lower()] if declared and declared[1].lower() not in _ANYTHING else []
    for encoding in (*named, "utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def is_page(text: str) -> bool:
    """Whether it is a page of HTML, and no answer of an interface."""
    return _PAGE.match(text) is not None


def asks_to_sign_in(text: str) -> bool:
    """Whether it is a page that asks a person to sign in, or leads a browser elsewhere for that."""
    return is_page(text) and _ASKS.search(text) is not None


def as_read(text: str) -> str:
    """What a person would read of it: of a page the title and the words, of anything else itself."""
    if not is_page(text):
        return text
    title = _TITLE.search(text)
    words = _TAG.sub(" ", _UNSHOWN.sub(" ", text))
    said = " ".join(unescape(words).split())
    head = " ".join(unescape(title[1]).split()) if title else ""
    return said if head in said else f"{head} {said}".strip()
