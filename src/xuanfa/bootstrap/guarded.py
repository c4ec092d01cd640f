"""A way out for a browser: a proxy on the loopback that opens what ``opening`` would open, and nothing else.

A browser follows whatever a page names: redirects, frames, pictures, scripts. All of it comes through here, where each name is looked up, and
only public machines are connected to, at the very place that was looked up, besides the office's own website.
"""

import base64
import contextlib
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx

from xuanfa.adapters.shared.addresses import is_public, resolve
from xuanfa.bootstrap.binding import Way
from xuanfa.bootstrap.opening import is_own
from xuanfa.domain.errors import MachineError

#: What one page may bring along, over all its connections, and how many of those there may be. Bytes.
_MOST: Final = 60_000_000
_CONNECTIONS: Final = 300
_HEAD_MAX: Final = 65_536
_PIECE: Final = 65_536
_CONNECT_WITHIN: Final = 8.0
_REFUSED: Final = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_UNREACHED: Final = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_HOP: Final = re.compile(rb"^(?:proxy-[^:\r\n]*|connection|keep-alive):[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)


class Guard:
    """Serves until its time is over; ``refused`` are the hosts that were asked for and not opened."""

    def __init__(self, way: Way, seconds: float) -> None:
        self.refused: set[str] = set()
        self._way = way
        self._until = time.monotonic() + seconds
        self._left = _MOST
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._over = False
        self._threads: list[threading.Thread] = []

    def serve(self) -> None:
        """Take connections, each on a thread of its own."""
        self._listener.settimeout(0.2)
        while not self._over and time.monotonic() < self._until and len(self._threads) < _CONNECTIONS:
            try:
                taken, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            thread = threading.Thread(target=self._one, args=(taken,), name="xuanfa-guard", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """No more of it."""
        self._over = True
        self._listener.close()

    def _one(self, taken: socket.socket) -> None:
        with taken:
            taken.settimeout(_CONNECT_WITHIN)
            try:
                head, rest = _head_of(taken)
                method, target = head.split(b" ", 2)[:2]
                url = httpx.URL(
                    f"https://{target.decode('ascii')}/" if method == b"CONNECT" else target.decode("ascii")
                )
                there = self._connected(url)
            except (OSError, ValueError, httpx.InvalidURL, MachineError):
                with contextlib.suppress(OSError):
                    taken.sendall(_UNREACHED)
                return
            if there is None:
                self.refused.add(url.host)
                with contextlib.suppress(OSError):
                    taken.sendall(_REFUSED)
                return
            with there, contextlib.suppress(OSError):
                if method == b"CONNECT":
                    taken.sendall(b"HTTP/1.1 200 Connection Established\r\n\r\n")
                    there.sendall(rest)
                else:
                    there.sendall(_as_asked(head, url) + rest)
                self._pump(taken, there)

    def _connected(self, url: httpx.URL) -> socket.socket | None:
        """A connection to where an address may lead; ``None`` where it must not be opened. Raises OSError."""
        if url.scheme not in {"http", "https"}:
            return None
        port = url.port or (443 if url.scheme == "https" else 80)
        found = resolve(url)
        own = any(is_own(self._way, f"{scheme}://{url.netloc.decode('ascii')}") for scheme in ("http", "https"))
        if not own and not all(map(is_public, found)):
            return None
        proxy = None if own else self._way.proxy(url)
        if proxy is not None:
            return _through(proxy, url.host, port)
        trouble: OSError = OSError(url.host)
        for address in found[:3]:
            try:
                return socket.create_connection((str(address), port), timeout=_CONNECT_WITHIN)
            except OSError as error:
                trouble = error
        raise trouble

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        """What either side says to the other, until one has done or too much was said."""
        for each in (one, other):
            each.setblocking(True)
        while time.monotonic() < self._until and self._left > 0 and not self._over:
            readable, _, _ = select.select([one, other], [], [], 0.5)
            for side in readable:
                data = side.recv(_PIECE)
                if not data:
                    return
                self._left -= len(data)
                (other if side is one else one).sendall(data)


def _head_of(taken: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = taken.recv(_PIECE)
        if not piece or len(data) > _HEAD_MAX:
            raise ValueError("no request")
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head + b"\r\n", rest


def _as_asked(head: bytes, url: httpx.URL) -> bytes:
    """The request as the server gets it: its path, and one request on one connection."""
    first, _, headers = head.partition(b"\r\n")
    method, _, version = first.split(b" ", 2)
    return b"%s %s %s\r\n%sConnection: close\r\n\r\n" % (method, url.raw_path, version, _HOP.sub(b"", headers))


def _through(proxy: str, host: str, port: int) -> socket.socket:
    """A tunnel through the office's own proxy of HTTP. Raises OSError, and ValueError for a proxy of another kind."""
    known = httpx.Proxy(proxy)
    if known.url.scheme != "http":
        raise ValueError(known.url.scheme)
    made = socket.create_connection((known.url.host, known.url.port or 80), timeout=_CONNECT_WITHIN)
    try:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        if known.raw_auth is not None:
            pair = base64.b64encode(b":".join(known.raw_auth)).decode()
            lines.append(f"Proxy-Authorization: Basic {pair}")
        made.sendall("\r\n".join([*lines, "", ""]).encode())
        head, _ = _head_of(made)
    except (OSError, ValueError):
        made.close()
        raise
    if head.split(b" ", 2)[1:2] != [b"200"]:
        made.close()
        raise OSError("refused by the proxy")
    return made


@contextmanager
def guard(way: Way, seconds: float) -> Iterator[Guard]:
    """One for a ``with`` statement."""
    made = Guard(way, seconds)
    thread = threading.Thread(target=made.serve, name="xuanfa-guard", daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join(2)
