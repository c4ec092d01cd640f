"""The balance: what the platforms hold beside what the database says, and a digest of the ledger."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from benchmarks.simulation.clerk import CLERK
from benchmarks.simulation.wire import Network
from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk
from xuanfa.reports.counts import Period, count
from xuanfa.store.schema import attempts, deliveries, events, posts, receipts

_D, _A = deliveries.c, attempts.c
_REMOVED = sa.select(sa.func.count()).where(
    _A.action == Action.PUBLISH.value, _A.outcome == "unsent", _A.bytes_sent > 0, _A.bytes_sent < _A.bytes_total
)


@dataclass(kw_only=True)
class Balance:
    """Of one shard, or of all of them added up. All but ``digest`` are counts."""

    deliveries: int = 0
    attempts: int = 0
    requests: int = 0
    kills: int = 0
    nights: int = 0
    passes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    doubts: int = 0
    by_person: int = 0
    by_evidence: int = 0
    sent_again: int = 0
    #: Attempts that would be in doubt, had it not been counted that some of their bytes never left.
    removed: int = 0
    #: Of the posts that need a review: what people have decided, how often a text was edited under review, and what became of the reviews.
    decisions: int = 0
    edits: int = 0
    reviews: Counter[str] = field(default_factory=Counter)
    #: What must be zero: what is wrong, and how often.
    wrong: Counter[str] = field(default_factory=Counter)
    digest: str = ""

    def add(self, other: "Balance") -> None:
        """Add up; the digests in the order of the shards."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(value)  # adding would drop the zeros
            else:
                setattr(self, name, mine + value)

    @property
    def is_even(self) -> bool:
        """Whether every zero is one."""
        return not any(self.wrong.values())


def balance(desk: Desk, network: Network, *, planned: int) -> Balance:
    """Compare both sides; ``planned`` is how many deliveries there have to be."""
    with desk.store.read() as connection:
        found = connection.execute(
            sa.select(
                _D.id,
                posts.c.slug,
                _D.channel,
                _D.state,
                _D.attempt,
                _D.key,
                receipts.c.published_at,
                receipts.c.address,
            )
            .join(posts, posts.c.id == _D.post_id)
            .outerjoin(receipts, receipts.c.delivery_id == _D.id)
            .order_by(posts.c.slug, _D.channel)
        ).all()
        moves = connection.execute(
            sa.select(events.c.delivery_id, events.c.before, events.c.after, events.c.actor).where(
                events.c.delivery_id.is_not(None)
            )
        ).all()
        tried = connection.scalar(sa.select(sa.func.count()).select_from(attempts)) or 0
        unended = connection.scalar(sa.select(sa.func.count()).where(attempts.c.ended_at.is_(None))) or 0
        removed = connection.scalar(_REMOVED) or 0
    admitted = {move.delivery_id for move in moves if move.after == State.UNKNOWN.value}
    out_of = [move for move in moves if move.before == State.UNKNOWN.value]
    by_person = sum(move.actor == CLERK.name for move in out_of)
    said = {(row.channel, row.slug) for row in found if row.state == State.PUBLISHED.value}
    shown = set(+network.public)
    doubted = [row for row in found if (row.channel, row.slug) in network.doubted]
    again = [row for row in doubted if desk.channels[row.channel].replay is not None and row.id not in admitted]
    hidden = sum(row.id not in admitted for row in doubted) - sum(row.attempt > 1 for row in again)
    ended = {State.PUBLISHED.value, State.CANCELLED.value}
    counted = count(desk.store, Period(zone=desk.zone)).by
    theirs = Counter(channel for channel, _ in shown)
    text = "\n".join("\t".join(map(str, row[1:])) for row in found)
    return Balance(
        deliveries=len(found),
        attempts=tried,
        requests=network.requests,
        faults=network.faults,
        states=Counter(row.state for row in found),
        doubts=sum(move.after == State.UNKNOWN.value for move in moves),
        by_person=by_person,
        by_evidence=len(out_of) - by_person,
        sent_again=len(again),
        removed=removed,
        wrong=Counter(
            {
                "seen twice": sum(times > 1 for times in network.public.values()),
                "lost": planned - len(found) + sum(row.state not in ended for row in found) + unended,
                "said to be public, and is not": len(said - shown),
                "public, and not said to be": len(shown - said),
                "doubts that were not admitted": hidden,
                "counts that differ": sum(counted.get(c, 0) != theirs[c] for c in desk.channels),
            }
        ),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
