"""Left: what leaves of a delivery, as a page of its own for a frame: the frozen rendition, cleaned, with the names of pictures in their places."""

import json
import re
from html import escape
from typing import Any, Final

from xuanfa.content.text.received import document
from xuanfa.domain.language import say
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.shown import escaped
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries

#: Under which names the kinds keep the text that a reader sees.
_TEXTS: Final = ("content", "body", "markdown", "text", "html", "description")
_LINK = re.compile(r"https://late\.invalid/link/([^/\s\"'<>]+)/")
_TIME = re.compile(r"https://late\.invalid/time/[a-z]+/")
_HTML = re.compile(r"<(p|section|h[1-6]|div|table|ul|ol|img)\b", re.IGNORECASE)


def page_of(desk: Desk, delivery_id: int) -> str | None:
    """The page; ``None`` where nothing was frozen."""
    with desk.store.read() as connection:
        loaded = deliveries.load(connection, delivery_id)
    return None if loaded is None else _page(loaded.rendition)


def opening_words(desk: Desk, delivery_id: int, most: int = 40) -> str:
    """How it begins, for looking for it on a platform; empty where nothing was frozen."""
    with desk.store.read() as connection:
        loaded = deliveries.load(connection, delivery_id)
    if loaded is None:
        return ""
    text = loaded.rendition.body if loaded.rendition.media_type == "text/plain" else loaded.rendition.title
    first = next((line.strip() for line in text.splitlines() if line.strip()), loaded.rendition.title)
    return first.partition("http")[0].strip()[:most]


def _page(rendition: Rendition) -> str:
    text = _filled(rendition.body)
    if rendition.media_type == "application/json":
        text = _readable(json.loads(text)) or text
    if rendition.media_type == "text/html" or _HTML.search(text):
        body = text
    else:
        body = "".join(f"<p>{_shown(line)}</p>" for line in text.splitlines() if line.strip())
    title = f"<h1>{_shown(rendition.title)}</h1>" if rendition.title and rendition.title not in body else ""
    pictures = "" if "<img" in body else "".join(f"<p>[{_shown(p.alt or p.filename)}]</p>" for p in rendition.pictures)
    return document(_style() + title + body + pictures, lambda _tag, _name: "")


def _filled(text: str) -> str:
    """What is filled in when it leaves, in words."""
    text = _LINK.sub(lambda it: say("〔{channel}上的网址〕", "[its address on {channel}]", channel=it[1]), text)
    return _TIME.sub(say("〔发布时间〕", "[the time]"), text)


def _shown(text: str) -> str:
    return escape(escaped(text))


def _style() -> str:
    return (
        "<style>body{margin:16px;font:16px/1.75 sans-serif;color:#1f2328;overflow-wrap:break-word}"
        "h1{font-size:20px;line-height:1.4}img{max-width:100%}</style>"
    )


def _readable(data: Any) -> str:
    """The longest text under one of the names, wherever it stands."""
    found = [text for name, text in _texts(data) if name in _TEXTS]
    return max(found, key=len, default="")


def _texts(data: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(data, str):
        return [(name, data)]
    if isinstance(data, dict):
        return [pair for key, value in data.items() for pair in _texts(value, key)]
    return [pair for value in data for pair in _texts(value, name)] if isinstance(data, list) else []
