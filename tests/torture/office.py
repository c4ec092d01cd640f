"""The office under torture: a workspace of four sorts of channels, and the processes that work in it and are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
#: Requests that a process may have under way: what one kill can leave in doubt.
PLACES = 8
#: Seconds.
LEASE = 3
#: ``hook`` cannot be asked what it shows, ``linked`` neither and it waits for the address on ``lookup``, which prepares first and can be
#: asked; ``keyed`` honours our key.
CHANNELS = ("hook", "linked", "lookup", "keyed")

_SETTINGS = f"""
[publish]
in_flight = {PLACES}
max_tries = 100
scan_seconds = 1
lease_seconds = {LEASE}

[columns.action]
title = "我们在行动"
channels = ["hook", "linked", "lookup", "keyed"]
"""
_CHANNEL = """
[channels.{name}]
adapter = "{kind}"
url = "{url}/{name}"
allow_private = true
remote_id = "id"
address = "url"
template = "{template}.json"
{more}
"""
_MORE = {"linked": 'link = "lookup"', "keyed": "replay_hours = 24"}
_PLAIN = '{"title": {{ post.title | tojson }}, "text": {{ text | tojson }}}'
_LINKED = '{"title": {{ post.title | tojson }}, "original": {{ address | tojson }}}'


def furnish(folder: Path, url: str) -> None:
    """Write the workspace."""
    (folder / "posts").mkdir(parents=True)
    (folder / "var").mkdir()
    tables = [
        _CHANNEL.format(
            name=name,
            kind="lookup" if name == "lookup" else "webhook",
            url=url,
            template="linked" if name == "linked" else "plain",
            more=_MORE.get(name, ""),
        )
        for name in CHANNELS
    ]
    (folder / "xuanfa.toml").write_text(_SETTINGS + "".join(tables), encoding="utf-8")
    for kind in ("webhook", "lookup"):
        templates = folder / "templates" / kind
        templates.mkdir(parents=True)
        (templates / "plain.json").write_text(_PLAIN, encoding="utf-8")
        (templates / "linked.json").write_text(_LINKED, encoding="utf-8")


def write_post(folder: Path, number: int) -> None:
    """One more post, put there whole: a half one would be another post."""
    text = f"---\ntitle: 第{number}篇\ncolumn: action\npublish_at: now\n---\n\n把法庭搬到田间地头，第{number}次。\n"
    fresh = folder / "posts" / f".post-{number}"
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(folder / "posts" / f"post-{number:05}.md")


@dataclass(slots=True)
class Life:
    """One process from its start to its end. Times are seconds since 1970."""

    pid: int
    began: float
    ended: float | None = None
    #: What ended it: ``kill``, ``stop`` (a signal that asks), or nothing of ours.
    how: str = ""
    code: int | None = None
    #: When it stood still, from and until; ``None`` while it does.
    halts: list[tuple[float, float | None]] = field(default_factory=list)

    def halted(self, since: float, until: float) -> bool:
        """Whether it stood still at some moment of that time."""
        return any(began <= until and (ended or float("inf")) >= since for began, ended in self.halts)


@dataclass
class Worker:
    """A place in which one process after another does the same work."""

    name: str
    command: tuple[str, ...]
    folder: Path
    log: Path
    environ: dict[str, str] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None
    _out: IO[bytes] | None = None

    @property
    def life(self) -> Life | None:
        """The present one's."""
        return self.lives[-1] if self._process is not None else None

    def start(self) -> None:
        """Begin anew. It dies with this process, whatever happens."""
        self._out = self._out or self.log.open("ab")
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.torture.worker"]
        home = {"XDG_STATE_HOME": str(self.folder / "var" / "state")}
        words = {"XUANFA_LANG": "en", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
        environ = os.environ | words | home | self.environ
        self._process = subprocess.Popen(
            [*command, *self.command, "--workspace", str(self.folder)],
            stdout=self._out,
            stderr=self._out,
            cwd=ROOT,
            env=environ,
        )
        self.lives.append(Life(self._process.pid, time.time()))

    def end(self, number: signal.Signals) -> None:
        """Send a signal: ``SIGKILL`` ends it now, others when it has finished what is in flight."""
        if self._process is None or self._process.poll() is not None:
            return
        self.lives[-1].how = "kill" if number is signal.SIGKILL else "stop"
        self._process.send_signal(number)
        if number is signal.SIGKILL:
            self._process.wait()
            self.ended()

    def halt(self) -> Callable[[], None]:
        """Have it stand still with all its threads; what is returned lets the same process go on, unless it was killed meanwhile."""
        process, life = self._process, self.lives[-1]
        assert process is not None
        life.halts.append((time.time(), None))
        process.send_signal(signal.SIGSTOP)

        def go_on() -> None:
            process.send_signal(signal.SIGCONT)  # to nobody, where it has been waited for
            life.halts[-1] = (life.halts[-1][0], time.time())

        return go_on

    def ended(self) -> bool:
        """Whether it has come to its end; then its life is closed."""
        if self._process is None:
            return True
        code = self._process.poll()
        if code is None:
            return False
        life = self.lives[-1]
        life.ended, life.code = time.time(), code
        if code == -signal.SIGTERM:  # it was asked before it could listen
            life.how = "kill"
        self._process = None
        return True

    def close(self) -> None:
        """Away with it."""
        self.end(signal.SIGKILL)
        if self._out is not None:
            self._out.close()
