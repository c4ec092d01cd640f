"""The office under torture: a workspace of four sorts of channels, and the processes that work in it and are killed."""

import json
import os
import signal
import subprocess
import sys
import threading
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
#: What ``hook`` is called while it is renamed, and the account that it leads to while it leads elsewhere: readers of all of them are one.
RENAMED, ELSEWHERE = "moved", "other"
#: Whose secret signs the requests to ``keyed`` while it is another one.
SECRET = "whsec_" + "c3ByaW5nIHJhaW4gaW4gdGhlIG1vdW50YWlucyBvZg=="


@dataclass(frozen=True, slots=True)
class Turn:
    """What an operator has changed in the settings; by default nothing."""

    name: str = "as it was"
    hook: str = "hook"
    account: str = "hook"
    rehearsal: bool = False
    secret: str = ""


#: Each of them lasts for a while, and is taken back.
TURNS = (
    Turn("rehearsal turned on", rehearsal=True),
    Turn("another account", account=ELSEWHERE),
    Turn("renamed", hook=RENAMED),
    Turn("another key", secret=SECRET),
    Turn("renamed and rehearsed", hook=RENAMED, rehearsal=True),
)


def readers_of(name: str) -> str:
    """Whose readers a channel or an account has: what all of them see together is what counts."""
    return "hook" if name in {RENAMED, ELSEWHERE} else name


_SETTINGS = f"""
[publish]
in_flight = {PLACES}
max_tries = 100
scan_seconds = 1
still_seconds = 0
lease_seconds = {LEASE}

[[review.templates.two.steps]]
name = "初审"
kind = "审"
role = "editor"
may_edit = true

[[review.templates.two.steps]]
name = "签发"
kind = "审"
role = "approver"
"""
#: The column whose posts need a review; where there are reviewers, the posts with odd numbers are in it.
REVIEWED = "reviewed"
_COLUMNS = """
[columns.action]
title = "我们在行动"
channels = {channels}

[columns.reviewed]
title = "审校专栏"
review = "two"
channels = {channels}
"""
_CHANNEL = """
[channels.{name}]
adapter = "{kind}"
url = "{url}/{account}"
allow_private = true
remote_id = "id"
address = "url"
template = "{template}.json"
{more}
"""
_PLAIN = '{"title": {{ post.title | tojson }}, "text": {{ text | tojson }}}'
_LINKED = '{"title": {{ post.title | tojson }}, "original": {{ address | tojson }}}'


def furnish(folder: Path, url: str) -> None:
    """Write the workspace."""
    (folder / "posts").mkdir(parents=True)
    (folder / "var").mkdir()
    settle(folder, url, Turn())
    for kind in ("webhook", "lookup"):
        templates = folder / "templates" / kind
        templates.mkdir(parents=True)
        (templates / "plain.json").write_text(_PLAIN, encoding="utf-8")
        (templates / "linked.json").write_text(_LINKED, encoding="utf-8")


def settle(folder: Path, url: str, turn: Turn) -> None:
    """Write the settings. A process goes by those of its start."""
    names = [turn.hook if name == "hook" else name for name in CHANNELS]
    more = {
        "hook": "rehearsal = true" if turn.rehearsal else "",
        "linked": 'link = "lookup"',
        "keyed": "replay_hours = 24" + (f'\nsecret = "{turn.secret}"' if turn.secret else ""),
    }
    tables = [
        _CHANNEL.format(
            name=name,
            kind="lookup" if name == "lookup" else "webhook",
            url=url,
            account=turn.account if channel == "hook" else channel,
            template="linked" if name == "linked" else "plain",
            more=more.get(channel, ""),
        )
        for channel, name in zip(CHANNELS, names, strict=True)
    ]
    text = f"{_SETTINGS}{_COLUMNS.format(channels=json.dumps(names))}{''.join(tables)}"
    fresh = folder / ".fresh.toml"
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(folder / "xuanfa.toml")


def write_post(folder: Path, number: int, *, reviewed: bool = False) -> None:
    """One more post, put there whole: a half one would be another post."""
    column = REVIEWED if reviewed else "action"
    head = f"title: {title_of(number)}\ncolumn: {column}\npublish_at: now"
    write_whole(folder, number, f"---\n{head}\n---\n\n把法庭搬到田间地头，第{number}次。\n")


def write_whole(folder: Path, number: int, text: str) -> None:
    """The file of a post, at once."""
    fresh = folder / "posts" / f".post-{number}-{threading.get_ident()}"
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(post_file(folder, number))


def post_file(folder: Path, number: int) -> Path:
    """The file of a post."""
    return folder / "posts" / f"post-{number:05}.md"


def title_of(number: int) -> str:
    """By which readers know a post, whatever it is called here."""
    return f"第{number}篇"


def edit_post(folder: Path, number: int) -> None:
    """A clerk writes one more sentence: a post on a channel that was renamed is put into the queue of the new one by that."""
    write_whole(folder, number, f"{post_file(folder, number).read_text(encoding='utf-8')}\n另附说明。\n")


def environ_of(folder: Path) -> dict[str, str]:
    """What every program that works in the workspace has around it."""
    home = {"XDG_STATE_HOME": str(folder / "var" / "state")}
    return home | {"XUANFA_LANG": "en", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


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
        environ = os.environ | environ_of(self.folder) | self.environ
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
