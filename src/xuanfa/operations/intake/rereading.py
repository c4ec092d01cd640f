"""Reading again (复读): what was frozen and what is out, by today's rules, where these are other ones than those by which it was read.

Once a day, and when the rules have changed, everything is looked through by number, some of it in each pass; only what was read by other rules
is read again. What is due and was never read goes first. A pass without anything of that costs two questions to the database, and the rules
are not read.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery, State
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.gate import Gate, asked_again
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.intake.reading import Judged, Reader
from xuanfa.store import channels, deliveries, verdicts
from xuanfa.store.deliveries import Change
from xuanfa.store.verdicts import Kept

#: So many deliveries are looked at in one pass, and for so long texts are read in it. Seconds.
WINDOW: Final = 5000
SECONDS: Final = 3.0
#: Texts that are read and committed together.
TOGETHER: Final = 10
#: Under what it is kept how far everything has been looked through.
_SCOPE, _NAME = "rules", "read_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far everything was looked through, by which rules, and on which day."""

    stamp: str
    day: str
    at: int = 0
    is_done: bool = False


def read_again_by_rules(desk: Desk, reader: Reader, report: QueueReport) -> bool:
    """Read what today's rules have not read; whether something was. Trouble with the rules is told, and stops nothing that was read by
    earlier ones."""
    if desk.rules is None:
        return False
    is_any = False
    while some := _due_unread(desk):
        if not _judge(desk, reader, some, report):
            return is_any
        is_any = True
    today, until = desk.clock().astimezone(desk.zone).date(), time.monotonic() + SECONDS
    mark = _marked(desk, Mark(stamp=desk.rules.stamp(), day=today.isoformat()))
    begun, end = mark.at, mark.at + WINDOW
    while not mark.is_done and mark.at < end and time.monotonic() < until:
        with desk.store.read() as connection:
            some = verdicts.stale(connection, mark.at, end, stamp=mark.stamp, today=today, most=TOGETHER)
            last = verdicts.last_delivery(connection)
        if some and not _judge(desk, reader, some, report):
            return is_any
        is_any = is_any or bool(some)
        at = some[-1].delivery.id if len(some) == TOGETHER else end
        mark = replace(mark, at=at, is_done=at >= last)
        if mark.is_done and not begun and not is_any:
            # All of it was one question: to ask again costs less than a write beside whatever is being sent.
            return False
        with desk.store.write() as connection:
            channels.keep(connection, _SCOPE, _NAME, json.dumps(asdict(mark)), None)
    return is_any


def _marked(desk: Desk, fresh: Mark) -> Mark:
    """How far this was done, by these rules and today."""
    with desk.store.read() as connection:
        kept = channels.recall(connection, _SCOPE, _NAME, desk.clock())
    found = Mark(**json.loads(kept)) if kept else fresh
    return found if (found.stamp, found.day) == (fresh.stamp, fresh.day) else fresh


def _due_unread(desk: Desk) -> Sequence[Kept]:
    """What is due and was never read: an older program queued it."""
    with desk.store.read() as connection:
        return verdicts.due_unread(connection, desk.clock(), TOGETHER)


def _judge(desk: Desk, reader: Reader, some: Sequence[Kept], report: QueueReport) -> bool:
    """Have these read, and keep what comes of it; whether that could be done."""
    found: list[tuple[Kept, Judged]] = []
    for each in some:
        judged = reader.judge({each.delivery.channel: each.rendition}, each.source, _day(desk, each.delivery))
        if judged is None:
            return False
        if judged.unruled:
            report.refuse([judged.unruled] if judged.unruled not in report.problems else [])
            return False
        found.append((each, judged))
    now, changes = desk.clock(), list[Change]()
    with desk.store.write() as connection:
        for each, judged in found:
            changes += _kept(desk, connection, each, judged, now)
    for change in changes:
        desk.emit(change)
    return True


def _kept(desk: Desk, connection: sa.Connection, each: Kept, judged: Judged, now: datetime) -> list[Change]:
    before = deliveries.get(connection, [each.delivery.id]).get(each.delivery.id)
    if before is None or before.rendition_id is None or before.rendition_id != each.delivery.rendition_id:
        return []  # another process has given it another rendition meanwhile, and read that
    verdict = judged.verdicts[before.channel]
    verdicts.keep(connection, before.rendition_id, verdict, now, post=each.slug, digest=before.digest, actor=desk.node)
    gate = Gate(desk=desk, connection=connection, slug=each.slug, path=each.path)
    after = gate.passed(before)
    if after.state is State.SCHEDULED and after.ready_at > after.due_at and not after.attempt:
        after = replace(after, ready_at=max(after.due_at, now))  # it has waited for this
    changes = [Change(before, after)] if after != before else []
    deliveries.write(connection, changes, now, desk.node)
    return [*changes, *asked_again(desk, connection, before.post_id, now)]


def _day(desk: Desk, delivery: Delivery) -> date:
    """By the rules of which day it is read: when it is to be out, or today."""
    today = desk.clock().astimezone(desk.zone).date()
    return max(today, delivery.due_at.astimezone(desk.zone).date()) if delivery.state is not State.PUBLISHED else today
