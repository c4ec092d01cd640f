"""核实: one doubt, settled by whoever has looked: it is out, it is not (two people), or nobody can tell yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from starlette.responses import Response

from xuanfa.console.again import require_again
from xuanfa.console.named import Named, named
from xuanfa.console.once import once
from xuanfa.console.pages import errors
from xuanfa.console.render import page
from xuanfa.console.stale import news_of
from xuanfa.console.standing import look_of
from xuanfa.console.trace import Line, lines_of
from xuanfa.console.visit import SENDERS, Visit, get, post
from xuanfa.domain.act import ResolvePublished
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.receipt import is_address
from xuanfa.operations.deciding import doubting
from xuanfa.operations.deciding.bound import has_addresses
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.people.sessions import known_here
from xuanfa.operations.practising.left import opening_words
from xuanfa.operations.watching.reach import Reach, reach_of
from xuanfa.reports.listing import DeliveryRow
from xuanfa.reports.pages import Asked, page_of_deliveries
from xuanfa.reports.people import names_of
from xuanfa.reports.trace import Trace, others_of, trace_of

_SHOWN: Final = 6
#: Within which the platform shows it, where it did.
_WINDOW: Final = timedelta(minutes=5)
_AFTERNOON, _MORNING = time(15, 0), time(9, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What else waits, beside the doubt."""

    title: str
    rows: tuple[DeliveryRow, ...]


def show(visit: Visit, news: Sequence[Line] = (), status: int = 200) -> Response:
    """One doubt a page; with ``news`` of what has happened since it was opened, where something was pressed too late."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    store, row = visit.desk.store, it.row
    trace = trace_of(store, row.id, row.post, visit.veil())
    channel = visit.desk.channels.get(it.standing.delivery.channel)
    title = channel.title if channel is not None else row.channel
    first = doubting.first_look(visit.desk, row.id)
    names = names_of(store)
    return page(
        visit,
        "doubt",
        status=status,
        news=news,
        upto=it.point,
        row=row,
        look=look_of(row),
        may=it.may,
        channel_title=title,
        console=channel.console if channel is not None else "",
        trace=trace,
        lines=[line for line in lines_of(trace.rows, title, names) if not line.detail],
        begins=opening_words(visit.desk, row.id),
        window=_window(it, trace),
        others=others_of(store, row.id),
        first=first,
        first_name=names.get(first.user, first.user) if first else "",
        alone=first is not None and doubting.is_alone(visit.desk, visit.me.user.name, row.id),
        settled=_settled(it, trace, names),
        asks_address=has_addresses(visit.desk, it.standing.delivery.channel),
        reminder=doubting.reminders_of(visit.desk, visit.me.user.name).get(row.id),
        queues=_queues(visit),
        channels=visit.desk.channels,
    )


def publish(visit: Visit) -> Response:
    """有，已经发出去了."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    news = news_of(visit, [it.row.id], it.row.post, it.row.channel)
    if news:
        return show(visit, news, 409)
    address, why = visit.field("address"), visit.field("why")
    if address and not is_address(address):
        raise StateError(
            say(
                "“{a}”不是网址，没有登记。请粘贴完整的网址，以 https:// 开头。",
                "{a!r} is no address; nothing was entered. Paste the whole one.",
                a=address[:200],
            )
        )
    note = _note_of(visit, it.row.channel, address)
    return once(visit, "resolve_published", lambda: _published(visit, it.row.id, address, why or note))


def _note_of(visit: Visit, channel: str, address: str) -> str:
    """What the history says of an address that nobody here could open. Raises StateError for one that leads nowhere."""
    if not address:
        return ""
    reach = reach_of(visit.desk, channel, address)
    if reach is Reach.GONE and visit.field("sure") != "1":
        raise StateError(
            say(
                "{a} 打不开（那里说没有这一页），没有登记。请核对；您在浏览器里打开看过的，勾上“服务器打不开也登记”。",
                "{a} leads to no page; nothing was entered. Check it; if you have opened it yourself, tick the box.",
                a=address,
            )
        )
    return (
        ""
        if reach is Reach.OPEN
        else say("服务器没有打开这个网址，凭登记人所见", "entered as seen; the server has not opened the address")
    )


def _published(visit: Visit, number: int, address: str, why: str) -> str:
    carry_out(visit.desk, ResolvePublished(delivery=number, address=address), visit.person(why))
    return f"/deliveries/{number}"


def absent(visit: Visit) -> Response:
    """没有，确实没发出去: by the first of two, or by both at once, or by the second."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    news = news_of(visit, [it.row.id], it.row.post, it.row.channel)
    if news:
        return show(visit, news, 409)
    first, gone = doubting.first_look(visit.desk, it.row.id), visit.field("gone") == "1"
    me, name = visit.person(visit.field("why")), visit.field("name")
    if first is not None:
        require_again(visit)
    second = _second(visit, name) if name and first is None else None
    return once(
        visit, "resolve_absent", lambda: _absent(visit, it.row.id, [me, *([second] if second else [])], gone=gone)
    )


def _second(visit: Visit, name: str) -> Person:
    """Somebody else shows on this page who they are."""
    if visit.house.again.wait(name):
        raise StateError(say("试得太频繁，请过一分钟再输。", "Too many tries; wait a minute."))
    typed = visit.form.get("password", "")
    other = known_here(
        visit.desk, name, typed if isinstance(typed, str) else "", visit.field("digits"), place=visit.place
    )
    if other.name == visit.me.user.name:
        raise StateError(say("要另一位同志登录，不能是您自己。", "Somebody else has to sign in here, not you."))
    return Person(name=other.name, why=say("在场看过", "looked too"), how=other.how, place=other.place)


def _absent(visit: Visit, number: int, people: list[Person], *, gone: bool) -> str:
    for person in people:
        again = doubting.say_absent(visit.desk, number, person, node_is_gone=gone)
    return f"/deliveries/{number}" if again else f"/deliveries/{number}/doubt"


def take_back(visit: Visit) -> Response:
    """A change of heart."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    news = news_of(visit, [it.row.id], it.row.post, it.row.channel)
    if news:
        return show(visit, news, 409)

    def taken() -> str:
        doubting.take_back(visit.desk, it.row.id, visit.person())
        return f"/deliveries/{it.row.id}/doubt"

    return once(visit, "take_back_absence", taken)


def remind(visit: Visit) -> Response:
    """说不准，过一会儿再看."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    news = news_of(visit, [it.row.id], it.row.post, it.row.channel)
    if news:
        return show(visit, news, 409)
    at = _then(visit, visit.field("when"))

    def reminded() -> str:
        doubting.remind_me(visit.desk, it.row.id, visit.person(), at)
        return f"/deliveries/{it.row.id}/doubt"

    return once(visit, "remind", reminded)


def _then(visit: Visit, when: str) -> datetime:
    here = visit.now.astimezone(visit.desk.zone)
    if when == "30":
        return visit.now + timedelta(minutes=30)
    if when == "afternoon" and here.time() < _AFTERNOON:
        return datetime.combine(here.date(), _AFTERNOON, visit.desk.zone)
    if when == "tomorrow":
        return datetime.combine(here.date() + timedelta(days=1), _MORNING, visit.desk.zone)
    raise StateError(say("请选什么时候提醒您。", "Choose when to be reminded."))


def _window(it: Named, trace: Trace) -> tuple[datetime, datetime] | None:
    """Between when and when to look."""
    sent = [row.at for row in trace.rows if row.attempt is not None and row.attempt.action.startswith("publish")]
    return (sent[-1], sent[-1] + _WINDOW) if sent and it.row.state is State.UNKNOWN else None


def _settled(it: Named, trace: Trace, names: dict[str, str]) -> str:
    """What has become of it, where it is no doubt any more: by whom, when."""
    if it.row.state is State.UNKNOWN:
        return ""
    last = next((row for row in reversed(trace.rows) if row.what.startswith(f"{State.UNKNOWN} → ")), None)
    if last is None:
        return say(
            "这一条不用核实，现在是“{state}”。", "Nothing is in doubt here; it is {state}.", state=it.row.state.label
        )
    who = (
        names.get(last.who, last.who)
        if last.signature is not None
        else say("程序自己查到，", "the program found out: ")
    )
    return say(
        "{who} 已经办了：现在是“{state}”。您不用再办。",
        "{who} has settled it: it is {state}.",
        who=who,
        state=it.row.state.label,
    )


def _queues(visit: Visit) -> list[Queue]:
    def some(title: str, *states: State, handed_over: bool = False) -> Queue:
        asked = Asked(states=states, soonest=True, handed_over=handed_over)
        return Queue(title=title, rows=page_of_deliveries(visit.desk.store, asked, visit.veil()).rows[:_SHOWN])

    found = (
        some(say("等您核实", "In doubt"), State.UNKNOWN),
        some(say("等人发布", "Wait for a person"), State.ACCEPTED, handed_over=True),
        some(say("暂缓", "Held"), State.HELD),
    )
    return [queue for queue in found if queue.rows]


WAYS = (
    get("/deliveries/{id}/doubt", show, SENDERS),
    post("/deliveries/{id}/resolve", publish, SENDERS),
    post("/deliveries/{id}/absent", absent, SENDERS),
    post("/deliveries/{id}/absent/take-back", take_back, SENDERS),
    post("/deliveries/{id}/remind", remind, SENDERS),
)
