"""What every page has around it: who is here, where one can go and what waits there, how sending stands."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from xuanfa.console.visit import SENDERS, Visit
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.solemn import Solemn
from xuanfa.operations.watching.engine import Engine, engine_of
from xuanfa.reports.listing import outstanding
from xuanfa.reports.news import latest_event
from xuanfa.reports.people import list_users
from xuanfa.reports.reviews import waiting_reviews
from xuanfa.reports.solemn import period_at

#: For so long a count stands where nothing has moved.
_COUNTED_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go. ``waits``: how much waits there for this person; ``doubt``: some of it is doubt."""

    href: str
    icon: str
    name: str
    waits: int = 0
    waits_words: str = ""
    doubt: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Places under one verb."""

    verb: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Around the page."""

    desk: Place
    groups: tuple[Group, ...]
    engine: Engine
    #: Who has stopped everything, as people are called here.
    stopped_by: str
    office: str
    may_stop: bool
    #: The solemn period that is on.
    solemn: Solemn | None = None

    @property
    def bar(self) -> tuple[Place, ...]:
        """The four that a phone shows below; the fifth opens the rest."""
        found = {place.href: place for group in self.groups for place in group.places}
        wanted = ("/posts", "/reviews", "/deliveries", "/channels", "/settings")
        return (self.desk, *[found[href] for href in wanted if href in found][:3])


def frame_of(visit: Visit) -> Frame:
    """For this person, on this page."""
    desk = visit.desk
    engine = engine_of(desk)
    states = outstanding(desk.store) if visit.sees_all else {}
    doubts = states.get(State.UNKNOWN, 0)
    everywhere = (
        (say("写", "Write"), Place("/posts", "i-post", say("稿件", "Posts"))),
        (say("写", "Write"), Place("/shelf", "s-shelved", say("保底稿", "The shelf"))),
        (say("写", "Write"), Place("/calendar", "i-cal", say("排期", "Calendar"))),
        (
            say("审", "Review"),
            Place("/reviews", "i-seal", say("审校", "Review"), _awaits_me(visit), say("篇等您审", "wait for you")),
        ),
        (
            say("发", "Send"),
            Place("/deliveries", "i-send", say("投递", "Deliveries"), doubts, say("条待核实", "in doubt"), doubt=True),
        ),
        (say("发", "Send"), Place("/channels", "i-channel", say("渠道", "Channels"))),
        (say("数", "Count"), Place("/counts", "i-chart", say("统计", "Counts"))),
        (say("数", "Count"), Place("/ledger", "i-book", say("台账", "Ledger"))),
        (say("管", "Keep"), Place("/settings", "i-gear", say("设置", "Settings"))),
    )
    open_ = [(verb, _placed(visit, place)) for verb, place in everywhere if _may_go(visit, place)]
    return Frame(
        desk=_placed(visit, Place("/", "i-desk", say("工作台", "Desk"))),
        groups=tuple(
            Group(verb=verb, places=tuple(place for _, place in places))
            for verb, places in groupby(open_, key=lambda each: str(each[0]))
        ),
        engine=engine,
        stopped_by=_shown(visit, engine.stop.by) if engine.stop else "",
        office=desk.organisation.name,
        may_stop=visit.may(SENDERS),
        solemn=period_at(desk.store, visit.now),
    )


def _shown(visit: Visit, name: str) -> str:
    """As whoever has this login name is called."""
    return next((user.display for user in list_users(visit.desk.store) if user.name == name), name)


def _awaits_me(visit: Visit) -> int:
    """How many reviews wait for this person. Counted anew when the history has moved, and now and then, since who may decide goes by the clock too:
    every page shows it, and to know it all that is under review has to be read."""
    desk, me = visit.desk, visit.me.user
    key = (desk, me, latest_event(desk.store), int(visit.now.timestamp()) // _COUNTED_SECONDS)
    kept = visit.house.counted.get(me.name)
    if kept is not None and kept[0] == key:
        return kept[1]
    found = len(waiting_reviews(desk.store, desk.reviews, desk.zone, visit.now, me.name, veil=visit.veil()))
    visit.house.counted[me.name] = (key, found)
    return found


def _may_go(visit: Visit, place: Place) -> bool:
    """Whether there is such a page, for this person."""
    who = visit.house.open_to.get(place.href, frozenset())
    return who is None or visit.may(who)


def _placed(visit: Visit, place: Place) -> Place:
    """The same, and whether one is there."""
    path = visit.request.url.path
    return replace(place, here=path == place.href or (place.href != "/" and path.startswith(f"{place.href}/")))
