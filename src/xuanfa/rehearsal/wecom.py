"""The WeCom group robot to practise on: checks, limits, codes and rate as documented (``docs/adapters/wecom.md``).

Always HTTP 200; the ``errcode`` tells. Any key that is not empty is a robot.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from xuanfa.rehearsal.journal import Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint

PATH = "/cgi-bin/webhook/send"
#: Messages a minute for one robot.
RATE = 20
#: Bytes of UTF-8 by message type.
_CONTENT_MAX: Mapping[str, int] = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}
_TITLE_MAX, _DESCRIPTION_MAX, _ARTICLES_MAX = 128, 512, 8

_WORDS = {
    0: "ok",
    40008: "invalid message type",
    40058: "invalid Request Parameter",
    44004: "content is empty",
    45008: "article count out of limit",
    45009: "api freq out of limit",
    47001: "data format error",
    93000: "invalid webhook url",
}


class WecomPlatform(Platform):
    """The robot's side of the conversation."""

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """The code that the platform documents for this request."""
        key = request.url.params.get("key", "")
        account = fingerprint(key)
        code = 93000 if not key or request.url.path != PATH or request.method != "POST" else _code(body)
        if code == 0 and turn.accepted_since(account, now - timedelta(minutes=1)) >= RATE:
            code = 45009
        answer = json.dumps({"errcode": code, "errmsg": _WORDS[code]}, separators=(",", ":"))
        return Reply(body=answer, accepted=code == 0, account=account)

    def shown_path(self, url: httpx.URL) -> str:
        """The key is all that a stranger would need."""
        return f"{url.path}?key=***"


def _code(body: bytes) -> int:
    """What is wrong with the message; 0 is nothing."""
    try:
        message = json.loads(body)
    except ValueError:
        return 47001
    if not isinstance(message, dict):
        return 47001
    kind = message.get("msgtype")
    part = message.get(str(kind))
    if kind not in {*_CONTENT_MAX, "news"}:
        return 40008
    if not isinstance(part, dict):
        return 40058
    return _code_of_news(part) if kind == "news" else _code_of_content(part, _CONTENT_MAX[kind])


def _code_of_content(part: Mapping[str, Any], most: int) -> int:
    content = part.get("content")
    if not isinstance(content, str):
        return 40058
    if not content.strip():
        return 44004
    return 40058 if len(content.encode("utf-8", "replace")) > most else 0


def _code_of_news(part: Mapping[str, Any]) -> int:
    articles = part.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= _ARTICLES_MAX:
        return 45008
    return 0 if all(isinstance(article, dict) and _fits(article) for article in articles) else 40058


def _fits(article: Mapping[str, Any]) -> bool:
    title, description, url = (article.get(name) or "" for name in ("title", "description", "url"))
    return (
        0 < len(str(title).encode()) <= _TITLE_MAX
        and len(str(description).encode()) <= _DESCRIPTION_MAX
        and str(url).startswith(("http://", "https://"))
    )
