"""What readers of a rendition read, as plain texts: title, digest, body without markup, alternative texts, captions, tags."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from xuanfa.domain.attachment import EXTRA, attached
from xuanfa.domain.rendition import Rendition, without_marks


class Part(NamedTuple):
    """One text of it: which part of a post it is (``title``, ``summary``, ``author``, ``caption``, ``body``), and the text."""

    field: str
    text: str


_UNREAD = re.compile(r"<(style|script|head)\b[^<>]{0,2000}>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|tr|table|section|blockquote|figure|figcaption|br|hr|pre|header|footer|nav|article)\b[^<>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</(?:td|th)\s*>", re.IGNORECASE)
#: What is set apart by nothing but a blank between two tags stands in boxes of its own, and is no sentence.
_APART = re.compile(r"(?<=>)[ \t]+(?=<)")
_TAG = re.compile(r"<[^<>]*>")
_LINES = re.compile(r"[ \t]*\n[ \t\n]*")
_SPACES = re.compile(r"[ \t]+")
_MARK = re.compile(r"[，。：；、！？（）《》“”〔〕]")
_MARKUP = re.compile(r"</\w+>|<br")
#: Keys of messages whose values are for machines.
_MACHINE = re.compile(
    r"(?:id|key|url|link|href|src|token|hash|time|type|format|digest|code|slug|thumb|media|sign)$", re.IGNORECASE
)


def parts_of(rendition: Rendition) -> Iterator[Part]:
    """The texts of a rendition, in the order in which they are read; each once."""
    seen: set[str] = set()
    pictures = [Part("caption", text) for picture in rendition.pictures for text in (picture.alt, picture.caption)]
    texts = (
        Part("title", rendition.title),
        Part("summary", rendition.summary),
        Part("body", plain(rendition.body, rendition.media_type)),
        *pictures,
        *(Part("caption", each.title) for each in attached(rendition.extra)),
        *(
            Part("body", _further(name, text))
            for name, text in rendition.extra.items()
            if name != EXTRA and not _MACHINE.search(name)
        ),
    )
    for part in texts:
        if part.text.strip() and part.text not in seen:
            seen.add(part.text)
            yield part


def plain(body: str, media_type: str) -> str:
    """What is read of a body."""
    body = without_marks(body)
    if media_type == "application/json":
        try:
            return "\n".join(_strings(json.loads(body)))
        except ValueError:
            return body
    if media_type in ("text/html", "application/xml"):
        return of_html(body)
    return body


def of_html(markup: str) -> str:
    """The text of HTML; blocks are lines."""
    text = (
        _UNREAD.sub("", markup)
        if "<!--" in markup or re.search(r"<(?:style|script|head)\b", markup, re.IGNORECASE)
        else markup
    )
    text = _TAG.sub("", _APART.sub("\n", _CELL.sub(" | ", _BLOCK.sub("\n", text.replace("\n", " ")))))
    return _LINES.sub("\n", _SPACES.sub(_space, html.unescape(text))).strip()


def _space(run: re.Match[str]) -> str:
    """What a browser shows of spaces. Beside a mark of Chinese they are the template's: those of the author are found in the source."""
    return "" if _MARK.match(run.string, run.end()) or _MARK.match(run.string, run.start() - 1) else " "


def _further(name: str, value: str) -> str:
    """What is read of a further value: of keywords each by itself, of what was written for a program its texts."""
    if name == "keywords":
        return value.replace(",", "\n")
    if value.startswith(("[", "{")):
        return plain(value, "application/json")
    return _read(value)


def _read(value: str) -> str:
    """What is read of a value that may be markup."""
    return of_html(value) if _MARKUP.search(value) else value


def _strings(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if value.strip() and not _MACHINE.search(name):
            yield _read(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, name)
