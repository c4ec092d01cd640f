"""Recurring posts and solemn periods after a restore: each turn is made once all the same, and a period that was set goes on."""

from datetime import timedelta
from typing import Any

from tests.operations.restoring.conftest import Offices
from tests.support.decisions import ANNA, all_posts_are_here, release, resume
from xuanfa.domain.access import Veil
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.solemn import SetSolemn
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.verify import verify
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.recurring import source_lines
from xuanfa.reports.solemn import every_period

BODY = "本周开庭安排见法院公告栏，旁听的群众请带身份证，提前十分钟到场。"


def stands(desk: Any) -> dict[str, State]:
    return {row.post: row.state for row in list_deliveries(desk.store)}


def test_each_turn_is_made_once_and_a_solemn_period_goes_on(offices: Offices) -> None:
    old, clock = offices.old, offices.clock
    day = clock().astimezone(offices.old_desk.zone)
    first, second = day + timedelta(days=1), day + timedelta(days=8)
    old.post("weekly", BODY, title="每周开庭公告", publish_at=f"{first:%Y-%m-%d} 09:30", repeat="weekly")
    one_pass(offices.old_desk)
    slugs = [f"weekly-{each:%Y%m%d}" for each in (first, second)]
    assert set(slugs) <= stands(offices.old_desk).keys()
    period = carry_out(
        offices.old_desk,
        SetSolemn(begins=second - timedelta(days=1), ends=second + timedelta(days=1), reason="国家公祭日"),
        ANNA,
    )
    offices.backup()
    clock.advance(days=1, minutes=40)
    one_pass(offices.old_desk)
    assert stands(offices.old_desk)[slugs[0]] is State.PUBLISHED

    desk = offices.restore()
    known = every_period(desk.store)
    assert [(each.id, each.begins, each.ends, each.reason) for each in known] == [
        (period.id, period.begins, period.ends, "国家公祭日")
    ]
    assert not any(report.problems for report in [one_pass(desk).queued] if report is not None)
    made = sorted((desk.folder / "posts").rglob("weekly-*.md"))
    assert len(made) == len({path.name for path in made})
    (line,) = source_lines(desk.store, desk.zone, Veil())
    assert (line.slug, line.standing) == ("weekly", "live")
    # What was due since the backup may be out, and a person is asked: it is neither made nor sent a second time.
    assert stands(desk)[slugs[0]] is State.UNKNOWN
    all_posts_are_here(desk, ANNA)
    resume(desk, EVERYTHING, ANNA)
    for row in list_deliveries(desk.store, post=slugs[1]):
        if row.state is State.HELD:
            release(desk, row.id, ANNA)
    clock.advance(days=7)
    one_pass(desk)
    (due,) = list_deliveries(desk.store, post=slugs[1])
    assert due.state is State.HELD
    assert "肃穆期" in str(due.reason)
    assert [each for each in verify(desk) if each.trouble] == []
