"""``make console``: a copy of the workspace with four people, all in rehearsal, whose passwords are printed and good."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browsing import Somebody

ROOT = Path(__file__).parents[2]
#: Seconds that a loaded machine may take to lay it all out.
PATIENCE = 240


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of the repository as the command needs, with one post."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "example-console.sh", tmp_path / "deploy")
    shutil.copy(ROOT / "xuanfa.toml", tmp_path)
    (tmp_path / "posts" / "2026" / "images").mkdir(parents=True)
    for name in ("2026-11-susong-fuwu.md", "images/susong-fuwu.jpg"):
        shutil.copy(ROOT / "posts" / "2026" / name, tmp_path / "posts" / "2026" / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


@pytest.fixture
def begun(checkout: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, and all that it had said when its console was open."""
    process = _begin(checkout)
    try:
        yield process, _said_until_open(process)
    finally:
        process.kill()
        process.communicate()


def test_four_people_sign_in_and_nothing_is_for_real(checkout: Path, begun: tuple[subprocess.Popen[str], str]) -> None:
    process, said = begun
    people = re.findall(r"^  (\w+) +((?:[0-9a-f]{4}-){3}[0-9a-f]{4})", said, re.MULTILINE)
    assert [name for name, _ in people] == ["chenshuhua", "zhoumin", "wutong", "wangyongping"]
    address = re.search(r"(http://127\.0\.0\.1:\d+)/", said)
    assert address
    for name, password in people:
        with Somebody(address[1]) as one:
            one.sign_in(name, password)
            assert one.page.status_code == 200
    settings = tomllib.loads((checkout / "var" / "console" / "xuanfa.toml").read_text(encoding="utf-8"))
    assert all(channel["rehearsal"] for channel in settings["channels"].values())
    assert settings["columns"]["action"]["review"] == "small"
    assert not (checkout / "public").exists()
    assert not (checkout / "var" / "xuanfa.db").exists()
    process.send_signal(signal.SIGTERM)
    begun_at = time.monotonic()
    process.wait(20)
    assert time.monotonic() - begun_at < 8
    again = _begin(checkout)
    try:
        assert [line for line in _said_until_open(again).splitlines() if line.startswith("  ")] == [
            line for line in said.splitlines() if line.startswith("  ")
        ], "the passwords are the same ones"
    finally:
        again.kill()
        again.communicate()


def _begin(checkout: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(checkout / "deploy" / "example-console.sh"), "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"XUANFA_LATE_AFTER_MINUTES": "nonsense", "LC_ALL": "C.UTF-8"},
    )


def _said_until_open(process: subprocess.Popen[str]) -> str:
    said, until = "", time.monotonic() + PATIENCE
    assert process.stdout is not None
    while "http://" not in said:
        assert select.select([process.stdout], [], [], until - time.monotonic())[0], said
        line = process.stdout.readline()
        assert line, said
        said += line
    return said
