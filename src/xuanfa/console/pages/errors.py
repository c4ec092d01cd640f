"""Pages for what did not go as asked: one sentence, what to do next, and all that was typed."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from xuanfa.console.guard import csrf
from xuanfa.console.render import page
from xuanfa.console.visit import Visit
from xuanfa.domain.errors import ConfigError, ContentError, MachineError, StoreError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.user import Role
from xuanfa.reports.people import list_users

#: Fields that are no text of the person's: ours, and what nobody gets to see again; so are all that begin as secrets do.
_NOT_KEPT: Final = frozenset({csrf.FIELD, "intent", "password", "new", "again", "digits", "secret"})
#: Fields that go along and are no words of the person's.
_OURS: Final = frozenset(
    {
        *(
            "then",
            "upto",
            "base",
            "was",
            "state",
            "slot",
            "theirs",
            "step",
            "shown",
            "sequence",
            "renamed",
            "principal",
        ),
        *("post", "number", "kind", "kept", "kept-name", "fetch", "digests", "digest", "delivery", "deed", "column"),
        *("alone", "channel", "gate", "date", "time", "tab", "upload", "upload-name", "answer", "when"),
    }
)
#: How the names of fields begin that hold secrets.
KEPT_BACK: Final = "secret."


def sentence(visit: Visit, status: int, words: str, title: str = "") -> Response:
    """Nothing but a sentence."""
    return _page(visit, status, words, title or say("没有办成", "It was not done"))


def _page(visit: Visit, status: int, words: str, title: str, kept: Sequence[tuple[str, str]] = ()) -> Response:
    """A sentence, with what was typed below it."""
    return page(visit, "sentence", status=status, words=words, title=title, kept=kept, ours=_OURS)


def refused(visit: Visit, error: XuanfaError) -> Response:
    """An operation has said no, or the machine has: nothing was changed."""
    words = str(error)
    return _page(visit, _status(error), words, say("没有办", "Not done"), _kept(visit))


def failed(visit: Visit) -> Response:
    """A mistake of ours. What it was stands in the log."""
    words = say(
        "程序出错了，没有办成。您填的都在下面；请告诉管理员现在的时间，日志里有记录。",
        "The program has failed, and this was not done. All you typed is below. Tell whoever keeps the server the time: the log has it.",
    )
    return _page(visit, 500, words, say("没有办成", "It was not done"), _kept(visit))


def forbidden(visit: Visit, roles: frozenset[Role]) -> Response:
    """Who may is said, so that one knows whom to ask."""
    able = [user.display for user in list_users(visit.desk.store) if not user.disabled and user.roles & roles]
    needed = say("、", ", ").join(role.label for role in Role if role in roles)
    words = say(
        "这一页要有{needed}的角色。现在有：{who}。",
        "This page is for {needed}. Those are: {who}.",
        needed=needed,
        who=say("、", ", ").join(able) or say("还没有人", "nobody yet"),
    )
    return sentence(visit, 403, words, say("您不能进这一页", "You may not enter this page"))


def foreign(visit: Visit) -> Response:
    """Another site has sent the person here, or a program that is no browser."""
    words = say(
        "这个请求不是从本站的页面来的，没有办。请从本站的页面再按一次。",
        "This request does not come from a page of this site; nothing was done. Press once more on a page of this site.",
    )
    return sentence(visit, 403, words)


def stale(visit: Visit) -> Response:
    """The form was made for another sign-in. It comes back filled."""
    words = say(
        "您换过登录，内容都在，请再按一次。", "You have signed in anew; all you typed is here: press once more."
    )
    return _page(visit, 403, words, say("请再按一次", "Once more"), _kept(visit))


def expired(visit: Visit) -> Response:
    """The session has ended while the page was open."""
    words = say(
        "登录过期了。刚才写的都在下面，请登录以后再按一次。",
        "The sign-in has expired. All you typed is below: sign in, then press once more.",
    )
    return _page(visit, 401, words, say("请重新登录", "Sign in anew"), _kept(visit))


def nothing(visit: Visit, status: int) -> Response:
    """No such address."""
    words = say("没有这个地址。请从工作台找。", "There is no such address. Look for it from the desk.")
    return sentence(visit, status, words, say("没有这一页", "There is no such page"))


def _status(error: XuanfaError) -> int:
    if isinstance(error, MachineError | StoreError):
        return 503
    return 422 if isinstance(error, ContentError | ConfigError) else 409


def _kept(visit: Visit) -> list[tuple[str, str]]:
    """What was typed, by the names of the fields."""
    fields = [(name, value) for name, value in visit.form.multi_items() if isinstance(value, str)]
    return [(name, value) for name, value in fields if name not in _NOT_KEPT and not name.startswith(KEPT_BACK)]
