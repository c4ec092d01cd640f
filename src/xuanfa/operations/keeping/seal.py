"""Seal: put the newest events under the audit chain, a batch at a time, so that nothing of it costs the publishing anything."""

import logging
from datetime import timedelta

from xuanfa.domain.errors import StoreError
from xuanfa.operations.desk import Desk
from xuanfa.store import chain, identity

log = logging.getLogger(__name__)

#: How long events may stay without a seal, and how many, while there is always something to send; else they are sealed at once.
EVERY = timedelta(minutes=1)
MANY = 1_000
#: Events under one seal, and seals at one call: a long history is sealed over some passes.
_BATCH, _BATCHES = 10_000, 20


def seal(desk: Desk) -> chain.Seal | None:
    """Seal what there is; returns the newest seal. What is being written just now waits for the next time.

    Events are read and hashed in no transaction that others wait for. After a crash the chain ends at the last seal that was written.
    The first thing that is ever sealed comes with a line that vouches for the database's identity.
    """
    with desk.store.write() as connection:
        if chain.newest(connection):
            identity.vouch_first(connection, desk.clock(), desk.node)
        upto = chain.settled(connection)
    for _ in range(_BATCHES if upto is not None else 0):
        with desk.store.read() as connection:
            last = chain.latest(connection)
            lines = list(chain.lines(connection, last.last if last else None, upto, _BATCH))
        if not lines:
            break
        made = chain.link(last, lines, desk.clock())
        with desk.store.write() as connection:
            if not chain.add(connection, made):
                break  # another process is at it
    with desk.store.read() as connection:
        return chain.latest(connection)


def seal_if_due(desk: Desk, *, calm: bool = False) -> None:
    """Seal where much has happened, anything some time ago, or anything at all while it is calm. Trouble is logged: it undoes nothing of the
    pass that calls."""
    try:
        with desk.store.read() as connection:
            last, newest = chain.latest(connection), chain.newest(connection)
        new = newest - (last.last if last else 0)
        waited = last is None or not timedelta(0) <= desk.clock() - last.sealed_at < EVERY
        if new >= MANY or (new and (calm or waited)):
            seal(desk)
    except StoreError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it


def seal_now(desk: Desk) -> None:
    """Seal what a person has just decided. Trouble is logged: it undoes nothing of what was decided, and the next pass seals."""
    try:
        seal(desk)
    except StoreError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
