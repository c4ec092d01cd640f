"""Intents (意图): what a person pressed in a browser is done once, however often the browser sends it."""

from datetime import timedelta
from typing import Final

from xuanfa.operations.desk import Desk
from xuanfa.store import intents
from xuanfa.store.intents import Intent

#: No page lives so long.
_KEPT: Final = timedelta(days=30)


def claim_intent(desk: Desk, mark: str, *, user: str, verb: str) -> Intent | None:
    """Have it to oneself (``None``), or what became of it before. Committed before anything is done."""
    now = desk.clock()
    with desk.store.write() as connection:
        intents.forget_before(connection, now - _KEPT)
        return intents.claim(connection, mark, user=user, verb=verb, now=now)


def answer_intent(desk: Desk, mark: str, path: str) -> None:
    """It is done."""
    with desk.store.write() as connection:
        intents.answer(connection, mark, path, desk.clock())


def give_up_intent(desk: Desk, mark: str) -> None:
    """It was refused, and nothing was done."""
    with desk.store.write() as connection:
        intents.give_up(connection, mark)


def known_intent(desk: Desk, mark: str) -> Intent | None:
    """What became of a form that was sent before; ``None`` where it never was."""
    with desk.store.read() as connection:
        return intents.get(connection, mark)
