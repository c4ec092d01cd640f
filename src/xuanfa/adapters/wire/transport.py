"""What an ``httpx.Client`` sends through: httpcore's pools over our own streams."""

import base64
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from xuanfa.adapters.wire.backend import Backend
from xuanfa.adapters.wire.decoding import decoded, layers_of
from xuanfa.adapters.wire.exchange import LIMIT, Exchange
from xuanfa.adapters.wire.stream import Stream
from xuanfa.domain.lease import PERMIT

#: As httpx keeps connections: how many, and how long idle. Seconds.
_CONNECTIONS, _IDLE = 20, 5.0
#: Answers that have no body, whatever their head says (RFC 9110, 15.3.5 and 15.4.5).
_BODILESS = {204, 304}


class Wire(httpx.BaseTransport):
    """A transport for one thread: one exchange at a time. ``limit`` is its most, in seconds, from connecting to the last byte.

    ``proxy_for`` names the proxy for an address (``http://user:password@host:port``), or none.
    """

    def __init__(
        self,
        tls: ssl.SSLContext,
        *,
        limit: float = LIMIT,
        proxy_for: Callable[[httpx.URL], str | None] = lambda _url: None,
        backend: Backend | None = None,
    ) -> None:
        self._tls = tls
        self._limit = limit
        self._proxy_for = proxy_for
        self._backend = backend or Backend()
        self._pools: dict[str | None, httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange. The request's extension ``exchange`` tells afterwards what became of it."""
        permit = PERMIT.get()
        exchange = Exchange(
            self._limit,
            permit,
            mark=f"{request.method} ".encode(),
            size=_head_size(request),
            length=_body_length(request.headers),
        )
        self._backend.exchange = request.extensions["exchange"] = exchange
        if permit is not None:
            permit.last = exchange
        exchange.fence()
        exchange.stops = bool(request.extensions.get("reach"))
        proxy = self._proxy_for(request.url)
        exchange.secrets = _secrets_of(proxy)
        with _as_httpx():
            answer = self._pool(proxy).handle_request(_as_httpcore(request))
        headers = httpx.Headers(answer.headers)
        stream = answer.extensions["network_stream"]
        if isinstance(stream, Stream):  # after 101 it is another protocol's
            stream.expect(_answer_length(answer.status, headers))
        layers = layers_of(headers)
        headers.pop("content-encoding", None)  # or httpx would unpack, too, and without an end
        return httpx.Response(
            answer.status, headers=headers, stream=_Body(answer, stream, layers), extensions=answer.extensions
        )

    def _pool(self, proxy: str | None) -> httpcore.ConnectionPool:
        if proxy not in self._pools:
            self._pools[proxy] = httpcore.ConnectionPool(
                ssl_context=self._tls,
                proxy=None if proxy is None else _proxy(proxy),
                max_connections=_CONNECTIONS,
                keepalive_expiry=_IDLE,
                network_backend=self._backend,
            )
        return self._pools[proxy]

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()


class _Body(httpx.SyncByteStream):
    """An answer's body, unpacked as it is read. Closing it decides whether the connection is fit for another request."""

    def __init__(self, answer: httpcore.Response, stream: httpcore.NetworkStream, layers: list[str]) -> None:
        self._answer = answer
        self._stream = stream
        self._layers = layers

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from decoded(self._answer.iter_stream(), self._layers)

    def close(self) -> None:
        with _as_httpx():
            self._answer.close()
        if isinstance(self._stream, Stream):
            self._stream.finish()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Errors of httpcore as those of httpx, which have the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
    except (httpcore.ProxyError, httpcore.UnsupportedProtocol) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


def _as_httpcore(request: httpx.Request) -> httpcore.Request:
    url = httpcore.URL(
        scheme=request.url.raw_scheme,
        host=request.url.raw_host,
        port=request.url.port,
        target=request.url.raw_path,
    )
    return httpcore.Request(
        request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
    )


def _head_size(request: httpx.Request) -> int:
    """The head as it will be written, but for what a proxy is told. Bytes."""
    line = len(request.method) + len(request.url.raw_path) + len("  HTTP/1.1\r\n")
    return line + sum(len(name) + len(value) + len(": \r\n") for name, value in request.headers.raw) + len("\r\n")


def _body_length(headers: httpx.Headers) -> int | None:
    """How long a request's body is. Bytes."""
    length = headers.get("content-length")
    if length is None:
        return None if "transfer-encoding" in headers else 0
    return int(length)


def _answer_length(status: int, headers: httpx.Headers) -> int | None:
    """How long an answer's body is; ``None`` where only its end shows it: its connection is then not used again. Bytes."""
    length = headers.get("content-length", "")
    if status in _BODILESS:
        return 0
    return int(length) if "transfer-encoding" not in headers and re.fullmatch(r"[0-9]{1,18}", length) else None


def _proxy(url: str) -> httpcore.Proxy:
    known = httpx.Proxy(url)
    return httpcore.Proxy(str(known.url), auth=known.raw_auth)


def _secrets_of(proxy: str | None) -> tuple[str, ...]:
    """What of a proxy's address nobody may be shown, as it travels too."""
    if proxy is None:
        return ()
    url = httpx.URL(proxy)
    pair = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    return (url.password, pair) if url.password else ()
