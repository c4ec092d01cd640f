"""The server of the console: uvicorn without anything compiled, for machines of every kind."""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn

from xuanfa.console.app import console
from xuanfa.console.live import Live
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk

#: Seconds that requests may take to end once the process is asked to.
_GRACE: Final = 5


def serve(desk: Desk, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the console until SIGTERM or Ctrl+C; ``ready`` is told the address. Raises ConfigError where it cannot listen.

    Whoever stands before us on this machine may say that TLS was spoken (``X-Forwarded-Proto``); nobody else may.
    """
    listening, app = _listen(host, port), console(desk)
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Server(config, app.state.live)

    def end(*_: object) -> None:
        server.should_exit = True

    # Heard from now on, also before uvicorn listens for them itself. When it has ended it raises the signal once more, for whoever started
    # it: that is us, and we go on to end in good order.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    named = f"[{host}]" if ":" in host else host
    ready(f"http://{named}:{listening.getsockname()[1]}/")
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Ends the streams of open pages first, which would never end by themselves."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The process is asked to end."""
        self._live.end()
        super().handle_exit(sig, frame)


def _listen(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except (OSError, OverflowError) as error:
        made.close()
        raise ConfigError(
            say(
                "不能在 {host}:{port} 上监听：{why}。请换一个 --listen 地址，或停掉占用它的程序。",
                "Cannot listen on {host}:{port}: {why}. Give another --listen, or stop the program that has it.",
                host=host,
                port=port,
                why=machine_words(error) if isinstance(error, OSError) else error,
            )
        ) from error
    return made
