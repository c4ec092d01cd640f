"""Whatever a receiver or a mail server answers: an outcome, never an exception, a hang or a memory full of it.

``XUANFA_FUZZ=100000`` says how many are tried, at random, three of four by HTTP and the others by a mail server; without it some hundreds, the
same each time. An input is an answer or two, to which everything that an adapter can ask is asked.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.conftest import Workbench
from tests.contract.specs import SPECS
from tests.support.adapting import machine_tls
from tests.support.answered_wire import AnsweredBackend, to_lines, to_requests, waiting_costs_nothing
from tests.support.fuzzing import growing_less_than, playing, rounds
from xuanfa.adapters.email import EmailAdapter
from xuanfa.adapters.email.line import Line
from xuanfa.adapters.protocol import Retracts, Stages
from xuanfa.adapters.shared.wire import Wire
from xuanfa.domain.attempt import Order
from xuanfa.domain.lease import lasting
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Deferred,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.receipt import Receipt, from_outside

#: Seconds for what an adapter does, and bytes of resident memory beyond what the tests' own process has.
WITHIN, MEMORY_MAX = 2.0, 200_000_000
#: Of each test, and how much of all is for HTTP.
USUAL, OF_HTTP = 300, 0.75
#: What silence costs an exchange, by the wire's clock. Seconds.
LIMIT = 20.0
HTTP = sorted(name for name, spec in SPECS.items() if spec.http)

# ---- what a server may say ----

texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "ok", "0", "1", "\x00", "\ud800", "\u202e", "https://a.cn/1", "javascript:1", "-1", "9" * 400]
    ),
)
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)


def changed(good: str) -> st.SearchStrategy[bytes]:
    """The kind's good answer with some of its values replaced."""
    fields = json.loads(good)
    names = st.lists(st.sampled_from(sorted(fields)), max_size=3)
    replacing = st.dictionaries(st.sampled_from(sorted(fields)), values, max_size=3)
    return st.builds(
        lambda lost, new: json.dumps(
            {name: value for name, value in (fields | new).items() if name not in lost}
        ).encode(),
        names,
        replacing,
    )


SHAPES = [
    b"",
    b"null",
    b"[" * 50_000,
    b'{"a":' * 20_000,
    b"9" * 5_000,
    b'{"errcode": 1e400}',
    b'{"errcode": NaN}',
    b"\xff\xfe\x00",
    b"<html>" * 1000,
    b"\xef\xbb\xbf{}",
    b'{"errcode": "' + "\u202e".encode() * 1000 + b'"}',
]


@cache
def bodies(good: str) -> st.SearchStrategy[bytes]:
    return st.one_of(
        changed(good) if good else st.just(b"{}"),
        values.map(lambda value: json.dumps(value).encode()),
        st.binary(max_size=300),
        st.sampled_from(SHAPES),
    )


HEADERS = [
    "Retry-After: 120",
    "Retry-After: -5",
    "Retry-After: " + "9" * 400,
    "Retry-After: Mon, 02 Mar 99999 01:10:00 GMT",
    "Date: nonsense",
    "Date: Mon, 02 Mar 2026 01:10:00 -0000",
    "Location: /elsewhere",
    "Content-Type: text/html; charset=nonsense",
    "Set-Cookie: a=b",
    "Content-Encoding: br",
    "Link: <https://a.cn/>; rel=https://api.w.org/",
    "X: " + "y" * 60_000,
    "Transfer-Encoding: gzip, chunked",
    "Content-Length: 5",
    "Content-Length: +5",
    "Connection: upgrade",
    "Upgrade: websocket",
]
PACKINGS: dict[str, Any] = {
    "": lambda body: body,
    "gzip": gzip.compress,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
    "deflate": zlib.compress,
    "gzip, deflate, gzip": lambda body: gzip.compress(zlib.compress(gzip.compress(body))),
    "x-gzip": lambda body: b"no gzip at all" + body,
}
BOMB = gzip.compress(bytes(40_000_000), mtime=0)
PACKED_BOMBS = {"gzip": BOMB, "gzip, gzip": gzip.compress(BOMB, mtime=0)}
STATUSES = [
    200,
    200,
    200,
    201,
    204,
    301,
    304,
    400,
    401,
    403,
    404,
    407,
    408,
    409,
    410,
    413,
    422,
    429,
    500,
    502,
    503,
    101,
    999,
]


@dataclass(frozen=True)
class Said:
    """One answer as it goes over the wire, and whether the server hangs up after it."""

    wire: bytes
    hangs_up: bool


# Made once: to put a strategy together costs more than to draw from it.
chances = st.integers(0, 39)
packings, bombs = st.sampled_from(sorted(PACKINGS)), st.sampled_from(sorted(PACKED_BOMBS.items()))
first_lines = st.tuples(st.sampled_from("0111"), st.sampled_from(STATUSES), st.sampled_from(["OK", "", "好"]))
headers = st.lists(st.sampled_from(HEADERS), max_size=3)
framings = st.sampled_from(["length", "length", "length", "chunked", "none", "wrong"])
interims = st.sampled_from([b"", b"", b"", b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" * 20])
behinds = st.sampled_from(["", "", "", "\r\n", "once more"])
garbage, errors = st.builds(Said, st.binary(max_size=400), st.booleans()), st.integers(-3, 3)


@cache
def answers(good: str) -> st.SearchStrategy[Said]:
    """Mostly well-formed, with everything in it that may be wrong."""
    return well_formed(bodies(good))


@st.composite
def well_formed(draw: st.DrawFn, contents: st.SearchStrategy[bytes]) -> Said:
    chance = draw(chances)
    if chance < 4:
        return draw(garbage)
    if chance == 39:
        packing, body = draw(bombs)
    else:
        packing = draw(packings)
        body = PACKINGS[packing](draw(contents))
    version, status, reason = draw(first_lines)
    lines = [f"HTTP/1.{version} {status} {reason}", *draw(headers)]
    if packing:
        lines.append(f"Content-Encoding: {packing}")
    framing = draw(framings)
    if framing == "chunked":
        lines.append("Transfer-Encoding: chunked")
        body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n" if body else b"0\r\n\r\n"
    elif framing != "none":
        lines.append(f"Content-Length: {len(body) + (draw(errors) if framing == 'wrong' else 0)}")
    wire = "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body
    behind = {"": b"", "\r\n": b"\r\n", "once more": wire}[draw(behinds)]
    wire = draw(interims) + wire + behind
    if 4 <= chance < 8:
        wire = wire[: draw(st.integers(0, len(wire)))]
    return Said(wire, hangs_up=framing == "none" or chance % 4 == 0)


said_by = {name: st.lists(answers(SPECS[name].good), min_size=1, max_size=2) for name in HTTP}
kinds = st.sampled_from(HTTP)


# ---- what must hold ----

OUTCOMES = (Published, Accepted, Deferred, Unsent, Rejected, Unknown, Absent, Staged, Retracted)
_SUCCESS = re.compile(rb"(HTTP/1\.1 1\d\d.*?\n\r?\n)*HTTP/1\.[01] 2", re.DOTALL)


def storable(outcome: Any) -> None:
    """Every database and every terminal takes what is kept of it."""
    assert isinstance(outcome, OUTCOMES)
    if isinstance(outcome, Published):
        receipt = from_outside(outcome.receipt)
        for text in (receipt.remote_id, receipt.address, receipt.evidence):
            assert text is None or "\x00" not in text
            assert text is None or text.encode()
    said = getattr(outcome, "evidence", "") or getattr(outcome, "reason", "")
    assert "\x1b" not in said
    assert said.encode() is not None


@contextmanager
def timed() -> Iterator[None]:
    begun = lasting()
    yield
    assert lasting() - begun < WITHIN


class Shop:
    """Every kind that speaks HTTP, bound to wires without a network."""

    def __init__(self, folder: Path) -> None:
        self._benches: dict[str, Workbench] = {}
        self._orders: dict[str, Order] = {}
        for name in HTTP:
            place = folder / name
            (place / "media").mkdir(parents=True)
            bench = Workbench(SPECS[name], place, "http://127.0.0.1:9")
            self._benches[name], self._orders[name] = bench, bench.order()

    def adapter(self, name: str, said: list[Said]) -> Any:
        """The adapter, and the client that it works with."""
        reply = to_requests([(each.wire, each.hangs_up) for each in said])
        wire = Wire(machine_tls(), limit=LIMIT, backend=AnsweredBackend(reply))
        self.client = httpx.Client(transport=wire, trust_env=False, timeout=LIMIT)
        return self._benches[name].bind(self.client)

    def order(self, name: str) -> Order:
        return self._orders[name]

    def close(self) -> None:
        for bench in self._benches.values():
            bench.client.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = Shop(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _within_memory() -> Iterator[None]:
    """The most that is resident grows by less than it may, over all answers of a round together."""
    with growing_less_than(MEMORY_MAX), waiting_costs_nothing():
        yield


@rounds(OF_HTTP)
@given(data=st.data())
@playing(USUAL, OF_HTTP)
def test_any_answer_has_an_outcome(shop: Shop, played: int, data: st.DataObject) -> None:
    name = data.draw(kinds)
    said = data.draw(said_by[name])
    adapter, order = shop.adapter(name, said), shop.order(name)
    try:
        with timed():
            outcome = adapter.publish(order)
            storable(outcome)
            if isinstance(outcome, Published):
                assert any(_SUCCESS.match(each.wire) for each in said)
        with timed():
            storable(adapter.confirm(order, "ticket"))
        if isinstance(adapter, Stages):
            with timed():
                storable(adapter.stage(order))
        if isinstance(adapter, Retracts):
            with timed():
                storable(adapter.retract(order, Receipt(remote_id="7", address="https://a.cn/7")))
        with timed():
            adapter.diagnose()
    finally:
        shop.client.close()


# ---- mail ----

codes = st.sampled_from([220, 250, 251, 354, 421, 450, 451, 452, 500, 530, 535, 550, 552, 554, 99, 1000])
lines = st.builds(
    lambda code, mark, text: f"{code}{mark}{text}\r\n".encode("utf-8", "surrogatepass"),
    codes,
    st.sampled_from([" ", " ", " ", "-", ""]),
    st.text(max_size=30),
)
replies = st.one_of(
    lines,
    st.sampled_from(
        [b"250 ok\r\n"] * 3
        + [b"354 go on\r\n"] * 2
        + [b"", b"\r\n", b"250", b"250-a\r\n" * 30_000, b"x" * 20_000 + b"\r\n"]
    ),
    st.binary(max_size=200),
)
_WHOLE = re.compile(rb"(^|\n)\d\d\d[ \r].*\n$")
GOOD = [b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n", b"250 queued\r\n", b"221 bye\r\n"]


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmailAdapter, Order]]:
    place = tmp_path_factory.mktemp("mail")
    (place / "media").mkdir()
    bench = Workbench(SPECS["email"], place, "http://127.0.0.1:9")
    bench.adapter._tools.limit = LIMIT  # type: ignore[attr-defined]
    yield bench.adapter, bench.order()  # type: ignore[misc]
    bench.client.close()


@rounds(1 - OF_HTTP)
@given(
    greeting=st.one_of(st.just(b"220 welcome\r\n"), st.just(b"220 welcome\r\n"), replies),
    replaced=st.dictionaries(st.integers(0, len(GOOD) - 1), replies, max_size=3),
    patient=st.integers(0, 9).map(lambda chance: chance == 0),
)
@playing(USUAL, 1 - OF_HTTP)
def test_any_mail_server_has_an_outcome(
    mail: tuple[EmailAdapter, Order], played: int, greeting: bytes, replaced: dict[int, bytes], patient: bool
) -> None:
    """Mostly it hangs up after what is no reply, since waiting costs."""
    adapter, order = mail
    said = [replaced.get(number, usual) for number, usual in enumerate(GOOD)]
    hangs_up = [not patient and number in replaced and not _WHOLE.search(each) for number, each in enumerate(said)]
    backend = AnsweredBackend(
        to_lines(list(zip(said, hangs_up, strict=True))), greeting if patient or _WHOLE.search(greeting) else None
    )
    real = Line.backend
    Line.backend = staticmethod(lambda: backend)  # type: ignore[assignment,method-assign]
    try:
        with timed():
            outcome = adapter.publish(order)
        storable(outcome)
        if isinstance(outcome, Published):
            assert said[4].lstrip().startswith(b"250") or b"250" in said[3]
    finally:
        Line.backend = real  # type: ignore[method-assign]
