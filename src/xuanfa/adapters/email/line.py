"""smtplib's dialogue over the guarded wire, so that mail has the same deadline, caps, fence and counts as everything else."""

import io
import smtplib
import ssl
from typing import Any, ClassVar

from xuanfa.adapters.email.config import EmailConfig
from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.adapters.shared.wire.exchange import Exchange
from xuanfa.adapters.shared.wire.stream import Stream

#: For each step but the last, and for the reply after the message. RFC 5321 allows more, but a lease of ours ends after two minutes. Seconds.
STEP_WITHIN, TAKEN_WITHIN = 20.0, 60.0


class Line(smtplib.SMTP):
    """A connection to the channel's server, greeted. Raises what smtplib, httpcore and the wire raise."""

    backend: ClassVar[type[Backend]] = Backend

    def __init__(self, config: EmailConfig, tls: ssl.SSLContext, exchange: Exchange) -> None:
        self._tls = tls
        self._wraps = config.security == "tls"
        self._backend = self.backend()
        self._backend.exchange = exchange
        host, port = config.endpoint
        # Our own domain, not a look-up of this machine's name, which may take minutes.
        try:
            super().__init__(host, port, config.mailbox.rpartition("@")[2], timeout=STEP_WITHIN)
        except BaseException:
            self.close()
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        """smtplib's own hook for what carries its dialogue."""
        stream = self._backend.connect_tcp(host, port)
        return _Plug(stream.start_tls(self._tls, host, timeout) if self._wraps else stream)

    def encrypt(self) -> None:
        """STARTTLS. Raises SMTPNotSupportedError where the server does not offer it."""
        self.starttls(context=_Upgrade(self._tls))  # type: ignore[call-overload]  # it is asked for nothing else

    def wait_for_the_last(self) -> None:
        """The reply after the message may take longer than the others."""
        plug: Any = self.sock
        if plug is not None:
            plug.patience = TAKEN_WITHIN


class _Plug:
    """What smtplib takes for a socket."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.patience = STEP_WITHIN

    def sendall(self, data: bytes) -> None:
        self.stream.write(data, self.patience)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        self.stream.close()


class _Reader(io.RawIOBase):
    def __init__(self, plug: _Plug) -> None:
        self._plug = plug

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._plug.stream.read(len(buffer), self._plug.patience)
        buffer[: len(data)] = data
        return len(data)


class _Upgrade:
    """What smtplib takes for a TLS context."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls

    def wrap_socket(self, plug: _Plug, server_hostname: str) -> _Plug:
        return _Plug(plug.stream.start_tls(self._tls, server_hostname, STEP_WITHIN))
