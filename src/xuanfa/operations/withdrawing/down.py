"""Down: an order is carried out as far as interfaces go. Safe to repeat at any point: what is gone already is gone."""

import logging
from collections.abc import Sequence

from xuanfa.domain.act import Retract
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError, StoreError, XuanfaError
from xuanfa.domain.withdrawal_order import AGAIN, DOWN, INTERFACE, TRIES, Takedown, WithdrawalOrder
from xuanfa.operations.deciding.retract import retract
from xuanfa.operations.desk import Desk
from xuanfa.operations.withdrawing.snapshot import keep_snapshot
from xuanfa.store import attempts, withdrawals

log = logging.getLogger(__name__)

#: What an interface can take back, and what a crash has left half taken back.
_TAKEN_BACK = frozenset({State.PUBLISHED, State.ACCEPTED, State.RETRACTING})


def take_down(desk: Desk, order: WithdrawalOrder) -> None:
    """Keep what readers can see, then ask every interface whose turn it is; end the order where nothing is out any more."""
    if not order.snapshot:
        keep_snapshot(desk, order)
    for it in _whose_turn(desk, order):
        _ask(desk, order, it)
    with desk.store.write() as connection:
        withdrawals.end_if_down(connection, order.post_id, desk.clock())


def _whose_turn(desk: Desk, order: WithdrawalOrder) -> Sequence[Takedown]:
    now = desk.clock()
    with desk.store.read() as connection:
        found = withdrawals.of_order(connection, order.id)
    return [
        it
        for it in found
        if it.delivery.state in _TAKEN_BACK
        and it.how(desk.channels.get(it.delivery.channel)) == INTERFACE
        and (it.try_at is None or it.try_at <= now)
    ]


def _ask(desk: Desk, order: WithdrawalOrder, it: Takedown) -> None:
    """One try of one interface. What it refuses is asked again a little later, and in the end left to a person."""
    with desk.store.write() as connection:
        if not withdrawals.take_try(connection, it, desk.clock() + max(desk.lease, AGAIN)):
            return  # another process is at it
    try:
        after = retract(desk, Retract(delivery=it.delivery.id), order.person)
    except StoreError:
        raise
    except StateError as error:
        log.warning("%s", error)
        _leave_unless_under_way(desk, it)
        return
    except XuanfaError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do
        after = None
    if (after is None or after.state not in DOWN) and it.tries + 1 >= TRIES:
        with desk.store.write() as connection:
            withdrawals.leave_to_hand(connection, it)


def _leave_unless_under_way(desk: Desk, it: Takedown) -> None:
    """The interface must not be asked (another account, an altered receipt): a person's, unless a request is only just under way."""
    with desk.store.write() as connection:
        if not attempts.count_open(connection, it.delivery.id):
            withdrawals.leave_to_hand(connection, it)
