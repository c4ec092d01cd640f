"""The network of the simulation: practice platforms that remember in memory, and faults on the way to and from them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import NoReturn

import httpx

from xuanfa.adapters.shared.wire.exchange import LIMIT, Exchange
from xuanfa.bootstrap.rehearsal import HandClock
from xuanfa.domain.lease import PERMIT
from xuanfa.rehearsal.journal import Journal, Received, Turn
from xuanfa.rehearsal.platform import Platform, Reply
from xuanfa.rehearsal.receiver import Receiver
from xuanfa.rehearsal.wecom import WecomPlatform
from xuanfa.rehearsal.weibo import WeiboPlatform

#: Names a post in everything that is sent of it: court, day, number; and the version of its text.
MARK = re.compile(rb"(c\d+-\d+-\d+)(?:\.v(\d+))?")
#: How long the sender waits for an answer, as the adapters' clients do.
SILENT_FOR = timedelta(seconds=30)


class Killed(BaseException):
    """The process is gone; nothing catches that."""


class Fault(Enum):
    """What goes wrong with a request; those that end in ``_after`` strike when the platform has acted already."""

    CONNECT = "cannot connect"
    THROTTLED = "429 with Retry-After"
    REFUSED = "401"
    CUT = "cut in the middle of a request"
    SILENCE_BEFORE = "silence, not taken"
    RESET_BEFORE = "reset, not taken"
    ERROR_BEFORE = "5xx, not taken"
    KILLED_BEFORE = "killed before it left"
    SILENCE_AFTER = "silence after acceptance"
    RESET_AFTER = "reset after acceptance"
    ERROR_AFTER = "5xx after acceptance"
    HALF_AFTER = "half an answer"
    WRONG_AFTER = "wrong JSON"
    KILLED_AFTER = "killed after acceptance"


#: Faults that prove that nothing was done, by the answer or by what left. After every other one nobody can know.
PROVED = frozenset({Fault.CONNECT, Fault.THROTTLED, Fault.REFUSED, Fault.CUT})
#: How often each comes up among the faults.
_WEIGHTS = dict.fromkeys(Fault, 8) | {Fault.REFUSED: 1, Fault.KILLED_BEFORE: 1, Fault.KILLED_AFTER: 1}


class _Recollection(Turn):
    """A journal's turn over lists in memory: the same answers, without a file for each request."""

    def __init__(self, shown: Callable[[], None]) -> None:
        self._rows: list[Received] = []
        self._answers: dict[str, str] = {}
        self._shown = shown

    def accepted_since(self, account: str, moment: datetime) -> int:
        """How many messages of the account were accepted after ``moment``."""
        return sum(row.accepted for row in self.since(account, moment))

    def answered(self, message: str) -> str | None:
        """What the message was answered when it was accepted."""
        return self._answers.get(message)

    def since(self, account: str, moment: datetime) -> list[Received]:
        """The account's requests after ``moment``; a channel here has one account."""
        return self._rows[bisect_right(self._rows, moment, key=attrgetter("at")) :]

    def keep(self, received: Received) -> None:
        """Write it down, without the body: no platform here asks for it again, and a year of them fills the memory."""
        self._rows.append(replace(received, body=""))
        if received.accepted:
            self._answers[received.message] = received.answer
            self._shown()


class _MemoryJournal(Journal):
    """Kept as long as the simulation lasts."""

    def __init__(self, shown: Callable[[], None]) -> None:
        super().__init__(Path("memory"))
        self._turn = _Recollection(shown)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """One request at a time: there is one thread."""
        yield self._turn


class Real(Receiver):
    """What is simulated is no rehearsal: readers follow its addresses."""

    shows_at = "https://posts.example.gov.cn"


class Forgetful(Real):
    """A receiver that does not know keys: whatever comes is published, again and again."""

    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """Publish it."""
        request.headers["webhook-id"] = (
            f"{request.headers['webhook-id']}-{len(turn.since('', now - timedelta(days=9999)))}"
        )
        return super().decide(request, body, now, turn)


PLATFORMS: dict[str, type[Platform]] = {
    "cms": Real,
    "portal": Forgetful,
    "weibo": WeiboPlatform,
    "wecom": WecomPlatform,
}


@dataclass
class Network:
    """The other side of one shard. ``public`` is the truth: how often a reader sees a post on a channel."""

    chance: Random
    clock: HandClock
    fault_rate: float
    platforms: dict[str, type[Platform]] = field(default_factory=lambda: PLATFORMS)
    public: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Which version of a post readers have seen, by channel and post; 0 where it named none.
    shown: set[tuple[str, str, int]] = field(default_factory=set)
    #: Posts of which a request was made whose end the sender cannot know.
    doubted: set[tuple[str, str]] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    _wires: dict[str, "Wire"] = field(default_factory=dict)

    def wire(self, channel: str) -> "Wire":
        """The way to a channel's platform, the same after a restart."""
        if channel not in self._wires:
            self._wires[channel] = Wire(self, channel)
        return self._wires[channel]

    def draw(self) -> Fault | None:
        """What goes wrong with the next request; mostly nothing."""
        self.requests += 1
        if self.chance.random() >= self.fault_rate:
            return None
        fault = self.chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        self.faults[fault.value] += 1
        return fault


class Wire(httpx.BaseTransport):
    """In place of the socket: a request goes to the platform, or does not, and its answer comes back, or does not."""

    def __init__(self, network: Network, channel: str) -> None:
        self._network = network
        self._channel = channel
        self._mark, self._version = "", 0
        kind = network.platforms[channel.partition("_")[2]]
        self._platform = kind(_MemoryJournal(self._shown), network.clock)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer. Raises what httpx raises, and ``Killed``."""
        found = MARK.findall(request.read()) if request.method == "POST" else []
        self._mark = found[0][0].decode() if found else ""
        self._version = max((int(version or 0) for _, version in found), default=0)
        fault = self._network.draw()
        if fault is not None and fault not in PROVED and self._mark:
            self._network.doubted.add((self._channel, self._mark))
        self._leave(request, fault)
        match fault:
            case Fault.THROTTLED:
                return httpx.Response(429, headers={"retry-after": "300"}, request=request)
            case Fault.REFUSED:
                return httpx.Response(401, request=request)
            case Fault.ERROR_BEFORE:
                return httpx.Response(502, text="Bad Gateway", request=request)
            case Fault.SILENCE_BEFORE | Fault.RESET_BEFORE | Fault.KILLED_BEFORE:
                self._break(fault, request)
            case _:
                pass  # it arrives
        response = self._platform.handle_request(request)
        match fault:
            case Fault.ERROR_AFTER:
                return httpx.Response(504, text="Gateway Timeout", request=request)
            case Fault.WRONG_AFTER:
                return httpx.Response(200, text='{"surprise": [', request=request)
            case Fault.HALF_AFTER:
                half = _Half(response.content[: len(response.content) // 2], request)
                return httpx.Response(response.status_code, headers=response.headers, stream=half, request=request)
            case Fault.SILENCE_AFTER | Fault.RESET_AFTER | Fault.KILLED_AFTER:
                self._break(fault, request)
            case _:
                pass  # and so does its answer
        return response

    def _leave(self, request: httpx.Request, fault: Fault | None) -> None:
        """What leaves of it, counted as the product's own wire counts. Raises what httpx raises where that is not all of it."""
        exchange = _exchange(request)
        if fault is Fault.CONNECT:
            raise httpx.ConnectError("refused", request=request)
        exchange.begin(_head(request))
        whole = exchange.total or 0
        exchange.sent = self._network.chance.randrange(1, whole) if fault is Fault.CUT else whole
        exchange.heard = int(fault not in _UNHEARD)
        if fault is Fault.CUT:
            raise httpx.WriteError("connection reset", request=request)

    def _break(self, fault: Fault, request: httpx.Request) -> NoReturn:
        if fault in {Fault.KILLED_BEFORE, Fault.KILLED_AFTER}:
            raise Killed
        if fault in {Fault.RESET_BEFORE, Fault.RESET_AFTER}:
            raise httpx.ReadError("connection reset", request=request)
        self._network.clock.set(self._network.clock() + SILENT_FOR)
        raise httpx.ReadTimeout("no answer", request=request)

    def _shown(self) -> None:
        self._network.public[self._channel, self._mark] += 1
        self._network.shown.add((self._channel, self._mark, self._version))


#: Faults after which not a byte of an answer comes.
_UNHEARD = frozenset(
    {
        Fault.CUT, Fault.SILENCE_BEFORE, Fault.RESET_BEFORE, Fault.KILLED_BEFORE, Fault.SILENCE_AFTER, Fault.RESET_AFTER,
        Fault.KILLED_AFTER,
    }
)  # fmt: skip


def _exchange(request: httpx.Request) -> Exchange:
    """The count of what leaves and of what comes back, as the product's own wire keeps it, where everybody looks for it."""
    permit = PERMIT.get()
    made = Exchange(LIMIT, permit, size=_head(request), length=len(request.content))
    request.extensions["exchange"] = made
    if permit is not None:
        permit.last = made
    return made


def _head(request: httpx.Request) -> int:
    """How long the head is on the wire. Bytes."""
    lines = sum(len(name) + len(value) + len(": \r\n") for name, value in request.headers.raw)
    return len(request.method) + len(request.url.raw_path) + len("  HTTP/1.1\r\n\r\n") + lines


class _Half(httpx.SyncByteStream):
    """Half of an answer, and then the connection is closed."""

    def __init__(self, part: bytes, request: httpx.Request) -> None:
        self._part = part
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        yield self._part
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body", request=self._request
        )
