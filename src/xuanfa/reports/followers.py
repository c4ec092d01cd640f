"""Posts that follow from a correction: a notice that only says what was wrong is no item of its own; what took a post's place is that post."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.domain.correction import Progress
from xuanfa.store.schema import posts
from xuanfa.store.withdrawals_schema import corrections

_C, _P = corrections.c, posts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Followers:
    """Both by the number of the post."""

    notices: frozenset[int]
    #: The post whose place each has taken, however often that was.
    roots: Mapping[int, int]


_FOLLOWING = (
    sa.select(_P.id, _C.state, sa.func.min(_C.post_id))
    .join(corrections, _C.successor == _P.slug)
    .where(_C.successor != sa.literal_column("''"))
    .group_by(_P.id, _C.state)
)
#: The numbers of all of them, for a question about what the ledger has of them.
following = sa.select(_P.id).join(corrections, _C.successor == _P.slug).where(_C.successor != sa.literal_column("''"))

#: And those of the posts that they correct.
corrected = sa.select(_C.post_id).where(_C.successor != sa.literal_column("''"))


def followers(connection: sa.Connection) -> Followers:
    """All there are: some for each correction that a channel could not make in its place."""
    notices, before = set[int](), dict[int, int]()
    for number, state, corrected in connection.execute(_FOLLOWING):
        if state == Progress.POST.value:
            notices.add(number)
        before[number] = min(corrected, before.get(number, corrected))
    return Followers(notices=frozenset(notices), roots={number: _root(number, before) for number in before})


def _root(number: int, before: Mapping[int, int]) -> int:
    seen = set[int]()
    while number in before and number not in seen:
        seen.add(number)
        number = before[number]
    return number
