"""Deliveries by state, each found by the index that holds it, so that a list costs what it shows and not the published past."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.store.base import is_any
from xuanfa.store.schema import called_off, deliveries, handed_over, needs_person, on_shelf

_D = deliveries.c


def _is(state: State) -> sa.ColumnElement[bool]:
    """As a literal word: a planner must be able to prove that an index of these words holds every row."""
    return _D.state == sa.literal_column(f"'{state}'")


#: For each state the questions, each answered by one index, whose rows together are all of that state.
_BY_INDEX: Final[Mapping[State, tuple[sa.Select[Any], ...]]] = {
    State.AWAITING_REVIEW: (sa.select(_D.id).where(_is(State.AWAITING_REVIEW)),),
    State.SHELVED: (sa.select(_D.id).where(on_shelf, _is(State.SHELVED)),),
    State.SCHEDULED: (
        sa.select(_D.id).where(_is(State.SCHEDULED), _D.waiting == sa.false()),
        sa.select(_D.id).where(_is(State.SCHEDULED), _D.waiting == sa.true()),
    ),
    State.ACCEPTED: (
        sa.select(_D.id).where(_is(State.ACCEPTED), _D.look_at.is_not(None)),
        sa.select(_D.id).where(handed_over),
    ),
    **{state: (sa.select(_D.id).where(called_off, _is(state)),) for state in (State.CANCELLED, State.RETRACTED)},
    **{state: (sa.select(_D.id).where(needs_person, is_any(_D.state, {state})),) for state in WAITS_FOR_PERSON},
}


def in_states(states: Collection[State]) -> sa.ColumnElement[bool]:
    """Whether a delivery is in one of these states. Where one of them has no index (what is under way, or is out), all are read."""
    if set(states) - _BY_INDEX.keys():
        return _D.state.in_([state.value for state in states])
    questions = [each for state in State if state in states for each in _BY_INDEX[state]]
    return _D.id.in_(sa.union_all(*questions) if len(questions) > 1 else questions[0])
