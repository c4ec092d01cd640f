"""Readers' figures from the channels' own platforms: asked for at their marks, one snapshot for each, by whichever process comes first.

What a platform does not tell is tried again until it would not be the mark's any more; then the mark is missed, and says why. A platform that
fails keeps nobody waiting but its own publications, and is told of where people look (``show``, ``doctor``), once as an alarm.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.channel import Channel
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.pacing import longest, room
from xuanfa.domain.reader_marks import LONGEST, DueMark, Mark, ReadersTold, TellsReaders, is_met, is_over
from xuanfa.domain.readers import PLATFORM, Figures, fault_of
from xuanfa.domain.said import heard, kept
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, reader_marks, readers

log = logging.getLogger(__name__)

#: For so long no further question is begun in one pass. Seconds.
WITHIN: Final = 30.0
#: So many marks are taken in hand in one pass.
_MOST: Final = 300
#: Whoever has taken marks and was killed has them for so long.
_TAKEN: Final = timedelta(minutes=10)
#: What a platform does not tell yet is asked for again so much later, and a platform that fails is left alone for so long; what a person has to put
#: right there is tried again twice a day.
_AGAIN, _BREATH, _LONG_BREATH = timedelta(hours=3), timedelta(hours=1), timedelta(hours=12)
#: What has come out within that is looked for in each pass; everything that a mark can still be met of, once a day.
_NEW: Final = timedelta(days=2)
_NEW_MAX: Final = 2_000
_SCOPE, _SWEPT = "readers", "swept"
#: A platform that has failed for so long is told of as an alarm; what a person has to put right there, at once.
PATIENCE: Final = timedelta(hours=6)


@dataclass(slots=True)
class Taken:
    """What a pass has brought: how many snapshots, how many marks were missed, and what is wrong with which channel."""

    figures: int = 0
    missed: int = 0
    troubles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What keeps a channel's platform from telling: since when, in whose words, and whether a person has to put it right."""

    channel: str
    since: datetime
    words: str
    needs_person: bool


def telling(desk: Desk) -> dict[str, Channel]:
    """The channels whose platforms tell."""
    return {name: each for name, each in desk.channels.items() if each.readers_at_once and not each.rehearsal}


def take_figures(desk: Desk, is_stopping: Callable[[], bool] = lambda: False, *, within: float = WITHIN) -> Taken:
    """Take what is due. Raises StoreError where the database is away; everything else concerns one channel."""
    taken, known = Taken(), telling(desk)
    if desk.store.read_only or desk.lacks_secrets:
        return taken
    if known:
        _watch_new(desk, known)
    now = desk.clock()
    with desk.store.read() as connection:
        due = reader_marks.next_due_at(connection)
    if due is None or due > now:
        return taken
    with desk.store.write() as connection:
        marks = reader_marks.take_due(connection, now, now + _TAKEN, _MOST)
    by_channel: dict[str, list[DueMark]] = {}
    for each in marks:
        by_channel.setdefault(each.channel, []).append(each)
    until = time.monotonic() + within
    for name, some in by_channel.items():
        channel = known.get(name)
        left = _Asking(desk, channel, taken).of(some, lambda: is_stopping() or time.monotonic() > until)
        with desk.store.write() as connection:
            reader_marks.put_off(connection, left, desk.clock())
    return taken


class _Asking:
    """Asks one channel's platform, question by question."""

    def __init__(self, desk: Desk, channel: Channel | None, taken: Taken) -> None:
        self._desk, self._channel, self._taken = desk, channel, taken

    def of(self, marks: Sequence[DueMark], is_over_: Callable[[], bool]) -> list[DueMark]:
        """Ask about these; what was not come to."""
        open_ = [each for each in marks if not self._is_lost(each)]
        channel = self._channel
        if channel is None:
            self._put_off(open_, _LONG_BREATH, _switched_off())
            return []
        while open_ and not is_over_():
            batch = _batch(open_, channel.readers_at_once)
            wait = self._wait(channel)
            if wait:
                self._put_off(
                    open_, wait, say("账号的调用次数用完了，等有余量再取", "the account's calls are used up for now")
                )
                return []
            found = self._asked(channel, batch)
            if not isinstance(found, ReadersTold):
                self._fail(channel, open_, found)
                return []
            done = self._settle(channel, batch, found)
            forget_trouble(self._desk, channel.id)
            open_ = [each for each in open_ if each not in done]
        return open_

    def _is_lost(self, each: DueMark) -> bool:
        """What no platform is asked about any more: taken down, sent to another account, or longer ago than any of them tells."""
        why: str
        if not each.is_out:
            why = say("到时已撤下", "taken down by then")
        elif self._channel is not None and each.account not in self._channel.accounts:
            why = say("发到的是另一个账号，渠道现在查不到", "sent to another account than the channel has now")
        elif self._desk.clock() > each.due_at + LONGEST:
            why = _too_late()
        else:
            return False
        with self._desk.store.write() as connection:
            self._taken.missed += reader_marks.settle(connection, each, figure=None, why=why)
        return True

    def _wait(self, channel: Channel) -> timedelta | None:
        """How long until the account has a call left; it is spent here. Nothing where there is one now, or no bound."""
        if not channel.limits:
            return None
        now = self._desk.clock()
        with self._desk.store.write() as connection:
            if not channels.lock_budget(connection, channel.budget):
                return timedelta(minutes=1)
            spent = channels.spent(connection, channel.budget, now - longest(channel.limits))
            if not room(channel.limits, spent, now):
                return _BREATH
            channels.spend(connection, channel.budget, 1, now)
        return None

    def _asked(
        self, channel: Channel, batch: Sequence[DueMark]
    ) -> ReadersTold | Deferred | Rejected | Unknown | Unsent:
        now = self._desk.clock().astimezone(self._desk.zone)
        try:
            adapter = self._desk.adapters.bound(channel.id)
            if not isinstance(adapter, TellsReaders):
                return Unsent(evidence=_switched_off())
            return adapter.readers([each.asked for each in batch], channel.id, now)
        except XuanfaError as error:
            return Unsent(evidence=str(error))
        except Exception as error:
            log.exception("asking %s for readers' figures failed", channel.id)
            return Unsent(
                evidence=say("渠道程序出错（{kind}）", "the adapter failed ({kind})", kind=type(error).__name__)
            )

    def _settle(self, channel: Channel, batch: Sequence[DueMark], found: ReadersTold) -> list[DueMark]:
        """Keep what was told; which of them are seen to for now."""
        told = {each.delivery: each for each in found.figures}
        done = [each for each in batch if each.asked.delivery in told or each.asked.delivery in found.missing]
        now = self._desk.clock()
        with self._desk.store.write() as connection:
            # What was told of none of them would be asked about for ever.
            for each in done or batch:
                figures = told.get(each.asked.delivery)
                why = (
                    found.missing.get(each.asked.delivery, "") if figures is None else self._unsound(each, figures, now)
                )
                if figures is not None and not why:
                    self._keep(connection, channel, each, figures, now)
                elif is_over(each.mark, each.due_at, now):
                    self._taken.missed += reader_marks.settle(connection, each, figure=None, why=why or _too_late())
                else:
                    reader_marks.put_off(connection, [each], now + _AGAIN, why)
        return done or list(batch)

    def _keep(
        self, connection: sa.Connection, channel: Channel, each: DueMark, figures: Figures, now: datetime
    ) -> None:
        if reader_marks.is_open(connection, each):
            origin = f"{PLATFORM}:{channel.kind}"
            figure = readers.put(connection, figures, origin=origin, actor=self._desk.node, now=now)
            self._taken.figures += reader_marks.settle(connection, each, figure=figure, why="")

    def _unsound(self, each: DueMark, figures: Figures, now: datetime) -> str:
        _, fault = fault_of(figures, published_at=each.asked.published_at, now=now, zone=self._desk.zone)
        if fault:
            return say("平台给的数不对：{fault}", "what the platform told cannot be: {fault}", fault=fault)
        return "" if is_met(each.mark, each.due_at, figures.at) else _too_late()

    def _fail(self, channel: Channel, marks: Sequence[DueMark], found: Deferred | Rejected | Unknown | Unsent) -> None:
        words = _words(found)
        needs_person = isinstance(found, Rejected)
        wait = found.after if isinstance(found, Deferred) else _LONG_BREATH if needs_person else _BREATH
        note_trouble(self._desk, channel.id, words, needs_person=needs_person)
        self._taken.troubles[channel.id] = words
        self._put_off(marks, min(wait, timedelta(days=1)), words)

    def _put_off(self, marks: Sequence[DueMark], wait: timedelta, why: str) -> None:
        with self._desk.store.write() as connection:
            reader_marks.put_off(connection, marks, self._desk.clock() + wait, why)


def _batch(marks: Sequence[DueMark], most: int) -> list[DueMark]:
    """The first of them, each publication once."""
    found: dict[int, DueMark] = {}
    for each in marks:
        found.setdefault(each.asked.delivery, each)
    return list(found.values())[:most]


def _words(found: Deferred | Rejected | Unknown | Unsent) -> str:
    match found:
        case Rejected(findings=findings):
            return findings[0].message if findings else say("平台不给数", "the platform tells none")
        case Deferred(reason=text) | Unsent(evidence=text) | Unknown(evidence=text):
            return text


def _too_late() -> str:
    return say(
        "到时没有取到，过后的数不能算这个时点的", "nothing was told in time, and later figures are not of that time"
    )


def _switched_off() -> str:
    return say("渠道没有开阅读数据接口", "the channel's platform is not asked for figures")


def _watch_new(desk: Desk, known: dict[str, Channel]) -> None:
    """Find what has come out, and note its marks. Costs a question by index where there is nothing."""
    now = desk.clock()
    day = now.astimezone(desk.zone).date().isoformat()
    with desk.store.read() as connection:
        is_swept = channels.recall(connection, _SCOPE, _SWEPT, now) == day
        since = now - (_NEW if is_swept else LONGEST)
        found = reader_marks.unmarked_since(connection, known, since, _NEW_MAX)
    if is_swept and not found:
        return
    marks = [(number, mark, mark.due(at, desk.zone)) for number, at in found for mark in Mark]
    with desk.store.write() as connection:
        reader_marks.add(connection, marks)
        if len(found) < _NEW_MAX:
            channels.keep(connection, _SCOPE, _SWEPT, day, None)


def note_trouble(desk: Desk, channel: str, words: str, *, needs_person: bool) -> None:
    """A channel's platform does not tell: since its first time in a row."""
    now = desk.clock()
    with desk.store.write() as connection:
        before = channels.recall(connection, _SCOPE, f"trouble {channel}", now)
        since = json.loads(before)["since"] if before else now.isoformat()
        facts = {"since": since, "words": kept(words), "needs_person": needs_person}
        channels.keep(connection, _SCOPE, f"trouble {channel}", json.dumps(facts, ensure_ascii=False), None)


def forget_trouble(desk: Desk, channel: str) -> None:
    """It tells again."""
    with desk.store.read() as connection:
        before = channels.recall(connection, _SCOPE, f"trouble {channel}", desk.clock())
    if before is not None:
        with desk.store.write() as connection:
            channels.forget(connection, _SCOPE, f"trouble {channel}")


def troubles(desk: Desk) -> Iterator[Trouble]:
    """What keeps which channel's platform from telling."""
    now, known = desk.clock(), telling(desk)
    with desk.store.read() as connection:
        found = {name: channels.recall(connection, _SCOPE, f"trouble {name}", now) for name in known}
    for name, value in found.items():
        if value is not None:
            facts = json.loads(value)
            since = datetime.fromisoformat(facts["since"])
            words = heard(facts["words"])
            yield Trouble(channel=name, since=since, words=words, needs_person=bool(facts["needs_person"]))
