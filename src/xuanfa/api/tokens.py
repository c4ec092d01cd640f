"""``/tokens``: one's own tokens: which there are, one that is worth nothing any more, and a new one, for which the password is asked again."""

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import Field

from xuanfa.api.callers import Caller, Reads
from xuanfa.api.moments import Moments
from xuanfa.api.once import once
from xuanfa.api.problems import Problem
from xuanfa.api.shapes import Items, Key, Line, Shape, Told
from xuanfa.domain.act import MakeToken, RevokeToken
from xuanfa.domain.errors import StateError
from xuanfa.domain.rights import suffices
from xuanfa.domain.user import Token
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.people.accounts import MadeToken
from xuanfa.operations.people.sessions import known_here
from xuanfa.reports.people import show_user

router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=Moments)


class Wanted(Shape):
    """A new token. The password, and the six digits of whoever has set them up, are asked for again: a token that was found makes no other one."""

    password: Line
    digits: Line = ""
    days: Annotated[int, Field(ge=1, le=366)] = 90
    scopes: Annotated[list[Line], Field(min_length=1, max_length=10)]


class NewToken(Told):
    """The token that was made. ``token`` is told this once; ``null`` where the same request is sent again."""

    token: str | None
    expires_at: datetime
    scopes: list[str]


@router.get("", response_model=Items)
def list_(caller: Reads) -> Any:
    """One's own tokens, the newest first. None of them is told again."""
    _, tokens = show_user(caller.desk.store, caller.person.name)
    now = caller.desk.clock()
    return {"items": [_shown(each, now) for each in tokens[::-1]], "next": None}


@router.post("", response_model=NewToken, status_code=201)
def make(caller: Reads, body: Wanted, idempotency_key: Key) -> Any:
    """Make a token in one's own name. The answer tells it this once; it is kept nowhere, so that the same request again tells none."""
    made: list[MadeToken] = []

    def do() -> JSONResponse:
        try:
            person = known_here(caller.desk, caller.person.name, body.password, body.digits, place=caller.person.place)
        except StateError as error:
            raise Problem(403, "again", str(error)) from error
        act = MakeToken(user=caller.person.name, days=body.days, scopes=frozenset(body.scopes))
        made.append(carry_out(caller.desk, act, person))
        until = made[0].expires_at.isoformat()
        return JSONResponse({"token": None, "expires_at": until, "scopes": sorted(act.scopes or ())}, 201)

    asked = body.model_dump(exclude={"password", "digits"})
    answer = once(caller, asked, do)
    if made:
        return JSONResponse(json.loads(bytes(answer.body)) | {"token": made[0].secret}, 201)
    return answer


@router.post("/{number}/revoke", response_model=Items)
def revoke(caller: Reads, number: Annotated[int, Path(ge=1, le=2**31 - 1)], idempotency_key: Key) -> Any:
    """A token of one's own is worth nothing any more; the tokens after that. Needs the scope ``admin``, or a token without scopes."""
    return once(caller, {"revoke": number}, lambda: _revoked(caller, number))


def _revoked(caller: Caller, number: int) -> JSONResponse:
    try:
        carry_out(caller.desk, RevokeToken(user=caller.person.name, token=number), caller.person)
    except StateError as error:
        if not suffices(caller.person.scopes, "admin"):
            raise Problem(403, "scope", str(error)) from error
        raise
    _, tokens = show_user(caller.desk.store, caller.person.name)
    now = caller.desk.clock()
    items = [_shown(each, now) for each in tokens[::-1]]
    return JSONResponse({"items": json.loads(json.dumps(items, default=datetime.isoformat)), "next": None})


def _shown(token: Token, now: datetime) -> dict[str, Any]:
    return {
        "id": token.id,
        "scopes": None if token.scopes is None else sorted(token.scopes),
        "made_at": token.made_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "good": token.is_good(now),
    }
