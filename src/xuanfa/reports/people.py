"""Who the users are."""

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.user import Token, User
from xuanfa.store import users
from xuanfa.store.database import Store


def list_users(store: Store) -> list[User]:
    """Every user, by login name."""
    with store.read() as connection:
        return users.all(connection)


def names_of(store: Store) -> dict[str, str]:
    """Names as they are printed, by login name."""
    return {user.name: user.display for user in list_users(store)}


def show_user(store: Store, name: str) -> tuple[User, list[Token]]:
    """A user and their tokens. Raises StateError where there is none."""
    with store.read() as connection:
        user = users.get(connection, name)
        if user is not None:
            return user, users.tokens_of(connection, user.name)
    raise StateError(
        say(
            "没有登录名为“{name}”的用户：用 {users} 查看。",
            "There is no user {name!r}: see {users}.",
            name=name,
            users=Remedy("users"),
        )
    )
