"""The article that a rendition brings to its readers, as its paragraphs, without what stands around it on the page."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from xuanfa.content.text.page_text import page_text
from xuanfa.domain.page_proof import Article
from xuanfa.domain.rendition import Rendition, in_place_of_marks

#: Under which names the kinds keep the text that a reader sees, in what they send as data.
_TEXTS: Final = frozenset({"content", "body", "markdown", "text", "html", "description"})
_ARTICLE: Final = re.compile(r"<article\b[^<>]*>(.*)</article\s*>", re.DOTALL | re.IGNORECASE)
_HTML: Final = re.compile(r"<(?:p|section|h[1-6]|div|table|ul|ol|br|img)\b", re.IGNORECASE)
#: Stands where something is filled in when it leaves: what that was, nobody compares.
_FILLED: Final = "\u2402"


def article_of(rendition: Rendition) -> Article:
    """The title, and the paragraphs; a paragraph is parted where something was filled in."""
    body, markup = body_of(rendition)
    lines = page_text(body).lines if markup else _plain(body)
    return Article(
        title=rendition.title, lines=[part for line in lines for part in line.split(_FILLED) if part.strip()]
    )


def body_of(rendition: Rendition) -> tuple[str, bool]:
    """What a reader gets of it, with a sign where something was filled in, and whether that is markup."""
    body = in_place_of_marks(_body(rendition), _FILLED)
    return body, _is_markup(rendition, body)


def _body(rendition: Rendition) -> str:
    if rendition.media_type == "application/json":
        try:
            return max(_texts(json.loads(rendition.body)), key=len, default="")
        except (ValueError, RecursionError):
            return rendition.body
    own = rendition.extra.get("html", "")  # the website's: its body is a whole page
    if own:
        return own
    found = _ARTICLE.search(rendition.body)
    return found[1] if found is not None else rendition.body


def _is_markup(rendition: Rendition, body: str) -> bool:
    return rendition.media_type == "text/html" or _HTML.search(body) is not None


def _texts(data: Any, name: str = "") -> Iterator[str]:
    if isinstance(data, str):
        if name in _TEXTS:
            yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, str(key))
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value, name)


def _plain(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
