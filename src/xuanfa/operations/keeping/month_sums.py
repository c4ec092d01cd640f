"""What months that are over come to is counted once and kept, and whether what is kept is still what the receipts say."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.spans import Span, spans
from xuanfa.operations.desk import Desk
from xuanfa.store import month_sums

#: So many months are counted in one pass, each in a transaction of its own: nobody waits for longer than one takes.
MOST: Final = 24


def keep_months(desk: Desk, is_stopping: Callable[[], bool] = lambda: False, *, most: int = MOST) -> int:
    """Keep the sums of months that are over and have none, the newest first; how many. Those of months by another zone are dropped."""
    if desk.store.read_only:
        return 0
    with desk.store.read() as connection:
        first, known = month_sums.first_publication(connection), month_sums.all_kept(connection)
    over = {(span.begins, span.ends) for span in _over(desk, first)}
    foreign = sorted(known - over)
    if foreign:
        with desk.store.write() as connection:
            for begins, _ in foreign:
                month_sums.drop(connection, begins)
    made = 0
    for begins, ends in sorted(over - known, reverse=True)[:most]:
        if is_stopping():
            break
        with desk.store.write() as connection:
            month_sums.keep(connection, begins, ends)
        made += 1
    return made


def _over(desk: Desk, first: datetime | None) -> Iterator[Span]:
    """The months from the first publication to the last one that is over."""
    now = desk.clock()
    if first is not None and first <= now:
        yield from (span for span in spans("month", first, now, desk.zone) if span.ends <= now)


def sums_checked(connection: sa.Connection) -> dict[str, str]:
    """What is checked of them, and what is wrong; empty where it holds."""
    found = month_sums.altered(connection)
    what = say("各月合计与回执一致", "The sums of months are those of the receipts")
    return {"what": what, "trouble": _trouble(found) if found else ""}


def _trouble(found: list[datetime]) -> str:
    return say(
        "{n} 个月的合计与回执不符（如从 {at:%Y-%m-%d %H:%M} UTC 起的一个月），统计会出错：有人绕过程序改过回执或合计。"
        "请查明，从最近一份通得过 {verify} 的备份恢复",
        "{n} months do not come to what is kept of them (one begins at {at:%Y-%m-%d %H:%M} UTC), and counts are wrong: receipts or sums were "
        "changed past the program. Find out who did it, and restore the latest backup that verifies",
        n=len(found),
        at=found[0],
        verify=Remedy("verify"),
    )
