"""The program that reads files for another one: ``python -m xuanfa.bootstrap.reading PIPE NOTE``, two numbers of open files.

It has no database and no network. What it may use is limited, so that the worst that a file can do is to end it.
"""

import json
import math
import os
import resource
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Final

from xuanfa import __version__
from xuanfa.bootstrap import make_press
from xuanfa.bootstrap.aside import PROCESSOR_MAX, processor_time
from xuanfa.domain.reader import process_read_by
from xuanfa.events import configure_logging
from xuanfa.operations.intake.reading import judge_frozen, lightened, read_source_of
from xuanfa.store.database import Store
from xuanfa.wording.command_line import staff

#: What it may hold beside the files of its libraries (40 MB), of which ``content.room`` plans. With the process that waits for it a pass stays
#: below 300 MB. Bytes.
MEMORY_MAX: Final = 190_000_000
#: How much it steps back behind those that send.
NICE: Final = 5


def main(pipe: int, note: int) -> None:
    """Read what comes down the pipe until it ends."""
    # It ends with its pipe, and not with whatever stops the program at its other end, which may still want an answer.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.dup2(2, 1)  # whatever a library prints is no answer
    connection = Connection(pipe)
    with process_read_by(staff()), suppress(EOFError, OSError):
        settings, verbose, instead = connection.recv()
        configure_logging((), verbose=verbose)
        press, adapters = make_press(settings, Store(settings.database_url), instead=instead)
        press = press if instead is None else replace(press, rules=None)
        configure_logging(adapters.secrets(), verbose=verbose)
        _limit()
        connection.send(__version__)
        while True:
            asked = connection.recv()
            if len(asked) == len(("renditions", "source", "when")):
                _allow(PROCESSOR_MAX)
                connection.send(judge_frozen(press, *asked))
                continue
            file, source, only, facts = asked
            _write(note, facts)
            _allow(processor_time(source))
            read = read_source_of(press, file, source, only)
            _write(note, None)
            connection.send(lightened(read))


def _limit() -> None:
    with suppress(OSError, ValueError):
        os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _set(resource.RLIMIT_DATA, MEMORY_MAX)


def _allow(seconds: int) -> None:
    """So much processor time more, and not less: the limit counts whole seconds, and to begin has taken a part of one."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + seconds)


def _set(kind: int, most: int) -> None:
    """Set a limit, unless the machine has set a lower one."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _write(note: int, facts: Mapping[str, object] | None) -> None:
    """Note what is being read, or that nothing is."""
    text = b"" if facts is None else json.dumps(facts).encode()
    os.pwrite(note, text, 0)
    os.ftruncate(note, len(text))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
