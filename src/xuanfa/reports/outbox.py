"""What receivers of webhooks are told: how it stands, for whoever looks."""

from collections.abc import Collection

from xuanfa.domain.webhook import Message, Sent
from xuanfa.store import outbox
from xuanfa.store.database import Store
from xuanfa.store.outbox import Tally

__all__ = ["Tally", "receivers_and_messages"]


def receivers_and_messages(
    store: Store, *, endpoint: str = "", states: Collection[Sent] = (), most: int = 50, before: int | None = None
) -> tuple[list[Tally], list[Message]]:
    """How each receiver stands, and the newest messages of one or of all in these states."""
    with store.read() as connection:
        found = outbox.messages(connection, endpoint=endpoint, states=states, most=most, before=before)
        return outbox.tallies(connection), found
