"""The daily digest (每日简报): once a day, to those who get the alarms: what has not been updated for long, what goes out today, what waits."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.alarm import Told
from xuanfa.domain.delivery import State
from xuanfa.domain.freshness import Fresh, Level, in_words, worst_first
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.alarms import RETRY, raise_alarms
from xuanfa.operations.watching.silence import subjects_of
from xuanfa.store import alarms, channels
from xuanfa.store.freshness import standings
from xuanfa.store.schema import deliveries, listed

log = logging.getLogger(__name__)

#: How many accounts and columns it names; the rest is counted.
NAMED: Final = 15


def tell_people(desk: Desk) -> None:
    """Whatever is to be told now: alarms, and the digest where its time has come."""
    raise_alarms(desk)
    send_digest(desk)


def send_digest(desk: Desk) -> tuple[Told, ...]:
    """Send the digest of today, once, by one process, from its time of day on. What reached nobody is logged, and tried again later."""
    teller, at, now = desk.alarms.teller, desk.alarms.digest_at, desk.clock()
    here = now.astimezone(desk.zone)
    if teller is None or at is None:
        return ()
    today = here.date().isoformat()
    if here.time() < at:
        _begin(desk, now, today)
        return ()
    if _begin(desk, now, (here.date() + timedelta(days=1)).isoformat()) > today:
        return ()
    with desk.store.write() as connection:
        if channels.recall(connection, "alarms", "digested", now) == today:
            return ()
        if not channels.take(connection, "alarms", "digesting", today, now=now, expires_at=now + RETRY):
            return ()
    told = teller.tell(*digest(desk))
    for each in told:
        if each.trouble:
            words = say("每日简报没有送到 {t}：{why}", "no digest reached {t}: {why}", t=each.target, why=each.trouble)
            log.error("%s", words)
    if any(not each.trouble for each in told):
        with desk.store.write() as connection:
            channels.keep(connection, "alarms", "digested", today, now + timedelta(days=2))
    return told


def _begin(desk: Desk, now: datetime, first: str) -> str:
    """The day of the first digest there is: ``first`` where none was ever thought of. An address that is entered in the afternoon gets the first one
    next morning, and not at once."""
    with desk.store.read() as connection:
        known = channels.recall(connection, "alarms", "digests_from", now)
        known = known or channels.recall(connection, "alarms", "digested", now)
    if known is None:
        with desk.store.write() as connection:
            channels.take(connection, "alarms", "digests_from", first, now=now, expires_at=None)
    return known or first


def digest(desk: Desk) -> tuple[str, str]:
    """Title and text of today's. It names columns and channels, and no post: whoever gets it need not be allowed to read them."""
    now = desk.clock()
    today = now.astimezone(desk.zone).date()
    with desk.store.read() as connection:
        found = standings(connection, desk.watched, subjects_of(desk), now=now, zone=desk.zone)
        due = _due(connection, desk, today)
        waiting = len(alarms.standing(connection))
    office = desk.organisation.name
    title = say(
        "宣发每日简报：{day}{office}",
        "xuanfa, daily digest: {day}{office}",
        day=say("{d.year}年{d.month}月{d.day}日", "{d}", d=today),
        office=say("（{office}）", " ({office})", office=office) if office else "",
    )
    return title, "\n".join([*_freshness(worst_first(found), today), *_today(desk, due), *_waiting(waiting)])


def _freshness(found: Sequence[Fresh], today: date) -> Iterator[str]:
    pressing = [each for each in found if each.level not in {Level.GREEN, Level.EMPTY} or each.fades(today)]
    if not pressing:
        yield say("各渠道、各专栏都在更新周期之内。", "Every channel and column is within its cycle.")
    for each in pressing[:NAMED]:
        yield _line(each)
    if len(pressing) > NAMED:
        yield say("……另有 {n} 个：{look}", "… and {n} more: {look}", n=len(pressing) - NAMED, look=Remedy("freshness"))
    empty = [each.title for each in found if each.level is Level.EMPTY and not each.is_channel]
    if empty:
        yield (
            say("空白专栏：{names}。", "Empty columns: {names}.", names=say("、", ", ").join(empty[:NAMED]))
            if len(empty) <= NAMED
            else say(
                "空白专栏 {n} 个：{names} 等。",
                "{n} empty columns: {names} and others.",
                n=len(empty),
                names=say("、", ", ").join(empty[:NAMED]),
            )
        )


def _line(each: Fresh) -> str:
    what = (
        say("渠道“{title}”", "channel “{title}”", title=each.title)
        if each.is_channel
        else say("专栏“{title}”", "column “{title}”", title=each.title)
    )
    if each.level is Level.BLACK:
        until = say("，已断更（满 {n}）", ", stale (after {n})", n=each.cycle)
    else:
        until = say("，{day}断更", ", stale on {day}", day=in_words(each.breaks_on))
    planned = "" if each.next_at else say("，后面没有排稿", ", and nothing is scheduled")
    return say(
        "{level}：{what}{days} 天没有发布{until}{planned}",
        "{level}: the {what} has published nothing for {days} days{until}{planned}",
        level=each.level.label,
        what=what,
        days=each.days,
        until=until,
        planned=planned,
    )


def _due(connection: sa.Connection, desk: Desk, today: date) -> list[datetime]:
    """The times of what goes out today by itself, for real."""
    d = deliveries.c
    begin = datetime.combine(today, time(), desk.zone)
    query = (
        sa.select(d.due_at)
        .where(listed, d.state == State.SCHEDULED.value, d.rehearsal == sa.false())
        .where(d.due_at >= begin, d.due_at < begin + timedelta(days=1))
        .order_by(d.due_at)
    )
    return list(connection.scalars(query))


def _today(desk: Desk, due: Sequence[datetime]) -> Iterator[str]:
    if due:
        first = due[0].astimezone(desk.zone)
        yield say(
            "今天排了 {n} 条，第一条 {at}。",
            "{n} items go out today, the first at {at}.",
            n=len(due),
            at=f"{first:%H:%M}",
        )
    else:
        yield say("今天没有排稿。", "Nothing is scheduled for today.")


def _waiting(count: int) -> Iterator[str]:
    if count:
        yield say("等人处理的事 {n} 件：{look}", "{n} things wait for a person: {look}", n=count, look=Remedy("alarms"))
