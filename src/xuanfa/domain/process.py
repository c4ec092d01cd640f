"""A process: how one is told from every other there was or will be, what has become of it, and how that is told to a person."""

from dataclasses import dataclass
from enum import Enum, auto

from xuanfa.domain.language import say


class Fate(Enum):
    """What can be said of a process from here."""

    #: Certainly ended: nothing of it can leave any more.
    GONE = auto()
    RUNNING = auto()
    #: It is there and does nothing until somebody lets it go on.
    STOPPED = auto()
    #: On another machine, in another container, or of unknown identity: from here nobody can tell.
    UNSEEN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process of one boot of one machine.

    ``room`` are the namespaces in which its number holds; ``started`` is its start in clock ticks since the boot, so that a number that
    is used again is another process. As text it is stored with each attempt.
    """

    machine: str
    boot: str
    room: str
    pid: int
    started: int

    def __str__(self) -> str:
        return f"{self.machine} {self.boot} {self.room} {self.pid} {self.started}"

    @classmethod
    def parse(cls, text: str) -> "Process | None":
        """From the text of one; ``None`` where it is not one."""
        parts = text.split(" ")
        if len(parts) != len(cls.__slots__) or not all(parts) or not all(map(str.isdecimal, parts[3:])):
            return None
        return cls(machine=parts[0], boot=parts[1], room=parts[2], pid=int(parts[3]), started=int(parts[4]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The process of an attempt that has no end of its own. ``node`` is its name in the history: machine, number and a chance end."""

    delivery: int
    number: int
    node: str
    process: str

    @property
    def host(self) -> str:
        """The machine as its people call it."""
        return host_of(self.node)

    @property
    def pid(self) -> str:
        """Its number on that machine."""
        known = Process.parse(self.process)
        return str(known.pid) if known else self.node.rsplit(":", 2)[1] if self.node.count(":") > 1 else self.node


def host_of(node: str) -> str:
    """The machine in the name of a node."""
    return node.rsplit(":", 2)[0]


def how_to_end(sender: Sender, fate: Fate, here: str) -> str:
    """What is known of a sender that may still be running, and how to end it for certain. ``here`` is the name of this machine: what
    has that name and cannot be seen runs in other namespaces, where its number is another process's than here."""
    if fate is Fate.UNSEEN and sender.host == here:
        return say(
            "发送它的是另一容器里的进程（或另一台同名机器上的；在那里编号 {pid}，主机名也是 {host}），从这里看不出它是否还在运行，"
            "没有心跳不算证据：请在那里结束它，或停掉那个容器（不要在这里按这个编号结束进程，那是别的进程）",
            "a process in another container (or on another machine of the same name; its number there is {pid}, its host {host}, too) was "
            "sending it; whether it still runs cannot be seen from here, and a lost heartbeat is no proof: end it there, or stop that "
            "container (here that number is another process)",
            pid=sender.pid,
            host=sender.host,
        )
    if fate is Fate.UNSEEN:
        return say(
            "发送它的进程 {pid} 在机器（或容器）{host} 上，从这里看不出它是否还在运行，没有心跳不算证据："
            "请到 {host} 上运行 kill {pid}，或关掉那台机器",
            "process {pid} on the machine (or container) {host} was sending it; whether it still runs cannot be seen from here, and a lost "
            "heartbeat is no proof: run kill {pid} on {host}, or switch that machine off",
            pid=sender.pid,
            host=sender.host,
        )
    if fate is Fate.STOPPED:
        return say(
            "发送它的进程 {pid} 还在本机，只是被停住了，继续运行时可能发出：请运行 kill {pid}，再 kill -CONT {pid}，或直接 kill -9 {pid}",
            "process {pid} on this machine was sending it; it is stopped, and may send when it goes on: run kill {pid} and then "
            "kill -CONT {pid}, or kill -9 {pid}",
            pid=sender.pid,
        )
    return say(
        "发送它的进程 {pid} 还在本机运行，可能仍会发出：请运行 kill {pid}，不见效就 kill -9 {pid}",
        "process {pid} on this machine was sending it, is still running and may yet send: run kill {pid}, or kill -9 {pid} where that does "
        "not help",
        pid=sender.pid,
    )
