"""Reach: whether an address that a person gave answers, asked once and without following it."""

import http.client
import ipaddress
import socket
import ssl
import urllib.error
import urllib.request
from enum import StrEnum
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from xuanfa.domain.broken import broken_words
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say

#: How long to wait for an answer. Seconds.
_WITHIN: Final = 10.0
#: The same where somebody waits before a form.
_FORM_WAITS: Final = 5.0
#: A page behind a sign-in is there all the same.
_BEHIND_A_DOOR: Final = frozenset({401, 403})


def require_reachable(address: str) -> None:
    """Ask for ``address`` (GET). Raises StateError unless a page, a redirect or a request to sign in comes back."""
    request = urllib.request.Request(address, headers={"User-Agent": "xuanfa"})  # noqa: S310 - http or https, checked by the caller
    try:
        with _OPENER.open(request, timeout=_WITHIN) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
        error.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _unreached(address, _reason(error)) from error
    if status >= http.client.BAD_REQUEST and status not in _BEHIND_A_DOOR:
        raise _unreached(address, f"HTTP {status}")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer; where it leads is not asked for."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_NoRedirects)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return say("{n} 秒内没有回答", "no answer within {n} seconds", n=int(_WITHIN))
    inner = getattr(error, "reason", error)
    return broken_words(inner)[:200] if isinstance(inner, BaseException) else str(inner)[:200]


def _unreached(address: str, reason: str) -> StateError:
    return StateError(
        say(
            "打不开 {address}（{reason}）。请核对地址；页面刚发布时等一会儿再试，内网页面可以不用 --check。",
            "{address} cannot be opened ({reason}). Check it; wait a little where it is quite new, or leave out --check on a closed network.",
            address=address,
            reason=reason,
        )
    )


class Reach(StrEnum):
    """What came of opening an address that a person gave: it is there, it is not, or nobody here can tell."""

    OPEN = "open"
    GONE = "gone"
    UNTOLD = "untold"


def reach_of(address: str) -> Reach:
    """Ask for an address from a page's form. Only public machines are asked: whoever fills in a form must not make this server ask its
    neighbours. The machine that was looked up is the one that is asked, whatever its name leads to a moment later."""
    parts = urlsplit(address)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        places = _public_places(parts.hostname or "", port)
        if not places:
            return Reach.UNTOLD
        status = _status(parts, places[0], port)
    except (OSError, http.client.HTTPException, ValueError):
        return Reach.UNTOLD
    if status in {http.client.NOT_FOUND, http.client.GONE}:
        return Reach.GONE
    return Reach.OPEN if status < http.client.BAD_REQUEST or status in _BEHIND_A_DOOR else Reach.UNTOLD


def _public_places(host: str, port: int) -> list[str]:
    """Where a name leads; nowhere, as soon as one of these is no public machine."""
    found = [str(it[4][0]) for it in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    return found if all(ipaddress.ip_address(place.partition("%")[0]).is_global for place in found) else []


def _status(parts: SplitResult, place: str, port: int) -> int:
    made = socket.create_connection((place, port), timeout=_FORM_WAITS)
    try:
        host = parts.hostname or ""
        if parts.scheme == "https":
            made = ssl.create_default_context().wrap_socket(made, server_hostname=host)
        line = http.client.HTTPConnection(host, port, timeout=_FORM_WAITS)
        line.sock = made
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("GET", path, headers={"User-Agent": "xuanfa", "Connection": "close"})
        return line.getresponse().status
    finally:
        made.close()
