"""What the browser holds. Behind TLS under a prefix that no neighbour of the host can set (RFC 6265bis, section 4.1.3)."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

#: Of a session, and of somebody who has none yet, for the forms that they get.
SESSION: Final = "xuanfa"
VISITOR: Final = "xuanfa_visitor"


def held(request: Request, name: str) -> str:
    """What it holds under a name; empty where there is nothing."""
    return request.cookies.get(_named(request, name), "")


def hold(request: Request, answer: Response, name: str, value: str) -> None:
    """Have it hold a value until it is closed; an empty one takes it away. No script can read it, and no other site sends it along."""
    named, secure = _named(request, name), is_tls(request)
    if value:
        answer.set_cookie(named, value, httponly=True, secure=secure, samesite="lax", path="/")
    else:
        answer.delete_cookie(named, httponly=True, secure=secure, samesite="lax", path="/")


def is_tls(request: Request) -> bool:
    """Whether the browser came over TLS, as far as the proxy before us says so."""
    return request.url.scheme == "https"


def _named(request: Request, name: str) -> str:
    return f"__Host-{name}" if is_tls(request) else name
