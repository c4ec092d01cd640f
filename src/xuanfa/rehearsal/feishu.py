"""The Feishu group robot to practise on: checks, codes and both rates as documented (``docs/adapters/feishu.md``).

Always HTTP 200; the ``code`` tells. Any hook id is a robot. With ``secret`` it verifies signatures.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from xuanfa.domain.fault import Fault
from xuanfa.rehearsal.journal import Journal, Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint

PREFIX = "/open-apis/bot/v2/hook/"
#: Messages a minute and a second for one robot.
RATE_MINUTE, RATE_SECOND = 100, 5
#: Bytes of a request.
REQUEST_MAX = 20 * 1024
#: How far a signature's time may be off.
SKEW = timedelta(hours=1)

_WORDS = {
    0: "success",
    9499: "Bad Request",
    11232: "frequency limited",
    19001: "param invalid: incoming webhook access token invalid",
    19021: "sign match fail or timestamp is not within one hour from current time",
    19036: "send message is too large",
}


class FeishuPlatform(Platform):
    """The robot's side of the conversation."""

    def __init__(
        self, journal: Journal, clock: Callable[[], datetime], *, fault: Fault | None = None, secret: str = ""
    ) -> None:
        super().__init__(journal, clock, fault=fault)
        self._secret = secret

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """The code that the platform documents for this request."""
        hook = request.url.path.removeprefix(PREFIX)
        account = fingerprint(hook)
        code = self._code(request, body, now)
        if code == 0 and _too_many(turn, account, now):
            code = 11232
        fields: dict[str, Any] = {"code": code, "data": {}, "msg": _WORDS[code]}
        if code == 0:
            fields |= {"StatusCode": 0, "StatusMessage": "success"}
        return Reply(body=json.dumps(fields, separators=(",", ":")), accepted=code == 0, account=account)

    def shown_path(self, url: httpx.URL) -> str:
        """The hook id is all that a stranger would need."""
        return f"{PREFIX}***"

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """The message without its signature."""
        return re.sub(r'"sign":"[^"]*"', '"sign":"***"', body.decode("utf-8", "replace"))

    def _code(self, request: httpx.Request, body: bytes, now: datetime) -> int:
        """What is wrong with the request; 0 is nothing."""
        path = request.url.path
        if request.method != "POST" or not path.startswith(PREFIX) or path == PREFIX:
            return 19001
        if len(body) > REQUEST_MAX:
            return 19036
        try:
            message = json.loads(body)
        except ValueError:
            return 9499
        if not isinstance(message, dict) or not _is_complete(message):
            return 9499
        return 19021 if self._secret and not self._is_signed(message, now) else 0

    def _is_signed(self, message: dict[str, Any], now: datetime) -> bool:
        stamp = str(message.get("timestamp", ""))
        if not stamp.isascii() or not stamp.isdigit() or abs(now.timestamp() - int(stamp)) > SKEW.total_seconds():
            return False
        digest = hmac.new(f"{stamp}\n{self._secret}".encode(), b"", hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(digest).decode(), str(message.get("sign", "")))


def _too_many(turn: Turn, account: str, now: datetime) -> bool:
    return (
        turn.accepted_since(account, now - timedelta(minutes=1)) >= RATE_MINUTE
        or turn.accepted_since(account, now - timedelta(seconds=1)) >= RATE_SECOND
    )


def _is_complete(message: dict[str, Any]) -> bool:
    content = message.get("content")
    match message.get("msg_type"):
        case "text":
            return isinstance(content, dict) and isinstance(content.get("text"), str) and bool(content["text"].strip())
        case "post":
            return isinstance(content, dict) and _is_rich(content.get("post"))
        case "interactive":
            card = message.get("card")
            return isinstance(card, dict) and isinstance(card.get("elements"), list) and bool(card["elements"])
        case _:
            return False


def _is_rich(post: object) -> bool:
    local = post.get("zh_cn") if isinstance(post, dict) else None
    rows = local.get("content") if isinstance(local, dict) else None
    return isinstance(rows, list) and bool(rows) and all(isinstance(row, list) for row in rows)
