"""``xuanfa serve``: the console and the engine in one process, for this machine only unless somebody says why, and an end in good order."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.support.browsing import Somebody

Write = Callable[..., Path]


@contextmanager
def serving(*words: str) -> Iterator[tuple["subprocess.Popen[str]", str, str]]:
    """A process of ``serve``: it, its address, and what it has printed till then."""
    command = [str(Path(sys.executable).with_name("xuanfa")), "serve", "--listen", "127.0.0.1:0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                break
        else:
            pytest.fail(printed)
        try:
            yield process, found[0], printed
        finally:
            process.kill()


def end(process: "subprocess.Popen[str]") -> str:
    """Ask it to end; what it said after that. It has 8 seconds."""
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=8)
    assert process.returncode == 0
    return out


def test_the_first_start_prints_a_password_once_that_opens_the_console(workspace: Path) -> None:
    with serving() as (process, address, printed):
        password = re.search(r"密码：(\S+)", printed)
        assert password is not None
        with Somebody(address) as one:
            one.sign_in("admin", password[1])
            assert one.page.url.path == "/me/password"
        end(process)
    with serving() as (process, _address, printed):
        assert "密码" not in printed
        end(process)


def test_what_is_due_is_sent_while_pages_are_open(workspace: Path, write_post: Write, sink: Any) -> None:
    write_post()
    with serving() as (process, address, printed), Somebody(address) as one:
        one.go("/sign-in")
        assert process.stdout is not None
        # The engine may be quicker than the console is with its address.
        for line in chain(printed.splitlines(), process.stdout):
            if "已发布" in line and "cms" in line:
                break
        held = socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])))
        held.sendall(b"GET /sign-in HTTP/1.1\r\n")  # a request that never ends
        end(process)
        held.close()
    assert len(sink.received) == 1


def test_beside_workers_it_sends_nothing(workspace: Path, write_post: Write, sink: Any) -> None:
    write_post()
    with serving("--no-engine") as (process, address, _printed), Somebody(address) as one:
        one.go("/sign-in")
        end(process)
    assert sink.received == []


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "10.1.2.3", "court.example"])  # noqa: S104 - it is refused
def test_passwords_do_not_go_over_the_network_in_the_clear(xuanfa: Any, workspace: Path, host: str) -> None:
    said = xuanfa("serve", "--listen", f"{host}:8000")
    assert (said.code, "--insecure" in said.err, "Traceback" in said.err) == (1, True, False)


def test_a_port_that_is_taken_is_named(xuanfa: Any, workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = xuanfa("serve", "--listen", f"127.0.0.1:{taken.getsockname()[1]}", "--no-engine")
    assert (said.code, "不能在 127.0.0.1" in said.err, "Traceback" in said.err) == (1, True, False)
