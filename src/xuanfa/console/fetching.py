"""Reading another site's past behind the scenes: one at a time for each person, a few in all, and nothing is entered by it.

Such a reading takes minutes, so that no page waits for it: it has a thread of its own, which a person may end, and which ends with the server.
What was read is kept for the page until it is entered, given up or too old.
"""

import contextvars
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Final

from xuanfa.domain.errors import StateError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.visited import Visit, Visited
from xuanfa.operations.importing.patience import Patient
from xuanfa.operations.importing.sifting import Sifted

log = logging.getLogger(__name__)

#: So many are read at once by everybody together.
AT_ONCE: Final = 3
#: What was read is kept so long.
KEPT: Final = timedelta(hours=2)
#: So many sentences of waiting are kept, the newest.
_TOLD_MAX: Final = 5


class _EndedError(Exception):
    """Whoever asked for it does not want it any more."""


@dataclass(slots=True)
class Fetch:
    """One reading. ``sifted`` is what came of it, or ``fault`` why nothing did; neither while it goes on."""

    id: str
    who: str
    source: str
    channel: str
    begun_at: datetime
    ended_at: datetime | None = None
    pages: int = 0
    told: list[str] = field(default_factory=list)
    sifted: Sifted | None = None
    fault: str = ""
    stop: Event = field(default_factory=Event)

    @property
    def runs(self) -> bool:
        """Whether it goes on."""
        return self.sifted is None and not self.fault

    def patient(self, visit: Visit) -> Patient:
        """Who asks for its addresses: counts them, and waits no longer than it is wanted."""

        def asked(address: str) -> Visited:
            if self.stop.is_set():
                raise _EndedError
            self.pages += 1
            return visit(address)

        def wait(seconds: float) -> None:
            if self.stop.wait(seconds):
                raise _EndedError

        def tell(words: str) -> None:
            self.told = [*self.told, words][-_TOLD_MAX:]

        return Patient(asked, wait, tell)


class Fetches:
    """All readings of a process, by who has begun them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, Fetch] = {}

    def of(self, who: str, now: datetime) -> Fetch | None:
        """This person's; ``None`` where there is none, or what was read is too old to be entered."""
        with self._lock:
            found = self._known.get(who)
            if found is not None and found.ended_at is not None and now - found.ended_at > KEPT:
                del self._known[who]
                return None
            return found

    def begin(self, made: Fetch, read: Callable[[Fetch], Sifted], clock: Callable[[], datetime]) -> None:
        """Begin one. Raises StateError where this person has one that goes on, or too many go on already."""
        with self._lock:
            mine = self._known.get(made.who)
            if mine is not None and mine.runs:
                raise StateError(
                    say(
                        "您还有一次没有读完（{source}）：等它读完，或者先停下。",
                        "Another reading of yours goes on ({source}): wait for it, or end it first.",
                        source=mine.source,
                    )
                )
            if sum(each.runs for each in self._known.values()) >= AT_ONCE:
                raise StateError(
                    say(
                        "同时最多读 {n} 个，别人的还没读完，请过几分钟再试。",
                        "{n} are read at once at most, and others are not done: try again in some minutes.",
                        n=AT_ONCE,
                    )
                )
            self._known[made.who] = made
        context = contextvars.copy_context()
        Thread(target=context.run, args=(_carry_out, made, read, clock), name="fetching", daemon=True).start()

    def give_up(self, who: str) -> None:
        """It is not wanted any more, or was entered."""
        with self._lock:
            found = self._known.pop(who, None)
        if found is not None:
            found.stop.set()

    def end(self) -> None:
        """The server ends."""
        with self._lock:
            for each in self._known.values():
                each.stop.set()


def new_id() -> str:
    """Names a reading, so that what is entered is what was looked at."""
    return secrets.token_hex(8)


def _carry_out(made: Fetch, read: Callable[[Fetch], Sifted], clock: Callable[[], datetime]) -> None:
    try:
        sifted = read(made)
    except _EndedError:
        made.fault = say("已停下，没有导入。", "It was ended; nothing was imported.")
    except XuanfaError as error:
        made.fault = str(error)
    except Exception:
        log.exception("reading %s failed", made.source)
        made.fault = say(
            "读的时候出了错，没有导入；详情在日志里，请告诉管理员。",
            "It failed, and nothing was imported; the log says how: tell whoever keeps the server.",
        )
    else:
        made.sifted = sifted
    made.ended_at = clock()
