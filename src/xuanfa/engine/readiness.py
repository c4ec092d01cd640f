"""Readiness: what keeps a resident from its work, asked within seconds even where the database or its disk does not answer at all."""

import logging
from collections.abc import Callable
from threading import Lock, Thread
from typing import Final

from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.engine.pulse import Pulse

log = logging.getLogger(__name__)

#: Without a sign of work for so long, a resident is not ready: it looks for work every five seconds. Seconds.
STILL: Final = 60.0
#: So long the database is waited for. Seconds.
PATIENCE: Final = 3.0


class Readiness:
    """Whether one resident is ready. ``ask`` says what keeps it from its work; one thread asks at a time, whoever wants to know."""

    def __init__(self, ask: Callable[[], str], pulse: Pulse, patience: float = PATIENCE) -> None:
        self._ask = ask
        self._pulse = pulse
        self._patience = patience
        self._guard = Lock()
        self._asking: Thread | None = None
        self._said = ""

    def trouble(self) -> str:
        """What keeps it from its work; empty where nothing does."""
        with self._guard:
            if self._asking is None or not self._asking.is_alive():
                self._asking = Thread(target=self._find_out, name="xuanfa-readiness", daemon=True)
                self._asking.start()
            asking = self._asking
        asking.join(self._patience)
        if asking.is_alive():
            return say(
                "数据库在 {n:g} 秒内没有回应：请检查数据库服务器，或它所在的磁盘。",
                "the database has not answered within {n:g} s: see its server, or the disk that it lies on.",
                n=self._patience,
            )
        if not self._said and self._pulse.age > STILL:
            return say("已有 {n:.0f} 秒没有进展", "no pass for {n:.0f} s", n=self._pulse.age)
        return self._said

    def _find_out(self) -> None:
        try:
            self._said = self._ask()
        except XuanfaError as error:
            self._said = str(error)
        except Exception:
            log.exception("asking whether all is well failed")
            self._said = say("见日志", "see the log")
