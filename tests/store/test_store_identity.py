"""Which database this is: named once, by chance, and by one of those that open it at once."""

from xuanfa.store import identity
from xuanfa.store.database import Store


def test_a_database_that_is_opened_has_an_identity_which_stays(store: Store, database: str) -> None:
    with store.read() as connection:
        first = identity.get(connection)
    again = Store(database)
    again.ready()
    with again.read() as connection:
        assert identity.get(connection) == first
    again.close()
    assert first.workspace == ""
    assert len(first.database) == 32
    assert len(first.salt) == 64


def test_of_two_that_name_a_database_at_once_the_second_finds_the_name_of_the_first(store: Store) -> None:
    with store.write() as connection:
        first = identity.get(connection)
        identity.ensure(connection)
        assert identity.get(connection) == first
