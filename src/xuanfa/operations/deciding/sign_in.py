"""Signing in: a person gives an account's authorisation in a browser, and its code comes back by the loopback or by paste.

The code is as good as the account until it is traded, so it is neither shown nor logged. It is traded by the
act ``SignIn``, which enters by the door.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from xuanfa.adapters.protocol import SignsIn
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk

#: How long the loopback is listened to. Seconds.
PATIENCE = 600.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIn:
    """A sign-in that has begun: where the person goes, and what must come back."""

    channel: str
    address: str
    redirect_uri: str
    state: str

    @property
    def is_loopback(self) -> bool:
        """Whether the browser, on this machine, can bring the code by itself."""
        parts = urlsplit(self.redirect_uri)
        return parts.scheme == "http" and parts.hostname in _LOOPBACK and parts.port is not None


def begin_sign_in(desk: Desk, channel: str) -> SigningIn:
    """Begin: the address to open. Raises ConfigError for a channel that nobody signs in to."""
    adapter = signing_adapter(desk, channel)
    state = secrets.token_urlsafe(24)
    return SigningIn(
        channel=channel,
        address=adapter.authorise_address(state),
        redirect_uri=adapter.redirect_uri,
        state=state,
    )


def signing_adapter(desk: Desk, channel: str) -> SignsIn:
    """The adapter of a channel that people sign in to. Raises ConfigError for any other one."""
    adapter = desk.adapters.bound(desk.known_channel(channel))
    if not isinstance(adapter, SignsIn):
        raise ConfigError(
            say(
                "渠道 {channel} 不需要登录：它的密钥写在设置里。",
                "Nobody signs in to the channel {channel}: its key stands in the settings.",
                channel=channel,
            )
        )
    return adapter


def pasted_code(signing_in: SigningIn, text: str) -> str:
    """The code in what a person pasted: the whole address that the browser ended at, or the code alone. Raises ConfigError."""
    pasted = text.strip()
    if "://" in pasted or "code=" in pasted:
        parts = urlsplit(pasted)
        return _code_of(signing_in, parts.query or pasted.partition("?")[2] or pasted)
    if not pasted:
        raise ConfigError(
            say("没有收到授权码。请再登录一次。", "No code was given. Sign in once more."),
        )
    return pasted


def await_code(signing_in: SigningIn, patience: float = PATIENCE) -> str:
    """The code that the browser brings to the loopback. Listens only there, and only until the right one comes. Raises ConfigError."""
    parts = urlsplit(signing_in.redirect_uri)
    try:
        server = _Callback((parts.hostname or "127.0.0.1", parts.port or 0), signing_in, parts.path or "/")
    except OSError as error:
        raise ConfigError(
            say(
                "不能在 {address} 等待登录结果：{why}。请关闭占用该端口的程序，或加 --paste 手工粘贴。",
                "Cannot wait for the sign-in at {address}: {why}. Close what uses the port, or add --paste.",
                address=signing_in.redirect_uri,
                why=machine_words(error),
            )
        ) from error
    with server:
        deadline = monotonic() + patience
        while server.ended is None and monotonic() < deadline:
            server.timeout = max(0.0, min(1.0, deadline - monotonic()))
            server.handle_request()
    if isinstance(server.ended, ConfigError):
        raise server.ended
    if server.ended is None:
        raise ConfigError(
            say(
                "等了 {minutes} 分钟没有人完成登录。请再运行一次。",
                "Nobody finished signing in within {minutes} minutes. Run it once more.",
                minutes=round(patience / 60),
            )
        )
    return server.ended


class _Callback(HTTPServer):
    """Listens for one callback. ``ended`` is the code, or why there is none."""

    def __init__(self, address: tuple[str, int], signing_in: SigningIn, path: str) -> None:
        super().__init__(address, _Handler)
        self.signing_in = signing_in
        self.path = path
        self.ended: str | ConfigError | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news, and a trace might show the code."""


class _Handler(BaseHTTPRequestHandler):
    server: _Callback
    #: A connection that says nothing does not keep the right one waiting. Seconds.
    timeout = 5

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != self.server.path:
            self._say(404, say("没有这个页面。", "There is no such page."))
            return
        try:
            code = _code_of(self.server.signing_in, parts.query)
        except _WrongStateError as error:
            self._say(400, str(error))  # somebody else's: the right one may still come
        except ConfigError as error:
            self.server.ended = error
            self._say(400, str(error))
        else:
            self.server.ended = code
            self._say(
                200,
                say(
                    "已收到授权，请回到命令行窗口查看结果。本页可以关闭。",
                    "The authorisation has arrived. Return to the command line; this page may be closed.",
                ),
            )

    def _say(self, status: int, text: str) -> None:
        page = (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>宣发</title><body style='font:18px/1.8 sans-serif;max-width:32em;margin:20vh auto;padding:0 1em'>{text}"
        )
        data = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")  # the page's address holds the code
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing: the request line holds the code."""


class _WrongStateError(ConfigError):
    """What came back does not belong to this sign-in."""


def _code_of(signing_in: SigningIn, query: str) -> str:
    fields = parse_qs(query)
    state = _first(fields.get("state"))
    if not hmac.compare_digest(state.encode(), signing_in.state.encode()):
        raise _WrongStateError(
            say(
                "这个授权不是本次登录的（state 不符）。请用这一次打印的地址重新登录。",
                "This authorisation is not of this sign-in (its state differs). Sign in with the address printed this time.",
            )
        )
    code = _first(fields.get("code"))
    if not code:
        raise ConfigError(
            say(
                "账号没有同意授权。请再登录一次，并在页面上点“授权”。",
                "The account did not agree. Sign in once more and allow it.",
            )
        )
    return code


def _first(values: Sequence[str] | None) -> str:
    return values[0] if values else ""
