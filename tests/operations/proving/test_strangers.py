"""Posts on the office's accounts that this program did not send: found at night, told once each, explained with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from xuanfa.domain.act import ResolvePublished
from xuanfa.domain.act_public import AcceptStranger
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.looking import Looking
from xuanfa.domain.outcome import Blame, Rejected, Unknown, Unsent
from xuanfa.domain.past import PastItem, PastPage
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.strangers import look_for_strangers
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.reports.proofs import strangers_of

ANNA = Person(name="安娜", why="办公室发的活动通知")
NOT_ALLOWED = Rejected(findings=(Finding(code="x.list", message="没有权限"),), blame=Blame.CHANNEL)


class Accounts:
    """What accounts show, by channel; ``says`` answers in place of a list."""

    def __init__(self, bound: Callable[[str], Any]) -> None:
        self._bound = bound
        self.asked: list[str] = []
        self.shows: dict[str, list[PastItem]] = {}
        self.says: dict[str, Any] = {}

    def bound(self, channel: str) -> Any:
        adapter = self._bound(channel)
        adapter.lists_out = True

        def past(number: int) -> Any:
            self.asked.append(channel)
            if channel in self.says:
                return self.says[channel]
            items = sorted(self.shows.get(channel, []), key=lambda item: str(item.at), reverse=True)
            return PastPage(items=tuple(items[number * 3 : number * 3 + 3]), is_last=len(items) <= number * 3 + 3)

        adapter.past = past
        return adapter


@pytest.fixture
def office(bench: Any) -> Callable[..., tuple[Desk, Accounts]]:
    def make(*slugs: str, channels: Sequence[str] = ("a",), **known: Any) -> tuple[Desk, Accounts]:
        for name in channels:
            bench.channel(name, lists_out=True, **{"account": f"account {name}", **known})
        accounts = Accounts(bench.bound)
        bench._desk = bench.another(adapters=accounts)
        for slug in slugs:
            bench.write(slug, "正文。法官走进校园，为孩子们讲课。")
        bench.queue()
        bench.run()
        return bench.desk, accounts

    return make


def item(at: datetime, title: str = "今日抽奖", **more: Any) -> PastItem:
    return PastItem(title=title, address=f"https://x.example/{title}", at=at, remote_id=title, **more)


def night(bench: Any, desk: Desk) -> int:
    """The next night; how many strangers are new."""
    bench.clock.advance(days=1)
    return look_for_strangers(desk, gap=0)


def told(desk: Desk) -> list[str]:
    return [
        each.cause.name for each in standing(desk) if "stranger" in each.cause.name or "unlisted" in each.cause.name
    ]


def test_the_first_look_finds_the_past_and_each_later_one_what_is_new(office: Any, bench: Any) -> None:
    desk, accounts = office()
    accounts.shows["a"] = [item(bench.clock() - timedelta(days=400), "十年前的")]
    assert look_for_strangers(desk, gap=0) == 0
    assert look_for_strangers(desk, gap=0) == 0
    assert accounts.asked == ["a"]
    accounts.shows["a"].append(item(bench.clock() + timedelta(hours=3), author="某人"))
    assert night(bench, desk) == 1
    assert [night(bench, desk) for _ in range(2)] == [0, 0]
    (stranger,) = strangers_of(desk.store, settled=False)
    assert (stranger.title, stranger.address, stranger.author) == ("今日抽奖", "https://x.example/今日抽奖", "某人")
    (cause,) = [each.cause for each in standing(desk) if each.cause.name == "stranger:1"]
    assert "《今日抽奖》" in cause.words
    assert told(desk) == ["stranger:1"]


def test_a_person_explains_it_with_a_reason_and_once(office: Any, bench: Any) -> None:
    desk, accounts = office()
    look_for_strangers(desk, gap=0)
    accounts.shows["a"] = [item(bench.clock())]
    night(bench, desk)
    with pytest.raises(ContentError, match="写明"):
        carry_out(desk, AcceptStranger(number=1), replace(ANNA, why=" "))
    with pytest.raises(StateError, match="没有编号为 2"):
        carry_out(desk, AcceptStranger(number=2), ANNA)
    settled = carry_out(desk, AcceptStranger(number=1), ANNA)
    assert (settled.number, settled.what, settled.why) == (1, "今日抽奖", "办公室发的活动通知")
    with pytest.raises(StateError):
        carry_out(desk, AcceptStranger(number=1), ANNA)
    assert told(desk) == []
    assert night(bench, desk) == 0
    assert strangers_of(desk.store, settled=False) == []
    assert [(each.id, each.settled_by) for each in strangers_of(desk.store, settled=True)] == [(1, "安娜")]


def test_what_this_program_sent_is_no_stranger(office: Any, bench: Any) -> None:
    desk, accounts = office("one", "two")
    look_for_strangers(desk, gap=0)
    one, two = (bench.get(number).key for number in (1, 2))
    at = bench.clock() + timedelta(minutes=1)
    accounts.shows["a"] = [
        PastItem(title="改过的标题", address="", at=at, remote_id=one),
        PastItem(title="另一个", address=f"http://www.example.gov.cn/{two}/", at=at),
    ]
    assert night(bench, desk) == 0


def test_what_is_in_doubt_is_told_by_its_words_and_a_second_copy_is_a_stranger(office: Any, bench: Any) -> None:
    desk, accounts = office(confirms=True)
    look_for_strangers(desk, gap=0)
    bench.scripts["a"].publish.append(Unknown(evidence="没有回答"))
    bench.write("one", "正文。法官走进校园，为孩子们讲课。")
    bench.queue()
    bench.run()
    at = bench.clock()
    accounts.shows["a"] = [item(at, "“one”")]
    assert night(bench, desk) == 0
    accounts.shows["a"].append(replace(item(at, "“one”"), address="https://x.example/2", remote_id="2"))
    assert night(bench, desk) == 1


def test_what_turns_out_to_be_ours_needs_nobodys_word(office: Any, bench: Any) -> None:
    desk, accounts = office(confirms=True)
    look_for_strangers(desk, gap=0)
    bench.scripts["a"].publish.append(Unknown(evidence="没有回答"))
    bench.write("one", "正文。法官走进校园，为孩子们讲课。")
    bench.queue()
    bench.run()
    accounts.shows["a"] = [item(bench.clock(), "平台改过的标题")]
    assert night(bench, desk) == 1
    carry_out(desk, ResolvePublished(delivery=1, address="https://x.example/平台改过的标题"), ANNA)
    assert night(bench, desk) == 0
    assert told(desk) == []
    (settled,) = strangers_of(desk.store, settled=True)
    assert "后来登记" in settled.why


def test_an_account_of_two_channels_is_looked_at_once(office: Any, bench: Any) -> None:
    desk, accounts = office(channels=("a", "b"), account="the same")
    look_for_strangers(desk, gap=0)
    assert accounts.asked == ["a"]


def test_more_pages_are_read_as_far_as_the_first_look(office: Any, bench: Any) -> None:
    desk, accounts = office()
    look_for_strangers(desk, gap=0)
    accounts.shows["a"] = [item(bench.clock() + timedelta(minutes=n), f"第{n}条") for n in range(1, 8)]
    assert night(bench, desk) == 7
    assert told(desk) == ["strangers:a"]


def test_an_account_that_cannot_be_read_stops_no_other_and_is_told_after_days(office: Any, bench: Any) -> None:
    desk, accounts = office(channels=("a", "b"))
    look_for_strangers(desk, gap=0)
    accounts.says["a"] = Unsent(evidence="连接不上")
    accounts.shows["b"] = [item(bench.clock())]
    assert night(bench, desk) == 1
    asked = len(accounts.asked)
    look_for_strangers(desk, gap=0)
    assert len(accounts.asked) == asked
    assert "unlisted:a" not in told(desk)
    bench.clock.advance(hours=2)
    look_for_strangers(desk, gap=0)
    assert len(accounts.asked) == asked + 1
    night(bench, desk)
    night(bench, desk)
    assert "unlisted:a" in told(desk)
    assert [each.what for each in examine(desk) if "连接不上" in each.trouble] == ["渠道 a 账号上的稿件"]
    del accounts.says["a"]
    night(bench, desk)
    assert "unlisted:a" not in told(desk)


def test_an_account_that_may_not_be_read_is_a_line_of_doctor_and_no_alarm(office: Any, bench: Any) -> None:
    desk, accounts = office()
    accounts.says["a"] = NOT_ALLOWED
    for _ in range(4):
        night(bench, desk)
    assert told(desk) == []
    assert [each.what for each in examine(desk) if "没有权限" in each.trouble] == ["渠道 a 账号上的稿件"]


@pytest.mark.parametrize("looking", [Looking(on=False), Looking(nightly=None)])
def test_switched_off_nothing_is_asked(office: Any, bench: Any, looking: Looking) -> None:
    desk, accounts = office()
    assert look_for_strangers(replace(desk, looking=looking), gap=0) == 0
    assert accounts.asked == []


def test_an_adapter_that_breaks_is_trouble_of_its_account(office: Any, bench: Any) -> None:
    desk, accounts = office(channels=("a", "b"))
    look_for_strangers(desk, gap=0)
    bound = accounts.bound

    def broken(channel: str) -> Any:
        if channel == "a":
            raise ZeroDivisionError
        return bound(channel)

    accounts.bound = broken  # type: ignore[method-assign]
    accounts.shows["b"] = [item(bench.clock())]
    assert night(bench, desk) == 1
