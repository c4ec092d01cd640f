"""Links of what is out, looked at by night: noted once, in bounded work, told once, and taken for right with a reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import retract
from xuanfa.domain.access import Veil
from xuanfa.domain.act_public import AcceptLink
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.looking import Looking
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.page import Miss, Opened, Page
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.outward import look_outward
from xuanfa.operations.proving.passes import prove_due
from xuanfa.operations.watching.alarms import standing
from xuanfa.reports.proofs import links_of

ANNA = Person(name="安娜", why="对方换了新网址")
GUIDE = "https://help.example/guide"
SEEN = "<title>诉讼指南</title><p>立案需要准备起诉状和身份证明。</p>"


class Web:
    """The pages of the world."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: dict[str, Opened] = {}

    def __call__(self, _channel: str, address: str) -> Opened:
        self.asked.append(address)
        return self.says.get(address, Opened(address=address, page=Page(200, SEEN), media_type="text/html"))

    def outward(self) -> list[str]:
        return [each for each in self.asked if "gov.cn" not in each]


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def office(bench: Any, web: Web) -> Callable[..., Desk]:
    def make(*bodies: str, **more: Any) -> Desk:
        bench.channel("a", public_page="text", retracts=True)
        bench._desk = bench.another(open_page=web, **more)
        for number, body in enumerate(bodies, start=1):
            bench.write(f"post{number}", body)
        bench.queue()
        bench.run()
        bench.clock.advance(minutes=2)
        prove_due(bench.desk, gap=0)
        desk: Desk = bench.desk
        return desk

    return make


def passes(desk: Desk, bench: Any, **later: float) -> int:
    bench.clock.advance(**later)
    return look_outward(desk, gap=0)


def told(desk: Desk) -> list[str]:
    return [each.cause.words for each in standing(desk) if each.cause.name.startswith("link")]


def test_each_link_is_looked_at_once_in_the_next_night_whoever_shows_it(office: Any, bench: Any, web: Web) -> None:
    desk = office(f"见 {GUIDE} 。", f"又见 {GUIDE} 和 https://other.example/ 。", "没有链接。")
    assert look_outward(desk, gap=0) == 0
    assert passes(desk, bench, days=1) == 2
    assert sorted(web.outward()) == [GUIDE, "https://other.example/"]
    assert [passes(desk, bench, days=1) for _ in range(5)] == [0] * 5
    assert passes(desk, bench, days=2) == 2
    found = {each.address: each for each in links_of(desk.store, Veil(), everything=True)}
    assert found[GUIDE].posts == ("post1", "post2")
    assert links_of(desk.store, Veil(), everything=False) == []


def test_a_domain_in_other_hands_is_told_after_two_looks_and_until_a_person_says_so(
    office: Any, bench: Any, web: Web
) -> None:
    desk = office(f"见 {GUIDE} 。")
    passes(desk, bench, days=1)
    web.says[GUIDE] = Opened(address="https://lucky.example/", page=Page(200, SEEN), media_type="text/html")
    passes(desk, bench, days=8)
    assert told(desk) == []
    passes(desk, bench, minutes=11)
    (words,) = told(desk)
    assert "严重" in words
    assert "lucky.example" in words
    with pytest.raises(ContentError):
        carry_out(desk, AcceptLink(number=1), Person(name="安娜", why=""))
    assert carry_out(desk, AcceptLink(number=1), ANNA).what == GUIDE
    assert told(desk) == []
    with pytest.raises(StateError):
        carry_out(desk, AcceptLink(number=1), ANNA)
    web.says[GUIDE] = Opened(address="https://third.example/", page=Page(200, SEEN), media_type="text/html")
    passes(desk, bench, days=2)
    passes(desk, bench, minutes=11)
    assert "third.example" in told(desk)[0]


def test_a_dead_link_is_told_after_three_looks_and_no_more_when_it_is_back(office: Any, bench: Any, web: Web) -> None:
    desk = office(f"见 {GUIDE} 。")
    web.says[GUIDE] = Opened(address=GUIDE, page=Page(404, ""), media_type="text/html")
    passes(desk, bench, days=1)
    passes(desk, bench, hours=1, minutes=1)
    assert told(desk) == []
    passes(desk, bench, hours=1, minutes=1)
    assert "打不开" in told(desk)[0]
    web.says = {}
    passes(desk, bench, days=1)
    assert told(desk) == []


def test_many_dead_links_are_one_alarm(office: Any, bench: Any, web: Web) -> None:
    addresses = [f"https://dead{number}.example/" for number in range(6)]
    desk = office(" ".join(addresses))
    web.says = {each: Opened(address=each, miss=Miss.NAME, words="这个域名解析不到") for each in addresses}
    for _ in range(3):
        passes(desk, bench, days=1)
        passes(desk, bench, hours=2)
    assert len(told(desk)) == 1
    assert "6 个链接" in told(desk)[0]


def test_what_was_taken_down_is_not_looked_after(office: Any, bench: Any, web: Web) -> None:
    desk = office(f"见 {GUIDE} 。")
    bench.scripts["a"].retract.append(Retracted(evidence="gone"))
    retract(desk, 1, ANNA)
    assert passes(desk, bench, days=1) == 0
    assert web.outward() == []
    assert links_of(desk.store, Veil(), everything=True) == []


def test_one_pass_does_bounded_work_and_one_broken_link_stops_no_other(office: Any, bench: Any, web: Web) -> None:
    desk = office(" ".join(f"https://one.example/{number}" for number in range(7)))
    bench.clock.advance(days=1)
    ask = web.__call__

    def broken(channel: str, address: str) -> Opened:
        if address.endswith("/3"):
            web.asked.append(address)
            raise ZeroDivisionError
        return ask(channel, address)

    desk = bench.another(open_page=broken)
    assert [look_outward(desk, gap=0) for _ in range(2)] == [4, 3]
    assert len(set(web.outward())) == 7
    assert look_outward(desk, gap=0, within=-1) == 0


@pytest.mark.parametrize("looking", [Looking(on=False), Looking(nightly=None)])
def test_switched_off_nothing_is_asked(office: Any, bench: Any, web: Web, looking: Looking) -> None:
    desk = office(f"见 {GUIDE} 。", looking=looking)
    assert passes(desk, bench, days=2) == 0
    assert web.outward() == []


def test_a_first_look_waits_for_the_night(office: Any, bench: Any, web: Web) -> None:
    desk = office(f"见 {GUIDE} 。")
    assert passes(desk, bench, minutes=timedelta(minutes=10).total_seconds() / 60) == 0
    assert web.outward() == []
