"""Listen: ``/metrics``, ``/healthz`` and ``/readyz`` of a resident process. Read-only, without secrets, and for the machine's own network."""

import logging
import socket
import sys
from collections.abc import Callable, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from xuanfa.domain.errors import ConfigError, XuanfaError, machine_words
from xuanfa.domain.language import say
from xuanfa.engine.figures import Figures
from xuanfa.engine.pulse import Pulse
from xuanfa.engine.readiness import Readiness
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.figures import unreadiness

log = logging.getLogger(__name__)

#: An answer: status, body, media type.
Answer = tuple[int, bytes, str]
_PLAIN = "text/plain; charset=utf-8"
#: Makes the answer for an ``Accept`` header, which may be empty.
Page = Callable[[str], Answer]


def text(status: int, words: str) -> Answer:
    """An answer of one line."""
    return status, f"{words}\n".encode(), _PLAIN


class Listener:
    """Answers GET and HEAD for a few paths on threads of its own; for a ``with`` statement. Raises ConfigError where it cannot listen."""

    def __init__(self, address: tuple[str, int], pages: Mapping[str, Page]) -> None:
        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                _answer(self, pages)

            def do_HEAD(self) -> None:
                """As GET, without the body: what watches only whether it is there asks so."""
                _answer(self, pages, with_body=False)

            def log_message(self, *_: object) -> None:
                """Who looks is no news."""

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up or says nothing is no news, and no trace for whoever reads the log."""
                if not isinstance(sys.exception(), OSError):
                    log.exception("answering %s failed", client_address)

        try:
            self._server = Server(address, Handler)
        except (OSError, OverflowError) as error:
            raise ConfigError(
                say(
                    "不能在 {host}:{port} 上监听：{why}。请换一个 --listen 地址，或停掉占用它的程序。",
                    "Cannot listen on {host}:{port}: {why}. Give another --listen, or stop the program that has it.",
                    host=address[0],
                    port=address[1],
                    why=machine_words(error) if isinstance(error, OSError) else error,
                )
            ) from error
        self._thread = Thread(target=self._server.serve_forever, args=(0.2,), name="xuanfa-listen", daemon=True)

    @property
    def port(self) -> int:
        """The port it has."""
        return int(self._server.server_address[1])

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def pages(desk: Desk, pulse: Pulse, figures: Figures | None, *, reads_inbox: bool = True) -> dict[str, Page]:
    """What there is to see of a resident process."""
    readiness = Readiness(partial(unreadiness, desk, reads_inbox=reads_inbox), pulse)

    def metrics(accept: str) -> Answer:
        if figures is None:
            return text(501, "pip install 'xuanfa[metrics]'")
        body, media_type = figures.page(accept)
        return 200, body, media_type

    def ready(_accept: str) -> Answer:
        trouble = readiness.trouble()
        return text(503, trouble) if trouble else text(200, "ready")

    return {"/metrics": metrics, "/healthz": lambda _accept: text(200, "ok"), "/readyz": ready}


def _answer(request: BaseHTTPRequestHandler, pages: Mapping[str, Page], *, with_body: bool = True) -> None:
    page = pages.get(request.path.partition("?")[0])
    try:
        status, body, media_type = (
            page(request.headers.get("Accept", "")) if page else text(404, "/metrics /healthz /readyz")
        )
    except XuanfaError as error:
        status, body, media_type = text(503, str(error))
    except Exception:
        log.exception("answering %s failed", request.path)
        status, body, media_type = text(500, "see the log")
    request.send_response(status)
    request.send_header("Content-Type", media_type)
    request.send_header("Content-Length", str(len(body)))
    request.send_header("Cache-Control", "no-store")
    request.end_headers()
    if with_body:
        request.wfile.write(body)
