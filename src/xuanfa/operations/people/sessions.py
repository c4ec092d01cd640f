"""Sessions: somebody signs in once in a browser, and is known until they leave, are idle for too long, or their account ends.

What the browser holds is 256 random bits; the database knows its hash. Six digits are asked for of whoever has set up a second factor, and
again before what is grave; of others the password is.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import PASSWORD, Person
from xuanfa.domain.session_span import SessionSpan
from xuanfa.domain.user import Role, Staff, User, login_name
from xuanfa.operations.desk import Desk
from xuanfa.operations.people import factors
from xuanfa.operations.people.known import known_by_password
from xuanfa.store import sessions, users

#: For so long somebody who has shown again that it is them is not asked once more.
FRESH: Final = timedelta(minutes=5)
#: A session that is used is noted no more often than this.
_NOTED: Final = timedelta(seconds=30)
#: Half a session waits so long for its six digits.
_HALF: Final = timedelta(minutes=10)
#: Ended sessions are forgotten after this.
_KEPT: Final = timedelta(days=30)
_AGENT_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in. ``half``: six digits are still asked for; ``must_change``: the password was for one time."""

    id: int
    token: str
    user: User
    place: str
    made_at: datetime
    confirmed_at: datetime | None
    half: bool
    must_change: bool
    has_factor: bool
    #: When somebody was there last, as far as it is noted.
    seen_at: datetime
    span: SessionSpan

    @property
    def ends_at(self) -> datetime:
        """When it ends if nobody is there any more."""
        return min(self.seen_at + self.span.idle, self.over_at)

    @property
    def over_at(self) -> datetime:
        """When it ends in any case."""
        return self.made_at + self.span.whole

    @property
    def whole_hours(self) -> int:
        """After how many hours it ends in any case."""
        return self.span.whole // timedelta(hours=1)

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Session(id={self.id}, user={self.user.name!r})"

    def person(self, why: str = "") -> Person:
        """Who decides, as the history signs it."""
        return Person(name=self.user.name, why=why, how=PASSWORD, place=self.place)

    def is_fresh(self, now: datetime) -> bool:
        """Whether the person showed just now that it is them."""
        return self.confirmed_at is not None and timedelta(0) <= now - self.confirmed_at < FRESH


def sign_in(desk: Desk, name: str, password: str, *, place: str, agent: str) -> Session:
    """Begin a session. Raises StateError, in the same words whatever was wrong, so that nobody learns who there is; a locked account is told
    to whoever has tried often enough to lock one."""
    try:
        person = known_by_password(desk, name, password, place=place)
    except StateError as error:
        with desk.store.read() as connection:
            user = users.get(connection, name)
        raise StateError(_locked() if user is not None and user.locked else _wrong()) from error
    token, now = secrets.token_urlsafe(32), desk.clock()
    with desk.store.write() as connection:
        factor = sessions.factor_of(connection, person.name)
        row = sessions.begin(
            connection,
            token,
            person.name,
            now=now,
            half=factor is not None and factor.proved,
            place=place,
            agent=agent[:_AGENT_MAX],
        )
        sessions.forget_before(connection, now - _KEPT)
    return _made(desk, token, row)


def known_here(desk: Desk, name: str, password: str, digits: str, *, place: str) -> Person:
    """A second person shows on somebody else's page who they are, without a session of their own. Raises StateError in the words of signing
    in."""
    try:
        person = known_by_password(desk, name, password, place=place)
    except StateError as error:
        raise StateError(_wrong()) from error
    with desk.store.read() as connection:
        factor = sessions.factor_of(connection, person.name)
    if factor is not None and factor.proved:
        factors.require_digits(desk, person.name, digits)
    return person


def complete(desk: Desk, half: Session, digits: str) -> Session:
    """The six digits that were still asked for; the session goes on under another secret. Raises StateError for wrong ones."""
    factors.require_digits(desk, half.user.name, digits)
    token, now = secrets.token_urlsafe(32), desk.clock()
    with desk.store.write() as connection:
        before = sessions.by_token(connection, half.token)
        if before is None or before.ended_at is not None:
            raise StateError(say("登录过期了，请重新登录。", "The sign-in has expired; sign in anew."))
        sessions.end(connection, half.id, now)
        row = sessions.begin(
            connection, token, half.user.name, now=now, half=False, place=before.place, agent=before.agent
        )
    return _made(desk, token, row)


def session_of(desk: Desk, token: str, *, touch: bool = True) -> Session | None:
    """Who holds this; ``None`` for what is worth nothing: ended, expired, of an account that is disabled, locked or was altered. ``touch``: asking
    is a sign that somebody is there."""
    now = desk.clock()
    with desk.store.read() as connection:
        row = sessions.by_token(connection, token)
        if row is None or row.ended_at is not None:
            return None
        span = SessionSpan(idle=_HALF, whole=_HALF) if row.half else desk.session_span
        if not (timedelta(0) <= now - row.made_at < span.whole and now - row.seen_at < span.idle):
            return None
        held = users.credentials(connection, row.user, locking=False)
        if held is None or not held.is_as_told or held.user.disabled or held.user.locked:
            return None
    if touch and now - row.seen_at >= _NOTED:
        with desk.store.write() as connection:
            sessions.touch(connection, row.id, now)
        row = replace(row, seen_at=now)
    return _made(desk, token, row)


def show_again(desk: Desk, session: Session, shown: str) -> None:
    """The person shows once more that it is them, before something grave: by six digits, or the password where there are none. Raises
    StateError for what is wrong."""
    if session.has_factor:
        factors.require_digits(desk, session.user.name, shown)
    else:
        known_by_password(desk, session.user.name, shown, place=session.place)
    with desk.store.write() as connection:
        sessions.confirm(connection, session.id, desk.clock())


def sign_out(desk: Desk, session: Session) -> None:
    """It ends."""
    with desk.store.write() as connection:
        sessions.end(connection, session.id, desk.clock())


def sign_out_everywhere(desk: Desk, user: str, *, but: Session | None = None) -> int:
    """All of a person's sessions end, or all but this one; how many."""
    with desk.store.write() as connection:
        return sessions.end_all(connection, user, desk.clock(), but=None if but is None else but.id)


def open_sessions(desk: Desk, user: str) -> list[sessions.SessionRow]:
    """Where somebody is signed in."""
    with desk.store.read() as connection:
        return sessions.of_user(connection, user, desk.clock() - desk.session_span.idle)


def password_was_changed(desk: Desk, session: Session) -> None:
    """The password is the person's own now, and nobody else goes on with the old one."""
    with desk.store.write() as connection:
        sessions.drop_one_time_password(connection, session.user.name)
        sessions.end_all(connection, session.user.name, desk.clock(), but=session.id)


def first_administrator(desk: Desk, name: str = "admin") -> str | None:
    """Where nobody has an account yet: make an administrator's, and say its password, which is for one time. ``None`` where there are users."""
    from xuanfa.domain.act import AddUser  # noqa: PLC0415
    from xuanfa.operations.people.accounts import add_user  # noqa: PLC0415

    with desk.store.read() as connection:
        if users.exist(connection):
            return None
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    act = AddUser(
        user=name,
        display=say("管理员", "Administrator"),
        roles=frozenset({Role.ADMIN}),
        staff=Staff.ESTABLISHED,
        password=password,
    )
    add_user(desk, act, Person(name=desk.node, place=desk.host))
    with desk.store.write() as connection:
        sessions.note_one_time_password(connection, login_name(name), desk.clock())
    return password


def _made(desk: Desk, token: str, row: sessions.SessionRow) -> Session:
    with desk.store.read() as connection:
        user = users.get(connection, row.user)
        factor = sessions.factor_of(connection, row.user)
        must_change = sessions.has_one_time_password(connection, row.user)
    if user is None:
        raise StateError(_wrong())
    return Session(
        id=row.id,
        token=token,
        user=user,
        place=row.place,
        made_at=row.made_at,
        confirmed_at=row.confirmed_at,
        half=row.half,
        must_change=must_change,
        has_factor=factor is not None and factor.proved,
        seen_at=row.seen_at,
        span=desk.session_span,
    )


def _wrong() -> str:
    return say("账号或密码不对。", "The name or the password is wrong.")


def _locked() -> str:
    return say(
        "密码连续 5 次不对，账号已经锁住。请找管理员核实后解锁。",
        "Five wrong passwords in a row: the account is locked. Ask an administrator to unlock it.",
    )
