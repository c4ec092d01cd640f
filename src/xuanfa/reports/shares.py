"""What each department or author has a share in: items, distinct posts, and the day of the newest one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from xuanfa.reports.counts import Counting, by_some
from xuanfa.reports.period import Period
from xuanfa.store.columns import moment_of
from xuanfa.store.database import Store
from xuanfa.store.schema import receipts

_R = receipts.c
Whose = Literal["department", "author"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``name`` is as it was typed, and empty where there was none."""

    name: str
    items: int
    posts: int
    last: datetime


def shares(store: Store, period: Period, whose: Whose) -> list[Share]:
    """Of a period, the largest first; their items sum to those of the count."""
    with store.read() as connection:
        counting = Counting(connection, period)
        items, posts = counting.items(whose), _posts(counting, whose)
        newest = {key[0]: at for key, at in counting.summed(f"newest-{whose}").items()}
    found = [
        Share(name=name, items=number, posts=posts.get(name, 0), last=moment_of(newest[name]))
        for name, number in items.items()
        if number
    ]
    return sorted(found, key=lambda each: (-each.items, each.name))


def _posts(counting: Counting, whose: Whose) -> dict[str, int]:
    """Distinct posts: what took another's place is that post, and a notice of a correction is none."""
    column = _R[whose]
    found: dict[str, int] = {key[0]: posts for key, posts in counting.summed(f"posts-{whose}").items()}
    roots = counting.followers.roots
    pairs: set[tuple[str, int]] = set()
    for some in by_some({*roots, *roots.values()}):
        query = sa.select(column, _R.post_id).where(*counting.questions.where, _R.post_id.in_(some)).distinct()
        pairs |= {(row[0], row[1]) for row in counting.ask(query)}
    following = {(name, post) for name, post in pairs if post in roots}
    for name, _ in following:
        found[name] -= 1
    stand_in = {(name, roots[post]) for name, post in following if post not in counting.followers.notices}
    for name, _ in stand_in - pairs:
        found[name] += 1
    return found
