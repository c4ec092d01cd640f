"""What the guarded wire costs: the same request through it and through httpx's own transport, block by block in turns, in one process.

A whole drain drowns the difference in noise (a pair of rounds differs by ten percent where nothing was changed). Here blocks of a hundred
requests take turns, and the lower quartile of many blocks is told: what disturbs a block only ever makes it longer. What the difference is
of a whole delivery is by the drain's own time of the processor.
"""

import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx

from benchmarks.cost import Office, quartiles
from benchmarks.sink import Sink
from benchmarks.table import Row
from xuanfa.adapters.shared.wire import Wire
from xuanfa.domain.lease import PERMIT, Lease, Permit

_BLOCK = 100
#: About what a delivery sends to a webhook. Bytes.
_BODY = b'{"title": "' + "我们在行动".encode() * 200 + b'"}'
_SINGLE = httpx.Limits(max_keepalive_connections=0)


def measure(*, quick: bool) -> list[Row]:
    """Rows for what shares connections (looks) and for what has one of its own (attempts)."""
    blocks, posts = (4, 25) if quick else (120, 250)
    with Sink() as sink:
        with Office(sink, posts) as office:
            rounds = [office.carry_out("nothing").processor for _ in range(1 if quick else 5)]
        delivery = min(rounds) / (posts * 4) * 1e6
        kept, single, shared, own = _take_turns(sink.url, blocks)
    return [
        _row("a look, which shares connections", shared, kept, delivery, "≤ 3 %"),
        _row("an attempt, beside httpx making a connection for each request, too", own, single, delivery, "≤ 3 %"),
        _row("an attempt, with a connection of its own, beside httpx keeping connections", own, kept, delivery, ""),
    ]


def _take_turns(url: str, blocks: int) -> list[float]:
    """Microseconds of the processor a request: httpx keeping connections, httpx not keeping them, the wire's looks, the wire's attempts."""
    tls = ssl.create_default_context()
    with ExitStack() as stack:
        known: list[tuple[httpx.Client, bool]] = [
            (stack.enter_context(httpx.Client(transport=transport)), sends)
            for transport, sends in (
                (httpx.HTTPTransport(verify=tls), False),
                (httpx.HTTPTransport(verify=tls, limits=_SINGLE), False),
                (Wire(tls), False),
                (Wire(tls), True),
            )
        ]
        seen: list[list[float]] = [[] for _ in known]
        for turn in range(blocks):
            order = range(len(known)) if turn % 2 else reversed(range(len(known)))
            for number in order:
                seen[number].append(_block(*known[number], url))
    return [quartiles(each)[0] for each in seen]


def _block(client: httpx.Client, sends: bool, url: str) -> float:
    with _permitted(sends):
        begun = time.process_time()
        for number in range(_BLOCK):
            client.post(url, content=_BODY, headers={"Idempotency-Key": str(number)}).read()
        return (time.process_time() - begun) / _BLOCK * 1e6


@contextmanager
def _permitted(sends: bool) -> Iterator[None]:
    """As within an attempt whose lease has just begun; outside of one, where nothing is sent."""
    span = timedelta(minutes=5)
    clock = partial(datetime.now, UTC)
    token = PERMIT.set(Permit(Lease(until=clock() + span, span=span), clock) if sends else None)
    try:
        yield
    finally:
        PERMIT.reset(token)


def _row(what: str, mine: float, bare: float, delivery: float, aim: str) -> Row:
    return Row(
        what,
        f"{mine:.0f} µs of the processor a request, {bare:.0f} µs with httpx's own transport",
        f"{(mine - bare) / delivery:+.1%} of a delivery's {delivery:.0f} µs",
        aim,
    )
