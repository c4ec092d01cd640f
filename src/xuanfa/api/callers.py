"""Who calls: a token, never a cookie. What it may be used for stands in its scopes; what its person may do, the door asks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from xuanfa.api.problems import Problem
from xuanfa.domain.access import Veil
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.own import Own
from xuanfa.domain.person import Person
from xuanfa.domain.rights import suffices
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.known import known_by_token
from xuanfa.operations.restricting.own import only_own
from xuanfa.operations.restricting.rule import veil_of

_BEARER: Final = HTTPBearer(
    auto_error=False, description="A token as `xuanfa users token` makes it: `Authorization: Bearer xf_…`"
)
_ASKED: Final = 'Bearer realm="xuanfa"'


class Pace(Protocol):
    """How often somebody may ask."""

    def wait(self, key: str) -> float:
        """Count this one: 0 where it may go on, or after how many seconds it may."""

    def left(self, key: str) -> float:
        """The same, without counting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody with a good token."""

    desk: Desk
    person: Person
    #: Of the request, for headers.
    request: Request

    @property
    def own(self) -> Own | None:
        """Of a contributor, whose posts are all that they see."""
        return only_own(self.desk, self.person)

    @property
    def veil(self) -> Veil:
        """What is hidden from them (限阅)."""
        return veil_of(self.desk, self.person)

    def signing(self, why: str) -> Person:
        """The person with a reason."""
        return Person(
            name=self.person.name, why=why, how=self.person.how, place=self.person.place, scopes=self.person.scopes
        )


def may(scope: str) -> Any:
    """The caller, whose token is for ``scope``."""

    def found(request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Caller:
        caller = _known(request, shown)
        require(caller, scope)
        return caller

    return Depends(found)


def require(caller: Caller, scope: str) -> None:
    """Raise Problem 403 where the token is not for this."""
    if not suffices(caller.person.scopes, scope):
        raise Problem(
            403,
            "scope",
            say(
                "这个令牌的用途是 {own}，这件事要 {needed}。请另做一个令牌。",
                "This token is for {own}; this needs {needed}. Make another token.",
                own=", ".join(sorted(caller.person.scopes or ())),
                needed=scope,
            ),
        )


def _known(request: Request, shown: HTTPAuthorizationCredentials | None) -> Caller:
    begun: Desk = request.app.state.desk
    desk = begun.newest()
    place = request.client.host if request.client else ""
    _slow_down(request.app.state.wrong.left(place))
    if shown is None:
        words = say(
            "这里要令牌：Authorization: Bearer xf_…；用 xuanfa users token 制作。",
            "A token is needed: Authorization: Bearer xf_…; xuanfa users token makes one.",
        )
        raise Problem(401, "no_token", words, headers={"WWW-Authenticate": _ASKED})
    try:
        person = known_by_token(desk, shown.credentials, place=place)
    except StateError as error:
        request.app.state.wrong.wait(place)
        raise Problem(
            401, "bad_token", str(error), headers={"WWW-Authenticate": f'{_ASKED}, error="invalid_token"'}
        ) from error
    request.scope["xuanfa.caller"].append(person.name)
    _slow_down(request.app.state.pace.wait(person.name))
    return Caller(desk=desk, person=person, request=request)


def _slow_down(wait: float) -> None:
    if wait:
        seconds = int(wait) + 1
        words = say("请求太频繁，请过 {n} 秒再来。", "Too many requests: wait {n} seconds.", n=seconds)
        raise Problem(429, "too_many", words, headers={"Retry-After": str(seconds)})


#: For handlers: ``caller: Reads``.
Reads = Annotated[Caller, may("read")]
Writes = Annotated[Caller, may("write")]
Submits = Annotated[Caller, may("submit")]
Publishes = Annotated[Caller, may("publish")]
Handler = Callable[..., Any]
