"""Receivers of webhooks: whether they hear what they are to be told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.webhook import Sent
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import outbox
from xuanfa.store.outbox import Tally

#: What waits for longer than that is told by ``doctor``, before it is given up.
_LONG: Final = timedelta(hours=1)


def receivers_in_alarm(connection: sa.Connection) -> Iterator[Cause]:
    """Messages that were given up: one cause for each receiver, for as long as nobody has sent them again or let them be."""
    for tally in outbox.tallies(connection):
        if tally.counts.get(Sent.GIVEN_UP):
            yield Cause(
                name=f"webhook:{tally.endpoint}",
                words=say(
                    "回调 {name}：{words}", "webhook {name}: {words}", name=tally.endpoint, words=_given_up(tally)
                ),
                look=where_to_look(Remedy("webhooks")),
            )


def examine_receivers(desk: Desk) -> Iterator[Examined]:
    """Each receiver of the settings, and those that something is kept for and that the settings do not have any more."""
    now = desk.clock()
    with desk.store.read() as connection:
        tallies = {each.endpoint: each for each in outbox.tallies(connection)}
    for name, endpoint in desk.webhooks.endpoints.items():
        parts = urlsplit(endpoint.url)
        what = say("回调 {name}（{host}）", "webhook {name} ({host})", name=name, host=parts.netloc)
        yield Examined(what=what, trouble=_trouble(tallies.get(name), now), fatal=False, note=_note(tallies.get(name)))
    for name in sorted(tallies.keys() - desk.webhooks.endpoints.keys()):
        waiting = tallies[name].counts.get(Sent.WAITING, 0)
        if waiting:
            words = say(
                "已不在设置里，还有 {n} 条没有送到：补上 [webhooks.{name}]，或不再发（{drop}）",
                "no longer in the settings, and {n} messages wait for it: add [webhooks.{name}], or let them be ({drop})",
                n=waiting,
                name=name,
                drop=Remedy("drop_messages"),
            )
            yield Examined(what=say("回调 {name}", "webhook {name}", name=name), trouble=words, fatal=False, waits=True)


def _note(tally: Tally | None) -> str:
    waiting = tally.counts.get(Sent.WAITING, 0) if tally is not None else 0
    return say("{n} 条待送", "{n} waiting", n=waiting) if waiting else ""


def _trouble(tally: Tally | None, now: datetime) -> str:
    if tally is None:
        return ""
    if tally.counts.get(Sent.GIVEN_UP):
        return _given_up(tally)
    if tally.since is not None and tally.why and now - tally.since > _LONG:
        return say(
            "{n} 条一直没送到（{why}），会再试到满一天",
            "{n} messages could not be brought so far ({why}); it is tried for a day",
            n=tally.counts.get(Sent.WAITING, 0),
            why=tally.why,
        )
    return ""


def _given_up(tally: Tally) -> str:
    return say(
        "{n} 条没有送到，不再自动重试（{why}）：接收方好了以后重发（{resend}），或不再发（{drop}）",
        "{n} messages were given up ({why}): send them again once the receiver is there ({resend}), or let them be ({drop})",
        n=tally.counts.get(Sent.GIVEN_UP, 0),
        why=tally.why,
        resend=Remedy("resend_messages"),
        drop=Remedy("drop_messages"),
    )
