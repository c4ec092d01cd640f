"""我的 · 令牌: programs that may act in one's name. A token is shown once, by the answer to the form that made it, and nowhere again."""

from typing import Final

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get, post
from xuanfa.domain.act import MakeToken, RevokeToken
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.rights import SCOPES
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.people.accounts import MadeToken
from xuanfa.reports.people import show_user

_DAYS: Final = "90"
_DIGITS: Final = 6
_SCOPES: Final = {
    "read": ("只读", "read"),
    "write": ("写稿、改稿", "write and edit"),
    "submit": ("送审", "submit"),
    "draft": ("写稿、送审", "write and submit"),
    "review": ("审稿", "review"),
    "publish": ("发布、撤稿", "publish and withdraw"),
    "admin": ("管理", "administer"),
}


def show(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """One's tokens."""
    _, tokens = show_user(visit.desk.store, visit.me.user.name)
    return page(
        visit,
        "tokens",
        status=status,
        fault=fault,
        tokens=tokens[::-1],
        scopes=[(scope, _words(scope)) for scope in SCOPES],
        chosen=visit.fields("scope"),
        days=visit.field("days") or _DAYS,
        scope_words=_words,
    )


def _words(scope: str) -> str:
    """What a scope is for; one that this page does not know yet stands as it is typed."""
    return say(*_SCOPES.get(scope, (scope, scope)))


def make(visit: Visit) -> Response:
    """A new one: the answer shows it this once."""
    made: list[MadeToken] = []

    def do() -> str:
        act = MakeToken(user=visit.me.user.name, days=_number(visit.field("days")), scopes=_chosen(visit))
        made.append(carry_out(visit.desk, act, visit.person()))
        return "/me/tokens"

    try:
        require_again(visit)
        answer = once(visit, "make_token", do)
    except StateError as error:
        return show(visit, str(error), 422)
    return page(visit, "token_made", made=made[0]) if made else answer


def revoke(visit: Visit) -> Response:
    """It is worth nothing any more."""
    act = RevokeToken(user=visit.me.user.name, token=_number(visit.names["number"]))
    try:
        require_again(visit)
        return once(visit, "revoke_token", lambda: _revoked(visit, act))
    except StateError as error:
        return show(visit, str(error), 422)


def _revoked(visit: Visit, act: RevokeToken) -> str:
    carry_out(visit.desk, act, visit.person())
    return "/me/tokens"


def _chosen(visit: Visit) -> frozenset[str]:
    chosen = frozenset(visit.fields("scope"))
    if not chosen:
        raise StateError(say("请勾上这个令牌能做什么。", "Tick what the token is for."))
    return chosen


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 0


WAYS = (
    get("/me/tokens", show),
    post("/me/tokens/new", make),
    post("/me/tokens/{number}/revoke", revoke),
)
