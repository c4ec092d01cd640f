"""What is to be looked at by itself: soon after it came out, and again every night. Bounded in number and in time, and one host at a time.

Nothing here is in anybody's way: it runs beside sending, takes no lock for longer than a question, and a host that is slow or silent costs one
of a few places for as long as one page may take, then its turn is over for a while.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.page_proof import PageState
from xuanfa.domain.public import Public
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.look import Looked, host_of, look
from xuanfa.store import channels, proofs

log = logging.getLogger(__name__)

#: So many pages are looked at in one pass, so many of one host, and for so long no other is begun. Seconds.
MOST, OF_HOST, WITHIN = 80, 20, 45.0
#: Hosts that are asked at once; and the least time between two requests to one. Seconds.
HOSTS: Final = 4
GAP: Final = 0.5
#: So many silent pages in a row, and the host is taken to be away: by itself the next pass is soon enough, but of what a person asks to be looked
#: at now one page that does not answer leaves out no other one.
SILENT, SILENT_ASKED = 1, 2
#: Whoever has taken pages and was killed has them for so long.
_TAKEN: Final = timedelta(minutes=10)
#: A silent host is left alone for so long.
_BREATH: Final = timedelta(minutes=15)
#: What has come out within that is looked for in each pass; everything else day by day, so many deliveries at a time.
_NEW, _WINDOW, _NEW_MAX = timedelta(days=2), 20_000, 500
_SCOPE, _NAME = "proof", "swept"


def prove_due(
    desk: Desk, is_stopping: Callable[[], bool] = lambda: False, *, within: float = WITHIN, gap: float = GAP
) -> int:
    """Look at what is due; how many pages. Raises StoreError where the database is away; everything else concerns one page."""
    if not desk.looking.on or desk.store.read_only:
        return 0
    watch_new(desk)
    now = desk.clock()
    with desk.store.read() as connection:
        due = proofs.next_due_at(connection)
    if due is None or due > now:
        return 0
    with desk.store.write() as connection:
        taken = proofs.take_due(connection, now, now + _TAKEN, of_host=OF_HOST, most=MOST)
    left, count = look_through(desk, taken, is_stopping, until=time.monotonic() + within, gap=gap)
    with desk.store.write() as connection:
        proofs.give_back(connection, [it.id for it, _ in left if not _], desk.clock())
        proofs.give_back(connection, [it.id for it, is_silent in left if is_silent], desk.clock() + _BREATH)
    return count


def look_through(
    desk: Desk,
    pages: Sequence[Public],
    is_stopping: Callable[[], bool],
    *,
    until: float,
    gap: float = GAP,
    sure: bool = False,
    told: Callable[[Looked], None] = lambda _looked: None,
) -> tuple[list[tuple[Public, bool]], int]:
    """Look at pages, host by host, a few hosts at once, until a moment by ``time.monotonic``. What was not come to, and whether its host was
    silent; and how many were looked at."""
    by_host: dict[str, list[Public]] = {}
    for it in pages:
        by_host.setdefault(host_of(it.address), []).append(it)
    if not by_host:
        return [], 0
    left: list[tuple[Public, bool]] = []
    count = 0

    def of_host(some: list[Public]) -> tuple[list[tuple[Public, bool]], int]:
        silent = 0
        for number, it in enumerate(some):
            if is_stopping() or time.monotonic() > until:
                return [(each, False) for each in some[number:]], number
            looked = _looked(desk, it, sure=sure)
            if looked is not None:
                told(looked)
                silent = silent + 1 if it.address and _is_silent(looked) else 0
            if silent == (SILENT_ASKED if sure else SILENT):
                return [(each, True) for each in some[number + 1 :]], number + 1
            if it.address and number + 1 < len(some):
                time.sleep(gap)
        return [], len(some)

    with ThreadPoolExecutor(max_workers=min(HOSTS, len(by_host)), thread_name_prefix="xuanfa-proof") as pool:
        for rest, done in pool.map(of_host, by_host.values()):
            left += rest
            count += done
    return left, count


def _is_silent(looked: Looked) -> bool:
    return looked.judged.state is PageState.UNREACHED and looked.status is None


def _looked(desk: Desk, it: Public, *, sure: bool) -> Looked | None:
    """One bad page stops no other one."""
    try:
        return look(desk, it, sure=sure)
    except XuanfaError as error:
        log.error("%s: %s", it.id, error)  # noqa: TRY400 - the message says what to do
    except Exception:
        log.exception("looking at the page of delivery %s failed", it.id)
    return None


def watch_new(desk: Desk) -> None:
    """Find what has come out since, and make an appointment for each. Costs two questions by index where there is nothing."""
    now = desk.clock()
    with desk.store.read() as connection:
        found = proofs.unwatched_since(connection, now - _NEW, _NEW_MAX)
        kept = channels.recall(connection, _SCOPE, _NAME, now)
    day = now.astimezone(desk.zone).date().isoformat()
    swept = json.loads(kept) if kept else {}
    if swept.get("day") != day:
        swept = {"day": day, "at": 0, "done": False}
    if not swept["done"]:
        with desk.store.read() as connection:
            found += proofs.unwatched_between(connection, swept["at"], swept["at"] + _WINDOW)
            swept["at"] += _WINDOW
            swept["done"] = swept["at"] >= proofs.last_delivery(connection)
    elif not found:
        return
    with desk.store.write() as connection:
        proofs.watch(
            connection,
            [(it.id, host_of(it.address), desk.looking.first(now, it.published_at, it.id, desk.zone)) for it in found],
        )
        channels.keep(connection, _SCOPE, _NAME, json.dumps(swept), None)
