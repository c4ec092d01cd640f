"""News: what has moved since an event, as names of things and never their content. The history's numbers are the clock, for every process."""

from typing import Any, Final

import sqlalchemy as sa

from xuanfa.store.database import Store
from xuanfa.store.schema import events

_E = events.c
#: More than that at once is one word: look at everything.
_MOST = 200
EVERYTHING = "desk"


def latest_event(store: Store) -> int:
    """The number of the newest line of the history; 0 where there is none."""
    with store.read() as connection:
        return connection.scalar(_LATEST) or 0


_LATEST: Final = sa.select(sa.func.max(_E.id))


def news_since(store: Store, event: int) -> tuple[int, list[str]]:
    """What has moved since: ``delivery:218``, ``review``, or ``desk`` for what concerns every page; with the number of the newest line."""
    query = sa.select(_E.id, _E.delivery_id, _E.channel, _E.post_id).where(_E.id > event).order_by(_E.id).limit(_MOST)
    with store.read() as connection:
        rows = connection.execute(query).all()
        if len(rows) == _MOST:
            return connection.scalar(sa.select(sa.func.max(_E.id))) or event, [EVERYTHING]
    return (rows[-1].id if rows else event), list(dict.fromkeys(_named(row) for row in rows))


def _named(row: Any) -> str:
    if row.delivery_id is not None:
        return f"delivery:{row.delivery_id}"
    return "review" if row.post_id is not None else EVERYTHING
