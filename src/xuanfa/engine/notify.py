"""Telling systemd how it goes, by the protocol of sd_notify(3): one datagram for each state, to the socket that it names."""

import os
import socket
from collections.abc import Mapping


def notify(*states: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Send ``READY=1``, ``WATCHDOG=1`` and the like; whether anybody listens. A socket that is gone is nobody."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):  # Linux's abstract names begin with a zero byte
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.sendto("\n".join(states).encode(), address)
    except OSError:
        return False
    return True


def watchdog_seconds(environ: Mapping[str, str] = os.environ) -> float | None:
    """Within how many seconds systemd wants a sign of life (sd_watchdog_enabled(3)); ``None`` where it wants none from this process."""
    span = environ.get("WATCHDOG_USEC", "")
    if not span.isdecimal() or not int(span) or environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(span) / 1_000_000
