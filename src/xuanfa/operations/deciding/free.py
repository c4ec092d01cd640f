"""Free (可排): whether something may wait for a time, asked before anything moves."""

from datetime import datetime
from typing import Final

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.planning import WRITING
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk

_MOVES: Final = frozenset({State.AWAITING_REVIEW, State.SCHEDULED, State.HELD})


def moves(delivery: Delivery) -> bool:
    """Whether a delivery still waits, so that it can wait for another time."""
    return delivery.state in _MOVES and not delivery.may_be_public


def require_free(desk: Desk, delivery: Delivery, at: datetime) -> None:
    """Raise StateError where a delivery cannot wait for this time: it is past, behind the end of the post's own time, or in a silent period."""
    require_to_come(desk, at)
    if delivery.is_expired(at):
        raise StateError(
            say(
                "{at} 在这篇稿件的有效期以后，不能排。",
                "{at} is after the end of the post's own time; nothing was moved.",
                at=in_words(at, desk.zone),
            )
        )
    require_no_silence(desk, delivery.channel, delivery.column, at)


def require_to_come(desk: Desk, at: datetime) -> None:
    """Raise StateError for a time that is past."""
    if at < desk.clock() - WRITING:
        raise StateError(
            say(
                "{at} 已经过去，没有改。请选将来的时间。",
                "{at} is past; nothing was moved.",
                at=in_words(at, desk.zone),
            )
        )


def require_no_silence(desk: Desk, channel: str, column: str, at: datetime) -> None:
    """Raise StateError where nothing of the column goes out on the channel then."""
    for silence in desk.silences:
        if silence.holds(at) and silence.concerns(channel, column):
            raise StateError(
                say(
                    "{at} 在静默期里（{when}），不能排。",
                    "{at} lies in a silent period ({when}); nothing was moved.",
                    at=in_words(at, desk.zone),
                    when=silence.in_words(desk.zone),
                )
            )
