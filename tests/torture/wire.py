"""A wire between a program and its database that can be cut, stalled, torn, and made deaf; every program has its own.

``cut``: the program's end is torn and stays so, and the server is not told: what it holds in locks it keeps. ``stalled``: nothing goes
either way, and nothing is lost. ``deaf``: what the program says arrives, what the server answers does not; then torn. So a commit may
have happened of which the program never hears.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from typing import Any


class Loop:
    """An event loop on a thread of its own, for the parts that must answer while the test does something else."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="torture-loop", daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Have it done, and wait."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def close(self) -> None:
        """Leave everything."""
        self.do(_cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class Wire:
    """One wire to ``port`` on the loopback. The methods are to be called through the loop."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._flows = asyncio.Event()
        self._flows.set()
        self._down = self._deaf = False
        self._words: list[bytes] = []
        self._swallowed = asyncio.Event()
        self._lines: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self.port = 0

    async def listen(self) -> None:
        """Begin."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take it away."""
        self._server.close()
        await self.mend()
        await self.tear()

    async def cut(self) -> None:
        """Nothing goes any more until ``mend``."""
        self._down = True
        for ours, _ in self._lines:
            _tear(ours)

    async def tear(self) -> None:
        """Every connection is torn at both ends; new ones may be made."""
        for line in list(self._lines):
            for end in line:
                _tear(end)

    async def stall(self) -> None:
        """Hold everything back until ``mend``."""
        self._flows.clear()

    async def deafen(self) -> None:
        """Let the program speak and not hear until ``mend``, which tears it."""
        self._deaf = True

    async def deafen_after(self, *words: bytes) -> None:
        """Become deaf when the program has said these words, one after the other: the last one still arrives."""
        self._words = list(words)

    async def swallow(self) -> None:
        """Until an answer has been kept from the program."""
        await self._swallowed.wait()

    async def mend(self) -> None:
        """As new."""
        if self._deaf or self._down:
            await self.tear()
        self._deaf = self._down = False
        self._flows.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._down:
            _tear(writer)
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            _tear(writer)
            return
        line = (writer, to_server)
        self._lines.add(line)
        try:
            await asyncio.gather(
                self._carry(reader, to_server, hears=False), self._carry(from_server, writer, hears=True)
            )
        except asyncio.CancelledError:  # the loop is closing; asyncio 3.11 would complain of a cancelled connection
            return
        finally:
            self._lines.discard(line)
            writer.close()
            to_server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, hears: bool) -> None:
        try:
            while data := await reader.read(65536):
                await self._flows.wait()
                if not hears:
                    self._listen_to(data)
                if hears and self._deaf:
                    self._swallowed.set()
                    continue
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        # While the wire is cut the server hears of nothing: it keeps what it has locked.
        while self._down and not hears:
            await asyncio.sleep(0.02)
        writer.close()

    def _listen_to(self, data: bytes) -> None:
        if self._words and self._words[0] in data:
            self._deaf = len(self._words) == 1
            self._words.pop(0)


def _tear(writer: asyncio.StreamWriter) -> None:
    line: socket.socket | None = writer.get_extra_info("socket")
    if line is not None and line.fileno() >= 0:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
