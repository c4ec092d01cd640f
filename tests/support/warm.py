"""Processes forked from one that has imported the program and published once: as real as any other, begun in a tenth of the time.

Each is a child of the test's own process, with a number, an environment, a folder and streams of its own, and shares nothing with any other.
What it does not have is a beginning: what an interpreter makes of its environment before the program runs (locale, encodings), and what is
imported when, is for tests that start one. Files are read in the process, as in ``tests/cli``, and new databases are made as in the tests'
process; ``tests/engine`` and ``tests/store`` have the real things.
"""

import atexit
import ctypes
import gc
import json
import logging
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa

from tests.support.compiled import CompiledOnce
from tests.support.new_databases import upgrade_by_the_first
from xuanfa import bootstrap
from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.events import SECRETS
from xuanfa.operations.intake.reading import HereReader
from xuanfa.store import database

#: prctl(2): a process that is left by those that had started it comes to the nearest one above that asks for such.
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None)
_ROOT = Path(__file__).parents[2]
_ORDER_MAX = 1_000_000

#: What the server publishes before it serves: a page, and a request that nobody takes.
SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["site", "hook"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "https://court.example"
[channels.hook]
adapter = "webhook"
url = "http://127.0.0.1:{port}/"
allow_private = true
"""
POST = (
    "---\ntitle: 巡回法庭进乡村\ncolumn: action\npublish_at: now\n---\n\n法官把法庭搬到田间地头，当庭调解 3 起纠纷。\n"
)


class Warm(subprocess.Popen[Any]):
    """A function (``module:name``) with these words behind the program's name, in a process of its own. Options as ``Popen`` has them."""

    def __init__(self, function: str, words: Sequence[str], **options: Any) -> None:
        self._order = {"function": function, "words": [str(word) for word in words]}
        pipe = subprocess.PIPE
        super().__init__([function], **{"stdout": pipe, "stderr": pipe, "text": True} | options)

    def _execute_child(self, *given: Any) -> None:
        """In place of the standard library's fork and exec. ``given`` are the folder, the environment and both ends of each stream, and more."""
        _, _, _, _, _, folder, environ, _, _, _, *streams = given[:16]
        whole = {
            "folder": os.fspath(folder or Path.cwd()),
            "environ": dict(os.environ if environ is None else environ),
        }
        theirs = [
            usual if end == -1 else end for usual, end in zip((0, 1, 2), streams[0:1] + streams[3::2], strict=True)
        ]
        self.pid = _server().begin(self._order | whole, theirs)
        self._child_created = True
        self._close_pipe_fds(*streams)  # type: ignore[attr-defined]


def xuanfa(*words: str, **options: Any) -> Warm:
    """The command line with these words."""
    return Warm("xuanfa.cli.__main__:run", words, **options)


class _Server:
    """The process that the others are forked from. Ends with this one."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.support.warm", str(theirs.fileno())]
            plain = {name: value for name, value in os.environ.items() if not name.startswith("XUANFA_")}
            self._process = subprocess.Popen(command, cwd=_ROOT, env=plain, pass_fds=[theirs.fileno()])
        self._lock = threading.Lock()
        atexit.register(self.end)

    def begin(self, order: dict[str, Any], streams: list[int]) -> int:
        """Its number. Whoever forks it ends at once, so that it becomes a child of this process."""
        with self._lock:
            _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            try:
                socket.send_fds(self._line, [json.dumps(order).encode()], streams)
                return int(self._line.recv(100))
            finally:
                _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

    def end(self) -> None:
        self._line.close()
        self._process.wait()


@cache
def _server() -> _Server:
    return _Server()


def serve(line: socket.socket) -> None:
    """Fork, again and again, until nobody asks any more."""
    prepare()
    publish_once("")
    gc.collect()
    gc.freeze()
    known = False
    while True:
        told, streams, _, _ = socket.recv_fds(line, _ORDER_MAX, 3)
        if not told:
            return
        order = json.loads(told)
        pkgutil.resolve_name(order["function"])  # what it imports is imported once
        url = order["environ"].get("XUANFA_DATABASE_URL", "")
        if url.startswith("postgresql") and not known:
            publish_on_postgresql(url)
            known = True
        line.send(str(_begin(order, streams, line)).encode())
        for stream in streams:
            os.close(stream)


def prepare() -> None:
    """What is made once is there for all, as for the tests' own process."""
    upgrade_by_the_first()
    engine, compiled = database._engine, CompiledOnce(5_000)
    database._engine = lambda *how, **more: compiled.serve(engine(*how, **more))
    bootstrap.AsideReaders = lambda _settings, _verbose: HereReader  # type: ignore[assignment,attr-defined,misc]


def publish_on_postgresql(url: str) -> None:
    """The same on a database beside the one with this address."""
    beside = sa.make_url(url).set(database=f"warm_{os.getpid()}")
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {beside.database} TEMPLATE template0")
        publish_once(beside.render_as_string(hide_password=False))
        connection.exec_driver_sql(f"DROP DATABASE {beside.database} WITH (FORCE)")
    server.dispose()


def publish_once(url: str) -> None:
    """Have in this process what all that it starts would import, ask and prepare for themselves, by publishing a post."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        os.environ["XUANFA_PUBLISH__STILL_SECONDS"] = "0"
        os.environ["XUANFA_DATABASE_URL"] = url or f"sqlite:///{folder / 'xuanfa.db'}"
        (folder / "posts").mkdir()
        (folder / "posts" / "one.md").write_text(POST, encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            port = nobody.getsockname()[1]
        (folder / "xuanfa.toml").write_text(SETTINGS.format(port=port), encoding="utf-8")
        with bootstrap.open_desk(folder) as desk:
            published = one_pass(desk, in_flight=1).states
    assert published[State.PUBLISHED] == 1, published
    assert threading.active_count() == 1, "only a process of one thread may be forked"
    root.handlers[:] = handlers
    root.setLevel(level)
    SECRETS.clear()


def _begin(order: dict[str, Any], streams: list[int], line: socket.socket) -> int:
    """Fork twice: what is in between ends at once."""
    reader, writer = os.pipe()
    between = os.fork()
    if between == 0:
        child = os.fork()
        if child == 0:
            line.close()
            os.close(reader)
            os.close(writer)
            _live(order, streams)
        os.write(writer, str(child).encode())
        os._exit(0)
    os.close(writer)
    number = int(os.read(reader, 100))
    os.close(reader)
    os.waitpid(between, 0)
    return number


def _live(order: dict[str, Any], streams: list[int]) -> NoReturn:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - those of the server know another kind of file
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(order["environ"])
    os.chdir(order["folder"])
    if os.environ.get("PYTHONUNBUFFERED"):
        sys.stdout.reconfigure(write_through=True)
    sys.argv = [order["function"], *order["words"]]
    code = _ended(pkgutil.resolve_name(order["function"]))
    threading._shutdown()  # type: ignore[attr-defined] # waits for the threads, as an interpreter does at its end
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _ended(function: Callable[[], None]) -> int:
    """Call it; the code with which an interpreter ends of which this is the program."""
    try:
        function()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - a forked child must never come back into the loop of its parent
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
