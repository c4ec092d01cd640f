"""What each department's posts come to by where they were taken up (采用情况), from the ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.scoring import Level, Score, points_of
from xuanfa.reports.counts import Counting, by_some
from xuanfa.reports.period import Period
from xuanfa.store import access
from xuanfa.store.database import Store
from xuanfa.store.schema import posts, receipts

_R, _P = receipts.c, posts.c
_JANUARY: Final = 1


def scores(
    store: Store,
    period: Period,
    levels: Sequence[Level],
    listed: Iterable[str],
    *,
    today: date,
    veil: Veil | None = None,
) -> list[Score]:
    """The departments of the list in its order, then those of the ledger by name. A period without an end goes to ``today``. Without a ``veil``, as
    the machine's account sees them."""
    until = period.until or today
    year = replace(period, since=date(until.year, _JANUARY, 1))
    with store.read() as connection:
        counting, whole = Counting(connection, period), Counting(connection, year)
        taken = {level.id: _taken(counting, level) for level in levels}
        carried = {level.id: _taken(whole, level) for level in levels}
        hidden = (veil or access.veil(connection)).hidden
        submitted = _submitted(counting, {*counting.followers.roots, *hidden})
    found = {*submitted, *(name for each in (*taken.values(), *carried.values()) for name in each)}
    order = [*dict.fromkeys(listed)]
    return [
        Score(
            name=name,
            submitted=submitted[name],
            taken={level: each[name] for level, each in taken.items()},
            points=points_of(levels, {level: each[name] for level, each in taken.items()}),
            since_january=points_of(levels, {level: each[name] for level, each in carried.items()}),
        )
        for name in (*order, *sorted(found - set(order)))
    ]


def _taken(counting: Counting, level: Level) -> Counter[str]:
    """How many posts of each department were taken up at a level: each once, and what took another's place is that post."""
    query = (
        sa.select(_R.department, _R.post_id).where(*counting.questions.where, _R.channel.in_(level.channels)).distinct()
    )
    roots, notices = counting.followers.roots, counting.followers.notices
    pairs = {
        (row.department, roots.get(row.post_id, row.post_id))
        for row in counting.ask(query)
        if row.post_id not in notices
    }
    return Counter(department for department, _ in pairs)


def _submitted(counting: Counting, but: Iterable[int]) -> Counter[str]:
    """How many posts came in within the days of the period, by the department that they name now, but for some: what follows a correction, and what
    whoever asks may not see."""
    query = sa.select(_P.department, sa.func.count()).group_by(_P.department)
    if counting.period.begins is not None:
        query = query.where(_P.queued_at >= counting.period.begins)
    if counting.period.ends is not None:
        query = query.where(_P.queued_at < counting.period.ends)
    if counting.period.column is not None:
        query = query.where(_P.column_id == counting.period.column)
    found = Counter({row[0]: row[1] for row in counting.connection.execute(query)})
    for some in by_some(but):
        less = counting.connection.execute(query.where(_P.id.in_(some)))
        found.subtract({row[0]: row[1] for row in less})
    return Counter({name: number for name, number in found.items() if number})
