"""A post on the shelf that is past its review date is an alarm, told once, until its department has said something."""

from typing import Any

from tests.operations.test_shelf import day, lay, office
from tests.support.decisions import cancel
from xuanfa.domain.person import Person
from xuanfa.operations.watching.alarms import standing

__all__ = ["office"]


def alarms(bench: Any) -> dict[str, str]:
    causes = [each.cause for each in standing(bench.desk)]
    return {cause.name: str(cause.words) for cause in causes if cause.name.startswith("shelf:")}


def test_the_day_itself_still_counts_and_the_next_one_is_told(office: Any) -> None:
    on = day(office, 3)
    lay(office, review_on=on, department="立案庭")
    office.clock.advance(days=3)
    assert alarms(office) == {}
    office.clock.advance(days=1)
    (name, words), *_ = alarms(office).items()
    assert name == f"shelf:one:{on}"
    assert f"保底稿《“one”》过了复核日期 {on}，不能放行：请立案庭确认" in words


def test_a_later_day_and_a_cancelled_post_are_no_alarm(office: Any) -> None:
    lay(office, review_on=day(office, 1))
    lay(office, slug="two", body="另一篇的正文。", review_on=day(office, 1))
    office.clock.advance(days=3)
    assert len(alarms(office)) == 2
    lay(office, review_on=day(office, 30))
    cancel(office.desk, 2, Person(name="zhou", why="失效"))
    assert alarms(office) == {}
