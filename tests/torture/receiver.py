"""The receiver of the torture: counts by key how often a post became visible, whatever it answered, and keeps a line for every request.

Three ways of being, by the first part of the path: ``keyed`` remembers keys and shows a post once however often it is sent; every other one
shows it each time. Below any of them, ``…/stage`` prepares and ``…/look`` tells what is visible; neither shows anything.
"""

import asyncio
import json
import random
import socket
import struct
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.torture.office import readers_of

#: What a request meets in the storm, in hundredths; all others are answered at once.
ODDS = {
    "slow": 25,  # taken, and answered after a while
    "silent": 3,  # taken, and never answered
    "reset before": 2,  # torn down, not taken
    "reset after": 2,  # taken, then torn down
    "half": 2,  # taken, and half an answer
    "500 after": 2,  # taken, and called an error
    "503 before": 2,  # not taken
    "429": 1,  # not taken, and come back in a second
}
TAKEN = {"ok", "slow", "silent", "reset after", "half", "500 after"}
#: After these nobody can know from the answer whether it was taken.
DOUBTFUL = {"silent", "reset before", "reset after", "half", "500 after", "503 before"}
_STATUS = {
    "500 after": "500 Internal Server Error",
    "503 before": "503 Service Unavailable",
    "429": "429 Too Many Requests",
}


@dataclass(slots=True)
class Request:
    """One that arrived whole. Times are seconds since 1970; ``answered`` stays empty where no answer was begun."""

    place: str
    what: str
    key: str
    title: str
    answer: str
    arrived: float
    text: str = ""
    shown: bool = False
    answered: float | None = None

    @property
    def readers(self) -> str:
        """Whose readers see it."""
        return readers_of(self.place)

    @property
    def doubtful(self) -> bool:
        """Whether its answer leaves a doubt."""
        return self.answer in DOUBTFUL


@dataclass
class Receiver:
    """Everything that arrived. Used by the loop's thread; others read when it is quiet."""

    chance: random.Random
    storming: bool = False
    requests: list[Request] = field(default_factory=list)
    #: How often each request's key became visible, by account and key: what a channel with a memory for keys goes by.
    shown: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: How often each post became visible, by readers and title, whatever channel, account and key brought it.
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: What it has been asked to show, by readers and title.
    asked: set[tuple[str, str]] = field(default_factory=set)
    #: Requests that broke off before they were whole.
    torn: int = 0
    #: Requests that have arrived and whose senders wait for an answer.
    under_way: int = 0
    port: int = 0

    async def listen(self) -> None:
        """Begin."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Line(self), "127.0.0.1", 0, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End."""
        self._server.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def publications(self) -> list[Request]:
        """Requests that ask for something irreversible."""
        return [request for request in self.requests if not request.what]

    def shown_as(self, readers: str, title: str) -> str:
        """The address at which readers see a post; empty where they do not."""
        found = (r for r in self.publications() if r.shown and (r.readers, r.title) == (readers, title))
        request = next(found, None)
        return "" if request is None else address_of(request.place, request.key)

    def take(self, place: str, what: str, key: str, title: str, text: str = "") -> Request:
        """A request, and what becomes of it."""
        answer = "ok"
        if self.storming:
            (answer,) = self.chance.choices([*ODDS, "ok"], [*ODDS.values(), 100 - sum(ODDS.values())])
        request = Request(place, what, key, title, answer, time.time(), text)
        self.requests.append(request)
        if not what:
            self.asked.add((request.readers, title))
        if not what and answer in TAKEN:
            request.shown = not (place == "keyed" and self.shown[place, key])
            self.shown[place, key] += request.shown
            self.seen[request.readers, title] += request.shown
        return request


def address_of(place: str, key: str) -> str:
    """Where a post that was brought there is public."""
    return f"https://www.example.gov.cn/{place}/{key}"


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._buffer = b""
        self._waiting = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._over(self._waiting)
        self._receiver.torn += bool(self._buffer)

    def _over(self, requests: int = 1) -> None:
        self._waiting -= requests
        self._receiver.under_way -= requests

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, mark, rest = self._buffer.partition(b"\r\n\r\n")
            if not mark:
                return
            fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
            length = int(fields.get(b"content-length", 0))
            if len(rest) < length:
                return
            body, self._buffer = json.loads(rest[:length] or b"{}"), rest[length:]
            _, place, *what = head.split(b" ", 2)[1].decode().split("/")
            said = (body.get("title", ""), body.get("text", ""))
            self._answer(self._receiver.take(place, "".join(what), fields[b"webhook-id"].decode(), *said))

    def _answer(self, request: Request) -> None:
        self._over(-1)
        match request.answer:
            case "silent":
                return
            case "reset before" | "reset after":
                self._tear()
            case "slow":
                self._speak_after(self._receiver.chance.uniform(0.1, 1.0), request)
            case "half":
                text = self._text(request)
                self._transport.write(text[: len(text) - 20])
                self._transport.close()
            case _:
                self._speak_after(self._receiver.chance.uniform(0.0, 0.1), request)

    def _speak_after(self, seconds: float, request: Request) -> None:
        asyncio.get_running_loop().call_later(seconds, self._speak, request)

    def _speak(self, request: Request) -> None:
        request.answered = time.time()
        if self._waiting:  # the sender may have gone
            self._over()
        self._transport.write(self._text(request))

    def _text(self, request: Request) -> bytes:
        place, key = request.place, request.key
        said = {
            "id": key,
            "url": address_of(place, key),
            "shown": self._receiver.shown[place, key],
        }
        body = json.dumps(said).encode()
        status = _STATUS.get(request.answer, "200 OK")
        return (
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nRetry-After: 1\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def _tear(self) -> None:
        """As a machine that is switched off: no goodbye."""
        line: socket.socket = self._transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()
