"""Doing something once: a form's intent is claimed before anything is done, and who presses again gets the first one's answer.

Where the process ended between the claim and the answer, nobody knows here whether it was done: it is not done again, and the page says where
to look.
"""

from collections.abc import Callable

from starlette.responses import Response

from xuanfa.console.guard import csrf
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import Visit
from xuanfa.domain.errors import StateError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.operations.people.intents import answer_intent, claim_intent, give_up_intent, known_intent


def is_answered(visit: Visit) -> bool:
    """Whether this form was pressed before: then ``once`` leads to the first one's answer, whatever stands there by now."""
    known = known_intent(visit.desk, visit.field("intent"))
    return known is not None and known.user == visit.me.user.name


def once(visit: Visit, verb: str, do: Callable[[], str]) -> Response:
    """Do it, and lead to where its answer stands, which ``do`` says; or to the answer of the first time. What ``do`` raises as refused may be
    asked for again."""
    mark = visit.field("intent")
    if not csrf.is_intent(visit.me.token, mark):
        raise StateError(
            say(
                "这张表不是这次登录打开的，没有办。内容都在下面，请再按一次。",
                "This form was not opened in this sign-in; nothing was done. All you typed is below: press once more.",
            )
        )
    before = claim_intent(visit.desk, mark, user=visit.me.user.name, verb=verb)
    if before is not None:
        return see_other(before.answer) if before.answer else page(visit, "under_way", status=409)
    try:
        path = do()
    except XuanfaError:
        give_up_intent(visit.desk, mark)
        raise
    answer_intent(visit.desk, mark, path)
    return see_other(path)
