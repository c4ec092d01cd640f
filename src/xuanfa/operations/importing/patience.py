"""Patience: what may be asked again is asked again after a while, a few times, and every wait is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.strict_json import read_json
from xuanfa.domain.visited import UnvisitedError, Visit, Visited

#: So often an address is asked for in all, and so long is waited between; a server that asks for more gets it, up to the most. Seconds.
_TRIES: Final = 4
_WAITS: Final = (2.0, 10.0, 30.0)
_WAIT_MAX: Final = timedelta(minutes=5)
#: What a server answers that has too much to do, or does not know why.
_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patient:
    """Asks by ``visit``; ``wait`` sleeps so many seconds, ``tell`` says a sentence to whoever waits too."""

    visit: Visit
    wait: Callable[[float], None]
    tell: Callable[[str], None]

    def get(self, address: str) -> Visited:
        """The answer, whatever its status, once it is one. Raises ContentError where there is none after several times."""
        for number in range(_TRIES):
            pause = timedelta(seconds=_WAITS[min(number, len(_WAITS) - 1)])
            try:
                found = self.visit(address)
            except UnvisitedError as error:
                if not error.passes or number == _TRIES - 1:
                    raise _unanswered(address, error.words) from error
                words = error.words
            else:
                if found.status not in _LATER or number == _TRIES - 1:
                    return found
                words = say("对方答复 {status}", "it answered {status}", status=found.status)
                pause = min(max(pause, found.retry_after or pause), _WAIT_MAX)
            self.pause(address, words, pause)
        raise AssertionError

    def pause(self, what: str, words: str, pause: timedelta) -> None:
        """Wait, and say so."""
        self.tell(
            say(
                "{what}：{words}，{n} 秒后再试。",
                "{what}: {words}; trying again in {n} seconds.",
                what=what,
                words=words,
                n=round(pause.total_seconds()),
            )
        )
        self.wait(pause.total_seconds())

    def page(self, address: str) -> Visited:
        """A page that is there. Raises ContentError."""
        found = self.get(address)
        if not 200 <= found.status < 300:  # noqa: PLR2004 - RFC 9110
            raise _unanswered(address, say("对方答复 {status}", "it answered {status}", status=found.status))
        return found


def json_of(found: Visited) -> object:
    """The JSON of an answer; ``None`` where it is none."""
    try:
        return read_json(found.text)
    except ValueError:
        return None


def _unanswered(address: str, words: str) -> ContentError:
    return ContentError(
        say(
            "{address} 读不到：{words}。没有导入。请检查网址和网络。",
            "{address} cannot be read: {words}. Nothing was imported. Check the address and the network.",
            address=address,
            words=words,
        )
    )
