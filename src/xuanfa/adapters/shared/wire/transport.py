"""What an ``httpx.Client`` sends through: httpcore's pools over our own streams."""

import base64
import ssl
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import httpcore
import httpx

from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.adapters.shared.wire.decoding import decoded
from xuanfa.adapters.shared.wire.exchange import DECODED_MAX, HEAD_MAX, LIMIT, Exchange, TooMuch
from xuanfa.adapters.shared.wire.proxies import ProxyAwayError
from xuanfa.adapters.shared.wire.stream import Stream
from xuanfa.domain.broken import reason_words
from xuanfa.domain.errors import MachineError
from xuanfa.domain.language import say
from xuanfa.domain.lease import PERMIT

#: As httpx keeps connections: how many, and how long idle. Seconds.
_CONNECTIONS, _IDLE = 20, 5.0
#: Answers that have no body, whatever their head says (RFC 9110, 15.3.5 and 15.4.5).
_BODILESS = {204, 304}
#: More digits than this are no length.
_DIGITS_MAX = 18

_Raw = list[tuple[bytes, bytes]]


class Wire(httpx.BaseTransport):
    """A transport for one thread: one exchange at a time. ``limit`` is its most, in seconds, from connecting to the last byte.

    ``proxy_for`` names the proxy for an address (``http://user:password@host:port``), or none. It may raise MachineError. ``most`` is how
    much of an answer is read, packed or not, where that is another measure than an interface's answer needs. Bytes.
    """

    def __init__(
        self,
        tls: ssl.SSLContext,
        *,
        limit: float = LIMIT,
        proxy_for: Callable[[httpx.URL], str | None] = lambda _url: None,
        backend: Backend | None = None,
        most: int | None = None,
    ) -> None:
        self._tls = tls
        self._limit = limit
        self._most = most
        self._proxy_for = proxy_for
        self._backend = backend or Backend()
        self._pools: dict[tuple[str | None, bool], httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange. The request's extension ``exchange`` tells afterwards what became of it."""
        permit = PERMIT.get()
        raw = request.headers.raw
        size, length = _sizes(request, raw)
        mark = request.method.encode() + b" "
        exchange = Exchange(self._limit, permit, mark=mark, size=size, length=length, cap=self._most)
        self._backend.start(exchange)
        request.extensions["exchange"] = exchange
        if permit is not None:
            permit.note(exchange)
        exchange.fence()
        exchange.stops = "reach" in request.extensions
        proxy = None if "direct" in request.extensions else self._proxy_for(request.url)
        if proxy is not None:
            exchange.secrets = _secrets_of(proxy)
        away: ProxyAwayError | None = None
        try:
            answer = self._pool(proxy, keeps=permit is None).handle_request(_as_httpcore(request, raw))
        except _UNCONNECTED as error:
            if proxy is None or self._backend.is_connected:
                if proxy is not None:
                    self._backend.hang_up()
                raise _as_httpx(error) from error
            away = ProxyAwayError(proxy, reason_words(error))
        except Exception as error:
            if proxy is not None and not exchange.begun:
                self._backend.hang_up()  # what speaks to proxies of SOCKS leaves it open, and has errors of its own
            if isinstance(error, _ERRORS):
                raise _as_httpx(error) from error
            if exchange.begun or proxy is None or isinstance(error, httpx.HTTPError | MachineError):
                raise
            raise httpx.ProxyError(say("看不懂代理的回答", "the proxy's answer is not understood")) from error
        if away is not None:
            raise away  # here, where what lies below it no longer speaks of the server
        headers, packing, due = _read_head(answer)
        stream = answer.extensions["network_stream"]
        if isinstance(stream, Stream):  # after 101 it is another protocol's
            stream.expect(due)
        return httpx.Response(
            answer.status,
            headers=headers,
            stream=_Body(answer, stream, packing, self._most),
            extensions=answer.extensions,
        )

    def proxied(self, url: httpx.URL) -> bool:
        """Whether a request for this address goes through a proxy. Raises MachineError where that cannot be used."""
        return self._proxy_for(url) is not None

    def _pool(self, proxy: str | None, *, keeps: bool) -> httpcore.ConnectionPool:
        """What belongs to an attempt has a connection of its own: a second answer to an earlier request, which may come at any moment, must not
        be taken for the answer to this one. Looks, and what only asks, share connections."""
        if (proxy, keeps) not in self._pools:
            self._pools[proxy, keeps] = httpcore.ConnectionPool(
                ssl_context=self._tls,
                proxy=None if proxy is None else _proxy(proxy),
                max_connections=_CONNECTIONS,
                max_keepalive_connections=_CONNECTIONS if keeps else 0,
                keepalive_expiry=_IDLE,
                network_backend=self._backend,
            )
        return self._pools[proxy, keeps]

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()


class _Body(httpx.SyncByteStream):
    """An answer's body, unpacked as it is read. Closing it decides whether the connection is fit for another request."""

    def __init__(
        self, answer: httpcore.Response, stream: httpcore.NetworkStream, packing: str, most: int | None
    ) -> None:
        self._answer = answer
        self._stream = stream
        self._packing = packing
        self._most = most or DECODED_MAX

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from decoded(self._answer.iter_stream(), self._packing, self._most)
        except _ERRORS as error:
            raise _as_httpx(error) from error

    def close(self) -> None:
        self._answer.close()
        if isinstance(self._stream, Stream):
            self._stream.finish()


_UNCONNECTED = (httpcore.ConnectError, httpcore.ConnectTimeout)
_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


def _as_httpx(error: Exception) -> httpx.HTTPError:
    """The error of httpx that has the same name, or ours where h11 has met the bound of a head."""
    if isinstance(error, httpcore.RemoteProtocolError) and "too long" in str(error):
        return TooMuch(HEAD_MAX, "head")
    found: httpx.RequestError = getattr(httpx, type(error).__name__)(str(error))
    return found


def _as_httpcore(request: httpx.Request, raw: _Raw) -> httpcore.Request:
    url = httpcore.URL(
        scheme=request.url.raw_scheme,
        host=request.url.raw_host,
        port=request.url.port,
        target=request.url.raw_path,
    )
    return httpcore.Request(request.method, url, headers=raw, content=request.stream, extensions=request.extensions)


def _sizes(request: httpx.Request, raw: _Raw) -> tuple[int, int | None]:
    """How long the head will be, but for what a proxy is told, and how long the body is; ``None`` where nobody knows. Bytes."""
    head, body = len(request.method) + len(request.url.raw_path) + len("  HTTP/1.1\r\n\r\n"), 0
    for name, value in raw:
        head += len(name) + len(value) + len(": \r\n")
        field = name.lower()
        if field == b"content-length":
            body = int(value)
        elif field == b"transfer-encoding":
            return head, None
    return head, body


def _read_head(answer: httpcore.Response) -> tuple[_Raw, str, int | None]:
    """What the head says: the headers without the encoding, which httpx would undo, too, and without an end; the encoding; and how long
    the body is. ``None`` where only its end shows that: its connection is then not used again."""
    headers, packing, length = answer.headers, "", b""
    for name, value in headers:
        field = name.lower()
        if field == b"content-length":
            length = b"?" if length else value
        elif field == b"transfer-encoding":
            length = b"?"
        elif field == b"content-encoding":
            packing = f"{packing},{value.decode('latin-1')}"
    if packing:
        headers = [each for each in headers if each[0].lower() != b"content-encoding"]
    if answer.status in _BODILESS:
        return headers, packing, 0
    return headers, packing, int(length) if length.isdigit() and len(length) < _DIGITS_MAX else None


def _proxy(url: str) -> httpcore.Proxy:
    """Raises MachineError where what speaks to it is not installed."""
    known = httpx.Proxy(url)
    if known.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise MachineError(
            say(
                "要经 SOCKS 代理发送，但没有安装 socksio：请按 requirements/base.txt 重新安装，或改用 http 代理。",
                "the proxy is of the kind SOCKS, and socksio is not installed: install requirements/base.txt again, or use a proxy of http.",
            )
        )
    return httpcore.Proxy(str(known.url), auth=known.raw_auth)


def _secrets_of(proxy: str) -> tuple[str, ...]:
    """What of a proxy's address nobody may be shown, as it travels too."""
    url = httpx.URL(proxy)
    pair = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    return (url.password, pair) if url.password else ()
