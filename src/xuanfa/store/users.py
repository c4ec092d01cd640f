"""Accounts and tokens as they are stored. Inside the caller's transaction.

Each change adds a line that vouches for the account as it is from then on, tokens included: who changes either past the program is not known
again by what they have put there, and ``verify`` finds it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.person import Actor
from xuanfa.domain.user import Role, Staff, Token, User, login_name
from xuanfa.store import locks
from xuanfa.store.chain import canonical
from xuanfa.store.columns import as_stored
from xuanfa.store.moment import once
from xuanfa.store.schema import events, is_of_user, tokens, users
from xuanfa.store.signed import signed

_U, _T, _E = users.c, tokens.c, events.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody who says that they are this user is compared with. ``is_as_told``: the history vouches for all of it."""

    user: User
    password: str
    wrong: int
    is_as_told: bool


def lock(connection: sa.Connection) -> None:
    """Have the accounts to oneself until the transaction ends: of two changes each sees what the other one has left."""
    locks.hold(connection, "users")


def exist(connection: sa.Connection) -> bool:
    """Whether there are users. Where the history tells of some there are, whoever has taken them away past the program."""
    return once(connection, "users exist", lambda: any(connection.scalar(each) is not None for each in _ANY))


_ANY: Final = (sa.select(_U.name).limit(1), sa.select(_E.id).where(is_of_user).limit(1))


def get(connection: sa.Connection, name: str) -> User | None:
    """The user with this login name, disabled ones too; ``None`` where there is none."""
    name = login_name(name)
    return once(connection, ("user", name), lambda: _find(connection, name))


def _find(connection: sa.Connection, name: str) -> User | None:
    row = connection.execute(_ONE, {"b_name": name}).first()
    return None if row is None else _user(row)


_ONE: Final = sa.select(users).where(_U.name == sa.bindparam("b_name"))


def all(connection: sa.Connection) -> list[User]:  # noqa: A001 - read as users.all
    """Every user, by login name; disabled ones too."""
    return list(once(connection, "users", lambda: [_user(row) for row in connection.execute(_EVERY)]))


_EVERY: Final = sa.select(users).order_by(_U.name)


def called(connection: sa.Connection, text: str) -> list[User]:
    """The users whom a post may mean by ``text``: by login name, or by the name as it is printed, which several may share."""
    query = sa.select(users).where(sa.or_(_U.name == login_name(text), _U.display == text.strip())).order_by(_U.name)
    return [_user(row) for row in connection.execute(query)]


def credentials(connection: sa.Connection, name: str, *, locking: bool = True) -> Credentials | None:
    """What is needed to know a person again. The row is locked, in a transaction that writes."""
    row = connection.execute(_ONE.with_for_update() if locking else _ONE, {"b_name": login_name(name)}).first()
    if row is None:
        return None
    told = is_as_told(connection, row.name)
    return Credentials(user=_user(row), password=row.password, wrong=row.wrong, is_as_told=told)


def insert(connection: sa.Connection, user: User, password: str, now: datetime) -> None:
    """A new account. ``password`` is its hash."""
    values = _values(user) | {"name": user.name, "password": password, "made_at": now}
    connection.execute(users.insert().values(values))


def write(connection: sa.Connection, user: User) -> None:
    """What is known of a person, but for the lock."""
    connection.execute(users.update().where(_U.name == user.name).values(_values(user)))


def set_password(connection: sa.Connection, name: str, password: str) -> None:
    """Another hash."""
    connection.execute(users.update().where(_U.name == name).values(password=password))


def count_wrong(connection: sa.Connection, name: str, wrong: int) -> None:
    """How many wrong passwords there have been."""
    connection.execute(users.update().where(_U.name == name).values(wrong=wrong))


def set_lock(connection: sa.Connection, name: str, locked_at: datetime | None) -> None:
    """Lock, or unlock and begin to count anew."""
    values: dict[str, Any] = {"locked_at": locked_at} | ({"wrong": 0} if locked_at is None else {})
    connection.execute(users.update().where(_U.name == name).values(values))


def add_token(
    connection: sa.Connection,
    name: str,
    hash_: str,
    *,
    scopes: frozenset[str] | None,
    now: datetime,
    expires_at: datetime,
) -> int:
    """A token's number. ``hash_`` is what ``hash_of`` makes of it."""
    values = {
        "user_name": name,
        "hash": hash_,
        "scopes": sorted(scopes or ()),
        "made_at": now,
        "expires_at": expires_at,
    }
    (number,) = connection.execute(tokens.insert().values(values).returning(_T.id)).one()
    return int(number)


def revoke_token(connection: sa.Connection, number: int, now: datetime) -> None:
    """It is worth nothing from now on."""
    connection.execute(tokens.update().where(_T.id == number).values(revoked_at=now))


def token_by_hash(connection: sa.Connection, hash_: str) -> Token | None:
    """The token of this hash, whatever it is worth; ``None`` where there is none."""
    row = connection.execute(sa.select(tokens).where(_T.hash == hash_)).first()
    return None if row is None else _token(row)


def tokens_of(connection: sa.Connection, name: str) -> list[Token]:
    """All tokens of a user, the oldest first."""
    return [_token(row) for row in connection.execute(sa.select(tokens).where(_T.user_name == name).order_by(_T.id))]


def hash_of(token: str) -> str:
    """By which a token is found again."""
    return hashlib.sha256(token.encode()).hexdigest()


def vouch(connection: sa.Connection, name: str, *, now: datetime, after: str, actor: Actor, why: str) -> None:
    """A line of history about an account that vouches for it as it is now."""
    line = {"at": now, "after": after, "why": why, **signed(actor), "subject": name, "proof": _proof(connection, name)}
    connection.execute(events.insert().values(**line))


def note(connection: sa.Connection, name: str, *, now: datetime, after: str, actor: Actor, why: str) -> None:
    """A line of history about an account, or about a name that is none, which changes nothing."""
    line = {"at": now, "after": after, "why": why, **signed(actor), "subject": name}
    connection.execute(events.insert().values(**line))


def is_as_told(connection: sa.Connection, name: str) -> bool:
    """Whether an account is what the history vouches for."""
    return connection.scalar(_NEWEST_PROOF, {"b_name": name}) == _proof(connection, name)


_NEWEST_PROOF: Final = (
    sa.select(_E.proof).where(is_of_user, _E.subject == sa.bindparam("b_name")).order_by(_E.id.desc()).limit(1)
)


def altered(connection: sa.Connection) -> Iterator[str]:
    """The login names of accounts that are not what the history vouches for, were put there past the program, or were taken away."""
    told = set(connection.scalars(sa.select(_E.subject).where(is_of_user).distinct()))
    known = set(connection.scalars(sa.select(_U.name)))
    return (name for name in sorted(told | known) if name not in known or not is_as_told(connection, name))


#: What a line vouches for. How many wrong passwords there have been changes all the time, and only a lock comes of it.
_PROVED = tuple(
    as_stored(c)
    for c in (_U.name, _U.display, _U.department, _U.roles, _U.staff, _U.password, _U.locked_at, _U.made_at)
)
_TOKENS_PROVED = tuple(as_stored(c) for c in (_T.id, _T.hash, _T.scopes, _T.made_at, _T.expires_at, _T.revoked_at))


def _proof(connection: sa.Connection, name: str) -> str:
    row = connection.execute(_PROOF, {"b_name": name}).first()
    every = [list(each) for each in connection.execute(_PROOF_OF_TOKENS, {"b_name": name})]
    return hashlib.sha256(canonical([None if row is None else list(row), every])).hexdigest()


_PROOF: Final = sa.select(*_PROVED, _U.disabled).where(_U.name == sa.bindparam("b_name"))
_PROOF_OF_TOKENS: Final = sa.select(*_TOKENS_PROVED).where(_T.user_name == sa.bindparam("b_name")).order_by(_T.id)


def _values(user: User) -> dict[str, Any]:
    return {
        "display": user.display,
        "department": user.department,
        "roles": sorted(user.roles),
        "staff": user.staff.value,
        "disabled": user.disabled,
    }


def _user(row: Any) -> User:
    return User(
        name=row.name,
        display=row.display,
        department=row.department,
        roles=_roles(row.roles),
        staff=_STAFF.get(row.staff, Staff.OUTSOURCED),
        disabled=row.disabled,
        locked=row.locked_at is not None,
    )


_STAFF = {staff.value: staff for staff in Staff}
_ROLES = {role.value: role for role in Role}


def _roles(stored: Any) -> frozenset[Role]:
    """What is none of ours was put there past the program, and gives no right."""
    return frozenset(_ROLES[each] for each in stored if each in _ROLES) if isinstance(stored, list) else frozenset()


def _token(row: Any) -> Token:
    return Token(
        id=row.id,
        user=row.user_name,
        scopes=frozenset(map(str, row.scopes)) if row.scopes else None,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
