"""A wire that is cut: the operating system accepts so many bytes of what is sent, then the connection is gone."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest

from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.domain.lease import PERMIT, Permit

Room = Callable[[int], int]

#: Where a request of so many bytes is cut.
WHERE: dict[str, Room] = {
    "nothing": lambda _whole: 0,
    "one byte": lambda _whole: 1,
    "half": lambda whole: whole // 2,
    "all but one": lambda whole: whole - 1,
    "all": lambda whole: whole,
}


class Cut(socket.socket):
    """Accepts ``room`` of the request's bytes, counted from the write that follows ``after``; what it has let through gets no answer."""

    room: Room = staticmethod(lambda whole: whole)
    after = b""
    _left: int | None = None
    _is_gone = False

    def send(self, data: Any, flags: int = 0) -> int:
        if self.after:
            self.after = b"" if bytes(data) == self.after else self.after
            return super().send(data, flags)
        if self._left is None:
            permit = PERMIT.get()
            assert permit is not None
            assert permit.last is not None
            assert permit.last.total is not None
            self._left = self.room(permit.last.total)
        if self._left <= 0:
            self._go()
            raise ConnectionResetError(104, "Connection reset by peer")
        sent = super().send(memoryview(data)[: self._left], flags)
        self._left -= sent
        if self._left <= 0:
            self._go()
        return sent

    def _go(self) -> None:
        """From now on there is nothing to be read, and whoever waits for it sees that at once."""
        self._is_gone = True
        with suppress(OSError):
            self.shutdown(socket.SHUT_RD)

    def recv(self, size: int, flags: int = 0) -> bytes:
        if self._is_gone:
            raise ConnectionResetError(104, "Connection reset by peer")
        return super().recv(size, flags)


@dataclass
class CutWire:
    """Cuts every connection that is made inside of ``measured``; ``room`` says how much of a request of so many bytes is let through."""

    room: Room
    after: bytes = b""

    def wrap(self, connected: socket.socket) -> socket.socket:
        """The socket, to be cut."""
        cut = Cut(fileno=connected.detach())
        cut.room, cut.after = self.room, self.after
        return cut

    def on(self, patch: pytest.MonkeyPatch) -> None:
        """Cut whatever connects from now on."""
        dial = Backend._dial

        def dialled(backend: Backend, host: str, port: int, until: float) -> socket.socket:
            return self.wrap(dial(backend, host, port, until))

        patch.setattr(Backend, "_dial", dialled)


class At(Backend):
    """Connected already, to each of these in turn."""

    def __init__(self, *connected: socket.socket) -> None:
        super().__init__()
        self.connected = list(connected)

    def _dial(self, host: str, port: int, until: float) -> socket.socket:
        return self.connected.pop(0)


@contextmanager
def measured() -> Iterator[Permit]:
    """What the requests of a ``with`` statement are counted by."""
    permit = Permit(None, None)
    token = PERMIT.set(permit)
    try:
        yield permit
    finally:
        PERMIT.reset(token)
