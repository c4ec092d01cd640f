"""我的: one's own account: password, second factor, where one is signed in."""

import segno
from markupsafe import Markup
from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.once import once
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import Visit, get, post
from xuanfa.domain.act import SetPassword
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.people import factors, sessions
from xuanfa.operations.people.known import known_by_password
from xuanfa.reports.people import factor_taken


def show(visit: Visit) -> Response:
    """Who I am, and where I am signed in."""
    name = visit.me.user.name
    dropped = factor_taken(visit.desk.store, name, visit.now)
    return page(visit, "me", sessions=sessions.open_sessions(visit.desk, name), dropped=dropped)


def show_password(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """The form for another password."""
    return page(visit, "password", status=status, fault=fault)


def change_password(visit: Visit) -> Response:
    """Another password; everybody else who is signed in by the old one is signed out."""
    before, new, once_more = (_typed(visit, name) for name in ("password", "new", "again"))
    try:
        _require_another(before, new, once_more)
        known_by_password(visit.desk, visit.me.user.name, before, place=visit.place)
        carry_out(visit.desk, SetPassword(user=visit.me.user.name, password=new), visit.person())
    except StateError as error:
        return show_password(visit, str(error), 422)
    sessions.password_was_changed(visit.desk, visit.me)
    return see_other("/me")


def _require_another(before: str, new: str, once_more: str) -> None:
    if new != once_more:
        raise StateError(say("两次输入的新密码不一样，没有改。", "The two new passwords differ; nothing was changed."))
    if before == new:
        raise StateError(say("新密码和原来的一样，没有改。", "The new password is the old one; nothing was changed."))


def set_up_digits(visit: Visit) -> Response:
    """A new second factor is made; it is asked for once its digits were right."""
    require_again(visit)
    return once(visit, "set_up_digits", lambda: _set_up(visit))


def show_digits(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """The secret as text and as a square code, until it is proved."""
    secret = factors.unproved_secret(visit.desk, visit.me.user.name)
    if secret is None:
        return see_other("/me")
    code = segno.make(factors.address_of(visit.desk, visit.me.user.name, secret), error="m")
    drawn = Markup(code.svg_inline(omitsize=True, border=2))  # noqa: S704 - drawn here, from nothing that anybody wrote
    return page(visit, "set_up_digits", status=status, secret=secret, code=drawn, fault=fault)


def prove_digits(visit: Visit) -> Response:
    """The first six digits."""
    try:
        factors.require_digits(visit.desk, visit.me.user.name, visit.field("digits"))
    except StateError as error:
        return show_digits(visit, str(error), 422)
    return see_other("/me")


def drop_digits(visit: Visit) -> Response:
    """No second factor any more."""
    require_again(visit)
    factors.drop(visit.desk, visit.me.user.name)
    return see_other("/me")


def leave_everywhere(visit: Visit) -> Response:
    """全部退出: all other sessions end."""
    sessions.sign_out_everywhere(visit.desk, visit.me.user.name, but=visit.me)
    return see_other("/me")


def _set_up(visit: Visit) -> str:
    factors.set_up(visit.desk, visit.me.user.name)
    return "/me/digits"


def _typed(visit: Visit, name: str) -> str:
    value = visit.form.get(name, "")
    return value if isinstance(value, str) else ""


def show_keys(visit: Visit) -> Response:
    """六个键."""
    return page(visit, "keys", keys=_keys(), others=_others())


def _keys() -> list[tuple[str, str]]:
    return [
        ("N", say("写一篇", "write a post")),
        ("J", say("名单里往下一行", "down in a list")),
        ("K", say("名单里往上一行", "up in a list")),
        ("Enter", say("打开这一行", "open that row")),
        ("/", say("搜索", "search")),
        ("?", say("看这张单子", "this list")),
    ]


def _others() -> list[tuple[str, str]]:
    return [
        (
            say("G，再按 P、S、R、D、C", "G, then P, S, R, D or C"),
            say("到稿件、排期、审校、投递、统计", "to posts, calendar, reviews, deliveries, counts"),
        ),
        ("F8　Shift+F8", say("写稿：下一处、上一处问题", "writing: the next finding, the one before")),
        ("Ctrl+B　Ctrl+2　Ctrl+K", say("写稿：加粗、小标题、链接", "writing: bold, heading, link")),
        (say("1 到 9", "1 to 9"), say("审校：看第几个渠道", "reviewing: the channel of that number")),
        (
            "D　A　B",
            say(
                "审校：改动、表态、退回（都还要再确认）", "reviewing: changes, decide, send back, each asked for again"
            ),
        ),
        (
            "M",
            say(
                "排期：拿起一篇，方向键移动，回车放下", "calendar: lift a post, move it by arrows, put it down by Enter"
            ),
        ),
    ]


WAYS = (
    get("/keys", show_keys),
    get("/me", show),
    get("/me/password", show_password),
    post("/me/password", change_password),
    post("/me/digits/new", set_up_digits),
    get("/me/digits", show_digits),
    post("/me/digits", prove_digits),
    post("/me/digits/drop", drop_digits),
    post("/me/sign-out-everywhere", leave_everywhere),
)
