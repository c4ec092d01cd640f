"""Accounts: how what is decided about people's accounts is carried out. Each act is one transaction with its line, which vouches for the
account from then on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.act import (
    AddUser,
    ChangeUser,
    DisableUser,
    EnableUser,
    MakeToken,
    RevokeToken,
    SetPassword,
    UnlockUser,
)
from xuanfa.domain.act_outward import DropFactor
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import MACHINE, TOKEN, Person
from xuanfa.domain.remedy import Remedy, option
from xuanfa.domain.rights import SCOPES, listed
from xuanfa.domain.times import in_words
from xuanfa.domain.user import User, checked_display, checked_name, login_name
from xuanfa.operations.desk import Desk
from xuanfa.operations.people import passwords
from xuanfa.operations.people.known import new_token
from xuanfa.operations.people.rule import sign_in_first
from xuanfa.store import sessions, users
from xuanfa.store.accounts_told import FACTOR_DROPPED

#: The longest life of a token. Days.
DAYS_MAX: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """A token that was made, which is seen this once."""

    secret: str
    expires_at: datetime

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"MadeToken(expires_at={self.expires_at!r})"


def add_user(desk: Desk, act: AddUser, person: Person) -> User:
    """A new account. The first one is an administrator's: without one nobody could make another. Raises StateError for a name that is or was
    somebody's, or cannot be one."""
    user = User(
        name=checked_name(act.user),
        display=checked_display(act.display),
        roles=act.roles,
        staff=act.staff,
        department=checked_display(act.department),
    )
    _require_whole(user)
    passwords.require_good(act.password, user.name, user.display)
    hash_, now = passwords.hashed(act.password), desk.clock()
    with desk.store.write() as connection:
        users.lock(connection)
        if users.exist(connection):
            if person.how == MACHINE:  # somebody was first meanwhile
                raise StateError(sign_in_first())
            if users.get(connection, user.name) is not None:
                raise StateError(
                    say(
                        "登录名“{name}”已经有人用，停用的也不能再给别人。请换一个。",
                        "The login name {name!r} is or was somebody's; it is never given again. Take another one.",
                        name=user.name,
                    )
                )
        elif not user.administers:
            raise StateError(
                say(
                    "第一个用户必须是管理员（--role admin），在编或聘用，否则以后没有人能管账号。请先建管理员。",
                    "The first user is an administrator (--role admin) and not outsourced, or nobody could keep the accounts. Make that one first.",
                )
            )
        users.insert(connection, user, hash_, now)
        users.vouch(
            connection, user.name, now=now, after="user_added", actor=person.signs(act.verb), why=_described(user)
        )
    return user


def change_user(desk: Desk, act: ChangeUser, person: Person) -> User:
    """What is known of a person changes. Raises StateError for another login name, and where no administrator would be left."""
    if act.name is not None:
        raise StateError(
            say(
                "登录名不能改：历史里的每个决定都以它为准。改姓名请用 --display；要换登录名，请停用这个账号，再建一个新的。",
                "A login name never changes: every decision in the history stands in it. --display changes the name that is printed; for another "
                "login name disable this account and make a new one.",
            )
        )
    with _changing(desk, act.user) as (connection, before):
        after = replace(
            before,
            display=before.display if act.display is None else checked_display(act.display),
            roles=before.roles if act.roles is None else act.roles,
            staff=act.staff or before.staff,
            department=before.department if act.department is None else checked_display(act.department),
        )
        _require_whole(after)
        _require_administrator(connection, after)
        users.write(connection, after)
        _vouch(connection, desk.clock(), act, person, "user_changed", why=_described(after))
    return after


def disable_user(desk: Desk, act: DisableUser, person: Person) -> User:
    """The account can do nothing any more, nor can its tokens. Raises StateError for the last administrator."""
    with _changing(desk, act.user) as (connection, before):
        after = replace(before, disabled=True)
        _require_administrator(connection, after)
        if before.disabled:
            raise StateError(say("用户 {name} 已经停用。", "The user {name} is disabled already.", name=before.name))
        users.write(connection, after)
        _vouch(connection, desk.clock(), act, person, "user_disabled", why=person.why)
    return after


def enable_user(desk: Desk, act: EnableUser, person: Person) -> User:
    """A disabled account may be used again, with the password that it had."""
    with _changing(desk, act.user) as (connection, before):
        if not before.disabled:
            raise StateError(say("用户 {name} 没有停用。", "The user {name} is not disabled.", name=before.name))
        after = replace(before, disabled=False)
        users.write(connection, after)
        _vouch(connection, desk.clock(), act, person, "user_enabled", why=person.why)
    return after


def unlock_user(desk: Desk, act: UnlockUser, person: Person) -> User:
    """The way back after too many wrong passwords."""
    with _changing(desk, act.user) as (connection, before):
        if not before.locked:
            raise StateError(say("用户 {name} 没有锁定。", "The user {name} is not locked.", name=before.name))
        users.set_lock(connection, before.name, None)
        _vouch(connection, desk.clock(), act, person, "user_unlocked", why=person.why)
    return replace(before, locked=False)


def set_password(desk: Desk, act: SetPassword, person: Person) -> User:
    """Another password; a lock stays until somebody unlocks it. Raises StateError for one that is too weak, and for one's own by a token: who
    has found a token is not to become its owner."""
    _require_password(act.user, person)
    with desk.store.read() as connection:
        known = _found(connection, act.user)
    passwords.require_good(act.password, known.name, known.display)
    hash_ = passwords.hashed(act.password)
    with _changing(desk, act.user) as (connection, user):
        users.set_password(connection, user.name, hash_)
        _vouch(connection, desk.clock(), act, person, "password_set", why=person.why)
    return user


def make_token(desk: Desk, act: MakeToken, person: Person) -> MadeToken:
    """A token in the person's name. Only its hash is kept."""
    _require_password(act.user, person)
    unknown = sorted((act.scopes or frozenset()) - set(SCOPES))
    if unknown or not 1 <= act.days <= DAYS_MAX:
        raise StateError(
            say(
                "令牌的用途{scope}可以是 {scopes}；期限{days}是 1 到 {most} 天。",
                "The scopes of a token{scope} are {scopes}; it lasts{days} 1 to {most} days.",
                scope=option("--scope"),
                days=option("--days"),
                scopes=", ".join(SCOPES),
                most=DAYS_MAX,
            )
        )
    secret, now = new_token(), desk.clock()
    until = now + timedelta(days=act.days)
    with _changing(desk, act.user) as (connection, user):
        if user.disabled:
            raise StateError(say("用户 {name} 已停用。", "The user {name} is disabled.", name=user.name))
        number = users.add_token(
            connection, user.name, users.hash_of(secret), scopes=act.scopes, now=now, expires_at=until
        )
        why = say(
            "令牌 {n}，到 {until} 止，用途 {scopes}",
            "token {n}, until {until}, for {scopes}",
            n=number,
            until=in_words(until, desk.zone),
            scopes=", ".join(sorted(act.scopes)) if act.scopes else say("不限", "everything"),
        )
        _vouch(connection, desk.clock(), act, person, "token_made", why=why)
    return MadeToken(secret=secret, expires_at=until)


def revoke_token(desk: Desk, act: RevokeToken, person: Person) -> User:
    """The token is worth nothing any more."""
    with _changing(desk, act.user) as (connection, user):
        good = {token.id for token in users.tokens_of(connection, user.name) if token.revoked_at is None}
        if act.token not in good:
            raise StateError(
                say(
                    "用户 {name} 没有编号为 {n} 的有效令牌：用 {show} 查看。",
                    "The user {name} has no token {n} that could be revoked: see {show}.",
                    name=user.name,
                    n=act.token,
                    show=Remedy("show_user", user.name),
                )
            )
        users.revoke_token(connection, act.token, desk.clock())
        why = say("令牌 {n}", "token {n}", n=act.token)
        _vouch(connection, desk.clock(), act, person, "token_revoked", why=why)
    return user


def drop_factor(desk: Desk, act: DropFactor, person: Person) -> User:
    """The phone is lost: no six digits are asked for until the person sets up others, and whoever is signed in by the account is out. The person
    is told until then. Raises StateError without a reason, for one's own (that is done at 我的), and where there is none."""
    if not person.why.strip():
        raise StateError(
            say(
                "去掉别人的动态码要写明原因{by}。它会记入历史，并告知本人。",
                "Taking away somebody's second factor needs a reason{by}. It is kept in the history and told to that person.",
                by=option("--why"),
            )
        )
    if person.name == login_name(act.user) and person.how != MACHINE:
        raise StateError(
            say(
                "不能这样去掉自己的动态码：请找另一位管理员，核实是您本人再办。",
                "One's own second factor is not taken away like this: another administrator does it, after making sure that it is you.",
            )
        )
    with _changing(desk, act.user) as (connection, user):
        if sessions.factor_of(connection, user.name) is None:
            raise StateError(say("用户 {name} 没有设动态码。", "The user {name} has no second factor.", name=user.name))
        sessions.drop_factor(connection, user.name)
        sessions.end_all(connection, user.name, desk.clock())
        _vouch(connection, desk.clock(), act, person, FACTOR_DROPPED, why=person.why)
    return user


@contextmanager
def _changing(desk: Desk, name: str) -> Iterator[tuple[sa.Connection, User]]:
    """A transaction that has the accounts to itself, and the account that is to be changed. Raises StateError where there is none, and for
    one that was changed past the program: a line that vouches for it would vouch for that too."""
    with desk.store.write() as connection:
        users.lock(connection)
        user = _found(connection, name)
        if not users.is_as_told(connection, user.name):
            raise StateError(
                say(
                    "用户 {name} 的账号被人绕过程序改过，不能再改：请用 {verify} 查明，再从备份恢复。",
                    "The account {name} was changed past the program, and is not changed further: run {verify}, then restore a backup.",
                    name=user.name,
                    verify=Remedy("verify"),
                )
            )
        yield connection, user


def _found(connection: sa.Connection, name: str) -> User:
    user = users.get(connection, name)
    if user is None:
        raise StateError(
            say(
                "没有登录名为“{name}”的用户：用 {users} 查看。",
                "There is no user {name!r}: see {users}.",
                name=name,
                users=Remedy("users"),
            )
        )
    return user


def _require_whole(user: User) -> None:
    if not user.display or not user.roles:
        raise StateError(
            say(
                "用户要有姓名{name}和至少一个角色{role}。",
                "A user has a name that is printed{name} and one role at least{role}.",
                name=option("--display"),
                role=option("--role"),
            )
        )


def _require_administrator(connection: sa.Connection, after: User) -> None:
    """Somebody must be left who keeps the accounts."""
    others = any(user.administers for user in users.all(connection) if user.name != after.name)
    if not others and not after.administers:
        raise StateError(
            say(
                "{display}（{name}）是最后一个管理员，不能停用，也不能去掉管理员角色或改成外包。请先另设一个管理员。",
                "{display} ({name}) is the last administrator and cannot be disabled, lose that role or be outsourced. Make another one first.",
                display=after.display,
                name=after.name,
            )
        )


def _require_password(name: str, person: Person) -> None:
    if person.how == TOKEN and person.name == name:
        raise StateError(
            say(
                "自己的密码和令牌要用密码登录才能改：请去掉 XUANFA_TOKEN，用 --as {name} 再来一次。",
                "One's own password and tokens are changed with the password, not with a token: unset XUANFA_TOKEN and use --as {name}.",
                name=name,
            )
        )


def _vouch(
    connection: sa.Connection,
    now: datetime,
    act: ChangeUser | DisableUser | EnableUser | UnlockUser | SetPassword | MakeToken | RevokeToken | DropFactor,
    person: Person,
    after: str,
    *,
    why: str,
) -> None:
    by = person.signs(act.verb)
    users.vouch(connection, login_name(act.user), now=now, after=after, actor=by, why=why)


def _described(user: User) -> str:
    return say(
        "{name}（{display}），角色 {roles}，{staff}{department}",
        "{name} ({display}), {roles}, {staff}{department}",
        name=user.name,
        display=user.display,
        roles=listed(user.roles),
        staff=user.staff.label,
        department=say("，{d}", ", {d}", d=user.department) if user.department else "",
    )
