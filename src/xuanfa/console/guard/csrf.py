"""Requests that change something come from our own pages: by what the browser says of itself, and by a token that only the page knows.

``Sec-Fetch-Site`` where there is one (browsers send it over TLS and to this machine), else ``Origin``; both cannot be set by a page of
somebody else's. The token is an HMAC under what the cookie holds, so that it needs no keeping.
"""

import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

#: The field of every form.
FIELD: Final = "csrf"
HEADER: Final = "x-csrf"
#: Of SHA-256. Bytes.
_TOKEN: Final = 32


def token_for(secret: str) -> str:
    """The token of a page that is made for whoever holds ``secret``: written otherwise each time, since pages are compressed, and from the length of
    what is compressed one could else learn what stays in them (BREACH)."""
    pad = secrets.token_bytes(_TOKEN)
    return (pad + _over(bytes.fromhex(_mac(secret, "csrf")), pad)).hex()


def is_token(secret: str, typed: str) -> bool:
    """Whether it is."""
    try:
        both = bytes.fromhex(typed)
    except ValueError:
        return False
    return _is_same(_mac(secret, "csrf"), _over(both[_TOKEN:], both[:_TOKEN]).hex())


def _over(told: bytes, pad: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(told, pad, strict=False))


def new_intent(secret: str) -> str:
    """A mark for a form: what is pressed twice, is done once. Nobody else can make one."""
    number = secrets.token_hex(12)
    return f"{number}.{_mac(secret, number)[:24]}"


def is_intent(secret: str, typed: str) -> bool:
    """Whether it was made by us, for this session."""
    number, _, mark = typed.partition(".")
    return len(number) == 24 and _is_same(_mac(secret, number)[:24], mark)  # noqa: PLR2004 - as it is made


def is_from_our_page(request: Request) -> bool:
    """Whether the browser says that a page of this very site asks."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host", "")


def _is_same(ours: str, typed: str) -> bool:
    """Compared in constant time, whatever was typed."""
    return hmac.compare_digest(ours.encode(), typed.encode("utf-8", "surrogatepass"))


def _mac(secret: str, what: str) -> str:
    return hmac.new(secret.encode(), what.encode(), hashlib.sha256).hexdigest()
