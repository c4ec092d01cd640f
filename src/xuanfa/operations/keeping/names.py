"""Names: what the settings call columns and channels is kept, with since when, for whatever the ledger says of them later."""

from xuanfa.operations.desk import Desk
from xuanfa.store import names
from xuanfa.store.names import What


def note_names(desk: Desk) -> None:
    """Note where the settings say otherwise than was last seen what a column, its campaign or a channel is called, or of which kind that is.
    Costs one question where they do not."""
    if desk.store.read_only:
        return
    called: dict[tuple[What, str], str] = {}
    for column in desk.columns.values():
        called["column", column.id] = column.title
        called["campaign", column.id] = column.campaign
    for channel in desk.channels.values():
        called["channel", channel.id] = channel.title
        called["kind", channel.id] = channel.kind
    with desk.store.read() as connection:
        if names.are_noted(connection, called):
            return
    with desk.store.write() as connection:
        names.note(connection, called, desk.clock())
