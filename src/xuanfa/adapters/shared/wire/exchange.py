"""An exchange: one request and its answer, with the moment by which all of it must be over, and what has been counted of it."""

from typing import Literal

import httpx

from xuanfa.domain.language import say
from xuanfa.domain.lease import Permit, lasting

#: One exchange takes at most this long where nothing else is set. Seconds.
LIMIT = 120.0
#: What is read of an answer from the wire, heads and interim answers included, and what may come of it when it is decoded. Bytes.
WIRE_MAX, DECODED_MAX = 1_100_000, 1_000_000
#: What of it is read of one head, by h11's own bound (``max_incomplete_event_size``, as httpcore sets it). Bytes.
HEAD_MAX = 102_400


class WireError(httpx.HTTPError):
    """An exchange that this side broke off. The text is a sentence for staff."""


class LeaseEnded(WireError):  # noqa: N818 - says what happened
    """The lease has ended, or too little of it is left: not a byte of the request has left."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "发送前停顿太久，租约已过或所剩无几，没有发出",
                "paused for too long before sending: the lease has ended, or too little of it is left; nothing was sent",
            )
        )


class Reached(WireError):  # noqa: N818 - says what happened
    """Connected, greeted and encrypted; a request was not wanted, and nothing of one was written."""


class OutOfTime(WireError):  # noqa: N818 - says what happened
    """The exchange has used up its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            say(
                "整个请求用满 {n:.0f} 秒仍没有结束，不再等待",
                "the exchange was not over within {n:.0f} seconds; it is waited for no longer",
                n=seconds,
            )
        )


class TooMuch(WireError):  # noqa: N818 - says what happened
    """The answer is larger than what is read."""

    def __init__(self, most: int, part: Literal["", "decoded", "head"] = "") -> None:
        named = {"": ("回答", "the answer"), "decoded": ("解压后的回答", "the decoded answer")}
        what = say(*named.get(part, ("回答的首部", "the answer's head")))
        super().__init__(
            say(
                "{what}超过 {most:,} 字节的上限，没有读完",
                "{what} exceeds the cap of {most:,} bytes and was not read to its end",
                what=what,
                most=most,
            )
        )


class Exchange:
    """One request and its answer. ``deadline`` is by ``lasting``.

    ``sent`` counts what the operating system accepted of the request (under TLS the plaintext of whole records), ``heard`` what came
    back. What is said to a proxy, and in a handshake, before the request itself is neither.
    """

    __slots__ = (
        "_cap",
        "_most",
        "_permit",
        "_read",
        "_size",
        "begun",
        "counts",
        "deadline",
        "heard",
        "length",
        "limit",
        "mark",
        "secrets",
        "sent",
        "stops",
    )

    def __init__(
        self,
        limit: float,
        permit: Permit | None,
        *,
        mark: bytes = b"",
        size: int = 0,
        length: int | None = None,
        cap: int | None = None,
    ) -> None:
        self._permit = permit
        #: What is read of the answer at most, where that is not ``WIRE_MAX``. Bytes.
        self._cap = cap
        left = limit if permit is None else min(limit, permit.left)
        self._most = limit
        self.limit = max(left, 0.0)
        self.deadline = lasting() + left
        #: What the request's head begins with; empty where somebody else says when it begins.
        self.mark = mark
        #: About how long the head is, as long as it is not known, and how long the body is. Bytes.
        self._size, self.length = size, length
        self.begun = False
        #: Whether what is written belongs to the request.
        self.counts = False
        #: Whether it is over before the request: only to see that the other side can be reached.
        self.stops = False
        self.sent = self.heard = self._read = 0
        #: Texts that no account of this exchange may show (a proxy's password).
        self.secrets: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        """The whole request, head and body."""
        return None if self.length is None else self._size + self.length

    @property
    def is_whole(self) -> bool:
        """Whether the request was accepted to its last byte, or nobody knows how long it is."""
        return self.begun and (self.total is None or self.sent >= self.total)

    @property
    def seconds_left(self) -> float:
        """Until the deadline. Raises OutOfTime where that has passed."""
        left = self.deadline - lasting()
        if left <= 0:
            raise OutOfTime(self.limit)
        return left

    def fence(self) -> None:
        """At the last moment before a byte that counts: raise LeaseEnded unless enough of the lease is left for an answer."""
        if self._permit is not None and not self._permit.allows(self._most):
            raise LeaseEnded

    def begin(self, size: int) -> None:
        """Past the fence: from now on what is written is the request, whose head has ``size`` bytes. Raises Reached where none is wanted."""
        if self.stops:
            raise Reached("")
        self.fence()
        self.begun, self.counts, self._size = True, True, size

    def hear(self, count: int) -> None:
        """Count what has come back. Raises TooMuch."""
        self._read += count
        if self.begun:
            self.heard += count
        most = self._cap or WIRE_MAX
        if self._read > most:
            raise TooMuch(most)


def proved(exchange: Exchange) -> str:
    """What the counts prove of a request, in words; empty where its length is not known."""
    if exchange.total is None:
        return ""
    counts = {"sent": exchange.sent, "total": exchange.total}
    if exchange.is_whole:
        return say(
            "{total:,} 字节中有 {sent:,} 字节离开本机", "{sent:,} of {total:,} bytes left this machine", **counts
        )
    if exchange.heard:
        return say(
            "{total:,} 字节中只有 {sent:,} 字节离开本机，但对方已经开始回答",
            "only {sent:,} of {total:,} bytes left this machine, but the other side had begun to answer",
            **counts,
        )
    return say(
        "{total:,} 字节中只有 {sent:,} 字节离开本机，对方不可能收全",
        "only {sent:,} of {total:,} bytes left this machine: the other side cannot have all of it",
        **counts,
    )
