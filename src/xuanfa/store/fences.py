"""Fences: what stands in a delivery's row and decides whether it may be sent again, compared with what the history tells of it. Inside the
caller's transaction.

Only what would open a fence is looked for: that it was restored is forgotten, that a look found nothing was never seen, that its first request
left later than it did. Whoever closes one has a person asked.
"""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import WAS_PUBLIC, State
from xuanfa.store.deliveries import NOT_FOUND
from xuanfa.store.expiries import EXPIRES
from xuanfa.store.schema import attempts, deliveries, events

_D, _E, _A = deliveries.c, events.c, attempts.c
#: The line of a restore, and of a loss of memory, of everything or of one delivery; and that of a resumption.
_RESTORED, _RESUMED = "restored", "resumed"
#: Lines that leave open what a restore has left open.
_OPEN = frozenset(
    {State.HELD.value, State.UNKNOWN.value, _RESTORED, "frozen", "gone", "second_proof", NOT_FOUND, EXPIRES}
)
_OVER = frozenset(state.value for state in WAS_PUBLIC)
#: States of which a first request may still be without an answer.
_MAY_BE_OUT = (State.SCHEDULED.value, State.UNKNOWN.value, State.ACCEPTED.value)
#: Outcomes that prove nothing of what became of a request.
_OPEN_ENDED = ("unknown", "lost", "accepted", "published")


def opened(connection: sa.Connection) -> list[int]:
    """Deliveries of which a fence is open that the history says is closed."""
    found = {*_restored(connection), *_never_looked_for(connection), *_sent_earlier(connection)}
    return sorted(found)


def _restored(connection: sa.Connection) -> Iterator[int]:
    """Deliveries that a restore, or a loss of memory, has left open, of which nothing was decided since and that do not know it any more; and
    the reverse, where nothing was ever restored."""
    fenced, stands = set[int](), dict[int, str]()
    is_open = ever = False
    query = sa.select(_E.delivery_id, _E.channel, _E.before, _E.after).order_by(_E.id)
    for number, channel, before, after in connection.execute(query.execution_options(yield_per=1000)):
        if number is None:
            if after == _RESTORED:
                is_open = ever = True
                fenced.update(each for each, state in stands.items() if state not in _OVER)
            elif after == _RESUMED and channel == EVERYTHING:
                is_open = False
            continue
        if number not in stands and is_open:
            fenced.add(number)
        elif after not in _OPEN or (after == State.HELD.value and before == State.PUBLISHED.value):
            fenced.discard(number)
        stands[number] = after if after in _STATES else stands.get(number, "")
    rows = connection.execute(sa.select(_D.id, _D.restored, _D.state))
    for number, restored, state in rows:
        if (restored and not ever) or (not restored and number in fenced and state not in _OVER):
            yield number


_STATES = frozenset(state.value for state in State)


def _never_looked_for(connection: sa.Connection) -> Iterator[int]:
    """Deliveries that a look is said not to have found at a moment at which no line of the history tells of one: the next look alone would
    have them sent again."""
    told = sa.exists().where(_E.delivery_id == _D.id, _E.after == NOT_FOUND, _E.at == _D.absent_at)
    yield from connection.scalars(sa.select(_D.id).where(_D.absent_at.is_not(None), ~told))


def _sent_earlier(connection: sa.Connection) -> Iterator[int]:
    """Deliveries whose first request, of which nobody knows what became, left before the moment that their row names, or is not named at all:
    by that a channel is believed to know the key still, and lists are searched."""
    began = (
        sa.select(_E.delivery_id, sa.func.max(_E.at).label("at"))
        .where(_E.after == State.SCHEDULED.value, _E.before.in_(_BEGINS_ANEW))
        .group_by(_E.delivery_id)
        .subquery()
    )
    since = sa.func.coalesce(began.c.at, sa.literal(0, type_=sa.BigInteger))
    query = (
        sa.select(_D.id, _D.first_sent_at, sa.func.min(_A.started_at, type_=_A.started_at.type).label("left_at"))
        .join(attempts, _A.delivery_id == _D.id)
        .outerjoin(began, began.c.delivery_id == _D.id)
        .where(
            _D.state.in_(_MAY_BE_OUT),
            _A.action == Action.PUBLISH.value,
            _A.outcome.in_(_OPEN_ENDED),
            _A.rehearsal == _D.rehearsal,
            _A.account == _D.account,
            sa.type_coerce(_A.started_at, sa.BigInteger) >= since,
            sa.type_coerce(_A.ended_at, sa.BigInteger) > since,
        )
        .group_by(_D.id, _D.first_sent_at)
    )
    for number, sent_at, left_at in connection.execute(query):
        if _is_later(sent_at, left_at):
            yield number


def _is_later(sent_at: datetime | None, left_at: datetime) -> bool:
    return sent_at is None or sent_at > left_at


#: States out of which whatever went before is settled: what is sent then is sent for the first time.
_BEGINS_ANEW = tuple(state.value for state in State if state not in {State.SCHEDULED, State.PUBLISHING})
