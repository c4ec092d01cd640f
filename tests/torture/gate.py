"""The gate: a program of its own between the workers and the receiver, so that the receiver's side of the wire can be stopped (SIGSTOP).

While it stands still the operating system goes on taking connections and bytes for it, as it does for every stopped server; what it has
taken arrives at the receiver when the gate goes on, however long its senders have given it up.
"""

import asyncio
import contextlib
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Gate:
    """Started when it is made; dies with this process."""

    def __init__(self, port: int) -> None:
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.torture.gate", str(port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        #: When it stood still, from and until.
        self.halts: list[tuple[float, float]] = []

    def halt(self) -> Callable[[], None]:
        """Have it stand still; what is returned lets it go on."""
        began = time.time()
        self._process.send_signal(signal.SIGSTOP)

        def go_on() -> None:
            self._process.send_signal(signal.SIGCONT)
            self.halts.append((began, time.time()))

        return go_on

    def halted(self, since: float, until: float) -> bool:
        """Whether it stood still at some moment of that time."""
        return any(began <= until and ended >= since for began, ended in self.halts)

    def close(self) -> None:
        """Away with it."""
        self._process.kill()
        self._process.communicate()


async def serve(to: int) -> None:
    """Carry everything to the port ``to`` of the loopback and back, until killed."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", to)
        except OSError:
            tear(writer)
            return
        # Whichever side hangs up, the other one is told; requests that were taken while nobody was there any more arrive all the same.
        await asyncio.gather(carry(reader, forth), carry(back, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One direction, until it ends or is torn."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        tear(writer)


def tear(writer: asyncio.StreamWriter) -> None:
    """As a machine that is switched off: no goodbye."""
    line: socket.socket | None = writer.get_extra_info("socket")
    if line is not None and line.fileno() >= 0:
        with contextlib.suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
