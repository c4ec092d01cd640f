"""The DingTalk group robot to practise on: checks, codes, rate and ``msgUuid`` as documented (``docs/adapters/dingtalk.md``).

Always HTTP 200; the ``errcode`` tells. Any token that is not empty is a robot. With ``secret`` it verifies signatures.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from xuanfa.domain.fault import Fault
from xuanfa.rehearsal.journal import Journal, Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint

PATH = "/robot/send"
#: Messages a minute for one robot, and how long it is silent after one more.
RATE, SILENT = 20, timedelta(minutes=10)
#: How far a signature's time may be off.
SKEW = timedelta(hours=1)
_TEXTS = {"text": ("content",), "markdown": ("title", "text"), "link": ("title", "text", "messageUrl")}
#: The length of a text is not confirmed for robots; the practice robot holds what the adapter promises.
_TEXT_MAX = 5000

_WORDS = {
    0: "ok",
    300005: "token is not exist",
    310000: "sign not match",
    400105: "unsupported message type",
    410100: "send too fast, exceed 20 times per minute",
    430104: "content is not compliant",
    43004: "invalid content type",
}


class DingtalkPlatform(Platform):
    """The robot's side of the conversation."""

    def __init__(
        self, journal: Journal, clock: Callable[[], datetime], *, fault: Fault | None = None, secret: str = ""
    ) -> None:
        super().__init__(journal, clock, fault=fault)
        self._secret = secret

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """The code that the platform documents for this request. A ``msgUuid`` that it has seen is answered again and not shown again."""
        token = request.url.params.get("access_token", "")
        account = fingerprint(token)
        message = _message(body)
        uuid = str(message.get("msgUuid", ""))
        code = self._code(request, message, token, now)
        if code == 0 and uuid and (known := turn.answered(f"{account}:{uuid}")) is not None:
            return Reply(body=known, account=account, message=f"{account}:{uuid}")
        if code == 0 and self._is_silent(turn, account, now):
            code = 410100
        answer = json.dumps({"errcode": code, "errmsg": _WORDS[code]}, separators=(",", ":"))
        return Reply(body=answer, accepted=code == 0, account=account, message=f"{account}:{uuid}" if uuid else "")

    def shown_path(self, url: httpx.URL) -> str:
        """The token is all that a stranger would need."""
        return f"{url.path}?access_token=***"

    def _code(self, request: httpx.Request, message: dict[str, Any], token: str, now: datetime) -> int:
        if not token or request.url.path != PATH or request.method != "POST":
            return 300005
        if "application/json" not in request.headers.get("content-type", ""):
            return 43004
        if self._secret and not self._is_signed(request, now):
            return 310000
        return _code_of(message)

    def _is_signed(self, request: httpx.Request, now: datetime) -> bool:
        stamp = request.url.params.get("timestamp", "")
        if (
            not stamp.isascii()
            or not stamp.isdigit()
            or abs(now.timestamp() - int(stamp) / 1000) > SKEW.total_seconds()
        ):
            return False
        digest = hmac.new(self._secret.encode(), f"{stamp}\n{self._secret}".encode(), hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(digest).decode(), request.url.params.get("sign", ""))

    @staticmethod
    def _is_silent(turn: Turn, account: str, now: datetime) -> bool:
        """Whether this one would be too many, or an earlier one was within the last ten minutes."""
        if turn.accepted_since(account, now - timedelta(minutes=1)) >= RATE:
            return True
        return any('"errcode":410100' in past.answer for past in turn.since(account, now - SILENT))


def _message(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _code_of(message: dict[str, Any]) -> int:
    """What is wrong with the message; 0 is nothing."""
    kind = message.get("msgtype")
    part = message.get(str(kind))
    if kind not in _TEXTS or not isinstance(part, dict):
        return 400105
    texts = [part.get(name) for name in _TEXTS[str(kind)]]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        return 430104
    return 430104 if max(len(str(text)) for text in texts) > _TEXT_MAX else 0
