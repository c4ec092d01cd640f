"""A real SMTP server on the loopback, and what it took."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """What a server took; ``refuse`` maps a recipient, or ``DATA``, to the reply it gets."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refuse: dict[str, str] = {}

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address not in self.refuse:
            envelope.rcpt_tos.append(address)
        return self.refuse.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" not in self.refuse:
            self.taken.append(envelope)
        return self.refuse.get("DATA", "250 queued as 1A2B3C")


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def mail_server(mailbox: Mailbox, **more: Any) -> Iterator[int]:
    """Serve ``mailbox`` for as long as the context is open, as ``more`` says to the library; the port."""
    port = free_port()
    controller = Controller(mailbox, "127.0.0.1", port, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
