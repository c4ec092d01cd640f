"""What columns and channels are called, also those that have left the settings."""

from xuanfa.store import names
from xuanfa.store.database import Store
from xuanfa.store.names import What


def last_called(store: Store, what: What) -> dict[str, str]:
    """The name that each was seen under last, by id."""
    with store.read() as connection:
        return {named: titles[-1] for named, titles in names.all_names(connection).all_of(what).items()}
