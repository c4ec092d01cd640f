"""A plain webhook receiver to practise on: it verifies, remembers ``webhook-id``, and answers with an id and an address.

Standard Webhooks 1.0.0 as a receiver reads it: constant-time comparison, five minutes of tolerance either way.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

import httpx

from xuanfa.domain.fault import Fault
from xuanfa.rehearsal.journal import Journal, Turn
from xuanfa.rehearsal.platform import Platform, Reply, fingerprint

#: Seconds by which a timestamp may be off.
TOLERANCE = 300


class Receiver(Platform):
    """The other end of a webhook. With ``secrets`` it refuses what none of them has signed."""

    #: Where what was published is shown; nobody finds it there.
    shows_at: ClassVar[str] = "https://rehearsal.invalid"

    def __init__(
        self,
        journal: Journal,
        clock: Callable[[], datetime],
        *,
        fault: Fault | None = None,
        secrets: Sequence[str] = (),
    ) -> None:
        super().__init__(journal, clock, fault=fault)
        self._secrets = tuple(secrets)

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """Publish what is new; answer again what is known."""
        message = request.headers.get("webhook-id", "")
        if self._secrets and not self._is_signed(request, body, now):
            return _refusal(401, "the signature does not match")
        if not message:
            return _refusal(400, "webhook-id is missing")
        if "json" in request.headers.get("content-type", "") and not _is_json(body):
            return _refusal(400, "the body is not JSON")
        known = turn.answered(message)
        if known is not None:
            return Reply(body=known, message=message)
        number = fingerprint(message)
        answer = json.dumps({"ok": True, "id": number, "url": f"{self.shows_at}/posts/{number}"})
        return Reply(body=answer, accepted=True, account="receiver", message=message)

    def shown_path(self, url: httpx.URL) -> str:
        """Path and query of a webhook are often its key."""
        return "/…"

    def _is_signed(self, request: httpx.Request, body: bytes, now: datetime) -> bool:
        stamp = request.headers.get("webhook-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit()) or abs(now.timestamp() - int(stamp)) > TOLERANCE:
            return False
        signed = f"{request.headers.get('webhook-id', '')}.{stamp}.".encode() + body
        given = request.headers.get("webhook-signature", "").split()
        return any(hmac.compare_digest(_signature(secret, signed), one) for secret in self._secrets for one in given)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _refusal(status: int, reason: str) -> Reply:
    return Reply(status=status, body=json.dumps({"ok": False, "error": reason}))
