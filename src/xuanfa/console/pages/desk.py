"""工作台: what waits for this person, what goes out today, how long nothing came, and the month in a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.pages.freshness import fresh_of, ready_on_shelf
from xuanfa.console.render import page
from xuanfa.console.standing import Look, address_of, look_of, verb_of
from xuanfa.console.visit import SENDERS, Visit, get
from xuanfa.console.words import state_class
from xuanfa.domain.counting import sentence
from xuanfa.domain.delivery import State
from xuanfa.domain.freshness import Fresh
from xuanfa.domain.language import say
from xuanfa.operations.deciding import doubting
from xuanfa.operations.watching.engine import endings
from xuanfa.reports.calendar import Channeled, Planned
from xuanfa.reports.counts import Period, count
from xuanfa.reports.listing import DeliveryRow, paused_channels
from xuanfa.reports.pages import Asked, page_of_deliveries
from xuanfa.reports.people import factor_taken, names_of
from xuanfa.reports.reviews import Waiting, waiting_reviews
from xuanfa.reports.today import Today, due_between

#: So much is shown, and a list leads to the rest.
_SHOWN: Final = 8
#: So many posts of today stand on the desk, and the calendar has the rest.
_BOARD: Final = 30
#: So many lines of what was not updated for long, and so many days is fresh.
_STALE_MAX, _FRESH = 5, 1
#: How many cells stand for the time up to the day on which it is too long.
_CELLS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing that waits: what happened, until when, and one verb."""

    look: Look
    title: str
    words: str
    href: str
    verb: str
    more: str = ""


def show(visit: Visit) -> Response:
    """The desk."""
    todo = list(_todo(visit))
    today, fresh = _today(visit), _fresh(visit)
    return page(
        visit,
        "desk",
        todo=todo[:_SHOWN],
        rest=len(todo) - _SHOWN,
        today=today,
        marks=_marks(today.board),
        channels=[channel for channel in visit.desk.channels.values() if channel.id in today.channels],
        cell=_cell,
        doubts=sum(each.look.of == "unknown" for each in todo),
        stale=[each for each in fresh if each.days is None or each.days > _FRESH][:_STALE_MAX],
        fresh=[each for each in fresh if each.days is not None and each.days <= _FRESH],
        cells=_CELLS,
        filled=_filled,
        month=_month(visit),
        ready=ready_on_shelf(visit),
        titles=_titles(visit),
        is_new=not today.deliveries and not todo and _is_new(visit),
        pages=visit.house.open_to,
        dropped=factor_taken(visit.desk.store, visit.me.user.name, visit.now),
    )


def more(visit: Visit) -> Response:
    """更多: the rest of the navigation, for phones."""
    return page(visit, "more")


def around(visit: Visit) -> Response:
    """What stands around every page, for a page that is open: is sending stopped, what is next."""
    return page(visit, "around")


def _todo(visit: Visit) -> Iterator[Todo]:
    """In the order in which it presses."""
    reminders = doubting.reminders_of(visit.desk, visit.me.user.name)
    first = {each.delivery: each for each in doubting.first_looks(visit.desk)}
    names = names_of(visit.desk.store)
    for row in _waiting(visit, State.UNKNOWN):
        yield _doubt(visit, row, reminders.get(row.id), names.get(first[row.id].user, "") if row.id in first else "")
    for row in _waiting(visit, State.FAILED, State.REJECTED):
        yield _of(visit, row)
    for waiting in _reviews(visit):
        yield _review(visit, waiting)
    yield from _channels(visit)
    for row in _waiting(visit, State.HELD, State.RETRACTING):
        yield _of(visit, row)
    for row in _waiting(visit, State.ACCEPTED):
        yield _of(
            visit,
            row,
            say("渠道已收下。发出去以后，把网址登记回来。", "The channel has it; enter its address once it is out."),
        )


def _channels(visit: Visit) -> Iterator[Todo]:
    """Channels that are stopped by themselves, and authorisations that are near their end: for whoever can go and sign in, or resume."""
    if not visit.may(SENDERS):
        return
    ending = endings(visit.desk)
    for name, why in paused_channels(visit.desk.store).items():
        if name in visit.desk.channels:
            yield _of_channel(visit, name, Look("held", say("渠道停着", "stopped")), why)
    for name, words in ending.items():
        yield _of_channel(visit, name, Look("held", say("授权快到期", "ends soon")), words)


def _of_channel(visit: Visit, name: str, look: Look, words: str) -> Todo:
    title = visit.desk.channels[name].title or name
    return Todo(
        look=look, title=title, words=words, href=f"/channels/{quote(name)}", verb=say("去渠道", "To the channel")
    )


def _waiting(visit: Visit, *states: State) -> tuple[DeliveryRow, ...]:
    asked = Asked(states=states, soonest=True, handed_over=True, own=visit.own())
    return page_of_deliveries(visit.desk.store, asked, visit.veil()).rows


def _reviews(visit: Visit) -> list[Waiting]:
    if "/reviews" not in visit.house.open_to:
        return []
    desk = visit.desk
    return waiting_reviews(desk.store, desk.reviews, desk.zone, visit.now, visit.me.user.name, veil=visit.veil())


def _of(visit: Visit, row: DeliveryRow, words: str = "") -> Todo:
    return Todo(
        look=look_of(row),
        title=_title(visit, row),
        words=words or row.reason or row.state.label,
        href=address_of(row) if visit.may(SENDERS) else f"/deliveries/{row.id}",
        verb=verb_of(row),
    )


def _doubt(visit: Visit, row: DeliveryRow, reminded: datetime | None, first: str) -> Todo:
    words = say("可能发出去了，也可能没有。", "It may be out, or it may not. ")
    if first:
        words = say(
            "{who} 看过，没有；等另一位同志也看。",
            "{who} looked and found nothing; somebody else has to look too. ",
            who=first,
        )
    elif reminded is not None and reminded > visit.now:
        here = reminded.astimezone(visit.desk.zone)
        words = say("您说 {at} 再看。", "You meant to look at {at}. ", at=f"{here:%H:%M}")
    return Todo(
        look=look_of(row),
        title=_title(visit, row),
        words=words,
        more=say("程序不会自己再发。", "The program does not send it again by itself."),
        href=address_of(row) if visit.may(SENDERS) else f"/deliveries/{row.id}",
        verb=verb_of(row) if visit.may(SENDERS) else say("看", "See"),
    )


def _review(visit: Visit, waiting: Waiting) -> Todo:
    until = ""
    if waiting.due_at is not None:
        here = waiting.due_at.astimezone(visit.desk.zone)
        until = say("{at} 前。", "before {at}.", at=f"{here.month}月{here.day}日 {here:%H:%M}")
    return Todo(
        look=Look("review", say("等您{step}", "your {step}", step=waiting.step_name)),
        title=waiting.title,
        words=say(
            "版本 {n}，{k} 个渠道。", "Revision {n}, {k} channels. ", n=waiting.revision, k=len(waiting.channels)
        ),
        more=until,
        href=f"/reviews/{waiting.post}",
        verb=say("去审", "Review"),
    )


def _title(visit: Visit, row: DeliveryRow) -> str:
    channel = visit.desk.channels.get(row.channel)
    return f"{row.title} → {channel.title if channel is not None else row.channel}"


def _today(visit: Visit) -> Today:
    begin = datetime.combine(visit.now.astimezone(visit.desk.zone).date(), time(), visit.desk.zone)
    return due_between(visit.desk.store, begin, begin + timedelta(days=1), visit.veil(), visit.own(), most=_BOARD)


def _cell(one: Planned, channel: str) -> tuple[Channeled, Look] | None:
    """How a post stands on a channel."""
    found = next((each for each in one.channels if each.channel == channel), None)
    if found is None:
        return None
    if found.state is State.ACCEPTED:
        handed = found.look_at is None
        return found, Look("hand", say("等人发", "by hand")) if handed else Look(
            "accepted", say("平台审核", "at the platform")
        )
    return found, Look(state_class(found.state), found.state.label)


def _marks(board: Sequence[Planned]) -> list[tuple[str, str]]:
    """What the marks of the board mean, each once."""
    looks = [found[1] for one in board for each in one.channels if (found := _cell(one, each.channel)) is not None]
    return list(dict.fromkeys((look.of, look.words) for look in looks))


def _fresh(visit: Visit) -> list[Fresh]:
    found = fresh_of(visit)
    return found if any(each.days is not None for each in found) else []


def _titles(visit: Visit) -> dict[str, str]:
    """Of columns, and of channels behind a ``#``."""
    return {name: column.title for name, column in visit.desk.columns.items()} | {
        f"#{name}": channel.title for name, channel in visit.desk.channels.items()
    }


def _filled(each: Fresh) -> int:
    """How many cells have passed since the last one."""
    if each.days is None or each.span is None:
        return _CELLS
    return min(_CELLS, _CELLS * each.days // each.span)


def _month(visit: Visit) -> str:
    zone = visit.desk.zone
    today = visit.now.astimezone(zone).date()
    found = count(visit.desk.store, Period(zone=zone, since=today.replace(day=1), until=today, own=visit.own()))
    if not found.items:
        return ""
    return say("{n} 月，", "In month {n}: ", n=today.month) + sentence(replace(found, by={}), "")


def _is_new(visit: Visit) -> bool:
    return not page_of_deliveries(visit.desk.store, Asked(), visit.veil()).rows


WAYS = (get("/", show), get("/more", more), get("/around", around, beat=True))
