"""Who the users are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.reviewing import Delegation
from xuanfa.domain.user import Token, User
from xuanfa.store import reviews, sessions, users
from xuanfa.store.accounts_told import Dropped, factor_dropped
from xuanfa.store.database import Store


def list_users(store: Store) -> list[User]:
    """Every user, by login name."""
    with store.read() as connection:
        return users.all(connection)


def names_of(store: Store) -> dict[str, str]:
    """Names as they are printed, by login name."""
    return {user.name: user.display for user in list_users(store)}


def factor_taken(store: Store, name: str, now: datetime) -> Dropped | None:
    """That an administrator has taken away a person's second factor in the last month, until they set up another one."""
    with store.read() as connection:
        return factor_dropped(connection, name, now - _TOLD_FOR)


#: So long somebody is told, whoever sets up no other one.
_TOLD_FOR = timedelta(days=30)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A user for the list of accounts: whether six digits are asked for, when they were last at the console, and who stands in for them now."""

    user: User
    has_factor: bool
    seen_at: datetime | None
    deputies: Sequence[str] = ()


def list_accounts(store: Store, now: datetime) -> list[AccountRow]:
    """Every account, by login name."""
    with store.read() as connection:
        every = users.all(connection)
        seen, proved = sessions.last_seen(connection), sessions.with_factor(connection)
        standing: list[Delegation] = [each for each in reviews.all_delegations(connection) if each.holds(now)]
    shown = {user.name: user.display for user in every}
    return [
        AccountRow(
            user=user,
            has_factor=user.name in proved,
            seen_at=seen.get(user.name),
            deputies=[shown.get(each.deputy, each.deputy) for each in standing if each.principal == user.name],
        )
        for user in every
    ]
