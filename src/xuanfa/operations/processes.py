"""Processes as the machine shows them: who this one is, and whether another one is certainly gone.

Facts are those of Linux: proc(5) for ``/proc/PID/stat``, namespaces(7), machine-id(5), and ``include/linux/proc_ns.h`` for the number of the
first PID namespace. Where the machine does not tell, nothing is claimed: the process counts as unseen.
"""

import hashlib
import os
import platform
from functools import cache
from pathlib import Path

from xuanfa.domain.process import Fate, Process

_PROC = Path("/proc")
#: The PID namespace that every machine boots with: only outside of containers does a machine's name stay with the machine.
_FIRST_ROOM = "4026531836"
#: The field of ``/proc/PID/stat`` with the time of start.
_STARTED = 22
#: Stands for a machine that has no name of its own; no two of them are taken for one.
_NAMELESS = "-"
#: Letters of ``/proc/PID/stat`` for tasks that will never run again, and for those that are halted.
_DEAD, _HALTED = frozenset("ZX"), frozenset("Tt")


def own_process() -> str:
    """This process, for its attempts; empty where the machine does not tell who it is. Asked anew after a fork."""
    try:
        _, started = _stat(_PROC / "self" / "stat")
        return str(Process(machine=_machine(), boot=_boot(), room=_room(), pid=os.getpid(), started=started))
    except (OSError, ValueError):
        return ""


def fate_of(process: str) -> Fate:
    """What has become of a process, as far as this machine can tell. Gone means gone for certain."""
    known = Process.parse(process)
    try:
        if known is None:
            return Fate.UNSEEN
        if known.boot != _boot():
            return Fate.GONE if _is_of_an_earlier_boot(known) else Fate.UNSEEN
        return _look_at(known) if known.room == _room() else Fate.UNSEEN
    except (OSError, ValueError):
        return Fate.UNSEEN


def _is_of_an_earlier_boot(known: Process) -> bool:
    """Whether it ran on this very machine, which has been started anew since."""
    mine = _machine()
    return mine != _NAMELESS and known.machine == mine and known.room == _room() and known.room.startswith(_FIRST_ROOM)


def _look_at(known: Process) -> Fate:
    """A process of this boot and these namespaces."""
    try:
        os.kill(known.pid, 0)
    except ProcessLookupError:
        return Fate.GONE
    except PermissionError:
        pass  # somebody else's, and there
    try:
        _, started = _stat(_PROC / str(known.pid) / "stat")
        # The first thread may have ended, or be halted, while others go on: all of them are asked.
        letters = {_stat(task / "stat")[0] for task in (_PROC / str(known.pid) / "task").iterdir()}
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return Fate.RUNNING  # hidden from us (hidepid), or just ending: the next look tells
    if started != known.started or letters <= _DEAD:
        return Fate.GONE
    return Fate.STOPPED if letters - _DEAD <= _HALTED else Fate.RUNNING


def _stat(path: Path) -> tuple[str, int]:
    """State and time of start of a process or thread. The name before them may hold blanks and brackets."""
    fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return fields[0], int(fields[_STARTED - 3])


def _boot() -> str:
    """Another one after every start of the kernel."""
    return (_PROC / "sys" / "kernel" / "random" / "boot_id").read_text(encoding="ascii").strip()


def _room() -> str:
    """The namespaces that numbers and times of processes belong to."""
    spaces = _PROC / "self" / "ns"
    names = [
        spaces / "pid",
        *([spaces / "time"] if (spaces / "time").is_symlink() else []),
    ]  # Linux has times of its own since 5.6
    return "/".join(_number(str(name.readlink())) for name in names)


def _number(name: str) -> str:
    """The number in the name of a namespace, as in ``pid:[4026531836]``."""
    return "".join(filter(str.isdigit, name)) or "0"


@cache
def _machine() -> str:
    """The same after every boot, and another one on another machine: copies of a virtual disk share their machine-id, so that the name and
    the addresses of network cards count, too. Hashed, as machine-id(5) asks."""
    cards = sorted(
        (device.parent / "address").read_text(encoding="ascii").strip()
        for device in Path("/sys/class/net").glob("*/device")
    )
    try:
        own = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except OSError:
        own = ""
    if own in {"", "uninitialized"}:
        return _NAMELESS
    parts = [own, platform.node(), *cards]
    return hashlib.sha256("\n".join(["xuanfa", *parts]).encode()).hexdigest()[:16]
