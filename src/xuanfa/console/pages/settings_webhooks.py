"""设置 · 回调: what other programs were told, and what could not be brought to them: sent again, or let be."""

from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.settings_form import after_change
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.act_outward import DropMessages, ResendMessages
from xuanfa.domain.errors import StateError
from xuanfa.domain.webhook import Sent
from xuanfa.domain.webhook_names import event_name
from xuanfa.operations.deciding.door import carry_out
from xuanfa.reports.outbox import receivers_and_messages

#: So many messages stand on the page.
_MOST: Final = 50
_DIGITS: Final = 10


def show(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """Each receiver, what it lacks, and what it was told last."""
    store, known = visit.desk.store, visit.desk.webhooks.endpoints
    tallies, stuck = receivers_and_messages(store, states=(Sent.WAITING, Sent.GIVEN_UP), most=_MOST)
    counted = {each.endpoint: each.counts for each in tallies}
    names = [*known, *sorted(counted.keys() - known.keys())]
    return page(
        visit,
        "settings_webhooks",
        status=status,
        fault=fault,
        receivers=[(name, _host(known[name].url) if name in known else "", counted.get(name, {})) for name in names],
        states=Sent,
        known=known,
        event_name=event_name,
        stuck=stuck,
        newest=receivers_and_messages(store, states=(Sent.SENT, Sent.DROPPED), most=_MOST)[1],
        chosen=visit.fields("message"),
        why=visit.field("why"),
        **after_change(visit),
    )


def resend(visit: Visit) -> Response:
    """Those that are ticked are brought once more."""
    return _carried(visit, ResendMessages(messages=_chosen(visit)))


def drop(visit: Visit) -> Response:
    """Those that are ticked are not brought any more."""
    return _carried(visit, DropMessages(messages=_chosen(visit)))


def _carried(visit: Visit, act: ResendMessages | DropMessages) -> Response:
    def do() -> str:
        count = carry_out(visit.desk, act, visit.person(visit.field("why")))
        return f"/settings/webhooks?done={act.verb}-{count}"

    try:
        return once(visit, act.verb, do)
    except StateError as error:
        return show(visit, str(error), 422)


def _chosen(visit: Visit) -> tuple[int, ...]:
    return tuple(
        int(each) for each in visit.fields("message") if each.isascii() and each.isdigit() and len(each) < _DIGITS
    )


def _host(url: str) -> str:
    """Where it is; what stands behind may be a secret."""
    return urlsplit(url).netloc


WAYS = (
    get("/settings/webhooks", show, ADMINISTRATORS),
    post("/settings/webhooks/resend", resend, ADMINISTRATORS),
    post("/settings/webhooks/drop", drop, ADMINISTRATORS),
)
