"""What columns and channels are called, also those that have left the settings."""

from xuanfa.store import names
from xuanfa.store.database import Store
from xuanfa.store.ledger import published_values
from xuanfa.store.names import What
from xuanfa.store.schema import receipts


def last_called(store: Store, what: What) -> dict[str, str]:
    """The name that each was seen under last, by id."""
    with store.read() as connection:
        return {named: titles[-1] for named, titles in names.all_names(connection).all_of(what).items()}


def departments_counted(store: Store) -> list[str]:
    """The departments of which anything was ever published, as they were typed; an empty one where a post names none."""
    with store.read() as connection:
        return sorted(published_values(connection, receipts.c.department))
