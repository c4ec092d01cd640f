"""Outward links of what is out: each is opened now and then, as a reader would, and compared with what it showed at first.

Polite and bounded: a few hosts at once, one address at a time of each, each once a week while it is well; and guarded as every address is that
somebody else has written (``bootstrap/opening``): no step leads into a closed network.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from xuanfa.content.text.page_text import page_text
from xuanfa.domain.channel import base_of
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.looking import AGAIN, HOURLY
from xuanfa.domain.outward import TIMES, LinkJudged, LinkState, OutLink, addresses_in, judged
from xuanfa.domain.page_proof import Reading
from xuanfa.domain.public import Public
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.article import body_of
from xuanfa.store import out_links

log = logging.getLogger(__name__)

#: So many links are looked at in one pass, so many of one host, and for so long no other is begun. Seconds.
_MOST, _OF_HOST, WITHIN = 40, 4, 30.0
#: Hosts that are asked at once; and the least time between two requests to one. Seconds.
_HOSTS: Final = 4
_GAP: Final = 1.0
_TAKEN: Final = timedelta(minutes=10)
#: Links are looked at again after so many nights while they are well, and every night while they are not.
_NIGHTS: Final = 7


def note_links(desk: Desk, it: Public, rendition: Rendition) -> None:
    """The links that readers of this delivery can follow; new ones have their turn in the next night."""
    if desk.looking.nightly is None:
        return
    body, markup = body_of(rendition)
    addresses = [each for each in addresses_in(body, markup=markup) if each != it.address]
    now = desk.clock()
    first = desk.looking.night(now, it.id, desk.zone)
    with desk.store.read() as connection:
        if out_links.is_noted(connection, it.id, addresses):
            return
    with desk.store.write() as connection:
        out_links.note(connection, it.id, it.channel, addresses, first or now)


def look_outward(
    desk: Desk, is_stopping: Callable[[], bool] = lambda: False, *, within: float = WITHIN, gap: float = _GAP
) -> int:
    """Look at the links whose time has come; how many. Raises StoreError where the database is away; everything else concerns one link."""
    if not desk.looking.on or desk.looking.nightly is None or desk.store.read_only:
        return 0
    now = desk.clock()
    with desk.store.read() as connection:
        due = out_links.next_due_at(connection)
    if due is None or due > now:
        return 0
    with desk.store.write() as connection:
        taken = out_links.take_due(connection, now, now + _TAKEN, of_host=_OF_HOST, most=_MOST)
    left = look_at_links(desk, taken, is_stopping, until=time.monotonic() + within, gap=gap)
    with desk.store.write() as connection:
        out_links.give_back(connection, [it.id for it in left], desk.clock())
    return len(taken) - len(left)


def look_at_links(
    desk: Desk,
    links: Sequence[OutLink],
    is_stopping: Callable[[], bool],
    *,
    until: float,
    gap: float = _GAP,
    sure: bool = False,
) -> list[OutLink]:
    """Look at these, host by host, a few hosts at once, until a moment by ``time.monotonic``; what was not come to. ``sure``: a person has asked."""
    by_host: dict[str, list[OutLink]] = {}
    for it in links:
        by_host.setdefault(it.host, []).append(it)
    if not by_host:
        return []

    def of_host(some: list[OutLink]) -> list[OutLink]:
        for number, it in enumerate(some):
            if is_stopping() or time.monotonic() > until:
                return some[number:]
            _look(desk, it, sure=sure)
            if number + 1 < len(some):
                time.sleep(gap)
        return []

    with ThreadPoolExecutor(max_workers=min(_HOSTS, len(by_host)), thread_name_prefix="xuanfa-links") as pool:
        return [it for rest in pool.map(of_host, by_host.values()) for it in rest]


def _look(desk: Desk, it: OutLink, *, sure: bool) -> None:
    """One bad link stops no other one."""
    try:
        opened = desk.open_page(base_of(it.channel), it.address)
        read = page_text(opened.page.text) if opened.page is not None else None
        reading = Reading() if read is None else Reading(titles=read.titles, lines=read.lines)
        found = judged(it.address, opened, reading, it.first)
        now = desk.clock()
        with desk.store.write() as connection:
            out_links.note_look(connection, it, found, now=now, next_at=_following(desk, it, found, now), sure=sure)
    except XuanfaError as error:
        log.error("%s: %s", it.address, error)  # noqa: TRY400 - the message says what to do
    except Exception:
        log.exception("looking at the link %s failed", it.id)


def _following(desk: Desk, it: OutLink, found: LinkJudged, now: datetime) -> datetime | None:
    """When to look again: soon, before anybody is told; then by night."""
    times = (it.times if (it.state, it.mark) == (found.state, found.mark) else 0) + 1
    if found.state is LinkState.OK:
        return desk.looking.night(now, it.id, desk.zone, nights=_NIGHTS - 1)
    if found.state is not LinkState.UNREACHED and times < TIMES[found.state]:
        return now + (AGAIN if found.state is LinkState.SEVERE else HOURLY)
    return desk.looking.night(now, it.id, desk.zone)
