"""Reach: whether an address that a person gave answers, asked once and without following it."""

import http.client
import urllib.error
import urllib.request
from enum import StrEnum
from typing import Any, Final

from xuanfa.domain.broken import broken_words
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk

#: How long to wait for an answer. Seconds.
_WITHIN: Final = 10.0
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


def reach_of(desk: Desk, channel: str, address: str) -> Reach:
    """Ask for an address of a channel from a page's form. Only public machines and the office's own website are asked (``Desk.pages``): whoever
    fills in a form must not make this server ask its neighbours."""
    page = desk.pages(channel, address)
    if page is None:
        return Reach.UNTOLD
    if page.status in {http.client.NOT_FOUND, http.client.GONE}:
        return Reach.GONE
    return Reach.OPEN if page.status < http.client.BAD_REQUEST or page.status in _BEHIND_A_DOOR else Reach.UNTOLD
