"""登录, 退出: a name and a password, then six digits of whoever has set them up."""

from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console import cookies
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import EVERYBODY, Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.people import sessions


def address(then: str = "/") -> str:
    """Where to sign in, and where to go after that."""
    return f"/sign-in?then={quote(then, safe='/')}" if then != "/" else "/sign-in"


def show(visit: Visit) -> Response:
    """The form; whoever is signed in goes on."""
    if visit.session is not None and not visit.session.half:
        return see_other(_then(visit))
    return _form(visit)


def enter(visit: Visit) -> Response:
    """A name and a password."""
    wait = visit.house.doors.wait(visit.place)
    if wait:
        words = say(
            "这个地址登录得太频繁，请过 {n} 秒再试。",
            "Too many tries from this address; wait {n} seconds.",
            n=int(wait) + 1,
        )
        return _form(visit, words, status=429)
    agent = visit.request.headers.get("user-agent", "")
    try:
        session = sessions.sign_in(
            visit.desk, visit.field("name"), _password(visit, "password"), place=visit.place, agent=agent
        )
    except StateError as error:
        return _form(visit, str(error), status=403)
    answer = see_other(f"/sign-in/digits?then={quote(_then(visit), safe='/')}" if session.half else _then(visit))
    cookies.hold(visit.request, answer, cookies.SESSION, session.token)
    return answer


def show_digits(visit: Visit) -> Response:
    """The form for six digits."""
    if visit.session is None or not visit.session.half:
        return see_other(address(_then(visit)))
    return page(visit, "digits", fault="", then=_then(visit))


def enter_digits(visit: Visit) -> Response:
    """Six digits."""
    if visit.session is None or not visit.session.half:
        return see_other(address(_then(visit)))
    if visit.house.again.wait(visit.session.user.name):
        fault = say("试得太频繁，请过一分钟再输。", "Too many tries; wait a minute.")
        return page(visit, "digits", status=429, fault=fault, then=_then(visit))
    try:
        session = sessions.complete(visit.desk, visit.session, visit.field("digits"))
    except StateError as error:
        return page(visit, "digits", status=403, fault=str(error), then=_then(visit))
    answer = see_other(_then(visit))
    cookies.hold(visit.request, answer, cookies.SESSION, session.token)
    return answer


def leave(visit: Visit) -> Response:
    """退出."""
    if visit.session is not None:
        sessions.sign_out(visit.desk, visit.session)
    answer = see_other("/sign-in")
    cookies.hold(visit.request, answer, cookies.SESSION, "")
    return answer


def _form(visit: Visit, fault: str = "", *, status: int = 200) -> Response:
    return page(visit, "sign_in", status=status, fault=fault, name=visit.field("name"), then=_then(visit))


def _then(visit: Visit) -> str:
    """Where to go then; signing in leads to no signing in."""
    path = visit.way_back()
    return "/" if path.startswith("/sign-in") else path


def _password(visit: Visit, name: str) -> str:
    """A password is taken as it was typed."""
    value = visit.form.get(name, "")
    return value if isinstance(value, str) else ""


WAYS = (
    get("/sign-in", show, EVERYBODY),
    post("/sign-in", enter, EVERYBODY),
    get("/sign-in/digits", show_digits, EVERYBODY),
    post("/sign-in/digits", enter_digits, EVERYBODY),
    post("/sign-out", leave, EVERYBODY),
)
