"""The signature of Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks, spec): HMAC-SHA256, symmetric secrets.

What is signed is ``id.timestamp.body`` with the raw bytes of the body; each secret adds one ``v1,<base64>``, parted by spaces.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from xuanfa.domain.language import say

PREFIX = "whsec_"
#: How many random bytes a secret may have, by the specification.
SECRET_BYTES = range(24, 65)


def secret_bytes(secret: str) -> bytes:
    """The key inside ``whsec_<base64>``. Raises ValueError in words that do not repeat the secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or len(key) not in SECRET_BYTES:
        raise ValueError(
            say(
                "签名密钥应为 whsec_ 加 24 至 64 字节随机数的 base64；可用命令生成："
                "python3 -c \"import base64, os; print('whsec_' + base64.b64encode(os.urandom(32)).decode())\"",
                "a signing secret is whsec_ and the base64 of 24 to 64 random bytes; make one with: "
                "python3 -c \"import base64, os; print('whsec_' + base64.b64encode(os.urandom(32)).decode())\"",
            )
        )
    return key


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The ``v1,…`` of one secret; ``timestamp`` is in Unix seconds."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret_bytes(secret), signed, hashlib.sha256).digest()).decode()


def signed_headers(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers; without secrets the signature is left out. Several secrets sign side by side while one replaces another."""
    headers = {"webhook-id": message_id, "webhook-timestamp": str(timestamp)}
    if secrets:
        headers["webhook-signature"] = " ".join(signature(secret, message_id, timestamp, body) for secret in secrets)
    return headers
