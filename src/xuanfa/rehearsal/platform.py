"""What all practice platforms share: a transport for httpx that keeps what it received, and faults to practise on."""

import hashlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx

from xuanfa.domain.fault import Fault
from xuanfa.rehearsal.journal import Journal, Received, Turn

#: How long a slow platform takes: noticed by a person, and far from any timeout. Seconds.
SLOW_FOR = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a platform decided. ``account`` is whose rate it spends, ``message`` the sender's own id."""

    body: str
    status: int = 200
    accepted: bool = False
    account: str = ""
    message: str = ""


class Platform(httpx.BaseTransport, ABC):
    """A practice platform. ``fault`` strikes every request whose path contains ``fault_path`` until it is set to ``None``; one that was
    switched on with ``practise`` strikes only the requests by which something becomes public."""

    def __init__(self, journal: Journal, clock: Callable[[], datetime], *, fault: Fault | None = None) -> None:
        self.journal = journal
        self.fault = fault
        self.fault_path = ""
        #: How a slow platform lets time pass.
        self.pause: Callable[[float], None] = time.sleep
        self._only_publishing = False
        self._clock = clock

    def practise(self, fault: Fault) -> None:
        """Go wrong where it hurts: after something was published, as the sender cannot know; ``unreachable`` is so from the beginning."""
        self.fault = fault
        self._only_publishing = fault is not Fault.UNREACHABLE

    def publishes(self, request: httpx.Request) -> bool:
        """Whether something becomes public by this request."""
        return request.method == "POST"

    def _strikes(self, request: httpx.Request) -> bool:
        return self.publishes(request) if self._only_publishing else self.fault_path in request.url.path

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Decide, write down, answer; one request at a time."""
        fault = self.fault if self._strikes(request) else None
        if fault is Fault.UNREACHABLE:
            raise httpx.ConnectError("refused by the rehearsal", request=request)
        body = request.read()
        now = self._clock()
        with self.journal.turn() as turn:
            reply = self.decide(request, body, now, turn)
            turn.keep(
                Received(
                    at=now,
                    method=request.method,
                    path=self.shown_path(request.url),
                    body=self.shown_body(request, body),
                    answer=reply.body,
                    account=reply.account,
                    message=reply.message,
                    accepted=reply.accepted,
                )
            )
        return self._faulty(request, reply, fault)

    @abstractmethod
    def decide(self, request: httpx.Request, body: bytes, now: datetime, turn: Turn) -> Reply:
        """What the real platform would answer."""

    @abstractmethod
    def shown_path(self, url: httpx.URL) -> str:
        """The path for the journal, without secrets."""

    def shown_body(self, request: httpx.Request, body: bytes) -> str:
        """The body for the journal; a platform whose bodies hold secrets or files leaves them out."""
        return body.decode("utf-8", "replace")

    def _faulty(self, request: httpx.Request, reply: Reply, fault: Fault | None) -> httpx.Response:
        match fault:
            case Fault.SILENCE:
                raise httpx.ReadTimeout("silent by rehearsal", request=request)
            case Fault.RESET:
                raise httpx.ReadError("reset by rehearsal", request=request)
            case Fault.SERVER_ERROR:
                return httpx.Response(502, text="Bad Gateway", request=request)
            case Fault.HALF_AN_ANSWER:
                return self._answer(request, reply.status, reply.body[: len(reply.body) // 2])
            case Fault.WRONG_JSON:
                return self._answer(request, 200, '{"surprise": [}')
            case _:
                if fault is Fault.SLOW:
                    self.pause(SLOW_FOR)
                return self._answer(request, reply.status, reply.body)

    @staticmethod
    def _answer(request: httpx.Request, status: int, body: str) -> httpx.Response:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return httpx.Response(status, headers=headers, content=body.encode(), request=request)


def fingerprint(secret: str) -> str:
    """A name for an account that does not give its key away."""
    return hashlib.sha256(secret.encode()).hexdigest()[:16]
