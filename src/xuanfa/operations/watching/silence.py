"""Silence: columns and accounts that have published nothing for too long, and those that soon will have."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.freshness import Fresh, Kind, Level, in_words
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store.freshness import began, standings

#: What is scheduled later than this changes nothing about what is told today (``domain/freshness``: two weeks ahead at most).
_AHEAD: Final = timedelta(days=31)


def subjects_of(desk: Desk) -> dict[tuple[Kind, str], str]:
    """Every column and channel of the settings with its title."""
    titles: dict[tuple[Kind, str], str] = {("column", name): column.title for name, column in desk.columns.items()}
    return titles | {("channel", name): channel.title or name for name, channel in desk.channels.items()}


def of_silence(desk: Desk, connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    """What has been still for too long, each once; and, before that, what will be unless somebody schedules something."""
    if not desk.alarms.nothing_published:
        return
    today = now.astimezone(desk.zone).date()
    found = standings(connection, desk.watched, subjects_of(desk), now=now, zone=desk.zone, before=now + _AHEAD)
    for each in found:
        if each.is_channel:
            yield from _of_account(desk, each, today)
        elif _is_quiet(desk, connection, each, now):
            yield Cause(
                name=f"quiet:{each.name}",
                words=say(
                    "专栏“{title}”已有 {n}没有发布",
                    "the column “{title}” has published nothing for {n}",
                    title=each.title,
                    n=each.cycle,
                ),
                look=where_to_look(Remedy("count", column=each.name)),
            )
        elif desk.alarms.warns_of_silence and each.fades(today):
            yield _fading(each)


def _of_account(desk: Desk, each: Fresh, today: date) -> Iterator[Cause]:
    if not desk.alarms.warns_of_silence:
        return
    if each.is_stale:
        yield Cause(
            name=f"stale:{each.name}",
            words=say(
                "渠道“{title}”已有 {n}没有发布：检查时按账号逐个看，一个断更就不合格",
                "the channel “{title}” has published nothing for {n}: inspections look at each account by itself",
                title=each.title,
                n=each.cycle,
            ),
            look=where_to_look(Remedy("freshness")),
        )
    elif each.fades(today):
        yield _fading(each)


def _fading(each: Fresh) -> Cause:
    """What is still in time, named by the day on which it is over: after another post it is another one."""
    words = (
        say(
            "渠道“{title}”到 {day}就满 {n}没有发布：请在此之前安排一篇",
            "by {day} the channel “{title}” will have published nothing for {n}: schedule something before",
            title=each.title,
            day=in_words(each.breaks_on),
            n=each.cycle,
        )
        if each.is_channel
        else say(
            "专栏“{title}”到 {day}就满 {n}没有发布：请在此之前安排一篇",
            "by {day} the column “{title}” will have published nothing for {n}: schedule something before",
            title=each.title,
            day=in_words(each.breaks_on),
            n=each.cycle,
        )
    )
    name = f"fading:{each.kind}:{each.name}"
    return Cause(name=name, words=words, look=where_to_look(Remedy("freshness")))


def _is_quiet(desk: Desk, connection: sa.Connection, each: Fresh, now: datetime) -> bool:
    """Whether a column that has had posts, published or not, has published nothing for a whole cycle."""
    if each.level is not Level.EMPTY:
        return each.is_stale
    today = now.astimezone(desk.zone).date()
    first = began(connection, each.name)
    return first is not None and each.cycle.after(first.astimezone(desk.zone).date()) <= today
