"""Alarms: see what waits for a person, and tell it once for as long as it lasts.

Causes are seen and taken in one transaction, told outside of it, and noted as told afterwards: a process that dies in between leaves them
to the next one, so that an alarm may come twice, and never not at all.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from xuanfa.domain import delivery
from xuanfa.domain.access import Veil
from xuanfa.domain.alarm import Cause, Standing, Told, way_on, where_to_look
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake import folder
from xuanfa.operations.intake.notices import fixed_notice
from xuanfa.operations.keeping.members import listed
from xuanfa.operations.keeping.memory import places
from xuanfa.operations.sending.second_proof import find_repeated
from xuanfa.operations.watching.days import days_in_alarm
from xuanfa.operations.watching.grey import sites_in_alarm
from xuanfa.operations.watching.links import of_links
from xuanfa.operations.watching.overdue import reviews_in_alarm
from xuanfa.operations.watching.pages import of_pages
from xuanfa.operations.watching.readers import of_readers
from xuanfa.operations.watching.receivers import receivers_in_alarm
from xuanfa.operations.watching.recurrent import recurring_in_alarm
from xuanfa.operations.watching.restricted import of_restricted
from xuanfa.operations.watching.shelved import shelf_in_alarm
from xuanfa.operations.watching.silence import of_silence
from xuanfa.operations.watching.strangers import of_strangers
from xuanfa.operations.watching.taken_up import settings_in_alarm
from xuanfa.operations.watching.withdrawals import of_withdrawals
from xuanfa.store import (
    access,
    alarms,
    channels,
    identity,
    late_proofs,
    posts,
    restores,
    unreached,
    users,
    verdicts,
    vouched,
)

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
_AT_ONCE = ("twice:", "withdraw:")


def standing(desk: Desk) -> list[Standing]:
    """Everything that waits for a person now, the oldest first."""
    if not desk.store.read_only:
        _look(desk)
    with desk.store.read() as connection:
        return alarms.standing(connection)


def about_posts(desk: Desk) -> list[Cause]:
    """What waits for a person because of deliveries, reviews and withdrawals, as it stands now; nothing is raised or told."""
    with desk.store.read() as connection:
        return list(_about_posts(desk, connection, desk.clock(), access.veil(connection)))


def raise_alarms(desk: Desk) -> tuple[Told, ...]:
    """Tell what has not been told yet, unless a message has just gone out. What failed is logged, and tried again later."""
    _look(desk)
    teller, now = desk.alarms.teller, desk.clock()
    if teller is None:
        return ()
    with desk.store.write() as connection:
        alarms.lock(connection)
        quiet = channels.recall(connection, "alarms", "told", now) is not None
        causes = alarms.take(connection, now, now + RETRY, prefixes=_AT_ONCE if quiet else ("",))
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
        lines.append(
            say(
                "……另有 {n} 件：{alarms}",
                "… and {n} more: {alarms}",
                n=len(causes) - NAMED,
                alarms=Remedy("alarms"),
            )
        )
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
                look=where_to_look(Remedy("doctor")),
            )
            for finding in findings
            if finding.code.endswith(_SOON)
        ]
    return causes


def _found(desk: Desk, connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    yield from of_restricted(connection)
    of_posts = list(_about_posts(desk, connection, now, access.veil(connection)))
    yield from of_posts
    yield from _pauses(desk, connection)
    yield from of_silence(desk, connection, now)
    yield from _marks(desk)
    yield from _identity(connection)
    yield from _accounts(connection)
    yield from _folder(connection, now)
    yield from days_in_alarm(desk, now)
    yield from shelf_in_alarm(desk, connection, now, access.veil(connection))
    yield from receivers_in_alarm(connection)
    yield from sites_in_alarm(desk, connection, now)
    yield from recurring_in_alarm(desk, connection)
    yield from settings_in_alarm(desk, connection, now)
    yield from of_readers(desk)
    yield from of_strangers(desk, connection)
    yield from of_links(desk, connection)
    yield from _unreached(connection)
    told = {cause.name for cause in of_posts}
    yield from (cause for cause in _files(connection) if cause.name not in told)


def _about_posts(desk: Desk, connection: sa.Connection, now: datetime, veil: Veil) -> Iterator[Cause]:
    yield from _deliveries(desk, connection, veil)
    yield from reviews_in_alarm(desk, connection, now, veil)
    yield from _second_proofs(desk, connection, veil)
    yield from _altered_receipts(desk, connection, veil)
    yield from of_withdrawals(desk, connection, now, veil)
    yield from _out_against_rules(connection)
    yield from of_pages(desk, connection, veil)


def _folder(connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    """What keeps the folder of posts from being read."""
    words = folder.trouble(connection, now)
    if words:
        yield Cause(name="folder", words=words, look=where_to_look(Remedy("doctor")))


def _files(connection: sa.Connection) -> Iterator[Cause]:
    """Files of the inbox that are not taken as they are."""
    bad = posts.bad_files(connection)
    for file in bad[:FILES_NAMED]:
        yield Cause(name=_of_file(file.path), words=file.problems[0], look=where_to_look(Remedy("posts")))
    if len(bad) > FILES_NAMED:
        words = say("另有 {n} 个稿件文件有问题", "{n} more files have problems", n=len(bad) - FILES_NAMED)
        yield Cause(name="files", words=words, look=where_to_look(Remedy("posts")))


def _unreached(connection: sa.Connection) -> Iterator[Cause]:
    """Posts whose files say something else than what readers see."""
    changed = unreached.standing(connection)
    for each in changed[:FILES_NAMED]:
        look = where_to_look(Remedy("deliveries", post=each.slug))
        yield Cause(name=f"unreached:{each.post_id}", words=fixed_notice(each.path, each.channels), look=look)
    if len(changed) > FILES_NAMED:
        words = say(
            "另有 {n} 篇已发布的稿件改过，改动没有送到",
            "{n} more posts that are out have changes that do not reach readers",
            n=len(changed) - FILES_NAMED,
        )
        yield Cause(name="unreached", words=words, look=where_to_look(Remedy("deliveries")))


def _out_against_rules(connection: sa.Connection) -> Iterator[Cause]:
    """What is out and hits today's rules: one cause, whatever they found."""
    hits = verdicts.published(connection)
    if not hits:
        return
    slugs = list(dict.fromkeys(hit.slug for hit in hits))
    words = say(
        "已发布的 {n} 篇稿件里有按现在的规则查出的严重问题（{slugs}）：逐处核实，要改就改稿件后更正或撤稿，没有问题就忽略",
        "{n} posts that are out have something severe by today's rules ({slugs}): look at each; correct or withdraw it, or ignore what is none",
        n=len(slugs),
        slugs=listed(slugs),
    )
    yield Cause(name="check:published", words=words, look=where_to_look(Remedy("check", published=True)))


def _deliveries(desk: Desk, connection: sa.Connection, veil: Veil) -> Iterator[Cause]:
    """What waits for a person; why is not said of what is restricted, since an alarm goes to everybody. Many deliveries that wait for one
    thing to be put right, a file or the machine, are one cause."""
    for name, rows in _by_cause(alarms.waiting_for_a_person(connection, sorted(WAITS_FOR_PERSON))).items():
        if len(rows) > 1:
            yield _several(name, rows, veil)
            continue
        (row,) = rows
        why = veil.text(row.slug, row.reason)
        known = desk.channels.get(row.channel)
        yield Cause(
            name=name,
            words=say(
                "投递 {id} {state}{rehearsal}：《{title}》（{channel}）{reason}",
                "delivery {id} {state}{rehearsal}: “{title}” ({channel}){reason}",
                id=row.id,
                state=State(row.state).label,
                rehearsal=say("（演练）", " (rehearsal)") if row.rehearsal else "",
                title=_named(row, veil),
                channel=_title(desk, row.channel),
                reason=say("：", ": ") + why if why else "",
            ),
            look=where_to_look(Remedy("show", row.id), *([known.console] if known and known.console else [])),
        )


def _by_cause(rows: Sequence[sa.Row[Any]]) -> dict[str, list[sa.Row[Any]]]:
    """The rows by the name of what they wait for."""
    found: dict[str, list[sa.Row[Any]]] = {}
    for row in rows:
        match row.hold:
            case delivery.BY_MACHINE:
                name = f"machine:{sha256(row.reason.encode()).hexdigest()[:16]}"
            case delivery.BY_FILE:
                name = _of_file(row.path)
            case delivery.BY_CHECK:
                name = f"check:{row.path}"[:_CAUSE_MAX]
            case _:
                name = f"delivery:{row.id}:{row.state}"
        found.setdefault(name, []).append(row)
    return found


def _of_file(path: str) -> str:
    """The name of what is wrong with a file. A file's name may be longer than a cause's."""
    return f"file:{path}"[:_CAUSE_MAX]


def _named(row: sa.Row[Any], veil: Veil) -> str:
    """The title of a delivery's post, or which restricted one it is."""
    return say("{slug}（限阅）", "{slug} (restricted)", slug=row.slug) if veil.hides(row.slug) else str(row.title)


def _several(name: str, rows: Sequence[sa.Row[Any]], veil: Veil) -> Cause:
    first = next((row for row in rows if not veil.hides(row.slug)), rows[0])
    words = say(
        "{n} 条投递暂缓（{ids}）：{reason}",
        "{n} deliveries are held ({ids}): {reason}",
        n=len(rows),
        ids=listed([str(row.id) for row in rows]),
        reason=_named(first, veil) if veil.hides(first.slug) else first.reason,
    )
    return Cause(name=name, words=words, look=where_to_look(Remedy("show", first.id)))


def _second_proofs(desk: Desk, connection: sa.Connection, veil: Veil) -> Iterator[Cause]:
    found = late_proofs.second(connection)
    for row in alarms.shown(connection, found):
        yield Cause(
            name=f"{_AT_ONCE[0]}{row.id}",
            words=say(
                "投递 {id} 可能发出了两次：《{title}》（{channel}）：{why}。请到渠道上看，多出的一份撤下，再登记（{resolve}）",
                "delivery {id} may be out twice: “{title}” ({channel}): {why}. Look at the channel, take the second one down, then enter it with "
                "resolve --once",
                id=row.id,
                title=_named(row, veil),
                channel=_title(desk, row.channel),
                why=veil.text(row.slug, found[row.id]) or "-",
                resolve=Remedy("resolve", once=True),
            ),
            look=where_to_look(Remedy("show", row.id)),
        )


def _altered_receipts(desk: Desk, connection: sa.Connection, veil: Veil) -> Iterator[Cause]:
    for row in alarms.shown(connection, vouched.altered_receipts(connection)):
        yield Cause(
            name=f"receipt:{row.id}",
            words=say(
                "投递 {id} 的回执被改动，没有撤稿：《{title}》（{channel}）。请查明，要撤下就到平台上人工删除，再登记（{retract}）",
                "the receipt of delivery {id} was altered, and it was not withdrawn: “{title}” ({channel}). Find out who did it; to take it "
                "down, delete it on the platform by hand, then enter that with retract --done",
                id=row.id,
                title=_named(row, veil),
                channel=_title(desk, row.channel),
                retract=Remedy("retract", row.id, done=True, why=None),
            ),
            look=where_to_look(Remedy("verify"), Remedy("show", row.id)),
        )


def _title(desk: Desk, channel: str) -> str:
    known = desk.channels.get(channel)
    return known.title if known and known.title else channel


def _pauses(desk: Desk, connection: sa.Connection) -> Iterator[Cause]:
    for name, state in channels.standings(connection).items():
        if state.paused_at is None:
            continue
        if name == EVERYTHING:
            why = way_on(state.reason, Remedy("resume"))
            words = say("已全部暂停：{why}", "everything is paused: {why}", why=why)
            restore = restores.standing(connection)
            look = where_to_look(Remedy("recover" if restore is not None and restore.is_forgotten else "channels"))
            yield Cause(name=f"paused:{name}", words=words, look=look)
        elif name in desk.channels:
            title = desk.channels[name].title or name
            why = way_on(state.reason, Remedy("resume", channel=name))
            words = say("渠道 {c} 已暂停：{why}", "the channel {c} is paused: {why}", c=title, why=why)
            yield Cause(name=f"paused:{name}", words=words, look=where_to_look(Remedy("channels")))


def _marks(desk: Desk) -> Iterator[Cause]:
    found = places(desk)
    if found and all(place.trouble for place in found):
        words = say(
            "程序外的记号一处也写不下：数据库若丢失，程序将无从发现",
            "no mark outside the database can be written: if the database were lost, nothing would notice",
        )
        yield Cause(name="marks", words=words, look=where_to_look(Remedy("doctor")))


def _identity(connection: sa.Connection) -> Iterator[Cause]:
    """Nothing is sent by a database that does not know its accounts again."""
    if not identity.is_as_told(connection):
        words = say(
            "数据库的身份记录与历史不符，被改动过：什么也不发",
            "the identity of the database was altered and is not what its history vouches for: nothing is sent",
        )
        yield Cause(name="identity", words=words, look=where_to_look(Remedy("verify")))


def _accounts(connection: sa.Connection) -> Iterator[Cause]:
    """Accounts that nobody can use: somebody has guessed at passwords, or has changed them past the program."""
    for user in users.all(connection):
        if user.locked and not user.disabled:
            words = say(
                "用户 {name}（{display}）密码连续输错，已锁定：请核实是谁在试，再解锁（{unlock}）",
                "the user {name} ({display}) is locked after too many wrong passwords: find out who tried, then unlock it ({unlock})",
                name=user.name,
                display=user.display,
                unlock=Remedy("unlock_user", user.name),
            )
            yield Cause(name=f"locked:{user.name}", words=words, look=where_to_look(Remedy("audit")))
    for name in users.altered(connection):
        words = say(
            "用户 {name} 的账号被人绕过程序改过，已不能用",
            "the account {name} was changed past the program and cannot be used",
            name=name,
        )
        yield Cause(name=f"account:{name}", words=words, look=where_to_look(Remedy("verify")))
