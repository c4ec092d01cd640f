"""The review of an occurrence is its own: who stands in for somebody, and what becomes of it where its source changes; and its channels' times."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.reviewed_office import POLICY, approve, approve_all, delegate, staff, stands, submit
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.store import posts

BODY = "本周开庭安排见法院公告栏，旁听的群众请带身份证，提前十分钟到场。" * 4
FIRST, SECOND = "weekly-20260303", "weekly-20260310"


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


def source(office: Any, body: str = BODY, **head: str) -> None:
    office.clock.advance(minutes=1)
    office.write(
        "weekly", body, **({"title": "每周开庭公告", "publish_at": "2026-03-03 09:30", "repeat": "weekly"} | head)
    )
    office.queue()


def states(office: Any) -> dict[str, list[State]]:
    found: dict[str, list[State]] = {}
    with office.desk.store.read() as connection:
        for each in office.all():
            found.setdefault(posts.name_of(connection, each.post_id)[0], []).append(each.state)
    return found


def test_a_stand_in_decides_about_one_occurrence_and_no_other(office: Any) -> None:
    source(office)
    now = office.clock()
    for slug in (FIRST, SECOND):
        submit(office.desk, slug)
    approve(office.desk, "ed", FIRST)
    approve(office.desk, "proof", FIRST)
    with pytest.raises(StateError):
        approve(office.desk, "deputy", FIRST, principal="boss")
    delegate(office.desk, "boss", "deputy", now, now + timedelta(hours=3))
    done = approve(office.desk, "deputy", FIRST, principal="boss")
    assert (done.decision.by, done.decision.principal) == ("deputy", "boss")
    assert states(office)[FIRST] == [State.SCHEDULED]
    assert states(office)[SECOND] == [State.AWAITING_REVIEW]
    open_ = stands(office.desk, SECOND).open_step
    assert open_ is not None
    assert open_.number == 1
    # The delegation is over before the second one comes to that step: nobody stands in for him there.
    office.clock.advance(hours=4)
    approve(office.desk, "ed", SECOND)
    approve(office.desk, "proof", SECOND)
    with pytest.raises(StateError):
        approve(office.desk, "deputy", SECOND, principal="boss")
    approve(office.desk, "boss", SECOND)
    assert states(office)[SECOND] == [State.SCHEDULED]


def test_another_text_of_the_source_asks_about_every_occurrence_that_has_not_left(office: Any) -> None:
    source(office)
    for slug in (FIRST, SECOND):
        submit(office.desk, slug)
        approve_all(office.desk, slug)
    office.clock.advance(days=1, minutes=35)
    office.run()
    assert states(office)[FIRST] == [State.PUBLISHED]
    source(office, BODY + "另：请勿携带易燃物品。")
    assert (states(office)[FIRST], states(office)[SECOND]) == ([State.PUBLISHED], [State.AWAITING_REVIEW])


@pytest.mark.parametrize(
    "channels",
    [
        "{a: {publish_at: 2026-03-03 10:00}}",
        '{a: {publish_at: "2026-03-03 10:00", title: 公告, summary: "逗号，引号“”：都在"}}',
        "{\n    a: {publish_at: 2026-03-03 10:00}\n  }",
        "\n  a: {title: 公告, publish_at: 2026-03-03 10:00}",
    ],
)
def test_the_time_of_a_channel_in_braces_moves_along(bench: Any, channels: str) -> None:
    bench.channel("a")
    source(bench, channels=channels)
    report = bench.queue()
    assert report.problems == []
    times = [f"{each.due_at.astimezone(bench.desk.zone):%m-%d %H:%M}" for each in bench.all()]
    assert times == ["03-03 10:00", "03-10 10:00"]
    second = (bench.folder / "posts" / f"{SECOND}.md").read_text(encoding="utf-8")
    assert ("公告" in second.partition("channels:")[2].partition("---")[0]) is ("title" in channels)
