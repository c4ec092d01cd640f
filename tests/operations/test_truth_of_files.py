"""The folder and the queue are one truth: what is sent is what the files said, each post once, and every disagreement is told."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.operations.alarms import standing
from xuanfa.operations.decide import Person, release
from xuanfa.operations.queue import queue

ANNA = Person(name="安娜", why="看过了")
LATER = "2026-03-02 18:00"


def states(bench: Any) -> list[str]:
    return [delivery.state.value for delivery in bench.all()]


@pytest.fixture
def planned(bench: Any) -> Any:
    """A workspace with one post for the evening, and another one beside it."""
    bench.channel("web")
    bench.write("one", publish_at=LATER)
    bench.write("other", publish_at="2026-03-03 18:00")
    queue(bench.desk)
    return bench


def take_away(path: Path) -> None:
    path.rename(path.with_name(f"_{path.name}"))


def delete(path: Path) -> None:
    path.unlink()


def break_matter(path: Path) -> None:
    path.write_text("---\ntitle: 甲\n正文没有结束的稿头", encoding="utf-8")


def empty(path: Path) -> None:
    path.write_text("", encoding="utf-8")


def other_column(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("column: action", "column: nowhere"), encoding="utf-8")


@pytest.mark.parametrize("undo", [take_away, delete, break_matter, empty, other_column])
def test_a_scheduled_post_is_taken_back_by_its_file(planned: Any, undo: Any) -> None:
    path = planned.folder / "posts" / "one.md"
    before = path.read_text(encoding="utf-8")
    undo(path)
    planned.clock.advance(hours=10)
    report = one_pass(planned.desk).queued
    assert planned.get(1).state is State.HELD
    assert "posts/one.md" in planned.get(1).reason
    assert any("posts/one.md" in told for told in (*report.notices, *report.problems))
    assert planned.scripts["web"].sent == []
    reason = planned.get(1).reason
    planned.clock.advance(minutes=1)
    assert one_pass(planned.desk).states == {}
    assert planned.get(1).reason == reason
    path.write_text(before, encoding="utf-8")
    one_pass(planned.desk)
    assert planned.get(1).state is State.PUBLISHED


def test_a_person_may_let_go_what_its_file_holds(planned: Any) -> None:
    (planned.folder / "posts" / "one.md").unlink()
    queue(planned.desk)
    release(planned.desk, 1, ANNA)
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    assert planned.get(1).state is State.PUBLISHED


@pytest.mark.parametrize("published", [False, True])
def test_a_renamed_file_is_the_same_post(planned: Any, published: bool) -> None:
    if published:
        planned.clock.advance(hours=10)
        one_pass(planned.desk)
    folder = planned.folder / "posts"
    (folder / "2026").mkdir()
    (folder / "one.md").rename(folder / "2026" / "换个名字.md")
    report = queue(planned.desk)
    assert report.notices == ["posts/2026/换个名字.md：由 posts/one.md 改名而来，还是同一篇稿件，不会重新发布。"]
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    assert states(planned) == ["published", "scheduled"]
    assert len(planned.scripts["web"].sent) == 1
    text = (folder / "2026" / "换个名字.md").read_text(encoding="utf-8")
    (folder / "2026" / "换个名字.md").write_text(text + "\n加一段。\n", encoding="utf-8")
    queue(planned.desk)
    assert len(planned.all()) == 2


def test_a_file_that_was_renamed_and_edited_a_little_is_the_same_post(planned: Any) -> None:
    path = planned.folder / "posts" / "one.md"
    path.write_text(path.read_text(encoding="utf-8").replace("正文。", "长长的正文。" * 40), encoding="utf-8")
    queue(planned.desk)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    (path.parent / "new-name.md").write_text(text.replace("长长的正文。", "长长的正文！", 1), encoding="utf-8")
    queue(planned.desk)
    assert [each.state for each in planned.all()] == [State.SCHEDULED, State.SCHEDULED]
    assert planned.get(1).revision == 3


def picture(path: Path, colour: str) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (40, 30), colour).save(path)


def test_a_replaced_picture_makes_a_new_rendition(planned: Any) -> None:
    shown = planned.folder / "posts" / "images" / "a.png"
    picture(shown, "red")
    planned.write("one", "正文。\n\n![庭审](images/a.png)", publish_at=LATER)
    queue(planned.desk)
    before = planned.get(1)
    picture(shown, "blue")
    os.utime(shown, ns=(1, 1))
    report = queue(planned.desk)
    assert (report.revised, planned.get(1).state) == (["one"], State.SCHEDULED)
    assert any("成稿已重新生成" in notice for notice in report.notices)
    assert planned.get(1).digest != before.digest
    assert queue(planned.desk).revised == []
    shown.unlink()
    queue(planned.desk)
    assert planned.get(1).state is State.HELD
    picture(shown, "blue")
    queue(planned.desk)
    assert planned.get(1).state is State.SCHEDULED


def test_a_picture_that_is_replaced_too_late_is_told(planned: Any) -> None:
    shown = planned.folder / "posts" / "images" / "a.png"
    picture(shown, "red")
    planned.write("one", "正文。\n\n![庭审](images/a.png)", publish_at=LATER)
    planned.clock.advance(hours=10)
    one_pass(planned.desk)
    picture(shown, "blue")
    os.utime(shown, ns=(1, 1))
    assert any("修改没有送到 web" in notice for notice in queue(planned.desk).notices)
    assert queue(planned.desk).notices == []


def test_what_is_made_by_other_templates_or_settings_is_made_anew(planned: Any) -> None:
    planned.scripts["web"].nasty = "甲"
    queue(planned.another(making="b"))
    first = planned.get(1).digest
    planned.scripts["web"].nasty = "乙"
    assert queue(planned.another(making="b")).revised == []
    report = queue(planned.another(making="c"))
    assert sorted(report.revised) == ["one", "other"]
    assert planned.get(1).digest != first
    assert queue(planned.another(making="c")).revised == []


def test_a_folder_that_is_suddenly_empty_is_no_deletion(planned: Any) -> None:
    for name in ("one", "other"):
        (planned.folder / "posts" / f"{name}.md").rename(planned.folder / f"{name}.away")
    planned.clock.advance(hours=10)
    report = one_pass(planned.desk).queued
    assert "突然空了" in report.problems[0]
    assert states(planned) == ["published", "scheduled"]


def test_a_file_that_still_changes_is_not_read_and_not_sent_as_it_was(planned: Any) -> None:
    path = planned.folder / "posts" / "one.md"
    now = datetime.now(UTC)
    planned.clock.now = now
    desk = planned.another(still=timedelta(seconds=5))
    path.write_text(path.read_text(encoding="utf-8").replace("正文。", "新的"), encoding="utf-8")
    os.utime(path, (now.timestamp() - 1, now.timestamp() - 1))
    report = queue(desk)
    assert report.revised == []
    assert report.notices == ["posts/one.md：刚刚还在变化，可能没有拷完，下一遍再读。"]
    planned.clock.advance(seconds=5)
    assert queue(desk).revised == ["one"]


def test_files_that_nobody_reads_and_drafts_are_told_where_people_look(bench: Any) -> None:
    bench.channel("web")
    folder = bench.folder / "posts"
    folder.mkdir(exist_ok=True)
    for name in ("通知.docx", "a.md.txt", "b.markdown", "c.txt"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"x")
    bench.write("draft", "")
    report = queue(bench.desk)
    assert [problem.partition(":")[0] for problem in report.problems] == [
        "posts/a.md.txt",
        "posts/b.markdown",
        "posts/c.txt",
        "posts/通知.docx",
    ]
    assert report.notices == ["posts/draft.md：还没有正文，先不排队；写好保存后会自动读入。"]
    causes = {each.cause.name for each in standing(bench.desk)}
    assert "file:posts/通知.docx" in causes
    assert len([name for name in causes if name.startswith("file:")]) == 4
    bench.write("draft", "正文。")
    assert queue(bench.desk).new == ["draft"]
