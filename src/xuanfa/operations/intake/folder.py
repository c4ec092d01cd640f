"""The folder of posts itself: what keeps it from being read, noted for those who do not see the pass that met it.

One bad file is that file's matter; this is about the folder, or about reading at all: nothing new is taken then, and what is queued goes out.
"""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.said import heard, kept
from xuanfa.operations.desk import Desk
from xuanfa.store import channels

_SCOPE: Final = "inbox"
_NAME: Final = "trouble"
#: A note that no later pass has confirmed is of no use to anybody after this long.
_AT_LEAST: Final = timedelta(minutes=10)


def note_trouble(desk: Desk, words: str) -> None:
    """Note what keeps the folder from being read; with no ``words``, that nothing does any more."""
    now = desk.clock()
    with desk.store.read() as connection:
        known = channels.recall(connection, _SCOPE, _NAME, now)
    if not words and (known is None or _machine(known) != _machine(desk.node)):
        return
    with desk.store.write() as connection:
        if words:
            lasts = max(_AT_LEAST, 3 * desk.scan_every)
            channels.keep(connection, _SCOPE, _NAME, f"{desk.node}\n{kept(words)}", now + lasts)
        elif known is not None:
            channels.drop(connection, _SCOPE, _NAME, known)


def trouble(connection: sa.Connection, now: datetime, node: str = "") -> str:
    """What keeps the folder from being read, on any machine or on that of ``node``; empty where nothing does."""
    known = channels.recall(connection, _SCOPE, _NAME, now)
    if known is None or (node and _machine(known) != _machine(node)):
        return ""
    return heard(known.partition("\n")[2])


def folder_problems(desk: Desk) -> list[str]:
    """The same as a list: of one, or empty."""
    with desk.store.read() as connection:
        found = trouble(connection, desk.clock())
    return [found] if found else []


def _machine(node: str) -> str:
    return node.partition(":")[0]
