"""Alarms about recurring posts: a source that cannot go on, and an occurrence that nobody has approved in time."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.reviewed_office import POLICY, approve_all, staff, submit
from xuanfa.operations.watching.alarms import standing

BODY = "本周开庭安排见法院公告栏，旁听的群众请带身份证，提前十分钟到场。" * 4


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("a")
    return bench


def source(office: Any, **head: str) -> Path:
    office.clock.advance(minutes=1)
    known = {"title": "每周开庭公告", "publish_at": "2026-03-09 09:30", "repeat": "weekly"}
    path: Path = office.write("weekly", BODY, **(known | head))
    return path


def alarms(office: Any) -> dict[str, str]:
    found = [each.cause for each in standing(office.desk)]
    return {each.name: str(each.words) for each in found if each.name.startswith("recurring:")}


def test_a_source_that_is_gone_or_broken_is_told_until_it_is_back(office: Any) -> None:
    path = source(office)
    office.queue()
    assert alarms(office) == {}
    text = path.read_text(encoding="utf-8")
    path.unlink()
    office.queue()
    assert list(alarms(office)) == ["recurring:weekly:gone"]
    assert "重复稿件《每周开庭公告》（posts/weekly.md）：底稿不见了" in alarms(office)["recurring:weekly:gone"]
    path.write_text(text.replace("weekly", "fortnightly"), encoding="utf-8")
    office.queue()
    assert list(alarms(office)) == ["recurring:weekly:broken"]
    path.write_text(text, encoding="utf-8")
    office.queue()
    assert alarms(office) == {}


def test_an_occurrence_that_nobody_approves_is_told_a_day_before(bench: Any) -> None:
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    source(bench, publish_at="2026-03-05 09:30")
    bench.queue()
    assert alarms(bench) == {}
    bench.clock.advance(days=2, hours=2)
    told = alarms(bench)
    assert list(told) == ["recurring:weekly:review:weekly-20260305"]
    assert (
        "2026-03-05 09:30 +08:00 要发的一期（weekly-20260305）还没审完"
        in told["recurring:weekly:review:weekly-20260305"]
    )
    submit(bench.desk, "weekly-20260305")
    approve_all(bench.desk, "weekly-20260305")
    assert alarms(bench) == {}


def test_an_occurrence_that_could_not_be_written_is_told_a_day_before(office: Any) -> None:
    foreign = office.folder / "posts" / "weekly-20260309.md"
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_text("别人的文件", encoding="utf-8")
    source(office)
    assert "weekly-20260309" in str(office.queue().problems)
    assert alarms(office) == {}
    office.clock.advance(days=6, hours=6)
    office.queue()
    assert list(alarms(office)) == ["recurring:weekly:unmade:20260309"]
    foreign.unlink()
    office.queue()
    assert alarms(office) == {}


def test_an_end_that_its_author_has_set_is_no_alarm(office: Any) -> None:
    source(office, repeat_until="2026-03-09")
    office.queue()
    office.clock.advance(days=7)
    office.queue()
    office.run()
    office.clock.advance(days=1)
    office.queue()
    assert alarms(office) == {}
