"""Our mark: a value on the address behind 阅读原文 by which an article is found again (platforms.md, WeChat drafts)."""

import re
from collections.abc import Mapping
from typing import Any

#: Digits of the key that are shown: enough to be unique, short enough to be no nuisance in an address.
DIGITS = 12


def marker(key: str) -> str:
    """The mark of an order."""
    return f"r={key[:DIGITS]}"


def marked(address: str, key: str) -> str:
    """The address with the mark; nothing where there is no address to carry it."""
    if not address:
        return ""
    return f"{address}{'&' if '?' in address else '?'}{marker(key)}"


def articles(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The articles of an entry of a listing."""
    content = item.get("content")
    found = content.get("news_item") if isinstance(content, dict) else None
    return [article for article in found if isinstance(article, dict)] if isinstance(found, list) else []


def shows(item: Mapping[str, Any], mark: str) -> bool:
    """Whether one of the entry's articles carries the mark."""
    return article_with(item, mark) is not None


def article_with(item: Mapping[str, Any], mark: str) -> dict[str, Any] | None:
    """The entry's article that carries the mark, as a whole value of the address."""
    pattern = re.compile(rf"[?&]{re.escape(mark)}(?![0-9a-f])")
    return next((one for one in articles(item) if pattern.search(str(one.get("content_source_url", "")))), None)
