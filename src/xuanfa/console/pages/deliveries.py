"""投递: the list, by state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.standing import address_of, look_of, verb_of
from xuanfa.console.visit import Visit, get
from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.domain.language import say
from xuanfa.reports.listing import outstanding
from xuanfa.reports.pages import Asked, count_waiting, page_of_deliveries

_WORDS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What a tab shows."""

    words: tuple[str, str]
    states: tuple[State, ...]
    soonest: bool = False
    handed_over: bool = False


_KINDS: Final[Mapping[str, _Kind]] = {
    "todo": _Kind(
        words=("要办的", "To do"), states=(*sorted(WAITS_FOR_PERSON), State.ACCEPTED), soonest=True, handed_over=True
    ),
    "unknown": _Kind(words=("待核实", "In doubt"), states=(State.UNKNOWN,), soonest=True),
    "queued": _Kind(words=("待发布", "Queued"), states=(State.SCHEDULED, State.AWAITING_REVIEW), soonest=True),
    "sending": _Kind(words=("正在发", "Under way"), states=(State.PUBLISHING, State.ACCEPTED)),
    "published": _Kind(words=("已发布", "Published"), states=(State.PUBLISHED,)),
    "over": _Kind(words=("取消、撤下", "Over"), states=(State.CANCELLED, State.RETRACTED)),
    "all": _Kind(words=("全部", "All"), states=tuple(State)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab with how much waits behind it; ``None`` where that would mean counting all there ever was."""

    href: str
    words: str
    here: bool
    waits: int | None
    warm: bool


def show(visit: Visit) -> Response:
    """The list. What is asked for stands in the address."""
    state = visit.query("state")
    kind = _KINDS.get(state) or _single(state) or _KINDS["todo"]
    words = visit.query("q")[:_WORDS_MAX]
    asked = Asked(
        states=kind.states,
        soonest=kind.soonest,
        handed_over=kind.handed_over,
        channel=visit.query("channel"),
        column=visit.query("column"),
        sought=words,
        own=visit.own(),
    )
    found = page_of_deliveries(
        visit.desk.store, asked, visit.veil(), after=visit.query("after"), before=visit.query("before")
    )
    kept = {name: visit.query(name) for name in ("state", "channel", "column", "q")}
    return page(
        visit,
        "deliveries",
        rows=found.rows,
        before=_href(kept, before=found.before) if found.before else "",
        after=_href(kept, after=found.after) if found.after else "",
        tabs=_tabs(visit, kind, kept),
        kept=kept,
        title=say(*kind.words),
        channels=visit.desk.channels,
        columns=visit.desk.columns,
        look_of=look_of,
        verb_of=verb_of,
        address_of=address_of,
    )


def _single(state: str) -> _Kind | None:
    """One state by its name."""
    found = next((each for each in State if each.value == state), None)
    return None if found is None else _Kind(words=found.labels, states=(found,))


def _tabs(visit: Visit, kind: _Kind, kept: Mapping[str, str]) -> list[Tab]:
    waiting = outstanding(visit.desk.store) if visit.sees_all else {}
    counts = {
        "todo": sum(waiting.values()),
        "unknown": waiting.get(State.UNKNOWN, 0),
        "queued": count_waiting(visit.desk.store, (State.SCHEDULED, State.AWAITING_REVIEW)) if visit.sees_all else 0,
    }
    return [
        Tab(
            href=_href(kept, state=name),
            words=say(*it.words),
            here=it is kind,
            waits=counts.get(name) or None,
            warm=name in {"todo", "unknown"},
        )
        for name, it in _KINDS.items()
    ]


def _href(kept: Mapping[str, str], **more: str) -> str:
    return f"/deliveries?{urlencode({name: value for name, value in {**kept, **more}.items() if value})}"


WAYS = (get("/deliveries", show),)
