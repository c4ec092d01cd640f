"""Servers that a test starts and that become nobody's children."""

import os
import select
import signal
import socket


def stop_server(pid: int) -> None:
    """End a server and wait until it is gone: it is no child of ours, but a descriptor of it tells."""
    descriptor = os.pidfd_open(pid)
    signal.pidfd_send_signal(descriptor, signal.SIGTERM)
    ended, _, _ = select.select([descriptor], [], [], 20)
    os.close(descriptor)
    assert ended


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
