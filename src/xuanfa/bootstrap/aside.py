"""Reading files in a process of its own, so that nothing that a file holds ends this one, or holds up what is due on other posts.

A thread would not do: libraries written in C keep Python's lock while they work, and one that ends takes the whole process with it. The
process is started when there is something to read and ends with the look into the inbox, so that an empty pass costs nothing; it is a new
program and no fork, because connections and threads must not be shared.
"""

import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing import Pipe
from pathlib import Path
from typing import Final

from xuanfa import __version__
from xuanfa.content.text.bounds import PICTURES_MAX
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile, digest_of
from xuanfa.operations.intake.reading import Crashed, Judged, Read, Remnant
from xuanfa.settings import Settings

log = logging.getLogger(__name__)

#: Processor time for one file, and for each picture that it shows: many times what they take on a slow machine. Seconds.
PROCESSOR_MAX: Final = 120
PICTURE_MAX: Final = 5
#: How much longer one file may take, waiting included: a folder on another machine may not answer.
PATIENCE: Final = 3
#: How long the process may take to begin. Seconds.
BEGINNING: Final = 60.0
#: How long a process that is not needed any more may take to end by itself. Seconds.
PARTING: Final = 5.0
#: How often whoever waits for a file looks whether it is to stop waiting. Seconds.
_LOOK: Final = 0.2
#: The program that reads.
_PROGRAM: Final = "xuanfa.bootstrap.reading"


@dataclass(frozen=True, slots=True)
class AsideReaders:
    """Readers of one workspace, each with a process of its own."""

    settings: Settings
    verbose: bool = False
    #: Templates that are tried in place of the workspace's own, by name; then no rules are asked. ``None``: nothing is tried.
    instead: Mapping[str, str] | None = None

    def __call__(self, desk: Desk, is_stopping: Callable[[], bool]) -> "AsideReader":
        """One for one look into the inbox."""
        return AsideReader(self, is_stopping)


class AsideReader:
    """Implements ``Reader``; for a ``with`` statement."""

    def __init__(self, origin: AsideReaders, is_stopping: Callable[[], bool]) -> None:
        self._origin = origin
        self._is_stopping = is_stopping
        self._notes = origin.settings.var_folder / "reading"
        self._process: _Process | None = None

    def __enter__(self) -> "AsideReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def remnants(self) -> Sequence[Remnant]:
        """The notes whose processes are gone, with those that had started them."""
        return list(_remnants(self._notes))

    def read(self, file: InboxFile, source: bytes, only: Collection[str] | None) -> Read | Crashed | None:
        """As ``Reader`` has it. Raises ConfigError where no process can be started."""
        if self._process is None:
            self._process = _Process(self._origin, self._notes)
        answer = self._process.ask(file, source, only, self._is_stopping)
        if not isinstance(answer, Read):
            self._end()
        return answer

    def judge(self, renditions: Mapping[str, Rendition], source: str, when: date) -> Judged | None:
        """As ``Reader`` has it. Raises ConfigError where no process can be started."""
        if self._process is None:
            self._process = _Process(self._origin, self._notes)
        answer = self._process.answer((renditions, source, when), PROCESSOR_MAX, self._is_stopping)
        if isinstance(answer, Judged):
            return answer
        self._end()
        if not isinstance(answer, Crashed):
            return None
        return Judged(
            unruled=say(
                "按规则复读已定的成稿时出错（{how}），下一遍再读。",
                "reading what was frozen by the rules failed ({how}); the next pass tries again.",
                how=answer.how,
            )
        )

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Process:
    """A running program that reads, the pipe to it, and the note of what it reads."""

    def __init__(self, origin: AsideReaders, notes: Path) -> None:
        self._ours, theirs = Pipe()
        self._note, self._path = _note(notes)
        handles = (theirs.fileno(), self._note)
        # Not ``python -m`` alone: it would look for modules in the current folder first.
        command = [sys.executable, "-P", "-m", _PROGRAM, *map(str, handles)]
        try:
            # A session of its own: Ctrl+C and a killed group are for whoever waits for it; it ends when its pipe does.
            self._program = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, stdin=subprocess.DEVNULL, pass_fds=handles, start_new_session=True
            )
        except OSError as error:
            self._drop_note()
            raise ConfigError(
                say(
                    "不能启动读稿件的进程（{why}）：请检查内存和进程数的限制。已排入的稿件照常发布。",
                    "Cannot start the process that reads posts ({why}): see the limits of memory and processes. What is queued goes out.",
                    why=machine_words(error),
                )
            ) from error
        finally:
            theirs.close()
        self._greet(origin)

    def _greet(self, origin: AsideReaders) -> None:
        """Give it the settings as they were read here, and wait until it is ready. That it does not begin is no fault of a file."""
        version = ""
        with suppress(OSError, EOFError):
            self._ours.send((origin.settings, origin.verbose, origin.instead))
            version = self._ours.recv() if self._ours.poll(BEGINNING) else ""
        if version == __version__:
            return
        self.end()
        raise ConfigError(
            say(
                "读稿件的进程没有起来（代码 {code}）：程序如果刚升级过，请重启 xuanfa；否则请看日志。已排入的稿件照常发布。",
                "The process that reads posts has not begun (code {code}): restart xuanfa if it was upgraded just now, or see the log. "
                "What is queued goes out.",
                code=self._program.returncode,
            )
        )

    def ask(
        self, file: InboxFile, source: bytes, only: Collection[str] | None, is_stopping: Callable[[], bool]
    ) -> Read | Crashed | None:
        """What the file holds, or how the program ended over it."""
        facts = {
            "shown_as": file.shown_as,
            "size": file.size,
            "changed_ns": file.changed_ns,
            "digest": digest_of(source),
        }
        asked = (file, source, None if only is None else tuple(only), facts)
        answer = self.answer(asked, processor_time(source), is_stopping)
        return None if isinstance(answer, Judged) else answer

    def answer(
        self, asked: tuple[object, ...], most: int, is_stopping: Callable[[], bool]
    ) -> Read | Judged | Crashed | None:
        """What the program answers, within so much processor time, or how it ended; ``None`` where it was told to stop."""
        begun = time.monotonic()
        try:
            self._ours.send(asked)
            while not self._ours.poll(_LOOK):
                if is_stopping():
                    self._program.kill()
                    return None
                if time.monotonic() - begun > PATIENCE * most:
                    self._program.kill()
                    return Crashed(how=say("超过 {n} 秒没有读完", "not read after {n} s", n=PATIENCE * most))
            answer: Read | Judged = self._ours.recv()
        except (OSError, EOFError):
            return Crashed(how=_ending(self._program.wait()))
        return answer

    def end(self) -> None:
        """Let it go: it ends when there is nothing more to read."""
        self._ours.close()
        try:
            self._program.wait(PARTING)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        self._drop_note()

    def _drop_note(self) -> None:
        self._path.unlink(missing_ok=True)
        os.close(self._note)


def processor_time(source: bytes) -> int:
    """How much processor time a file may take, with the pictures that it can show at most. Seconds."""
    shown = source.count(b"![") + source.lower().count(b"<img") + source.count(b"word/media/") // 2
    return PROCESSOR_MAX + PICTURE_MAX * min(shown, PICTURES_MAX)


def _ending(code: int) -> str:
    """How a program ended, for people."""
    if code == -signal.SIGXCPU:
        return say("处理时间超过上限", "it took more processor time than it may")
    if code < 0:
        return say("进程崩溃，信号 {name}", "the process crashed, {name}", name=signal.Signals(-code).name)
    return say("进程意外结束，代码 {code}", "the process ended unexpectedly, code {code}", code=code)


def _note(folder: Path) -> tuple[int, Path]:
    """A new file for the note of what is being read, locked until all who have it open are gone."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{os.getpid()}-{time.monotonic_ns()}.json"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as error:
        raise ConfigError(
            say(
                "写不进文件夹 {folder}（{why}），没有读新的稿件：请检查磁盘空间和权限。已排入的照常发布。",
                "Cannot write into the folder {folder} ({why}), and no new posts were read: see disk space and permissions. What is queued goes out.",
                folder=folder,
                why=machine_words(error),
            )
        ) from error
    return handle, path


def _remnants(folder: Path) -> Iterator[Remnant]:
    """What is noted in files that nobody has locked any more; they are removed."""
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            continue  # another process has just taken it
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            text = os.read(handle, 10_000)
            path.unlink(missing_ok=True)
        except OSError:
            continue  # it is in use
        finally:
            os.close(handle)
        with suppress(ValueError, TypeError):
            yield Remnant(**json.loads(text))
