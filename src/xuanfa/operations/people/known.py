"""Known: who says that they are a user shows it by a password or a token. Each time is a line of the history, also where it failed."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.act import LOG_IN, REFUSED
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import PASSWORD, TOKEN, Person
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.shown import printable
from xuanfa.domain.user import NAME_MAX, Token, User, login_name
from xuanfa.operations.desk import Desk
from xuanfa.operations.people import passwords
from xuanfa.store import channels, users

#: After so many wrong passwords, one after the other, an account is locked.
WRONG_MAX: Final = 5
#: How a token begins, so that one that lies about is known for what it is. Those of before begin with ``xuanfa_``; nothing depends on it.
TOKEN_MARK: Final = "xf_"  # noqa: S105 - what all of them begin with
#: Under what is kept that a token has come today.
_COMING: Final = "token_has_come"
LOGGED_IN, LOCKED = "logged_in", "user_locked"


def known_by_password(desk: Desk, name: str, password: str, *, why: str = "", place: str = "") -> Person:
    """The person who decides, once the password is theirs. Raises StateError for any other one, for nobody's name, and for an account that
    is disabled, locked (the fifth wrong password locks it) or not what the history vouches for.

    Comparing is slow on purpose and outside of any transaction; what it means is decided inside of one.
    """
    person = Person(name=login_name(name), why=why, how=PASSWORD, place=place)
    if desk.store.read_only:
        raise StateError(
            say(
                "这个账号只能看，输错的密码记不下来，所以不收密码：请用令牌（XUANFA_TOKEN）。",
                "This account may only look, and wrong passwords could not be counted, so that none is taken: use a token (XUANFA_TOKEN).",
            )
        )
    with desk.store.read() as connection:
        before = users.credentials(connection, person.name, locking=False)
    fits = passwords.matches(password, before.password if before else None)
    anew = passwords.hashed(password) if fits and before and passwords.is_dated(before.password) else ""
    now = desk.clock()
    with desk.store.write() as connection:
        found = users.credentials(connection, person.name)
        objection = _objection(found, person.name)
        if found is not None and before is not None and found.password != before.password:
            objection = objection or say("密码刚刚改过，请再试一次。", "The password was changed just now; try again.")
        if found is not None and not objection and not fits:
            objection = _count_wrong(connection, desk, found, person)
        if objection or found is None:
            _note(connection, desk, person, objection)
        else:
            if found.wrong:
                users.count_wrong(connection, person.name, 0)
            if anew:
                users.set_password(connection, person.name, anew)
            by = person.signs(LOG_IN)
            (users.vouch if anew else users.note)(connection, person.name, now=now, after=LOGGED_IN, actor=by, why="")
    if objection:
        raise StateError(objection)
    return person


def known_by_token(desk: Desk, token: str, name: str | None = None, *, why: str = "", place: str = "") -> Person:
    """The same by a token, which knows whose it is; ``name`` is whose it should be, if anybody said so.

    A program asks again and again by the same token: its coming is one line for each day and place, and costs no writing after that. What it
    decides is a line each time, and so is a token that is not good.
    """
    now, said = desk.clock(), login_name(name) if name is not None else None
    person = Person(name=said or "", why=why, how=TOKEN, place=place, scopes=frozenset())
    with desk.store.read() as connection:
        found, objection = _by_token(connection, token, said, now)
        has_come = found is not None and channels.recall(connection, _COMING, _coming(found, place), now) is not None
    # An account that may only look cannot write that somebody has come: its token is compared all the same.
    if not desk.store.read_only and (objection or not has_come):
        with desk.store.write() as connection:
            found, objection = _by_token(connection, token, said, now, locking=True)
            if found is not None:
                person = _holder(person, found)
            if objection:
                _note(connection, desk, person, objection)
            elif found is not None and _is_first_today(connection, desk, found, place, now):
                which = say("令牌 {n}", "token {n}", n=found.id)
                users.note(connection, found.user, now=now, after=LOGGED_IN, actor=person.signs(LOG_IN), why=which)
    if objection or found is None:
        raise StateError(objection)
    return _holder(person, found)


def _holder(person: Person, token: Token) -> Person:
    return replace(person, name=token.user, scopes=token.scopes)


def _by_token(
    connection: sa.Connection, token: str, said: str | None, now: datetime, *, locking: bool = False
) -> tuple[Token | None, str]:
    """The token, if there is any like it, and what stands in the way."""
    found = users.token_by_hash(connection, users.hash_of(token.strip()))
    whose = found.user if found else said or ""
    return found, _bad_token(found, said, now) or _objection(
        users.credentials(connection, whose, locking=locking), whose
    )


def _coming(token: Token, place: str) -> str:
    """Under which name it is remembered that a token has come from a place."""
    return hashlib.sha256(f"{token.id}\n{place}".encode()).hexdigest()


def _is_first_today(connection: sa.Connection, desk: Desk, token: Token, place: str, now: datetime) -> bool:
    day = now.astimezone(desk.zone).date() + timedelta(days=1)
    ends = datetime.combine(day, time.min, desk.zone)
    return channels.take(connection, _COMING, _coming(token, place), now.isoformat(), now=now, expires_at=ends)


def new_token() -> str:
    """A token that nobody can guess."""
    return TOKEN_MARK + secrets.token_urlsafe(32)


def _objection(found: users.Credentials | None, name: str) -> str:
    """What stands in the way whatever the password is."""
    if found is None:
        return say(
            "没有登录名为“{name}”的用户：用 {users} 查看。",
            "There is no user {name!r}: see {users}.",
            name=printable(name)[:NAME_MAX],
            users=Remedy("users"),
        )
    if not found.is_as_told:
        return say(
            "用户 {name} 的账号被人绕过程序改过，不能用：请用 {verify} 查明，再从备份恢复。",
            "The account {name} was changed past the program and cannot be used: have an administrator run {verify}, then restore a backup.",
            name=name,
            verify=Remedy("verify"),
        )
    return _closed(found.user)


def _closed(user: User) -> str:
    if user.disabled:
        return say(
            "用户 {name} 已停用。请找管理员。", "The user {name} is disabled. Ask an administrator.", name=user.name
        )
    if user.locked:
        return say(
            "用户 {name} 因密码连续错 {n} 次已锁定。请管理员核实是谁在试，再解锁：{unlock}",
            "The user {name} is locked after {n} wrong passwords. Have an administrator find out who tried, then unlock it: {unlock}",
            name=user.name,
            n=WRONG_MAX,
            unlock=Remedy("unlock_user", user.name),
        )
    return ""


def _count_wrong(connection: sa.Connection, desk: Desk, found: users.Credentials, person: Person) -> str:
    """One more wrong password; what is said of it. The last one locks the account."""
    wrong = found.wrong + 1
    users.count_wrong(connection, person.name, wrong)
    if wrong < WRONG_MAX:
        return say(
            "用户 {name} 的密码不对（连续第 {n} 次，错满 {most} 次就锁定）。请再输一次。",
            "Wrong password of {name} (time {n} in a row; {most} lock the account). Try again.",
            name=person.name,
            n=wrong,
            most=WRONG_MAX,
        )
    now = desk.clock()
    users.set_lock(connection, person.name, now)
    why = say("密码连续错了 {n} 次", "{n} wrong passwords in a row", n=wrong)
    users.vouch(connection, person.name, now=now, after=LOCKED, actor=desk.node, why=why)
    return say(
        "用户 {name} 的密码不对，已连续错 {n} 次，账号锁定。请管理员核实后解锁：{unlock}",
        "Wrong password of {name}, {n} times in a row: the account is locked. An administrator unlocks it: {unlock}",
        name=person.name,
        n=wrong,
        unlock=Remedy("unlock_user", person.name),
    )


def _bad_token(found: Token | None, said: str | None, now: datetime) -> str:
    if found is None:
        return say(
            "令牌不对：没有这个令牌。请重新制作：{token}",
            "Wrong token: there is none like it. Make another one: {token}",
            token=Remedy("make_token", said),
        )
    if said is not None and said != found.user:
        return say(
            "令牌是用户 {owner} 的，与 --as {said} 不符。请去掉 --as，或换一个令牌。",
            "The token is that of {owner}, not of {said}. Leave out --as, or use another token.",
            owner=found.user,
            said=printable(said)[:NAME_MAX],
        )
    if not found.is_good(now):
        return say(
            "用户 {owner} 的令牌 {n} 已过期或作废。请重新制作：{token}",
            "The token {n} of {owner} has expired or was revoked. Make another one: {token}",
            owner=found.user,
            n=found.id,
            token=Remedy("make_token", found.user),
        )
    return ""


def _note(connection: sa.Connection, desk: Desk, person: Person, why: str) -> None:
    """The line of who was not known. What was typed as a name may be anything."""
    name = printable(person.name)[:NAME_MAX] or "?"
    by = Person(name=name, how=person.how, place=person.place).signs(LOG_IN)
    users.note(connection, name, now=desk.clock(), after=REFUSED, actor=by, why=why)
