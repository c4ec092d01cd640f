"""Alarms: see what waits for a person, and tell it once for as long as it lasts.

Causes are seen and taken in one transaction, told outside of it, and noted as told afterwards: a process that dies in between leaves them
to the next one, so that an alarm may come twice, and never not at all.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, Standing, Told
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import NEEDS_PERSON, State
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.memory import places
from xuanfa.operations.second_proof import find_repeated
from xuanfa.store import alarms, channels, late_proofs, posts, restores

log = logging.getLogger(__name__)

#: How often the channels are asked whether a token is near its end, by one process for all: it costs requests.
DIAGNOSE_EVERY = timedelta(hours=6)
#: What could not be told is tried again after this long; more than telling every target may take.
RETRY = timedelta(minutes=5)
#: How many files with problems are causes of their own.
FILES_NAMED = 50
#: The length of a cause's name. Characters.
_CAUSE_MAX = 300
#: How many causes a message names; the rest is counted.
NAMED = 10
#: The endings of the codes with which adapters say that a token is near its end.
_SOON = (".expires_soon", ".ends_soon")
_ENDING = "ending:"
#: What is told at once, however lately another message went out.
_AT_ONCE = "twice:"


def standing(desk: Desk) -> list[Standing]:
    """Everything that waits for a person now, the oldest first."""
    _look(desk)
    with desk.store.read() as connection:
        return alarms.standing(connection)


def raise_alarms(desk: Desk) -> tuple[Told, ...]:
    """Tell what has not been told yet, unless a message has just gone out. What failed is logged, and tried again later."""
    _look(desk)
    teller, now = desk.alarms.teller, desk.clock()
    if teller is None:
        return ()
    with desk.store.write() as connection:
        alarms.lock(connection)
        quiet = channels.recall(connection, "alarms", "told", now) is not None
        causes = alarms.take(connection, now, now + RETRY, prefix=_AT_ONCE if quiet else "")
    if not causes:
        return ()
    told = teller.tell(*message(desk, causes))
    for each in told:
        if each.trouble:
            log.error(
                "%s", say("告警没有送到 {t}：{why}", "no alarm reached {t}: {why}", t=each.target, why=each.trouble)
            )
    if any(not each.trouble for each in told):
        with desk.store.write() as connection:
            alarms.told(connection, [cause.name for cause in causes], now)
            channels.keep(connection, "alarms", "told", "1", desk.clock() + desk.alarms.quiet)
    return told


def send_test(desk: Desk) -> tuple[Told, ...]:
    """Send a message that says that it is a test; how each target took it."""
    if desk.alarms.teller is None:
        return ()
    title = say("宣发告警测试", "xuanfa: a test of the alarms")
    office = desk.organisation.name or desk.folder.name
    body = say(
        "这是一条测试消息（{office}）。收到它，说明告警能够送达；不必处理。",
        "This is a test ({office}). That it arrived means that alarms arrive; nothing is to be done.",
        office=office,
    )
    return desk.alarms.teller.tell(title, body)


def message(desk: Desk, causes: Sequence[Cause]) -> tuple[str, str]:
    """Title and text of one message about these causes."""
    office = desk.organisation.name
    title = say(
        "宣发告警：{n} 件事需要处理{office}",
        "xuanfa: {n} things need a person{office}",
        n=len(causes),
        office=say("（{office}）", " ({office})", office=office) if office else "",
    )
    lines = [f"{cause.words}\n→ {cause.look}" for cause in causes[:NAMED]]
    if len(causes) > NAMED:
        lines.append(say("……另有 {n} 件：xuanfa alarms", "… and {n} more: xuanfa alarms", n=len(causes) - NAMED))
    return title, "\n".join(lines)


def _look(desk: Desk) -> None:
    """Bring the causes up to date: new ones are raised, those that are gone are cleared, and so can be told again when they come back."""
    now = desk.clock()
    tokens = _tokens(desk) if _may_diagnose(desk, now) else None
    with desk.store.write() as connection:
        alarms.lock(connection)
        find_repeated(desk, connection, now)
        known = {each.cause.name: each.cause for each in alarms.standing(connection)}
        found = {cause.name: cause for cause in (*_found(desk, connection, now), *(tokens or ()))}
        if tokens is None:  # not asked this time
            found |= {name: cause for name, cause in known.items() if name.startswith(_ENDING)}
        alarms.raise_(connection, [cause for name, cause in found.items() if name not in known], now)
        alarms.reword(connection, [cause for name, cause in found.items() if name in known and known[name] != cause])
        alarms.clear(connection, known.keys() - found.keys())


def _may_diagnose(desk: Desk, now: datetime) -> bool:
    with desk.store.write() as connection:
        return channels.take(connection, "alarms", "diagnosed", "1", now=now, expires_at=now + DIAGNOSE_EVERY)


def _tokens(desk: Desk) -> list[Cause]:
    """Channels that say that their authorisation is near its end. An adapter that fails to say says nothing."""
    causes = []
    for channel in desk.channels.values():
        try:
            findings = list(desk.adapters.bound(channel.id).diagnose())
        except Exception:
            log.exception("diagnosing %s failed", channel.id)
            continue
        causes += [
            Cause(
                name=f"{_ENDING}{channel.id}:{finding.code}",
                words=say(
                    "渠道 {c}：{text}", "channel {c}: {text}", c=channel.title or channel.id, text=finding.message
                ),
                look="xuanfa doctor",
            )
            for finding in findings
            if finding.code.endswith(_SOON)
        ]
    return causes


def _found(desk: Desk, connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    yield from _deliveries(desk, connection)
    yield from _second_proofs(desk, connection)
    yield from _pauses(desk, connection)
    yield from _quiet_columns(desk, connection, now)
    yield from _marks(desk)
    yield from _files(connection)


def _files(connection: sa.Connection) -> Iterator[Cause]:
    """Files of the inbox that are not taken as they are. A name may be longer than a cause."""
    bad = posts.bad_files(connection)
    for file in bad[:FILES_NAMED]:
        yield Cause(name=f"file:{file.path}"[:_CAUSE_MAX], words=file.problems[0], look="xuanfa posts")
    if len(bad) > FILES_NAMED:
        words = say("另有 {n} 个稿件文件有问题", "{n} more files have problems", n=len(bad) - FILES_NAMED)
        yield Cause(name="files", words=words, look="xuanfa posts")


def _deliveries(desk: Desk, connection: sa.Connection) -> Iterator[Cause]:
    for row in alarms.waiting_for_a_person(connection, [state.value for state in (*NEEDS_PERSON, State.RETRACTING)]):
        known = desk.channels.get(row.channel)
        yield Cause(
            name=f"delivery:{row.id}:{row.state}",
            words=say(
                "投递 {id} {state}{rehearsal}：《{title}》（{channel}）{reason}",
                "delivery {id} {state}{rehearsal}: “{title}” ({channel}){reason}",
                id=row.id,
                state=State(row.state).label,
                rehearsal=say("（演练）", " (rehearsal)") if row.rehearsal else "",
                title=row.title,
                channel=_title(desk, row.channel),
                reason=say("：", ": ") + row.reason if row.reason else "",
            ),
            look=" · ".join((f"xuanfa show {row.id}", *([known.console] if known and known.console else []))),
        )


def _second_proofs(desk: Desk, connection: sa.Connection) -> Iterator[Cause]:
    found = late_proofs.second(connection)
    for row in alarms.shown(connection, found):
        yield Cause(
            name=f"{_AT_ONCE}{row.id}",
            words=say(
                "投递 {id} 可能发出了两次：《{title}》（{channel}）：{why}。请到渠道上看，多出的一份撤下，再用 resolve --once 登记",
                "delivery {id} may be out twice: “{title}” ({channel}): {why}. Look at the channel, take the second one down, then enter it with "
                "resolve --once",
                id=row.id,
                title=row.title,
                channel=_title(desk, row.channel),
                why=found[row.id],
            ),
            look=f"xuanfa show {row.id}",
        )


def _title(desk: Desk, channel: str) -> str:
    known = desk.channels.get(channel)
    return known.title if known and known.title else channel


def _pauses(desk: Desk, connection: sa.Connection) -> Iterator[Cause]:
    for name, state in channels.standings(connection).items():
        if state.paused_at is None:
            continue
        if name == EVERYTHING:
            words = say("已全部暂停：{why}", "everything is paused: {why}", why=state.reason)
            restore = restores.standing(connection)
            look = "xuanfa recover" if restore is not None and restore.is_forgotten else "xuanfa resume"
            yield Cause(name=f"paused:{name}", words=words, look=look)
        elif name in desk.channels:
            title = desk.channels[name].title or name
            words = say("渠道 {c} 已暂停：{why}", "the channel {c} is paused: {why}", c=title, why=state.reason)
            yield Cause(name=f"paused:{name}", words=words, look=f"xuanfa resume --channel {name}")


def _marks(desk: Desk) -> Iterator[Cause]:
    found = places(desk)
    if found and all(place.trouble for place in found):
        words = say(
            "程序外的记号一处也写不下：数据库若丢失，程序将无从发现",
            "no mark outside the database can be written: if the database were lost, nothing would notice",
        )
        yield Cause(name="marks", words=words, look="xuanfa doctor")


def _quiet_columns(desk: Desk, connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    span = desk.alarms.nothing_published
    for column in desk.columns.values() if span else ():
        if alarms.is_quiet(connection, column.id, now - span):
            yield Cause(
                name=f"quiet:{column.id}",
                words=say(
                    "专栏“{title}”已有 {n} 天没有发布",
                    "the column “{title}” has published nothing for {n} days",
                    title=column.title,
                    n=span.days,
                ),
                look=f"xuanfa count --column {column.id}",
            )
