"""``doctor`` is content only where nothing waits for a person; and what is tried anew keeps its time."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, WritePost, number
from tests.support.reviewed_cli import Office


def waiting(xuanfa: Run) -> list[str]:
    """What doctor says of it, to people as to programs; and with any of it, it is not content."""
    ran = xuanfa("doctor")
    found = [line for line in ran.out.splitlines() if line.startswith("! 等人处理：")]
    assert not (found and "一切就绪" in ran.out)
    told = [row for row in xuanfa("doctor", "--json").json if row["what"] == "等人处理"]
    assert [(row["ok"], row["fatal"]) for row in told] == [(False, False)] * len(found)
    return found


def test_a_held_delivery_is_named(xuanfa: Run, write_post: WritePost) -> None:
    assert waiting(xuanfa) == []
    write_post("late", at="2020-01-01 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    (line,) = waiting(xuanfa)
    assert "投递 1 暂缓：《法治进校园（late）》（门户）" in line
    assert "xuanfa show 1" in line
    assert xuanfa("doctor").out.splitlines()[-1] == "设置和渠道可用；有 1 件事等人处理，见上面标 ! 的行。"
    xuanfa("cancel", 1)
    assert waiting(xuanfa) == []
    assert xuanfa("doctor").out.splitlines()[-1] == "一切就绪。"


@pytest.mark.parametrize(("answer", "state"), [(0, "待核实"), (422, "被退回")])
def test_what_a_channel_left_behind_is_named(
    xuanfa: Run, write_post: WritePost, sink: Any, answer: int, state: str
) -> None:
    sink.answers.append(answer)
    write_post("one", more="channels: [cms]\n")
    xuanfa("publish")
    (line,) = waiting(xuanfa)
    assert f"投递 1 {state}" in line


def test_a_pack_that_waits_for_a_hand_is_named(xuanfa: Run, write_post: WritePost, workspace: Path) -> None:
    settings = workspace / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8").replace('["drill"]', '["paper"]')
    settings.write_text(text + '\n[channels.paper]\nadapter = "manual"\ntitle = "内网"\n', encoding="utf-8")
    write_post("one", column="quiet")
    xuanfa("publish")
    (line,) = waiting(xuanfa)
    assert "1 条投递已交接" in line
    assert "xuanfa deliveries --state accepted" in line


def test_many_are_counted(xuanfa: Run, write_post: WritePost) -> None:
    for at in range(22):
        write_post(
            f"late{at}",
            at="2020-01-01 09:00",
            more="channels: [cms]\n",
            title=f"第{'甲乙丙丁戊己庚辛壬癸子'[at % 11]}篇旧稿{at}",
        )
    xuanfa("queue")
    found = waiting(xuanfa)
    assert len(found) == 21
    assert "另有 2 件：xuanfa alarms" in found[-1]


def test_posts_that_await_their_review_are_named(
    xuanfa: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, write_post: WritePost
) -> None:
    office = Office(xuanfa, workspace, monkeypatch)
    office.settle_in()
    write_post("a", at="2036-12-05 09:00", more="author: 王芳\n")
    xuanfa("queue")
    assert "! 等人处理：1 篇稿件待审核：xuanfa review list" in xuanfa("doctor").out
    assert "一切就绪" not in xuanfa("doctor").out


def due(xuanfa: Run, number: int) -> tuple[str, str]:
    (row,) = [row for row in xuanfa("deliveries", "--json").json if row["id"] == number]
    return row["state"], row["due_at"]


def test_a_retried_one_keeps_the_time_to_come(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    write_post("one", at="2099-01-05 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    xuanfa("cancel", 1)
    said = xuanfa("retry", 1)
    assert "2099-01-05 09:00 +08:00 发" in said.out
    assert due(xuanfa, 1) == ("scheduled", "2099-01-05T01:00:00+00:00")
    xuanfa("publish")
    assert sink.received == []


def test_a_retried_one_takes_the_time_that_its_file_has_by_now(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    write_post("one", at="2099-01-05 09:00", more="channels: [cms]\n")
    xuanfa("queue")
    xuanfa("cancel", 1)
    write_post("one", at="2098-03-04 10:30", more="channels: [cms]\n")
    xuanfa("queue")
    assert "2098-03-04 10:30 +08:00 发" in xuanfa("retry", 1).out
    assert xuanfa("publish").code == 0
    assert sink.received == []


def test_a_slot_of_the_timetable_is_kept_too(xuanfa: Run, write_post: WritePost, sink: Any) -> None:
    path = write_post("one", more="channels: [cms]\n")
    path.write_text(path.read_text(encoding="utf-8").replace("publish_at: now\n", ""), encoding="utf-8")
    xuanfa("queue")
    before = due(xuanfa, 1)
    assert datetime.fromisoformat(before[1]).timestamp() > datetime.now().astimezone().timestamp()
    xuanfa("cancel", 1)
    xuanfa("retry", 1)
    assert due(xuanfa, 1) == before
    xuanfa("publish")
    assert sink.received == []


def test_what_was_rehearsed_goes_out_for_real_at_the_time_that_its_file_names(
    xuanfa: Run, write_post: WritePost, workspace: Path, sink: Any
) -> None:
    settings = workspace / "xuanfa.toml"
    real = settings.read_text(encoding="utf-8")
    drilled = real.replace('title = "门户"', 'title = "门户"\nrehearsal = true')
    settings.write_text(drilled, encoding="utf-8")
    write_post("one", more="channels: [cms]\n")
    xuanfa("publish")
    settings.write_text(real, encoding="utf-8")
    write_post("one", at="2099-01-05 09:00", more="channels: [cms]\n")
    done = xuanfa("retry", number(xuanfa, "one", "cms"))
    assert "2099-01-05 09:00 +08:00 发" in done.out, done.err
    xuanfa("publish")
    assert sink.received == []
