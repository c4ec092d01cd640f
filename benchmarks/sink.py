"""A loopback sink: a process of its own that answers every POST after a set latency, and counts keys.

Written on asyncio's protocols, so that it is much quicker than any sender beside it. ``GET /stats``,
``/count`` and ``/keys`` tell what it saw.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from types import TracebackType
from typing import ClassVar
from urllib.request import urlopen

_OK = b'{"ok":true}'


class _Sink(asyncio.Protocol):
    seen: ClassVar[Counter[str]] = Counter()
    arrived: ClassVar[list[float]] = []
    latency: ClassVar[float] = 0.0

    def __init__(self) -> None:
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while True:
            head, mark, rest = self.buffer.partition(b"\r\n\r\n")
            if not mark:
                return
            lowered = head.lower()
            length = int(lowered.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in lowered else 0
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.answer(head, lowered)

    def answer(self, head: bytes, lowered: bytes) -> None:
        if head.startswith(b"GET /count"):
            self.write(b"%d" % len(self.arrived))
            return
        if head.startswith(b"GET /keys"):
            self.write(json.dumps(self.seen).encode())
            return
        if head.startswith(b"GET /stats"):
            body = json.dumps({"seen": len(self.arrived), "keys": len(self.seen), "arrived": self.arrived}).encode()
            self.write(body)
            return
        if head.startswith(b"GET /reset"):
            self.seen.clear()
            self.arrived.clear()
            self.write(_OK)
            return
        mark = b"webhook-id:"
        key = lowered.split(mark)[1].split(b"\r\n")[0].strip().decode() if mark in lowered else "?"
        self.seen[key] += 1
        self.arrived.append(time.time())
        if self.latency:
            asyncio.get_running_loop().call_later(self.latency, self.write, _OK)
        else:
            self.write(_OK)

    def write(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.transport.write(head + body)  # type: ignore[attr-defined]


async def _serve(latency: float) -> None:
    _Sink.latency = latency
    server = await asyncio.get_running_loop().create_server(_Sink, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Sink:
    """The sink's process, for a ``with`` statement. ``latency`` is in seconds."""

    def __init__(self, latency: float = 0.0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sink", str(latency)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def stats(self) -> dict[str, object]:
        """What was seen: requests, different keys, times of arrival."""
        with urlopen(f"{self.url}/stats") as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def count(self) -> int:
        """How many requests were seen so far; cheap to ask."""
        with urlopen(f"{self.url}/count") as answer:
            return int(answer.read())

    def keys(self) -> Counter[str]:
        """How often each key was seen."""
        with urlopen(f"{self.url}/keys") as answer:
            return Counter(json.load(answer))

    def reset(self) -> None:
        """Forget."""
        urlopen(f"{self.url}/reset").close()

    def __enter__(self) -> "Sink":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
