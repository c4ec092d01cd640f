"""The clerk of the simulation: looks at what waits for a person, looks at the platforms, and decides by simple rules."""

from collections.abc import Collection
from dataclasses import dataclass, field
from zlib import crc32

import sqlalchemy as sa

from benchmarks.simulation.reviewers import is_for_reviewers
from benchmarks.simulation.wire import Network
from xuanfa.domain.act import Cancel, Release, ResolveAbsent, ResolvePublished, Resume, Retry
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.store import channels
from xuanfa.store.schema import deliveries, posts

CLERK = Person(name="clerk", why="looked", how="password", place="simulation")
#: Of the posts that are held, one in this many is called off on all its channels, the others are released.
CANCELS_ONE_IN = 4


@dataclass
class Clerk:
    """Decides twice a day, with the truth before the eyes and nothing else."""

    network: Network
    #: Deliveries that a platform or a check refused; there should be none, for the posts are good.
    refused: list[tuple[str, str]] = field(default_factory=list)
    #: Posts that nobody will ever approve: they are called off. What else waits for its review is the reviewers'.
    unwanted: Collection[str] = ()

    def attend(self, desk: Desk) -> None:
        """Everything that waits for a person now."""
        for channel, standing in self._standings(desk):
            if standing.paused_at is not None:
                carry_out(desk, Resume(channel=None if channel == EVERYTHING else channel), CLERK)
        for number, channel, mark, state in self._waiting(desk):
            match state:
                case State.UNKNOWN | State.ACCEPTED if self.network.public[channel, mark]:
                    address = f"https://weibo.com/seen/{channel}/{mark}"
                    carry_out(desk, ResolvePublished(delivery=number, address=address), CLERK)
                case State.UNKNOWN | State.ACCEPTED:
                    carry_out(desk, ResolveAbsent(delivery=number), CLERK)
                case State.FAILED:
                    carry_out(desk, Retry(delivery=number), CLERK)
                case State.HELD if crc32(mark.encode()) % CANCELS_ONE_IN and mark not in self.unwanted:
                    carry_out(desk, Release(delivery=number), CLERK)
                case _:
                    self.refused += [(channel, mark)] if state is State.REJECTED else []
                    carry_out(desk, Cancel(delivery=number), CLERK)

    def _standings(self, desk: Desk) -> list[tuple[str, channels.Standing]]:
        with desk.store.read() as connection:
            return sorted(channels.standings(connection).items())

    def _waiting(self, desk: Desk) -> list[tuple[int, str, str, State]]:
        c = deliveries.c
        asked = sa.and_(c.state.in_([State.UNKNOWN.value, State.ACCEPTED.value]), c.look_at.is_(None))
        others = c.state.in_([State.HELD.value, State.FAILED.value, State.REJECTED.value])
        query = sa.select(c.id, c.channel, posts.c.slug, c.state, c.reviewed, c.approval).join(
            posts, posts.c.id == c.post_id
        )
        with desk.store.read() as connection:
            rows = connection.execute(query.where(sa.or_(asked, others)).order_by(c.id)).all()
        return [
            (row.id, row.channel, row.slug, State(row.state))
            for row in rows
            if row.slug in self.unwanted or not is_for_reviewers(State(row.state), row.reviewed, row.approval)
        ]
