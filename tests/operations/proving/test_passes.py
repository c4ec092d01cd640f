"""What is looked at by itself: soon after it came out and nightly, in bounded work, on either database, by whichever process comes first."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.decisions import retract
from xuanfa.domain.alarm import Alarms, Told
from xuanfa.domain.looking import Looking
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.page import Miss, Opened, Page
from xuanfa.domain.page_proof import PageState
from xuanfa.domain.person import Person
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.passes import OF_HOST, prove_due
from xuanfa.operations.watching.alarms import raise_alarms, standing
from xuanfa.store import proofs

ANNA = Person(name="安娜", why="维护")


class Web:
    """The pages of the world, by the delivery's words; ``says`` is what one shows in place of its text."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: dict[str, Opened] = {}
        self.otherwise = "<title>“{slug}”</title><h1>“{slug}”</h1><p>正文。法官走进校园，为孩子们讲课。</p>"

    def __call__(self, _channel: str, address: str) -> Opened:
        self.asked.append(address)
        if address in self.says:
            return self.says[address]
        text = "".join(f"<h1>“post{number}”</h1>" for number in range(40)) + "<h1>“one”</h1>" + self.otherwise
        return Opened(address=address, page=Page(200, text), media_type="text/html")


@pytest.fixture
def web() -> Web:
    return Web()


def office(bench: Any, web: Web, *slugs: str, **more: Any) -> Desk:
    """Posts that are out, on one channel whose pages show their text."""
    bench.channel("a", public_page="text", retracts=True)
    bench._desk = bench.another(open_page=web, **more)
    for slug in slugs or ("one",):
        bench.write(slug, "正文。法官走进校园，为孩子们讲课。")
    bench.queue()
    bench.run()
    desk: Desk = bench.desk
    return desk


def wrong(opened_as: int = 404) -> Opened:
    return Opened(address="", page=Page(opened_as, "<title>没有</title>"), media_type="text/html")


def state(desk: Desk, number: int = 1) -> PageState | None:
    with desk.store.read() as connection:
        return proofs.get(connection, [number])[number].state


def test_a_page_is_looked_at_two_minutes_after_it_came_out_and_again_each_night(bench: Any, web: Web) -> None:
    desk = office(bench, web)
    assert prove_due(desk, gap=0) == 0
    bench.clock.advance(minutes=2)
    assert prove_due(desk, gap=0) == 1
    assert state(desk) is PageState.SAME
    bench.clock.advance(hours=10)
    assert prove_due(desk, gap=0) == 0
    for _ in range(3):
        bench.clock.advance(hours=24)
        assert prove_due(desk, gap=0) == 1
    with desk.store.read() as connection:
        assert len(proofs.of_delivery(connection, 1)) == 1


def test_switched_off_nothing_is_asked_for(bench: Any, web: Web) -> None:
    desk = office(bench, web, looking=Looking(on=False))
    bench.clock.advance(days=1)
    assert prove_due(desk, gap=0) == 0
    assert web.asked == []


def test_one_pass_does_bounded_work_and_the_next_goes_on(bench: Any, web: Web) -> None:
    desk = office(bench, web, *(f"post{number}" for number in range(OF_HOST + 5)))
    bench.clock.advance(minutes=2)
    assert [prove_due(desk, gap=0) for _ in range(3)] == [OF_HOST, 5, 0]
    assert len(set(web.asked)) == OF_HOST + 5


def test_out_of_time_the_rest_is_left_for_the_next_pass(bench: Any, web: Web) -> None:
    desk = office(bench, web, "post1", "post2", "post3")
    bench.clock.advance(minutes=2)
    assert prove_due(desk, gap=0, within=-1) == 0
    assert prove_due(desk, gap=0) == 3


def test_a_silent_host_costs_one_page_and_is_left_alone_for_a_while(bench: Any, web: Web) -> None:
    desk = office(bench, web, "post1", "post2", "post3")
    with desk.store.read() as connection:
        addresses = [it.address for it in proofs.all_out(connection)]
    web.says = {address: Opened(address=address, miss=Miss.SILENT, words="等了很久") for address in addresses}
    bench.clock.advance(minutes=2)
    assert prove_due(desk, gap=0) == 1
    assert prove_due(desk, gap=0) == 0
    assert len(web.asked) == 1
    bench.clock.advance(minutes=15)
    web.says = {}
    assert prove_due(desk, gap=0) == 3


def test_two_processes_do_not_look_at_the_same_pages(bench: Any, web: Web) -> None:
    desk = office(bench, web, "post1", "post2", "post3")
    other = bench.another(open_page=web)
    bench.clock.advance(minutes=2)
    prove_due(desk, gap=0, within=-1)  # makes the appointments
    now = bench.clock()
    with desk.store.write() as connection:
        mine = proofs.take_due(connection, now, now + timedelta(minutes=10), of_host=2, most=2)
    with other.store.write() as connection:
        theirs = proofs.take_due(connection, now, now + timedelta(minutes=10), of_host=9, most=9)
    assert len(mine) == 2
    assert [it.id for it in theirs] == [3]
    bench.clock.advance(minutes=11)  # the first one was killed
    assert prove_due(other, gap=0) == 3


def test_what_fails_for_one_page_stops_no_other(bench: Any, web: Web) -> None:
    def broken(channel: str, address: str) -> Opened:
        if web.asked:
            return web(channel, address)
        web.asked.append(address)
        raise RuntimeError("broken")

    desk = office(bench, web, "post1", "post2")
    bench.clock.advance(minutes=2)
    assert prove_due(replace(desk, open_page=broken), gap=0) == 2
    assert sorted(map(str, (state(desk, 1), state(desk, 2)))) == ["None", "same"]
    bench.clock.advance(minutes=10)
    assert prove_due(desk, gap=0) == 1


class Box:
    def __init__(self) -> None:
        self.taken: list[str] = []

    def targets(self) -> tuple[Told, ...]:
        return (Told(target="box"),)

    def tell(self, title: str, body: str) -> tuple[Told, ...]:
        self.taken.append(body)
        return self.targets()


def test_a_page_that_is_gone_is_told_once_after_a_second_look_and_again_when_it_comes_back(
    bench: Any, web: Web
) -> None:
    box = Box()
    desk = office(bench, web, alarms=Alarms(teller=box, quiet=timedelta(0)))
    bench.clock.advance(minutes=2)
    address = bench.get().id and _address(desk)
    web.says[address] = wrong()
    prove_due(desk, gap=0)
    raise_alarms(desk)
    assert box.taken == []
    for _ in range(5):
        bench.clock.advance(hours=1)
        assert prove_due(desk, gap=0) == 1
        raise_alarms(desk)
    (told,) = box.taken
    assert "公开页已不在：网站回答 404" in told
    assert "xuanfa proof show 1" in told
    web.says = {}
    bench.clock.advance(hours=1)
    prove_due(desk, gap=0)
    raise_alarms(desk)
    assert "proof:1:gone" not in [each.cause.name for each in standing(desk)]
    web.says[address] = wrong()
    for _ in range(2):
        bench.clock.advance(days=1)
        prove_due(desk, gap=0)
        raise_alarms(desk)
    assert len(box.taken) == 2


def test_a_server_that_is_down_is_one_thing_to_tell(bench: Any, web: Web) -> None:
    desk = office(bench, web, *(f"post{number}" for number in range(6)))
    bench.clock.advance(minutes=2)
    prove_due(desk, gap=0)
    with desk.store.read() as connection:
        web.says = {it.address: wrong() for it in proofs.all_out(connection)}
    for _ in range(2):
        bench.clock.advance(days=1)
        prove_due(desk, gap=0)
    (cause,) = [each.cause for each in standing(desk) if each.cause.name.startswith("proof:")]
    assert cause.name == "proof:www.example.gov.cn:gone"
    assert "有 6 个公开页已不在" in cause.words


def test_what_was_withdrawn_is_not_looked_at_and_not_told_any_more(bench: Any, web: Web) -> None:
    desk = office(bench, web)
    web.says[_address(desk)] = wrong()
    for _ in range(3):
        bench.clock.advance(hours=1)
        prove_due(desk, gap=0)
    assert "proof:1:gone" in [each.cause.name for each in standing(desk)]
    bench.scripts["a"].retract.append(Retracted(evidence="deleted"))
    retract(desk, 1, ANNA)
    bench.clock.advance(days=2)
    asked = len(web.asked)
    assert prove_due(desk, gap=0) == 0
    assert len(web.asked) == asked
    assert "proof:1:gone" not in [each.cause.name for each in standing(desk)]


def test_a_kind_whose_pages_show_nothing_is_not_asked_for(bench: Any, web: Web) -> None:
    bench.channel("a", public_page="script")
    bench._desk = bench.another(open_page=web)
    bench.queue("one")
    bench.run()
    bench.clock.advance(minutes=2)
    prove_due(bench.desk, gap=0)
    assert web.asked == []
    assert state(bench.desk) is PageState.UNSEEN


def _address(desk: Desk) -> str:
    with desk.store.read() as connection:
        return proofs.get(connection, [1])[1].address
