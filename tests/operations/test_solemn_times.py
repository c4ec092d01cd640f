"""Solemn periods told when a time is chosen and not first when it comes; and grey websites."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support import decisions as decide
from tests.support.reviewed_office import POLICY, approve, by, has_review, staff, stands, submit
from xuanfa.domain.act import ReleaseFromShelf
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.person import Person
from xuanfa.domain.solemn import EndSolemn, SetSolemn, Solemn
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.deciding.moving import move_post
from xuanfa.operations.sending.greying import grey_sites
from xuanfa.operations.solemnity import remarks_of
from xuanfa.operations.watching.alarms import standing

ZHOU = Person(name="zhou")
DAY = timedelta(days=1)


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    return bench


def solemn(office: Any, after: float = 2, days: float = 1) -> Solemn:
    begins = office.clock() + after * DAY
    return carry_out(office.desk, SetSolemn(begins=begins, ends=begins + days * DAY, reason="国家公祭日"), ZHOU)


def later(office: Any, hours: float) -> Any:
    return office.clock() + timedelta(hours=hours)


def test_nothing_is_moved_into_one_that_would_keep_it_back(office: Any) -> None:
    office.channel("b")
    office.write("one", publish_at="2026-03-03 10:00", channels="{a: {}, b: {publish_at: 2026-03-03 22:00}}")
    office.queue()
    solemn(office)
    before = office.all()
    with pytest.raises(StateError, match=r"2026-03-04 10:00 .*在肃穆期里（2026-03-04 09:00 至 .*国家公祭日，zhou设定"):
        decide.reschedule(office.desk, 1, later(office, 49), ZHOU)
    # The other channel would come into it by moving along, and nothing moves by halves.
    with pytest.raises(StateError, match="solemn_ok: true"):
        move_post(office.desk, 1, later(office, 37), ZHOU)
    assert office.all() == before
    decide.reschedule(office.desk, 1, later(office, 80), ZHOU)
    assert office.get(1).due_at == later(office, 80)


def test_what_is_declared_fit_may_be_moved_there(office: Any) -> None:
    office.write("one", publish_at="2026-03-03 10:00", solemn_ok="true")
    office.queue()
    solemn(office)
    decide.reschedule(office.desk, 1, later(office, 49), ZHOU)
    assert office.get(1).due_at == later(office, 49)


def test_what_a_person_has_let_go_in_the_period_may_be_moved_within_it(office: Any) -> None:
    office.queue("one")
    solemn(office, after=0)
    office.run()
    with pytest.raises(StateError, match="在肃穆期里"):
        decide.reschedule(office.desk, 1, later(office, 2), ZHOU)
    decide.release(office.desk, 1, ZHOU)
    decide.reschedule(office.desk, 1, later(office, 2), ZHOU)
    office.clock.advance(hours=3)
    office.run()
    assert office.get(1).state is State.PUBLISHED


def test_the_shelf_gives_nothing_out_into_one(office: Any) -> None:
    office.write("one", shelf="true", publish_at="")
    office.queue()
    solemn(office, after=0)
    with pytest.raises(StateError, match="在肃穆期里"):
        carry_out(office.desk, ReleaseFromShelf(post="one"), ZHOU)
    assert office.get(1).state is State.SHELVED


def test_who_submits_and_who_approves_is_told_at_once(bench: Any) -> None:
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    bench.write("one", publish_at="2026-03-04 10:00")
    bench.queue()
    solemn(bench)
    assert has_review(bench.desk, "one") is False
    told = [submit(bench.desk).remarks, *(approve(bench.desk, name).remarks for name in ("ed", "proof", "boss"))]
    assert stands(bench.desk, "one").open_step is None
    for remarks in told:
        assert [str(each).startswith("发布时间落在肃穆期（2026-03-04 09:00 至 ") for each in remarks] == [True]
    assert len(remarks_of(bench.desk, "one")) == 1
    assert remarks_of(bench.desk, "nothing") == []
    assert by("boss").name == "boss"


class Site:
    """An adapter whose pages can be grey."""

    def __init__(self) -> None:
        self.said: list[bool] = []
        self.trouble = ""

    def turn_grey(self, *, on: bool) -> str:
        self.said.append(on)
        return self.trouble


def test_websites_are_grey_from_its_beginning_to_its_end(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site()
    monkeypatch.setattr(office, "bound", lambda _channel: site)
    grey_sites(office.desk)
    assert site.said == []
    solemn(office, after=1)
    grey_sites(office.desk)
    assert site.said == [False]
    office.clock.advance(days=1, minutes=1)
    grey_sites(office.desk)
    grey_sites(office.desk)
    assert site.said == [False, True]
    office.clock.advance(days=1)
    grey_sites(office.desk)
    grey_sites(office.desk)
    assert site.said == [False, True, False]


def test_what_could_not_be_turned_stands_in_an_alarm_and_is_tried_again(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site()
    site.trouble = "文件夹写不进去"
    monkeypatch.setattr(office, "bound", lambda _channel: site)
    period = solemn(office, after=0)
    grey_sites(office.desk)
    grey_sites(office.desk)
    assert site.said == [True]
    (told,) = (each.cause for each in standing(office.desk) if each.cause.name.startswith("grey:"))
    assert "没有办成，会再试：文件夹写不进去" in told.words
    site.trouble = ""
    office.clock.advance(minutes=6)
    grey_sites(office.desk)
    assert site.said == [True, True]
    assert [each for each in standing(office.desk) if each.cause.name.startswith("grey:")] == []
    carry_out(office.desk, EndSolemn(number=period.id), ZHOU)
    grey_sites(office.desk)
    assert site.said[-1] is False
