"""The same work by xuanfa without one of its guards, so that what the guard costs can be measured beside it. Prints processor and wall seconds.

``python -m benchmarks.without GUARD FOLDER``; ``nothing`` leaves all of them in their places, ``prepare`` only fills the
queue, ``approve`` with what has passed a review. Never a way to
run anything else.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from sqlalchemy.sql import visitors

from benchmarks.reviewed import approve_all, submit
from xuanfa.bootstrap import binding, open_desk
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending import perform
from xuanfa.store import attempts, deliveries, marks


def _put(owner: Any, name: str, value: object) -> None:
    """In place of a part of the program."""
    assert hasattr(owner, name), name  # a guard that has another name by now would be measured as costing nothing
    setattr(owner, name, value)


def _without_wire() -> None:
    """httpx's own transport instead of the guarded one."""
    _put(binding, "Wire", lambda tls, **_: httpx.HTTPTransport(verify=tls))


def _without_marks() -> None:
    """No marks outside the database."""
    for name in ("write", "sync"):
        _put(marks.Marks, name, lambda *_: True)


def _without_history() -> None:
    """What is about to leave is not compared with what the history vouches for, and that is not looked up."""
    looked_up = getattr(deliveries, "_FROZEN")  # noqa: B009 - a part of the program, by its name

    def instead(element: Any, **_: Any) -> Any:
        return sa.null() if element is looked_up else None

    _put(deliveries, "_DUE", visitors.replacement_traverse(getattr(deliveries, "_DUE"), {}, instead))  # noqa: B009
    _put(perform, "_is_altered", lambda _job: False)


def _without_hash() -> None:
    """No hash of an attempt in the line that tells of its end."""
    _put(attempts, "proofs", lambda _connection, _numbers: {})


def _without_all() -> None:
    for guard, leave_out in GUARDS.items():
        if guard not in {"all", "nothing"}:
            leave_out()


GUARDS: dict[str, Callable[[], None]] = {
    "nothing": lambda: None,
    "wire": _without_wire,
    "marks": _without_marks,
    "history": _without_history,
    "hash": _without_hash,
    "all": _without_all,
}


def prepare(folder: Path) -> None:
    """Read and render everything, and send nothing."""
    with open_desk(folder) as desk:
        queue(desk)


def approve(folder: Path) -> None:
    """The same, with the review of every post."""
    prepare(folder)
    with open_desk(folder) as desk:
        for path in sorted((folder / "posts").glob("*.md")):
            submit(desk, path.stem)
            approve_all(desk, path.stem)


def drain(folder: Path) -> tuple[float, float]:
    """Seconds of the processor, over all threads, and seconds on the wall, to publish everything that is due."""
    with open_desk(folder) as desk:
        used, begun = time.process_time(), time.perf_counter()
        one_pass(desk, in_flight=desk.in_flight, scan=False)
        return time.process_time() - used, time.perf_counter() - begun


if __name__ == "__main__":
    if sys.argv[1] in {"prepare", "approve"}:
        {"prepare": prepare, "approve": approve}[sys.argv[1]](Path(sys.argv[2]))
    else:
        GUARDS[sys.argv[1]]()
        print(json.dumps(drain(Path(sys.argv[2]))))
