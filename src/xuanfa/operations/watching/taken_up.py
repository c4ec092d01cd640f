"""Taken up: which of the running processes go by the settings as they are now, and which by those of before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa import __version__
from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.node import CONSOLE, WORKER, Behind, Node, behind
from xuanfa.domain.process import Process, host_of
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.nodes import roster
from xuanfa.store import nodes

#: A process ends what it has begun before it goes by new settings, and says so with its next sign of life.
CHANGING: Final = timedelta(minutes=3)
#: Longer than that is an alarm.
_LASTS: Final = timedelta(minutes=10)
#: By its role: the service that runs a process where the shipped units are used, and the command where they are not.
_RUN_BY: Final = {
    "run": ("xuanfa", Remedy("run")),
    WORKER: ("xuanfa-worker", Remedy("worker")),
    "serve": ("xuanfa-console", Remedy("serve")),
    CONSOLE: ("xuanfa-console", Remedy("serve", no_engine=True)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A process that goes by settings of before, why in words, and since when there are newer ones. ``still`` within the time that taking them
    up may need."""

    node: Node
    words: str
    since: datetime
    still: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A running process for whoever looks at the settings: its name in words, and what keeps it from the newest, if anything does."""

    name: str
    words: str = ""
    still: bool = False


def running(desk: Desk) -> list[Going]:
    """Every process that runs, and whether it has taken up the settings of this desk."""
    now, known = desk.clock(), roster(desk)
    late = {each.node.name: each for each in _late(desk, known, now)}
    found = []
    for node in known:
        if node.is_alive(now):
            each = late.get(node.name)
            found.append(
                Going(name=name_of(node), words=each.words, still=each.still) if each else Going(name=name_of(node))
            )
    return found


def going_by_old(desk: Desk, known: Sequence[Node]) -> list[Late]:
    """Those of the processes that should long have taken up other settings."""
    return [each for each in _late(desk, known, desk.clock()) if not each.still]


def settings_in_alarm(desk: Desk, connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    """One cause for each process that goes by settings of before for long."""
    for each in _late(desk, nodes.all_nodes(connection), now):
        if now - each.since >= _LASTS:
            yield Cause(
                name=f"settings:{each.node.name}",
                words=say("{name}{words}", "{name} {words}", name=name_of(each.node), words=each.words),
                look=where_to_look(Remedy("doctor")),
            )


def name_of(node: Node) -> str:
    """A process as its people can find it."""
    known = Process.parse(node.process)
    return say(
        "进程 {command}（{host}{pid}）",
        "the process {command} ({host}{pid})",
        command=f"xuanfa {node.role}",
        host=host_of(node.name),
        pid=say("，进程号 {pid}", ", number {pid}", pid=known.pid) if known else "",
    )


def _late(desk: Desk, known: Sequence[Node], now: datetime) -> Iterator[Late]:
    """Those that say so themselves, and those that others are ahead of."""
    own = ("", None) if desk.lacks_secrets else (desk.settings, desk.settings_of)
    ahead = {each.node.name: each for each in behind(known, now, __version__, own)}
    for node in known:
        if not node.is_alive(now):
            continue
        if node.trouble and node.trouble_at is not None:
            words: str = say("没有换上新的设置：{why}", "has not taken up the new settings: {why}", why=node.trouble)
            yield Late(node=node, words=words, since=node.trouble_at)
        elif node.name in ahead:
            newest_of = ahead[node.name].newest_of
            words = (_here if host_of(node.name) == desk.host else _elsewhere)(desk, ahead[node.name])
            yield Late(node=node, words=words, since=newest_of, still=now - newest_of < CHANGING)


def _here(desk: Desk, late: Behind) -> str:
    return say(
        "还在用 {of} 的旧设置，现在的是 {newest} 写的。请重新启动它：{restart}",
        "still goes by the settings of {of}; those of now were written at {newest}. Start it anew: {restart}",
        **_times(desk, late),
        restart=_restart(late.node),
    )


def _elsewhere(desk: Desk, late: Behind) -> str:
    """Another machine has files of its own, which may be the ones that nobody has changed."""
    return say(
        "用的是 {of} 的设置，别处已是 {newest} 写的。请让那台机器的 xuanfa.toml 和 .env 与这里一样；已经一样的，重新启动它：{restart}",
        "goes by settings of {of}; elsewhere there are those of {newest}. See that xuanfa.toml and .env of that machine are as here; where they "
        "are, start it anew: {restart}",
        **_times(desk, late),
        restart=_restart(late.node),
    )


def _times(desk: Desk, late: Behind) -> dict[str, str]:
    return {
        "of": in_words(late.node.settings_of, desk.zone) if late.node.settings_of else "-",
        "newest": in_words(late.newest_of, desk.zone),
    }


def _restart(node: Node) -> str:
    service, command = _RUN_BY.get(node.role, _RUN_BY["run"])
    return say(
        "systemctl restart {service}（不是由 systemd 管的，结束进程后再运行一次 {command}）",
        "systemctl restart {service} (where systemd does not see to it, end the process and run {command} once more)",
        service=service,
        command=command,
    )
