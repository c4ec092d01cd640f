"""Connections that are cut in the middle of a request: the operating system takes some of its bytes, which really leave, and no more.

What is cut is the socket below the program's own wire, so that the counting, the words and what is made of them are those of the product.
"""

import os
import random
import socket
import struct
from pathlib import Path
from typing import Any

from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.domain.lease import PERMIT

#: Names the file that is there while it storms.
STORMING = "XUANFA_TORTURE_STORMING"
#: Of a hundred requests so many are cut.
ODDS = 4


class _Frail(socket.socket):
    """Breaks in the middle of the request that follows, if it is its day."""

    _left: int | None = None

    def send(self, data: Any, flags: int = 0) -> int:
        permit = PERMIT.get()
        if self._left is None and permit is not None and permit.last is not None and permit.last.total and _is_cut():
            self._left = _CHANCE.randrange(permit.last.total)
        if self._left is None:
            return super().send(data, flags)
        if self._left <= 0:
            # Gone, and its buffers with it: nothing more of it arrives, and nothing comes back.
            self.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))
            self.shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError(104, "Connection reset by peer")
        sent = super().send(memoryview(data)[: self._left], flags)
        self._left -= sent
        return sent


_CHANCE = random.Random()  # noqa: S311 - not secrets


def _is_cut() -> bool:
    return _CHANCE.randrange(100) < ODDS and Path(os.environ.get(STORMING, "-")).exists()


def cut_connections() -> None:
    """From now on, in this process."""
    dial = Backend._dial

    def frail(backend: Backend, host: str, port: int, until: float) -> socket.socket:
        return _Frail(fileno=dial(backend, host, port, until).detach())

    Backend._dial = frail  # type: ignore[method-assign]
