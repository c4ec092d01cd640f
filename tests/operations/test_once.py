"""One account gets one content once, whatever channel or post brings it: the second delivery is held with a question."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support import decisions as decide
from tests.support.decisions import retracted_by_hand
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.likeness import comparable
from xuanfa.domain.outcome import Accepted, Blame, Rejected, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.publish import begin, turn

ANNA = Person(name="anna", why="就是要再发")
BODY = "今天上午，法庭把审判台搬到田间地头，公开审理了一起土地承包纠纷，附近的村民旁听了庭审。" * 4
TITLE = {"title": "庭审进田间"}


def states(bench: Any) -> list[State]:
    return [delivery.state for delivery in bench.all()]


def sent(bench: Any) -> int:
    return sum(len(script.sent) for script in bench.scripts.values())


def changed(count: int) -> str:
    """The body with so many of its characters changed: of 100 that are compared, one or more."""
    return BODY.replace("土地承包纠纷", "某" * count + "土地承包纠纷"[count:], 1)


def test_of_two_channels_on_one_account_the_first_in_the_column_s_order_is_sent(bench: Any) -> None:
    """Whichever is due first, and whichever is asked for first."""
    for name in ("b", "a"):
        bench.channel(name, account="robot 1")
    bench.write("one", channels="{b: {publish_at: '2026-03-02T09:30:00+08:00'}, a: {}}")
    report = queue(bench.desk)
    assert states(bench) == [State.SCHEDULED, State.HELD]
    question = bench.get(2).reason
    assert "投递 1（渠道 b）" in question
    assert "robot 1" in question
    assert [str(notice) for notice in report.notices] == [
        "posts/one.md：和先排入的稿件或渠道重复，1 条投递已暂缓，是哪一条、怎么办见各投递的原因：xuanfa deliveries --state held"
    ]
    bench.run()
    bench.clock.advance(minutes=31)
    bench.run()
    assert states(bench) == [State.PUBLISHED, State.HELD]
    assert sent(bench) == 1


def test_a_release_is_the_answer(bench: Any) -> None:
    for name in ("a", "b", "c"):
        bench.channel(name, account="robot 1")
    bench.queue("one")
    bench.run()
    decide.release(bench.desk, 3, ANNA)
    bench.run()
    assert states(bench) == [State.PUBLISHED, State.HELD, State.PUBLISHED]
    # The answer was about that one delivery, and stays while only a typing error is mended.
    bench.clock.advance(minutes=1)
    decide.release(bench.desk, 2, ANNA)
    bench.write("one", "正文。 ")
    queue(bench.desk)
    bench.run()
    assert states(bench) == [State.PUBLISHED] * 3


@pytest.mark.parametrize(
    ("matter", "body", "same"),
    [
        ({}, BODY, True),
        ({"department": "宣传科", "summary": "另一个摘要", "author": "王五"}, f"\n{BODY}\n\n。。。", True),
        ({}, changed(3), True),
        ({}, changed(4), False),
        ({}, f"{BODY}另外，下周还有一场。", False),
        ({"title": "庭审进校园"}, BODY, False),
    ],
)
def test_the_same_content_under_another_slug(bench: Any, matter: dict[str, str], body: str, same: bool) -> None:
    bench.channel(account="robot 1")
    bench.write("one", BODY, **TITLE)
    queue(bench.desk)
    bench.run()
    bench.clock.advance(days=800)
    bench.write("two", body, **(TITLE | matter))
    queue(bench.desk)
    bench.run()
    assert bench.get(2).state is (State.HELD if same else State.PUBLISHED)
    assert ("稿件 one" in bench.get(2).reason) is same
    assert ("投递 1（渠道 a）" in bench.get(2).reason) is same


def test_the_compared_body_has_the_length_that_these_tests_count_with() -> None:
    """Two per cent of it are three characters and not four."""
    assert 150 <= len(comparable(BODY)) < 200


def put_first(bench: Any, kind: str) -> Delivery:
    """The first of two contents, come to where ``kind`` says."""
    script = bench.channel(account="robot 1", stages=kind == "retracting", retracts=True)
    bench.write("one", BODY, **TITLE)
    queue(bench.desk)
    ends = {
        "unknown": Unknown(evidence="timeout"),
        "accepted": Accepted(ticket="t"),
        "rejected": Rejected(findings=(), blame=Blame.CONTENT),
        "unsent": Unsent(evidence="refused"),
    }
    match kind:
        case "scheduled":
            decide.reschedule(bench.desk, 1, bench.clock() + timedelta(days=7), ANNA)
        case "held":
            bench.put(State.HELD)
        case "cancelled":
            decide.cancel(bench.desk, 1, ANNA)
        case "publishing":
            bench.claim()
        case "retracted":
            bench.run()
            retracted_by_hand(bench.desk, 1, ANNA)
        case "failed":
            bench.put(State.FAILED)
        case _:
            script.publish[:] = [ends[kind]] if kind in ends else []
            bench.run()
    return bench.get(1)


@pytest.mark.parametrize(
    ("kind", "second"),
    [
        ("published", State.HELD),
        ("unknown", State.HELD),
        ("accepted", State.HELD),
        ("publishing", State.HELD),
        ("unsent", State.HELD),
        ("scheduled", State.HELD),
        ("held", State.PUBLISHED),
        ("cancelled", State.PUBLISHED),
        ("failed", State.PUBLISHED),
        ("rejected", State.PUBLISHED),
        ("retracted", State.PUBLISHED),
    ],
)
def test_what_is_out_or_may_be_or_will_be_counts_as_the_first(bench: Any, kind: str, second: State) -> None:
    """What was withdrawn does not: its correction is to go out."""
    put_first(bench, kind)
    bench.write("two", BODY, **TITLE)
    queue(bench.desk)
    bench.run()
    assert bench.get(2).state is second


@pytest.mark.parametrize("kind", ["held", "cancelled", "failed"])
def test_the_first_is_asked_in_turn_when_a_person_lets_it_go_after_all(bench: Any, kind: str) -> None:
    put_first(bench, kind)
    bench.write("two", BODY, **TITLE)
    queue(bench.desk)
    bench.run()
    (decide.release if kind == "held" else decide.retry)(bench.desk, 1, ANNA)
    bench.run()
    assert bench.get(1).state is State.HELD
    assert "稿件 two" in bench.get(1).reason
    decide.reschedule(bench.desk, 1, bench.clock(), ANNA)  # another time answers nothing
    bench.run()
    assert bench.get(1).state is State.HELD
    decide.release(bench.desk, 1, ANNA)
    bench.run()
    assert bench.get(1).state is State.PUBLISHED


def test_another_account_is_another_matter(bench: Any) -> None:
    bench.channel("a", account="robot 1")
    bench.channel("b", account="robot 2")
    bench.channel("c")
    bench.channel("d")
    bench.queue("one")
    bench.run()
    assert states(bench) == [State.PUBLISHED] * 4


@pytest.mark.parametrize("first", [True, False])
def test_a_rehearsal_says_nothing_of_the_real_account_and_the_reverse(bench: Any, first: bool) -> None:
    bench.channel("a", account="robot 1", rehearsal=first)
    bench.channel("b", account="robot 1", rehearsal=not first)
    bench.queue("one")
    bench.run()
    assert states(bench) == [State.PUBLISHED] * 2


def test_rehearsals_show_what_would_be_held(bench: Any) -> None:
    for name in ("a", "b"):
        bench.channel(name, account="robot 1", rehearsal=True)
    bench.queue("one")
    bench.run()
    assert states(bench) == [State.PUBLISHED, State.HELD]


def test_an_edited_post_on_a_renamed_channel_is_the_same_post(bench: Any) -> None:
    bench.channel("old", account="robot 1")
    bench.queue("one")
    bench.run()
    del bench.channels["old"]
    bench.channel("new", account="robot 1")
    bench.write("one", "完全改写过的正文，一个字也不一样。", title="另一个标题")
    queue(bench.another())
    assert states(bench) == [State.PUBLISHED, State.HELD]
    assert "本稿先由投递 1（渠道 old）发往同一账号 robot 1" in bench.get(2).reason


def test_a_renamed_channel_beside_a_held_delivery_names_that_and_both_accounts(bench: Any) -> None:
    bench.channel("old", account="robot 1")
    bench.write("one", publish_at="2030-01-01 09:00")
    queue(bench.desk)
    bench.put(State.HELD, reason="等一等")
    del bench.channels["old"]
    bench.channel("new", account="robot 1")
    bench.write("one", "改过。", publish_at="2030-01-01 09:00")
    queue(bench.another())
    assert states(bench) == [State.HELD, State.HELD]
    assert "投递 1（渠道 old，账号 robot 1，暂缓）" in bench.get(2).reason
    assert "new（账号 robot 1）若是它的新名字" in bench.get(2).reason


def test_a_name_of_old_is_the_account_too(bench: Any) -> None:
    bench.channel("old", account="site www.example.gov.cn public")
    bench.queue("one")
    bench.run()
    del bench.channels["old"]
    bench.channel("new", account="site zl.example.gov.cn public", formerly=("site www.example.gov.cn public",))
    bench.write("one", "改过。")
    queue(bench.another())
    assert states(bench) == [State.PUBLISHED, State.HELD]


def test_a_channel_that_leads_to_the_account_only_after_planning_is_judged_when_it_is_claimed(bench: Any) -> None:
    bench.channel("a", account="robot 1")
    bench.channel("b", account="robot 2")
    bench.write("one", channels="{a: {}, b: {publish_at: '2026-03-02T10:00:00+08:00'}}")
    queue(bench.desk)
    bench.run()
    bench.channels["b"] = replace(bench.channels["b"], account="robot 1")
    bench.clock.advance(hours=1)
    bench.run()
    assert states(bench) == [State.PUBLISHED, State.HELD]
    assert sent(bench) == 1


def test_a_second_that_has_become_another_post_goes_by_itself(bench: Any) -> None:
    bench.channel(account="robot 1")
    bench.write("one", BODY, **TITLE)
    bench.write("two", BODY, **TITLE)
    queue(bench.desk)
    bench.run()
    assert states(bench) == [State.PUBLISHED, State.HELD]
    bench.write("two", "这一篇讲的是执行工作，与庭审无关。", **TITLE)
    queue(bench.desk)
    bench.run()
    assert states(bench) == [State.PUBLISHED] * 2


def test_what_has_become_the_same_is_held(bench: Any) -> None:
    bench.channel(account="robot 1")
    bench.write("one", BODY, **TITLE)
    bench.write("two", "另一篇。", publish_at="2026-03-02T10:00:00+08:00")
    queue(bench.desk)
    bench.run()
    bench.write("two", BODY, publish_at="2026-03-02T10:00:00+08:00", **TITLE)
    queue(bench.desk)
    assert bench.get(2).state is State.HELD


def test_the_first_of_a_row_is_found_among_many_of_one_title(bench: Any) -> None:
    bench.channel(account="robot 1")
    for number in range(30):
        bench.write(
            f"p{number}", f"第{number}期。" + "".join(chr(0x4E00 + number * 97 + n) for n in range(90)), **TITLE
        )
    queue(bench.desk)
    bench.run()
    assert set(states(bench)) == {State.PUBLISHED}
    bench.write("copy", (bench.folder / "posts" / "p17.md").read_text(encoding="utf-8").split("---\n\n")[1], **TITLE)
    queue(bench.desk)
    assert "稿件 p17" in bench.all()[-1].reason


def unjudged(bench: Any) -> None:
    """As an older program has left them: planned, and nobody has asked yet."""
    with bench.desk.store.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET twin = NULL, account = '', state = 'scheduled', reason = ''"))


def test_what_an_older_program_has_planned_is_judged_in_one_turn(bench: Any) -> None:
    for name in ("a", "b"):
        bench.channel(name, account="robot 1")
    bench.write("one", BODY, **TITLE)
    bench.write("two", BODY, **TITLE)
    queue(bench.desk)
    unjudged(bench)
    bench.run()
    assert states(bench) == [State.PUBLISHED, State.HELD, State.HELD, State.HELD]


def test_of_two_processes_that_claim_at_once_one_sends(bench: Any) -> None:
    """Each claims from a channel of its own, all of which lead to one account; nothing was judged before."""
    for name in ("a", "b", "c", "d"):
        bench.channel(name, account="robot 1")
    for number in range(6):
        bench.write(f"p{number}", BODY, **TITLE)
    queue(bench.desk)
    unjudged(bench)
    desks, barrier, failed = [bench.another() for _ in range(4)], threading.Barrier(4), []

    def claim(desk: Any) -> None:
        try:
            for _ in range(20):
                barrier.wait(60)
                turn(desk, begin(desk), [], 50)
        except Exception as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=claim, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    assert sorted(states(bench)) == sorted([State.PUBLISHING, *[State.HELD] * 23])


def test_of_two_processes_that_read_copies_at_once_one_goes(bench: Any) -> None:
    bench.channel(account="robot 1")
    for number in range(12):
        bench.write(f"p{number}", BODY, **TITLE)
    desks, barrier = [bench.another() for _ in range(3)], threading.Barrier(3)

    def read(desk: Any) -> None:
        barrier.wait(60)
        queue(desk)

    threads = [threading.Thread(target=read, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    bench.run()
    assert sorted(states(bench)) == sorted([State.PUBLISHED, *[State.HELD] * 11])
    assert sent(bench) == 1
